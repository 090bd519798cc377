"""The rows of the table: what each measures and what we want of it."""
from dataclasses import dataclass

from plan import GO


@dataclass(frozen=True)
class Row:
    key: str
    title: str
    unit: str
    goal: float | None = None      # at most; None: reported only
    ratio: bool = False            # the goal is for ours / tonic's
    peers: bool = True             # cannot be measured without PEERS
    peer: str = "tonic"            # whose figure stands beside ours
    no_more: bool = False          # the goal is to have no more than the peer


ROWS = [
    Row("headers", "headers-only exchange", "us CPU", 0.7, ratio=True, peers=False),
    Row("headers-body", "headers and 200 B body", "us CPU", 0.7, ratio=True),
    Row("duplex", "16 x 16 KiB full duplex, each way", "us CPU", 0.85, ratio=True),
    Row("big", "64 KiB chunks of a 256 MiB body", "us CPU a chunk", 0.95, ratio=True),
    Row("envoy-get", "behind Envoy: GET", "us CPU", 0.9, ratio=True),
    Row("envoy-16k", "behind Envoy: 16 KiB full duplex", "us CPU", 0.9, ratio=True),
    Row("envoy-1m", "behind Envoy: 1 MiB full duplex", "us CPU", 0.9, ratio=True),
    Row("open-loop", "p99 at half of tonic's top rate, open loop", "ms", 1.0, ratio=True),
    Row("idle", "10,000 idle streams", "KiB each", 12, peers=False),
    Row("mutate", "`headers` active in both directions", "us CPU", 0.85, ratio=True),
    Row("replace", "`replace` active, 16 x 16 KiB, each way (tonic: echo)", "us CPU"),
    Row("allocation", "allocated for an unchanged body chunk of 64 KiB", "B", 0, peers=False),
    Row("growth", "growth during a 1 GiB body", "MiB", 32),
    Row("sse-cpu", "100,000 small chunks a second in full duplex: CPU", "cores"),
    Row("sse-p99", "the same: p99 of an exchange of 2,000 chunks", "ms"),
    Row("sse-rss", "the same: memory", "MiB"),
    Row("five-cpu", "five chained processors, 200 B body: CPU", "us CPU"),
    Row("five-p99", "the same: p99, 64 at once", "ms"),
    Row("five-rss", "the same: memory", "MiB"),
    Row("slow-cpu", "one slow reader among 100 streams: CPU of 16 x 16 KiB", "us CPU"),
    Row("slow-p99", "the same: p99 of the others", "ms"),
    Row("slow-rss", "the same: memory", "MiB"),
    Row("start", "exec to the first answered stream", "s", 0.4, peers=False),
    Row("first-slow", "of the first 1,000 exchanges, over 200 ms", "", 0, peers=False),
    Row("first-worst", "the slowest of them", "ms", peers=False),
    Row("fresh-cpu", "CPU of the first exchange after ready, `headers` active (beside echo-go)", "ms", 20, peers=False, peer=GO),
    Row("fresh-504", "504s among the first 100 requests of each of 20 fresh starts behind Envoy, all cores busy (beside echo-go)", "", no_more=True, peer=GO),
    Row("fresh-worst", "the slowest of each 100, median", "ms", peer=GO),
    Row("lint-time", "policy-validator: 1,000 policies", "s", 1.0, peers=False),
    Row("lint-rss", "the same: memory", "MiB", 150, peers=False),
    Row("lint-first", "policy-validator: start to the first finding", "s", 0.15, peers=False),
]
