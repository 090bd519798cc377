"""What can be measured of our server without the peers' load generator."""
from client import Client
from load import server
from processes import cpu_seconds, rss_kib

AT_ONCE, IDLE, PER_CONNECTION = 64, 10_000, 2_500


def alone_round(plan, samples):
    with server(plan, "extproc") as (process, target):
        port = int(target[1].rpartition(":")[2])
        with Client(port) as client:
            client.run(30_000, AT_ONCE)  # compiles what is hot
            before, count = cpu_seconds(process.pid), 10_000
            client.run(count, AT_ONCE)
            samples.add("headers", "extproc", (cpu_seconds(process.pid) - before) / count * 1e6, "by the bench's own client")
    with server(plan, "extproc") as (process, target):
        port = int(target[1].rpartition(":")[2])
        before = rss_kib(process.pid)
        clients = [Client(port) for _ in range(IDLE // PER_CONNECTION)]
        for client in clients:
            client.hold(PER_CONNECTION)
        samples.add("idle", "extproc", (rss_kib(process.pid) - before) / IDLE, "by the bench's own client")
        for client in clients:
            client.socket.close()
