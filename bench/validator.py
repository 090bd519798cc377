"""The policy validator: many policies at once, and how soon the first finding stands there."""
import os
import resource
import subprocess
import tempfile
import time

from plan import ROOT

PROGRAM = os.path.join(ROOT, "artifacts/publish/policy-validator/policy-validator")
POLICIES = 1000

# Accepted by Envoy but for the trailer mode that full duplex asks for, which every tenth has not got.
POLICY = """\
'@type': type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
grpc_service:
  envoy_grpc: {{ cluster_name: ext-proc-{number} }}
  timeout: 1s
message_timeout: 0.{milliseconds}s
stat_prefix: policy_{number}
processing_mode:
  request_header_mode: SEND
  response_header_mode: SEND
  request_body_mode: FULL_DUPLEX_STREAMED
  request_trailer_mode: {trailers}
request_attributes: [request.path, source.address]
"""


def validator_round(samples):
    with tempfile.TemporaryDirectory() as folder:
        for number in range(POLICIES):
            with open(os.path.join(folder, f"policy-{number}.yaml"), "w") as out:
                out.write(POLICY.format(number=number, milliseconds=100 + number % 100, trailers="DEFAULT" if number % 10 == 0 else "SEND"))
        took, kib, findings = lint([folder])
        if findings < POLICIES // 10:
            samples.fail("lint-time", "extproc", f"{findings} findings; {POLICIES // 10} were expected")
        samples.add("lint-time", "extproc", took, f"{findings} errors")
        samples.add("lint-rss", "extproc", kib / 1024)
        samples.add("lint-first", "extproc", first_finding(os.path.join(folder, "policy-0.yaml")))


def lint(paths):
    began = time.monotonic()
    process = subprocess.Popen([PROGRAM, "lint", *paths], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    text = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    return time.monotonic() - began, usage.ru_maxrss, sum(1 for line in text.splitlines() if "[EP" in line)


def first_finding(path):
    began = time.monotonic()
    process = subprocess.Popen([PROGRAM, "lint", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.readline()
    took = time.monotonic() - began
    process.communicate()
    return took
