"""The load generator on the server itself: what an exchange and a chunk cost."""
from load import MANY, ONE, note, server, usable, xload

SCENARIOS = {
    "headers": ["-scenario", "headers"],
    "headers-body": ["-scenario", "headers-body", "-size", "200"],
    "duplex": ["-scenario", "duplex", "-chunks", "16", "-size", "16384"],
}
BIG = [*ONE, "-scenario", "big"]
IDLE_SECONDS = 25  # what a burst left behind takes two looks, ten seconds apart, to be given back
CHUNKS_256_MIB, CHUNKS_1_GIB = "4096", "16384"


def echo_round(plan, samples):
    for name in plan.servers:
        with server(plan, name) as (_, target):
            warm_up(plan, target)
            for row, scenario in SCENARIOS.items():
                per_stream(plan, samples, row, name, target, scenario)
            xload(plan, *target, *BIG, "-chunks", CHUNKS_256_MIB)  # compiles what is hot
            result = xload(plan, *target, *BIG, "-chunks", CHUNKS_256_MIB)
            if usable(samples, "big", name, result):
                samples.add("big", name, result["server"]["cpu_us_per_chunk"], note(result))


def changing_round(plan, samples):
    for name in plan.servers:
        with server(plan, name, "headers") as (_, target):
            warm_up(plan, target)
            per_stream(plan, samples, "mutate", name, target, SCENARIOS["headers"])
        with server(plan, name, "replace") as (_, target):
            xload(plan, *target, *MANY, *SCENARIOS["duplex"])
            per_stream(plan, samples, "replace", name, target, SCENARIOS["duplex"])


def idle_round(plan, samples):
    for name in plan.servers:
        with server(plan, name) as (_, target):
            result = xload(plan, *target, "-scenario", "idle", "-c", "10000", "-conns", "4", seconds=IDLE_SECONDS)
            if usable(samples, "idle", name, result):
                samples.add("idle", name, result["server"]["rss_bytes_per_open_stream"] / 1024, f"{result['still_open']} open")


def growth_round(plan, samples):
    for name in plan.servers:
        with server(plan, name) as (_, target):
            xload(plan, *target, *MANY, *SCENARIOS["duplex"], seconds=1, warm=0)
            result = xload(plan, *target, *BIG, "-chunks", CHUNKS_1_GIB, warm=0)
            if usable(samples, "growth", name, result):
                samples.add("growth", name, (result["server"]["rss_peak_kib"] - result["server"]["rss_before_kib"]) / 1024, note(result))


def open_loop_round(plan, samples, rate):
    for name in plan.servers:
        with server(plan, name) as (_, target):
            warm_up(plan, target)
            result = xload(plan, *target, *MANY, *SCENARIOS["headers"], "-rate", f"{rate:.0f}", warm=1)
            if usable(samples, "open-loop", name, result):
                samples.add("open-loop", name, result["stream_latency"]["p99_ms"], note(result))


def top_rate(plan):
    """The most exchanges a second that tonic answers here and now."""
    with server(plan, "tonic") as (_, target):
        return xload(plan, *target, *MANY, *SCENARIOS["headers"], warm=1).get("streams_per_s", 0)


def warm_up(plan, target):
    """Nothing is counted before the runtime has compiled what is hot, seen what it does, and compiled it again."""
    xload(plan, *target, *MANY, *SCENARIOS["headers"], seconds=2 * plan.seconds, warm=plan.warm)


def per_stream(plan, samples, row, name, target, scenario):
    result = xload(plan, *target, *MANY, *scenario)
    if usable(samples, row, name, result):
        samples.add(row, name, result["server"]["cpu_us_per_stream"], note(result))
