"""Measures our server, beside the peers' if there are any, and prints what came of it as a table (bench/README.md)."""
import argparse
import os
import sys
import time

import allocation
import alone
import behind_envoy
import direct
import fresh
import pressure
import report
import start
import validator
from plan import ROOT, plan_of
from samples import Samples
from table import TONIC


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--peers", default="", help="folder with the peers' servers and load generator")
    arguments.add_argument("--quick", action="store_true", help="under four minutes, with more noise")
    arguments.add_argument("--record", action="store_true", help="write the table into bench/README.md")
    arguments.add_argument("--only", default="", help="some of: echo, changing, envoy, open, idle, growth, pressure, busy, allocation, start, fresh, validator")
    given = arguments.parse_args()
    out = os.path.join(ROOT, "artifacts/bench", time.strftime("%Y-%m-%d-%H%M%S"))
    plan, samples = plan_of(given.peers and os.path.abspath(given.peers), given.quick, out), Samples()
    try:
        for round_number in range(plan.rounds):
            print(f"round {round_number + 1} of {plan.rounds}", file=sys.stderr, flush=True)
            for work in works(plan, given.only, round_number):
                work(plan, samples)
    finally:
        samples.write(os.path.join(out, "samples.json"), report.machine(plan))
    figures = report.text(samples, plan)
    print(f"{figures}\n\nsamples: {os.path.relpath(out, ROOT)}/samples.json")
    if given.record:
        report.record(figures)
    return 1 if samples.errors else 0


def works(plan, only, round_number):
    """The rounds alternate between the servers, so that what disturbs one disturbs the other."""
    first = round_number == 0
    with_peers = {
        "echo": direct.echo_round, "changing": direct.changing_round, "envoy": behind_envoy.envoy_round, "open": open_loop,
        "idle": direct.idle_round if round_number < plan.idle_rounds else None, "growth": direct.growth_round if first else None, "pressure": pressure.pressure_round if first else None,
        "busy": fresh.busy_round if first else None,
    }
    everywhere = {
        "allocation": (lambda _, samples: allocation.allocation_round(samples)) if first else None,
        "start": start.start_round, "fresh": fresh.fresh_round if first else None, "validator": lambda _, samples: validator.validator_round(samples),
    }
    chosen = (with_peers if plan.peers else {"alone": alone.alone_round}) | everywhere
    return [work for name, work in chosen.items() if work and (not only or name in only.split(","))]


def open_loop(plan, samples):
    top = samples.median("top-rate", TONIC)
    if top is None:
        top = direct.top_rate(plan)
        samples.add("top-rate", TONIC, top)
    direct.open_loop_round(plan, samples, top / 2)


if __name__ == "__main__":
    sys.exit(main())
