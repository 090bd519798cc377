"""From exec to the first answer, and what the first thousand exchanges had to wait for."""
import contextlib
import subprocess
import time

from client import Client
from processes import end, free_port

LIMIT_SECONDS = 0.2     # Envoy's default message_timeout


def start_round(plan, samples):
    for name in plan.servers:
        first_answer(plan, samples, name)
        first_thousand(plan, samples, name)


def first_answer(plan, samples, name):
    with launched(plan, name) as (began, port):
        with connected(port) as client:
            client.run(1, at_once=1)
        samples.add("start", name, time.monotonic() - began)


def first_thousand(plan, samples, name):
    """64 at once, as soon as the port is open: what a busy Envoy does to a server that was just started."""
    with launched(plan, name) as (_, port):
        with connected(port) as client:
            took = client.run(1000, at_once=64)
        samples.add("first-slow", name, sum(1 for seconds in took if seconds > LIMIT_SECONDS))
        samples.add("first-worst", name, max(took) * 1000)


@contextlib.contextmanager
def launched(plan, name):
    port = free_port()
    with open(plan.log(name), "a") as log:
        began = time.monotonic()
        process = subprocess.Popen(plan.command(name, port), stdout=log, stderr=log)
    try:
        yield began, port
    finally:
        end(process)


def connected(port):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(ConnectionRefusedError):
            return Client(port)
        time.sleep(0.002)
    raise SystemExit(f"nothing listens on port {port}")
