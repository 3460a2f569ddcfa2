"""Measure descriptors a second: `python benchmarks/fleet.py [--sizes 1000,3000,9000]`.

The embedded engine in one process and in two, as whole runs of `psfpolicy check`, on deployments that all differ, and
on such that differ in their names alone; and one OPA server with the ordinary bundle, asked over the loopback by as
many connections as this machine has cores; client and server share them. The table goes to standard output and to
benchmarks/fleet.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import local

from copies import EXAMPLE, NAME, copies

from psfpolicy import resources, source
from psfpolicy.building.opa import Opa
from psfpolicy.building.plain import plain_bundle
from psfpolicy.engine.question import question_text

ROOT = Path(__file__).parent.parent
AS_OF = "2026-11-21"
PROJECTED = 1_000_000


@dataclass(frozen=True)
class Row:
    """What one way took for one number of descriptors."""

    way: str
    descriptors: int
    seconds: float

    @property
    def rate(self) -> float:
        """Descriptors a second."""
        return self.descriptors / self.seconds


def embedded(folder: Path, count: int, jobs: int, *, alike: bool) -> Row:
    """Run `psfpolicy check` on as many files."""
    command = [sys.executable, "-m", "psfpolicy", "check", "-q", "--as-of", AS_OF, "--exit-zero"]
    started = time.perf_counter()
    subprocess.run([*command, "--jobs", str(jobs), str(folder)], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    processes = "1 process" if jobs == 1 else f"{jobs} processes"
    what = "names differ" if alike else "all differ"
    return Row(f"embedded, {processes}, {what}", count, time.perf_counter() - started)


def served(port: int, count: int, connections: int) -> Row:
    """Ask the server as many questions, and look at each verdict."""
    (document,) = source.read(EXAMPLE.read_bytes(), file=EXAMPLE.name)
    asked = {"descriptor": document.data, "today": AS_OF, "gate": "standard", "waivers": [], "parameters": {}}
    question = question_text({**asked, "facts": {"evidence": [], "secrets": []}, "catalogue": {}}).decode()
    own = local()

    def ask(number: int) -> None:
        if not hasattr(own, "connection"):
            own.connection = HTTPConnection("127.0.0.1", port)
        body = '{"input": ' + question.replace(NAME, f"deployment-{number}") + "}"
        own.connection.request("POST", "/v1/data/psfpolicy/report", body, {"Content-Type": "application/json"})
        answer = json.loads(own.connection.getresponse().read())
        if answer["result"]["gate"]["verdict"] != "pass":
            raise SystemExit(f"deployment-{number} got another verdict than in psfpolicy")

    started = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        for _ in pool.map(ask, range(count)):
            pass
    return Row(f"one OPA server, {connections} connections", count, time.perf_counter() - started)


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, Callable[[], float]]]:
    """Run an OPA with the policy; give its port, and what tells its greatest memory in MiB."""
    names = ("controls.json", "data.json", "manifest.json", "policy.wasm")
    bundle = folder / "bundle.tar.gz"
    bundle.write_bytes(
        plain_bundle(resources.sources(), {name: (resources.BUNDLE / name).read_bytes() for name in names})
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["run", "--server", "--skip-version-check", "--log-level", "error", "--addr", f"127.0.0.1:{port}"]
    process = subprocess.Popen([Opa.pinned().path, *words, "--bundle", str(bundle)], stderr=subprocess.DEVNULL)
    try:
        while not _listening(port):
            time.sleep(0.05)
        yield port, lambda: _peak_mib(process.pid)
    finally:
        process.terminate()
        process.wait()


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _peak_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def rows(sizes: list[int], folder: Path) -> tuple[list[Row], float]:
    """Measure each way at each size; give the greatest memory of the server in MiB, too."""
    cores = len(os.sched_getaffinity(0))
    found = []
    peak = 0.0
    for size in sizes:
        for alike in (False, True):
            files = copies(folder / f"{size}-{alike}", size, alike=alike)
            found += [embedded(files, size, jobs, alike=alike) for jobs in (1, 2)]
        with server(folder) as (port, memory):
            found.append(served(port, size, cores))
            peak = max(peak, memory())
    return found, peak


def table(found: list[Row], peak: float) -> str:
    """Give the page."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    load = os.getloadavg()[0]
    lines = [
        "<!-- Written by benchmarks/fleet.py. -->",
        "",
        f"Measured {AS_OF} on {machine}; OPA {resources.manifest().opa}; load of the machine at the end {load:.1f}.",
        f"The server took {peak:.0f} MiB at most.",
        *(["The machine was busy with other things: measure again before you count on a figure."] if load > 4 else []),
        "",
        "| way | descriptors | seconds | a second |",
        "|---|---|---|---|",
        *(f"| {row.way} | {row.descriptors:,} | {row.seconds:.1f} | {row.rate:.0f} |" for row in found),
    ]
    largest = {row.way: row for row in sorted(found, key=lambda row: row.descriptors)}
    lines += [
        f"| {row.way} | {PROJECTED:,}, extrapolated | {PROJECTED / row.rate:.0f} | {row.rate:.0f} |"
        for row in largest.values()
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", default="1000,3000,9000", help="numbers of descriptors, with commas between them")
    sizes = sorted(int(size) for size in parser.parse_args().sizes.split(","))
    with tempfile.TemporaryDirectory() as folder:
        page = table(*rows(sizes, Path(folder)))
    print(page, end="")
    (ROOT / "benchmarks/fleet.md").write_text(page)


if __name__ == "__main__":
    main()
