"""What an unchanged body chunk allocates, as the benchmarks count it in process."""
import os
import subprocess

from plan import ROOT

PROGRAM = os.path.join(ROOT, "artifacts/bin/ExtProc.Benchmarks/release/ExtProc.Benchmarks.dll")


def allocation_round(samples):
    done = subprocess.run(["dotnet", PROGRAM, "allocation"], capture_output=True, text=True, timeout=60)
    if done.returncode == 0:
        samples.add("allocation", "extproc", float(done.stdout))
    else:
        samples.fail("allocation", "extproc", done.stderr.strip().partition("\n")[0])
