"""How long and how often; where the programs are; which servers are compared."""
import os
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
GO = "echo-go"         # a peer that is measured where starting is
PROGRAMS = {"tonic": "echo-rust", GO: "echo-go"}


@dataclass(frozen=True)
class Plan:
    peers: str | None
    rounds: int
    warm: float         # seconds before anything is counted: the runtime compiles what is hot
    seconds: float      # seconds that are counted
    idle_rounds: int    # rounds in which idle streams are looked at: each waits half a minute
    fresh_starts: int   # how often a server is started to look at its first exchanges
    out: str            # folder for raw samples and logs

    @property
    def servers(self):
        return ["tonic", "extproc"] if self.peers else ["extproc"]

    def peer(self, name):
        return os.path.join(self.peers, "bin", name)

    def log(self, name):
        return os.path.join(self.out, f"{name}.log")

    def command(self, server, port, config=None, admin=None):
        """The server that changes nothing, or, with a config, does what that says."""
        if server in PROGRAMS:
            return [self.peer(PROGRAMS[server]), "-addr", f"127.0.0.1:{port}"] + (["-mutate"] if config == "headers" else [])
        program = os.path.join(ROOT, "artifacts/publish/extproc/extproc")
        flags = ["--config", os.path.join(HERE, "configs", f"{config}.yaml")] if config else []
        return [program, "serve", "--listen", f"127.0.0.1:{port}", "--admin", f"127.0.0.1:{admin}" if admin else "off", *flags]


def plan_of(peers, quick, out):
    if peers and not os.access(os.path.join(peers, "bin", "xload"), os.X_OK):
        raise SystemExit(f"no load generator at {peers}/bin/xload; PEERS must name a folder with bin/xload, bin/uecho and bin/echo-rust")
    os.makedirs(out, exist_ok=True)
    return Plan(peers, 2, 1, 1, 1, 5, out) if quick else Plan(peers, 3, 5, 4, 3, 20, out)
