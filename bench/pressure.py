"""Work without a goal, to know what it costs: many small chunks, a long pipeline, a reader that is slow."""
import contextlib

import exchange
from client import Client
from direct import SCENARIOS
from load import MANY, note, server, usable, xload

# Each way: 50,000 a second in, as many out, in two directions.
CHUNKS_EACH_WAY, EXCHANGES_A_SECOND = 1000, 50


def pressure_round(plan, samples):
    for name in plan.servers:
        small_chunks(plan, samples, name)
        slow_reader(plan, samples, name)
    five_processors(plan, samples)


def small_chunks(plan, samples, name):
    scenario = ["-scenario", "duplex", "-chunks", str(CHUNKS_EACH_WAY), "-size", "64", "-rate", str(EXCHANGES_A_SECOND), "-conns", "4"]
    with server(plan, name) as (_, target):
        result = xload(plan, *target, *scenario)
        if usable(samples, "sse-cpu", name, result):
            samples.add("sse-cpu", name, result["server"]["cores"], f"{result['chunks_per_s']:.0f} chunks/s")
            latency_and_memory(samples, "sse", name, result)


def five_processors(plan, samples):
    with server(plan, "extproc", "five") as (_, target):
        result = xload(plan, *target, *MANY, *SCENARIOS["headers-body"])
        if usable(samples, "five-cpu", "extproc", result):
            samples.add("five-cpu", "extproc", result["server"]["cpu_us_per_stream"], note(result))
            latency_and_memory(samples, "five", "extproc", result)


def slow_reader(plan, samples, name):
    with server(plan, name) as (_, target), stalled(target):
        result = xload(plan, *target, "-c", "99", "-conns", "4", *SCENARIOS["duplex"])
        if usable(samples, "slow-cpu", name, result):
            samples.add("slow-cpu", name, result["server"]["cpu_us_per_stream"], note(result))
            latency_and_memory(samples, "slow", name, result)


@contextlib.contextmanager
def stalled(target):
    """A stream that sends body chunks in full duplex and takes none of the answers: its window stays shut."""
    with Client(int(target[1].rpartition(":")[2])) as client:
        client.open(exchange.duplex)
        yield


def latency_and_memory(samples, work, name, result):
    samples.add(f"{work}-p99", name, result["stream_latency"]["p99_ms"])
    samples.add(f"{work}-rss", name, result["server"]["rss_peak_kib"] / 1024)
