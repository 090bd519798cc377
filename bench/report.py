"""The end of a run: the table and what must be known to read it, printed, and on request put into README.md."""
import os
import platform
import subprocess
import time

from plan import HERE, ROOT
from table import left_out, lines

README = os.path.join(HERE, "README.md")
BEGIN, END = "<!-- figures:begin, written by `make bench RECORD=1` -->", "<!-- figures:end -->"


def text(samples, plan):
    parts = [machine(plan), "\n".join(lines(samples))]
    if missing := left_out(samples):
        parts.append(f"Left out: {'; '.join(missing)}.")
    parts += [f"Error: {error}" for error in samples.errors]
    return "\n\n".join(parts)


def machine(plan):
    with open("/proc/cpuinfo") as info:
        model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), "unknown")
    return (f"{time.strftime('%Y-%m-%d %H:%M')}; extproc {version()}, .NET {runtime()}, {'tonic of the peers' if plan.peers else 'no peers'}; {os.cpu_count()} cores, "
            f"{model}, Linux {platform.release()}; {plan.rounds} rounds of {plan.seconds:g} s; load {os.getloadavg()[0]:.1f} at the end.")


def version():
    return output(os.path.join(ROOT, "artifacts/publish/extproc/extproc"), "--version")


def runtime():
    return next((line.split()[1] for line in output("dotnet", "--list-runtimes").splitlines() if line.startswith("Microsoft.NETCore.App")), "unknown")


def output(*argv):
    return subprocess.run(argv, capture_output=True, text=True, timeout=60).stdout.strip()


def record(figures):
    with open(README) as document:
        before, _, rest = document.read().partition(BEGIN)
    after = rest.partition(END)[2]
    with open(README, "w") as document:
        document.write(f"{before}{BEGIN}\n{figures}\n{END}{after}")
