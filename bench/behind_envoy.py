"""The server beside a real Envoy, between a client and an echoing upstream."""
import os
import urllib.request

from direct import SCENARIOS
from load import MANY, server, xload
from plan import HERE, ROOT
from processes import free_port, running

ENVOY_VERSION = "1.40.0"

# row: (body modes, path, body bytes, clients)
ROWS = {
    "envoy-get": ("NONE", "/ok", 0, 64),
    "envoy-16k": ("FULL_DUPLEX_STREAMED", "/echo", 16 << 10, 64),
    "envoy-1m": ("FULL_DUPLEX_STREAMED", "/echo", 1 << 20, 8),
}
COMPLAINTS = ("streams_failed", "failure_mode_allowed", "message_timeouts", "spurious_msgs_received", "rejected_header_mutations")


def envoy_program():
    return os.environ.get("ENVOY_BIN") or os.path.join(ROOT, "artifacts/envoy", ENVOY_VERSION, "envoy/_bin/envoy")


def envoy_round(plan, samples):
    upstream_port = free_port()
    with running([plan.peer("uecho"), "-addr", f"127.0.0.1:{upstream_port}"], upstream_port, plan.log("uecho")) as upstream:
        for name in plan.servers:
            with server(plan, name) as (process, target):
                port = target[1].rpartition(":")[2]
                for scenario in ("headers", "duplex"):
                    xload(plan, *target, *MANY, *SCENARIOS[scenario], seconds=1)  # Envoy lets through too little to compile what is hot
                for row in ROWS:
                    measure(plan, samples, row, name, (process.pid, port), (upstream.pid, upstream_port))


def measure(plan, samples, row, name, server_at, upstream_at):
    mode, path, size, clients = ROWS[row]
    listener, admin = free_port(), free_port()
    config = config_file(plan, {"MODE": mode, "TRAILERS": "SKIP" if mode == "NONE" else "SEND", "TIMEOUT": "10s", "LISTENER": listener,
                                "ADMIN": admin, "SERVER": server_at[1], "UPSTREAM": upstream_at[1]})
    argv = [envoy_program(), "-c", config, "--concurrency", "1", "--use-dynamic-base-id", "-l", "warn"]
    with running(argv, listener, plan.log("envoy")) as envoy:
        result = xload(plan, "-scenario", "http", "-addr", f"127.0.0.1:{listener}", "-path", path, "-size", str(size), "-c", str(clients),
                       "-pids", f"server={server_at[0]},envoy={envoy.pid},upstream={upstream_at[0]}")
        complaints = {**(result.get("errors") or {}), **complaints_of(admin)}
    for kind, count in complaints.items():
        samples.fail(row, name, f"{kind} ({count})")
    if "processes" in result:
        samples.add(row, name, result["processes"]["server"]["cpu_us_per_stream"], f"{result['streams_per_s']:9.0f}/s")


def config_file(plan, marks):
    with open(os.path.join(HERE, "configs/envoy.yaml")) as template:
        text = template.read()
    for mark, value in marks.items():
        text = text.replace(f"@{mark}@", str(value))
    path = os.path.join(plan.out, "envoy.yaml")
    with open(path, "w") as out:
        out.write(text)
    return path


def complaints_of(admin):
    with urllib.request.urlopen(f"http://127.0.0.1:{admin}/stats?filter=ext_proc", timeout=10) as answer:
        counters = dict(line.rsplit(": ", 1) for line in answer.read().decode().splitlines() if ": " in line)
    found = {name.rpartition(".")[2]: int(value) for name, value in counters.items() if value.isdigit()}
    wrong = {name: found[name] for name in COMPLAINTS if found.get(name)}
    return wrong if found.get("streams_started") else {"Envoy opened no stream to the server": 1}
