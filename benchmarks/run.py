"""Measure psfpolicy against its peers: `make bench`, or `python benchmarks/run.py [--quick] [--fleet]`.

Whole processes, the same Rego and the same files for every contender, interleaved, best of nine; every figure that is
held to a target is a ratio within this run. The table goes to standard output and to benchmarks/results.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from copies import EXAMPLE, copies

from psfpolicy import source
from psfpolicy.engine.opa import OpaEngine
from psfpolicy.engine.opened import opened
from psfpolicy.engine.question import question_text
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import DocumentError, OpaMissingError
from psfpolicy.evidence.gathering import Globs, gather
from psfpolicy.model.place import Place, Region

ROOT = Path(__file__).parent.parent
BEFORE = ROOT / "benchmarks/before"
BIN = Path(sys.executable).parent
AS_OF = "2026-11-21"


@dataclass(frozen=True)
class Figure:
    """The best of several runs of one command."""

    seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    measured: str
    target: str
    met: bool


def measured(
    command: Sequence[str], *, runs: int, memory: bool = False, folder: Path = ROOT, step: float = 0.005
) -> Figure:
    """Run a command several times; give its least wall time, or its greatest memory with its children.

    Looking at memory slows what is looked at, so that time and memory are measured in runs of their own.
    """
    seconds, peaks = [], []
    for _ in range(runs):
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder)
        peak = _Peak(process.pid, step) if memory else None
        _, complaint = process.communicate()
        seconds.append(time.perf_counter() - started)
        peaks.append(peak.stop() if peak else 0.0)
        if process.returncode not in {0, 1}:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {complaint.decode()[-2000:]}")
    return Figure(min(seconds), max(peaks))


class _Peak:
    """The greatest memory of a process and its descendants together, sampled every so many seconds.

    Proportional (PSS): a page that several processes share counts once, whoever they are.
    """

    def __init__(self, pid: int, step: float) -> None:
        self._pid = pid
        self._step = step
        self._peak_kib = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(self._step):
            self._peak_kib = max(self._peak_kib, sum(_resident_kib(pid) for pid in _family(self._pid)))

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return self._peak_kib / 1024


def _family(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return [pid]
    return [pid, *(item for child in text.split() for item in _family(int(child)))]


def _resident_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def interleaved(
    commands: Mapping[str, Sequence[str]], *, runs: int, folders: Mapping[str, Path] | None = None
) -> dict[str, Figure]:
    """Run several commands turn about, so that what else the machine does falls on all of them."""
    best: dict[str, Figure] = {}
    for _ in range(runs):
        for name, command in commands.items():
            one = measured(command, runs=1, folder=ROOT if folders is None else folders[name])
            so_far = best.get(name, one)
            best[name] = Figure(min(so_far.seconds, one.seconds), max(so_far.peak_mib, one.peak_mib))
    return best


class Bench:
    """The files and commands of one run."""

    def __init__(self, folder: Path, *, runs: int, scale: int, fleets: bool) -> None:
        self._folder = folder
        self._runs = runs
        self._scale = scale
        self._fleets = fleets
        self._rego = folder / "rego"
        shutil.copytree(ROOT / "rego", self._rego, ignore=shutil.ignore_patterns("*_test.rego"))
        self._document = source.read(EXAMPLE.read_bytes(), file="recommended.yaml")[0]

    def rows(self) -> list[Row]:
        """Measure everything."""
        rows = [*self._start(), self._evaluation(), *self._wide(), self._corpus(), *self._evidence(), *self._git()]
        rows += self._server()
        if shutil.which("conftest"):
            rows += self._one()
        rows += self._many()
        if self._fleets:
            rows += self._fleet()
        return rows

    def _psfpolicy(self, *words: str) -> list[str]:
        return [str(BIN / "psfpolicy"), "check", "--as-of", AS_OF, "--exit-zero", *words]

    def _conftest(self, target: Path) -> list[str]:
        policies = ["-p", str(self._rego), "-p", str(ROOT / "policy/conftest"), "-d", str(self._rego)]
        return ["conftest", "test", "--no-color", *policies, str(target)]

    def _question(self, name: str) -> bytes:
        descriptor = json.loads(json.dumps(self._document.data))
        descriptor["metadata"]["name"] = name
        question = {"descriptor": descriptor, "today": AS_OF, "gate": "standard", "waivers": [], "parameters": {}}
        return question_text({**question, "facts": {"evidence": [], "secrets": []}, "catalogue": {}})

    def _start(self) -> list[Row]:
        figures = interleaved(
            {
                "floor": [sys.executable, "-c", "pass"],
                "--help": [str(BIN / "psfpolicy"), "--help"],
                "--version": [str(BIN / "psfpolicy"), "--version"],
            },
            runs=self._runs,
        )
        floor = figures["floor"].seconds
        return [
            _ratio(f"`psfpolicy {name}` against `python -c pass`", figures[name].seconds, floor, 6.0)
            for name in ("--help", "--version")
        ]

    def _evaluation(self) -> Row:
        """Compare one evaluation with that by the policy of before the catalogue, turn about in this process."""
        question = json.loads(self._question("clinical-notes"))
        engines = [
            WasmEngine.bundled(),
            WasmEngine(*((BEFORE / name).read_bytes() for name in ("policy.wasm", "data.json"))),
        ]
        best = [float("inf")] * 2
        for _ in range(20 * self._runs):
            for index, engine in enumerate(engines):
                started = time.perf_counter()
                engine.evaluate(question)
                best[index] = min(best[index], time.perf_counter() - started)
        return _ratio("one evaluation against the policy without catalogue", best[0], best[1], 1.5)

    def _server(self) -> list[Row]:
        """Compare questions to a private OPA server that several threads ask with the same by one, turn about."""
        question = json.loads(self._question("clinical-notes"))
        count = 40 * self._runs
        best: dict[int, tuple[float, float]] = {}
        try:
            with opened(None) as (serving, _):
                engine = OpaEngine(serving)
                engine.connect()
                for threads in (1, 4) * 3:
                    with ThreadPoolExecutor(threads) as pool:
                        list(pool.map(engine.evaluate, [question] * threads))  # each connects
                        started, spent = time.perf_counter(), time.process_time()
                        list(pool.map(engine.evaluate, [question] * count))
                        one = (time.perf_counter() - started, time.process_time() - spent)
                    best[threads] = min(one, best.get(threads, one))
        except OpaMissingError:
            return []
        (alone, alone_cpu), (together, together_cpu) = best[1], best[4]
        rate = f"{count / together:.1f} a second against {count / alone:.1f}"
        milliseconds = f"{together_cpu / count * 1000:.2f} ms against {alone_cpu / count * 1000:.2f} ms"
        ratio, cpu = alone / together, together_cpu / alone_cpu
        return [
            Row(
                "questions to an OPA server by 4 threads against 1", f"{ratio:.2f} × ({rate})", "≥ 1.6 ×", ratio >= 1.6
            ),
            Row("the same, processor time of the client", f"{cpu:.2f} × ({milliseconds})", "≤ 1.1 ×", cpu <= 1.1),
        ]

    def _one(self) -> list[Row]:
        asked = self._folder / "question.json"
        asked.write_bytes(self._question("clinical-notes"))
        figures = interleaved(
            {"psfpolicy": self._psfpolicy(str(EXAMPLE)), "conftest": self._conftest(asked)}, runs=self._runs
        )
        ours, theirs = figures["psfpolicy"], figures["conftest"]
        peak = measured(self._psfpolicy(str(EXAMPLE)), runs=3, memory=True).peak_mib
        return [
            _ratio("one descriptor against `conftest test`", ours.seconds, theirs.seconds, 1.3),
            Row("memory for one descriptor", f"{peak:.0f} MiB", "≤ 60 MiB", peak <= 60),
        ]

    def _many(self) -> list[Row]:
        few, many = self._copies(1000 // self._scale), self._copies(10000 // self._scale)
        ours = measured(self._psfpolicy("-q", str(few)), runs=3)
        peak = measured(self._psfpolicy("-q", str(few)), runs=1, memory=True).peak_mib
        rows = [
            Row(
                f"memory for {1000 // self._scale} descriptors",
                f"{peak:.0f} MiB",
                "≤ 150 MiB",
                peak <= 150,
            )
        ]
        if shutil.which("conftest"):
            questions = self._folder / "questions"
            questions.mkdir()
            for number in range(1000 // self._scale):
                (questions / f"{number}.json").write_bytes(self._question(f"deployment-{number}"))
            theirs = measured(self._conftest(questions), runs=1)
            rows.append(_speedup("1,000 descriptors against `conftest test`", theirs.seconds, ours.seconds, 2.5))
        rows += self._checkov()
        large = measured(self._psfpolicy("-q", str(many)), runs=1)
        growth = (large.seconds / 10) / ours.seconds
        rows.append(Row("time per file, 10,000 against 1,000", f"{growth:.2f} ×", "< 1.15 ×", growth < 1.15))
        return rows

    def _fleet(self) -> list[Row]:
        """Assess many: verdicts of deployments that differ in their names alone, and some that all differ."""
        few, many = 1000 // self._scale, 100_000 // self._scale
        rows, peaks = [], []
        for count in (few, many):
            row, peak = self._rate(count, "differ in their names", alike=True)
            rows.append(row)
            peaks.append(peak)
        growth = peaks[1] / peaks[0]
        rows.append(Row("memory for a hundred times as many", f"{growth:.2f} ×", "≤ 1.1 ×", growth <= 1.1))
        rows.append(self._rate(few, "all differ", alike=False)[0])
        rows.append(self._rate(few, "all differ, as `ndjson`", "-o", "ndjson=/dev/null", alike=False)[0])
        return rows

    def _rate(self, count: int, how: str, *words: str, alike: bool) -> tuple[Row, float]:
        folder = self._copies(count, "fleet", alike=alike)
        # Looking four times a second at three processes slows them by less than a hundredth.
        one = measured(self._psfpolicy("-q", "--jobs", "2", *words, str(folder)), runs=1, memory=True, step=0.25)
        shutil.rmtree(folder)
        rate = count / one.seconds
        what = f"{count:,} descriptors that {how}, two processes"
        return Row(what, f"{rate:.0f} a second, {one.peak_mib:.0f} MiB", "≥ 350 a second", rate >= 350), one.peak_mib

    def _copies(self, count: int, name: str = "descriptors", *, alike: bool = False) -> Path:
        return copies(self._folder / f"{name}-{count}", count, alike=alike)

    def _checkov(self) -> list[Row]:
        """Compare on two hundred files each, which take checkov long enough."""
        program = shutil.which("checkov")
        if program is None:
            return []
        manifest = (ROOT / "benchmarks/deployment.yaml").read_text()
        folder = self._folder / "kubernetes"
        folder.mkdir()
        for number in range(200 // self._scale):
            (folder / f"{number}.yaml").write_text(manifest.replace("NUMBER", str(number)))
        command = [program, "--directory", str(folder), "--framework", "kubernetes", "--quiet", "--compact"]
        theirs = measured([*command, "--skip-download"], runs=1)
        ours = measured(self._psfpolicy("-q", str(self._copies(200 // self._scale))), runs=1)
        return [_speedup("200 deployments against checkov (Kubernetes)", theirs.seconds, ours.seconds, 4.0)]

    def _wide(self) -> list[Row]:
        text = EXAMPLE.read_text()
        rule = "        - {{name: r{0}, to: {{cidr: 10.{1}.{2}.0/24}}, ports: [443], carries: [traces], tls: true}}\n"
        rules = "".join(rule.format(number, number // 256, number % 256) for number in range(1000))
        guard = "      - {{name: g{0}, detects: [injection], action: flag, onPath: true, failClosed: true}}\n"
        guards = "".join(guard.format(number) for number in range(200))
        wide = self._folder / "wide.yaml"
        text = text.replace("      rules:\n", f"      rules:\n{rules}").replace(
            "  inputs:\n    guards:\n", f"  inputs:\n    guards:\n{guards}"
        )
        wide.write_text(text)
        seconds = measured(self._psfpolicy(str(wide)), runs=self._runs).seconds
        return [Row("1,000 egress rules and 200 guards", f"{seconds * 1000:.0f} ms", "< 500 ms", seconds < 0.5)]

    def _evidence(self) -> list[Row]:
        """Assess a descriptor with twenty manifests beside the descriptor alone, and a hundred with ten each."""
        alone = self._evidenced(self._folder / "alone", 1, 0)
        twenty = self._evidenced(self._folder / "twenty", 1, 20)
        figures = interleaved(
            {"alone": self._psfpolicy("-q", str(alone)), "twenty": self._psfpolicy("-q", str(twenty))}, runs=self._runs
        )
        with_, without = figures["twenty"].seconds, figures["alone"].seconds
        hundred = self._evidenced(self._folder / "hundred", 100, 10)
        seconds = measured(self._psfpolicy("-q", str(hundred)), runs=3).seconds
        return [
            _ratio("a descriptor with 20 manifests against the descriptor alone", with_, without, 2.5),
            Row("1,000 manifests of 100 descriptors", f"{seconds:.1f} s", "< 6 s", seconds < 6),
        ]

    def _evidenced(self, folder: Path, descriptors: int, manifests: int) -> Path:
        """Write descriptors, each with manifests of one object in a folder of its own; give where they are."""
        objects = (ROOT / "benchmarks/deployment.yaml").read_text().split("---\n")
        text = EXAMPLE.read_text()
        for number in range(descriptors):
            own = folder / str(number)
            (own / "k8s").mkdir(parents=True)
            named = text.replace("name: clinical-notes", f"name: deployment-{number}")
            evidence = 'spec:\n  evidence: ["k8s/*.yaml"]\n' if manifests else "spec:\n"
            (own / "deploy.yaml").write_text(named.replace("spec:\n", evidence, 1))
            for index in range(manifests):
                manifest = objects[index % len(objects)].replace("NUMBER", f"{number}-{index // len(objects)}")
                (own / "k8s" / f"{index}.yaml").write_text(manifest)
        return folder

    def _git(self) -> list[Row]:
        """Compare 3 changed descriptors of 1,000 with their base, with and without other files around them.

        A hook names the file that it is about.
        """
        few, many = (self._repository(other) for other in (0, 10_000 // self._scale))
        one = str(few / "1/deploy.yaml")
        commands = {
            "few": self._psfpolicy("-q", "--base", "HEAD~1"),
            "many": self._psfpolicy("-q", "--base", "HEAD~1"),
            "hook": self._psfpolicy("-q", "--skip-other", one),
            "file": self._psfpolicy("-q", one),
        }
        figures = interleaved(commands, runs=self._runs, folders={"few": few, "many": many, "hook": few, "file": few})
        seconds, hook, file = (figures[name].seconds for name in ("few", "hook", "file"))
        return [
            Row(f"3 of {1000 // self._scale} descriptors with `--base`", f"{seconds:.2f} s", "< 1 s", seconds < 1),
            _ratio(f"the same with {10_000 // self._scale} other files", figures["many"].seconds, seconds, 1.2),
            _ratio("`check --skip-other FILE` against `check FILE`", hook, file, 1.2),
        ]

    def _repository(self, other: int) -> Path:
        """Write a repository of 1,000 descriptors, a third with manifests, in two commits; the second changes three."""
        root = self._folder / f"repository-{other}"
        self._evidenced(root, 1000 // self._scale, 2)
        for number in range(1000 // self._scale):
            if number % 3:
                descriptor = root / str(number) / "deploy.yaml"
                descriptor.write_text(descriptor.read_text().replace('  evidence: ["k8s/*.yaml"]\n', ""))
        for number in range(other):
            path = root / f"other/{number // 100}/{number}{'.yaml' if number % 2 else '.py'}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"kind: ConfigMap\nmetadata: {{name: other-{number}}}\n" + "# and so on\n" * 100)
        _git("init", "-q", cwd=root)
        _commit(root)
        for number in (1, 4, 7):
            descriptor = root / str(number) / "deploy.yaml"
            descriptor.write_text(descriptor.read_text().replace("remoteCode: false", "remoteCode: true"))
        _commit(root)
        _git("repack", "-adq", cwd=root)  # as a clone has it
        return root

    def _corpus(self) -> Row:
        """Read each manifest of the corpus by itself, in this process; the tables of the readers are loaded once."""
        tables = (ROOT / "tests/corpus/expected").iterdir()
        files = [found for table in sorted(tables) for found in table.parent.parent.glob(f"{table.stem}.*")]
        best = dict.fromkeys((path.name for path in files), float("inf"))
        nowhere = Place("deploy.yaml", Region(1, 1, 1, 1))
        for number in range(self._runs + 1):
            folder = self._folder / f"corpus-{number}"  # what was read of a file is kept by its path
            folder.mkdir()
            for path in files:
                shutil.copy(path, folder)
                globs = Globs(patterns=((path.name, nowhere),), folder=str(folder), root=str(folder.resolve()))
                started = time.perf_counter()
                with contextlib.suppress(DocumentError):  # one of them is broken
                    gather({"spec": {"model": {"id": "none/such"}}}, [globs], str)
                if number:
                    best[path.name] = min(best[path.name], time.perf_counter() - started)
        slowest = max(best, key=best.__getitem__)
        shown = f"{best[slowest] * 1000:.0f} ms ({slowest})"
        return Row("slowest file of the corpus", shown, "< 100 ms", best[slowest] < 0.1)


def _commit(root: Path) -> None:
    _git("add", "-A", cwd=root)
    _git("-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "-q", "-m", "x", cwd=root)


def _git(*words: str, cwd: Path) -> None:
    subprocess.run(["git", *words], cwd=cwd, check=True)  # noqa: S607  # the one that the tool would run


def _ratio(what: str, ours: float, theirs: float, most: float) -> Row:
    ratio = ours / theirs
    shown = f"{ratio:.2f} × ({ours * 1000:.3g} ms against {theirs * 1000:.3g} ms)"
    return Row(what, shown, f"≤ {most:g} ×", ratio <= most)


def _speedup(what: str, theirs: float, ours: float, least: float) -> Row:
    ratio = theirs / ours
    return Row(what, f"{ratio:.1f} × faster ({ours:.2f} s against {theirs:.2f} s)", f"≥ {least:g} ×", ratio >= least)


def _table(rows: Sequence[Row]) -> str:
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    tools = (
        f"wasmtime {version('wasmtime')}, {_peer('conftest', '--version')}, {_peer('checkov', '--version', 'checkov ')}"
    )
    lines = [f"Measured {AS_OF} on {machine}; {tools}.", "", "| what | measured | to reach |", "|---|---|---|"]
    lines += [f"| {row.what} | {row.measured} | {row.target}{'' if row.met else ' (missed)'} |" for row in rows]
    return "\n".join(lines) + "\n"


def _peer(name: str, option: str, prefix: str = "") -> str:
    program = shutil.which(name)
    if program is None:
        return f"no {name} here"
    out = subprocess.run([program, option], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    return prefix + out.replace("Conftest: ", "conftest ")


def main() -> int:
    """Measure, print the table and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the files, and three runs")
    parser.add_argument(
        "--fleet", action="store_true", help="100,000 descriptors too, which takes five minutes or more"
    )
    options = parser.parse_args()
    quick = options.quick
    with tempfile.TemporaryDirectory() as folder:
        rows = Bench(Path(folder), runs=3 if quick else 9, scale=10 if quick else 1, fleets=options.fleet).rows()
    table = _table(rows)
    print(table)
    if not quick:
        (ROOT / "benchmarks/results.md").write_text(f"<!-- Written by benchmarks/run.py. -->\n\n{table}")
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
