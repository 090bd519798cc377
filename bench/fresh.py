"""A fresh server that says it is ready: what its first exchange costs, and whether the first requests of a busy machine come in time."""
import contextlib
import glob
import http.client
import os
import subprocess
import sys
import time
import urllib.request

from behind_envoy import config_file, envoy_program
from client import Client
from plan import GO
from processes import end, free_port, running

REQUESTS = 100
LONGEST_START_SECONDS = 60
BURN = "while True: pass"


def fresh_round(plan, samples):
    """Each server changes headers in both directions: what is fresh shall have something to do."""
    for name in servers(plan):
        for _ in range(plan.fresh_starts):
            samples.add("fresh-cpu", name, first_exchange(plan, name))


def busy_round(plan, samples):
    """Both servers in turn on the same busy machine, behind an Envoy each that waits its default 200 ms for an answer."""
    with contextlib.ExitStack() as stack:
        upstream = listening(stack, plan, "uecho", lambda port: [plan.peer("uecho"), "-addr", f"127.0.0.1:{port}"])
        fronts = {name: front(stack, plan, name, upstream) for name in servers(plan)}
        for _ in range(os.cpu_count()):
            burner = subprocess.Popen([sys.executable, "-c", BURN])
            stack.callback(end, burner)
        late = dict.fromkeys(fronts, 0)
        for _ in range(plan.fresh_starts):
            for name, (server_port, listener) in fronts.items():
                with started(plan, name, server_port):
                    late[name] += first_requests(samples, name, listener)
    for name, count in late.items():
        samples.add("fresh-504", name, count)


def servers(plan):
    return ["extproc", GO] if plan.peers else ["extproc"]


def first_exchange(plan, name):
    """CPU of the process for it, in milliseconds."""
    port = free_port()
    with started(plan, name, port) as process:
        before = cpu_ms(process.pid)
        with Client(port) as client:
            client.run(1, at_once=1)
        return cpu_ms(process.pid) - before


def first_requests(samples, name, listener):
    """How many are answered 504; whatever else is not 200 is a fault of the measurement."""
    statuses, slowest = [], 0
    client = http.client.HTTPConnection("127.0.0.1", listener, timeout=30)
    for _ in range(REQUESTS):
        sent = time.monotonic()
        client.request("GET", "/ok")
        answer = client.getresponse()
        answer.read()
        statuses.append(answer.status)
        slowest = max(slowest, time.monotonic() - sent)
    client.close()
    samples.add("fresh-worst", name, slowest * 1000)
    for status in set(statuses) - {200, 504}:
        samples.fail("fresh-504", name, f"status {status} ({statuses.count(status)})")
    return statuses.count(504)


def front(stack, plan, name, upstream):
    """An Envoy before a port at which a server is started again and again; returns that port and Envoy's."""
    server = free_port()
    admin = free_port()
    marks = {"MODE": "NONE", "TRAILERS": "SKIP", "TIMEOUT": "0.2s", "ADMIN": admin, "SERVER": server, "UPSTREAM": upstream}

    def argv(port):
        return [envoy_program(), "-c", config_file(plan, marks | {"LISTENER": port}), "--concurrency", "1", "--use-dynamic-base-id", "-l", "error"]

    return server, listening(stack, plan, "envoy", argv)


def listening(stack, plan, name, argv):
    port = free_port()
    stack.enter_context(running(argv(port), port, plan.log(name)))
    return port


@contextlib.contextmanager
def started(plan, name, port):
    """A server that has just said that it is ready: ours at its admin port, the peer, which has none, by listening."""
    admin = free_port()
    with open(plan.log(name), "a") as log:
        process = subprocess.Popen(plan.command(name, port, "headers", admin), stdout=log, stderr=log)
    try:
        until = time.monotonic() + LONGEST_START_SECONDS
        while not (answers(admin) if name == "extproc" else connects(port)):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{name} does not get ready; its output is in {plan.log(name)}")
            time.sleep(0.002)
        yield process
    finally:
        end(process)


def answers(admin):
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{admin}/ready", timeout=10) as answer:
        return answer.status == 200
    return False


def connects(port):
    with contextlib.suppress(OSError), Client(port):
        return True
    return False


def cpu_ms(pid):
    """Of all threads that live, to the nanosecond; /proc/PID/stat counts in steps of 10 ms."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with contextlib.suppress(OSError), open(path) as schedstat:
            total += int(schedstat.read().split()[0])
    return total / 1e6
