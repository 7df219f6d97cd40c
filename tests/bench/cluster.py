"""`python -m tests.bench.cluster`: a whole audit of a real API server, beside kubectl.

Makes a control plane for each size, fills it, and measures in turns: kubectl reading the policies
and pods as JSON, and the audit of the whole cluster.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench.population import Size, populate
from tests.bench.timing import Command, in_turns
from tests.e2e.binaries import ensure
from tests.e2e.server import ControlPlane

SIZES = (Size(1_000, 2_000, 50), Size(10_000, 20_000, 200), Size(30_000, 20_000, 200))
KUBECTL = ["get", "networkpolicies,pods", "-A", "-o", "json"]
GOAL = "0.5 x kubectl; 250 MB at 10,000"


def measure(size: Size, rounds: int) -> str:
    """One line: seconds and memory of both, and their ratio."""
    directory = Path(tempfile.mkdtemp(prefix="npcheck-bench-", dir="/tmp"))
    server = ControlPlane(ensure(), directory)
    try:
        populate(directory / "admin-token.kubeconfig", size)
        os.environ["KUBECONFIG"] = str(server.kubeconfig)
        npcheck = str(Path(sys.executable).parent / "npcheck")
        got = in_turns(
            {
                "kubectl": Command([str(server.binaries.kubectl), *KUBECTL], directory),
                "text": Command([npcheck, "audit", "-A"], directory),
                "json": Command([npcheck, "audit", "-A", "-o", "json"], directory),
            },
            rounds,
        )
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
    base = got["kubectl"]
    parts = [f"{size.policies:6} policies, {size.pods} pods: kubectl {base.seconds:.2f} s"]
    for name in ("text", "json"):
        mine = got[name]
        ratio = mine.times(base)
        parts.append(f"{name} {mine.seconds:.2f} s ({ratio:.2f} x), {mine.peak / 1e6:.0f} MB")
    return "; ".join(parts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench-cluster")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--most", type=int, default=30_000, help="leave larger sizes out")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"medians of {arguments.rounds} interleaved runs; load {load:.1f}; goal {GOAL}\n")
    for size in SIZES:
        if size.policies <= arguments.most:
            print(measure(size, arguments.rounds), flush=True)


if __name__ == "__main__":
    main()
