"""What was measured: values by row and server, written as they are; everything else is made from them."""
import json
import statistics
import sys


class Samples:
    def __init__(self):
        self.values: dict[str, dict[str, list[float]]] = {}
        self.errors: list[str] = []

    def add(self, row, server, value, note=""):
        self.values.setdefault(row, {}).setdefault(server, []).append(value)
        print(f"  {row:14} {server:8} {value:12.3f} {note}", file=sys.stderr, flush=True)

    def fail(self, row, server, what):
        self.errors.append(f"{row}, {server}: {what}")
        print(f"  {self.errors[-1]}", file=sys.stderr, flush=True)

    def median(self, row, server):
        found = self.values.get(row, {}).get(server)
        return statistics.median(found) if found else None

    def write(self, path, machine):
        with open(path, "w") as out:
            json.dump({"machine": machine, "samples": self.values, "errors": self.errors}, out, indent=1)
