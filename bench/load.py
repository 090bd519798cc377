"""Runs the peers' load generator, which also checks every byte of every answer."""
import contextlib
import json
import subprocess

from processes import free_port, running

MANY = ["-c", "64", "-conns", "4"]
ONE = ["-conns", "1"]


def xload(plan, *args, seconds=None, warm=None):
    argv = [plan.peer("xload"), "-json", "-", "-d", f"{seconds or plan.seconds}s", "-warmup", f"{plan.warm if warm is None else warm}s", *args]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=300)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"errors": {f"xload: {done.stderr.strip() or done.returncode}": 1}}


@contextlib.contextmanager
def server(plan, name, config=None):
    """A server, and what xload must be told of it."""
    port = free_port()
    with running(plan.command(name, port, config), port, plan.log(name)) as process:
        yield process, ["-addr", f"127.0.0.1:{port}", "-pid", str(process.pid)]


def usable(samples, row, name, result):
    """Notes what went wrong; false when nothing can be learned."""
    for kind, count in (result.get("errors") or {}).items():
        samples.fail(row, name, f"{kind} ({count})")
    return "server" in result


def note(result):
    return f"{result.get('streams_per_s', 0):9.0f}/s, others took {result.get('other_cores', 0):.2f} cores"
