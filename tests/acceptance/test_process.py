"""The command as a process: what pipes, signals, devices, locales and odd file names do to it, and it to them."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from tests.conftest import Ran

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes, signals and devices as POSIX has them")

ROOT = Path(__file__).parents[2]
MINIMAL = (ROOT / "examples/minimal.yaml").read_text()
COMMAND = (sys.executable, "-m", "psfpolicy")
DAY = ("--as-of", "2026-11-21")
SECONDS = 60


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "deploy.yaml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run([*COMMAND, *words], check=False, encoding="utf-8", timeout=SECONDS, **streams)


def in_shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `psfpolicy` is our command."""
    prelude = f'psfpolicy() {{ "{sys.executable}" -m psfpolicy "$@"; }}; set -o pipefail; '
    return subprocess.run(
        ["/bin/bash", "-c", prelude + line], check=False, capture_output=True, encoding="utf-8", timeout=SECONDS
    )


EVERY_COMMAND = [
    ("check", *DAY, "deploy.yaml"),
    ("check", *DAY, "--format", "json", "deploy.yaml"),
    ("check", "--help"),
    ("controls",),
    ("explain", "input-schema"),
    ("schema",),
    ("completion", "zsh"),
    ("--help",),
    ("--version",),
]
MEASURED = [
    pytest.param(EVERY_COMMAND[0], marks=pytest.mark.measured),
    *EVERY_COMMAND[1:-1],
    pytest.param(EVERY_COMMAND[-1], marks=pytest.mark.measured),
]
"""The same: a report and a line of text reach what the others reach."""


@pytest.mark.parametrize("words", MEASURED, ids=" ".join)
@pytest.mark.usefixtures("here")
def test_a_broken_pipe_is_said_in_one_line_and_is_no_gate(words: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = ran(*words, stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (4, "psfpolicy: standard output was closed before all of it was written\n")


@pytest.mark.usefixtures("here")
def test_head_of_a_report_is_no_error_of_the_shell() -> None:
    done = in_shell("psfpolicy check --as-of 2026-11-21 -v deploy.yaml | head -1; exit ${PIPESTATUS[1]}")
    assert done.returncode == 0
    assert done.stdout.startswith("deploy.yaml: production/assistant: FAIL at gate standard")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", MEASURED, ids=" ".join)
@pytest.mark.usefixtures("here")
def test_a_full_disk_is_said_in_one_line(words: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123  # a device
        done = ran(*words, stdout=full)
    said = "psfpolicy: standard output could not be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (4, said)


@pytest.mark.parametrize("words", [("check", "deploy.yaml"), ("--version",)], ids=" ".join)
@pytest.mark.usefixtures("here")
@pytest.mark.measured
def test_a_closed_standard_output_is_said_in_one_line(words: tuple[str, ...]) -> None:
    done = in_shell(f"psfpolicy {' '.join(words)} >&-")
    assert (done.returncode, done.stderr) == (4, "psfpolicy: standard output is closed\n")


@pytest.mark.usefixtures("here")
@pytest.mark.measured
def test_a_closed_or_broken_standard_error_changes_no_exit_code() -> None:
    assert in_shell("psfpolicy check missing.yaml 2>&-").returncode == 2
    assert in_shell("psfpolicy check missing.yaml 2>/dev/full").returncode == 2
    assert in_shell("psfpolicy check --as-of 2026-11-21 deploy.yaml 2>&-").returncode == 1


@pytest.mark.usefixtures("here")
@pytest.mark.measured
def test_a_closed_standard_input_is_wrong_usage() -> None:
    done = in_shell("psfpolicy check - <&-")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "psfpolicy: standard input is closed\nhint: nothing was assessed\n"


@pytest.mark.usefixtures("here")
def test_endless_standard_input_is_refused() -> None:
    done = in_shell("psfpolicy check - < /dev/zero")
    assert done.returncode == 4
    assert "<stdin>:1:1: too-large: the file has more than 10 MiB" in done.stdout


@pytest.mark.usefixtures("here")
def test_a_pipe_of_the_shell_is_a_file() -> None:
    done = in_shell("psfpolicy check --as-of 2026-11-21 -q <(cat deploy.yaml)")
    assert done.returncode == 1
    assert ": production/assistant: FAIL at gate standard" in done.stdout


def test_a_pipe_does_not_slip_from_under_a_floor(here: Path) -> None:
    (here / ".psfpolicy.yaml").write_text("gates: [{paths: ['prod/*'], gate: baseline}]\n")
    done = in_shell("psfpolicy check --as-of 2026-11-21 --gate advisory -q <(cat deploy.yaml)")
    assert done.returncode == 1
    assert "FAIL at gate baseline (raised from advisory by a floor in the settings)" in done.stdout


@pytest.mark.measured
def test_a_report_may_go_to_a_pipe_of_the_shell(here: Path) -> None:
    line = "psfpolicy check --as-of 2026-11-21 -q -o json=>(cat > copy.json) deploy.yaml; code=$?; wait $!; exit $code"
    done = in_shell(line)
    assert done.returncode == 1
    assert json.loads((here / "copy.json").read_text())["exitCode"] == 1


def until(true: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        select.select([], [], [], 0.01)


@pytest.mark.usefixtures("here")
@pytest.mark.measured
def test_ctrl_c_ends_with_130_and_no_traceback() -> None:
    with subprocess.Popen([*COMMAND, "check", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stderr
        # A pipe holds less than this, so that once it is written the process reads; then it waits for more.
        process.stdin.write(b"#" * 2**20)
        process.stdin.flush()
        until(lambda: state(process.pid) == "S" and not pending(process.stdin))
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 130
        assert process.stderr.read() == b"psfpolicy: interrupted\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.measured
def test_an_interrupt_of_several_processes_ends_all_of_them_and_leaves_a_report_that_is_not_green(
    here: Path, number: signal.Signals
) -> None:
    for index in range(2_000):
        (here / f"{index}.yaml").write_text(MINIMAL.replace("name: assistant", f"name: assistant-{index}"))
    words = [*COMMAND, "check", *DAY, "--gate", "advisory", "--jobs", "2", "-q", "-o", "json=report.json", "."]
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
    with subprocess.Popen(words, **options) as process:
        until(lambda: len(children(process.pid)) >= 2)
        workers = children(process.pid)
        # A terminal tells every process of the group.
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err) == (130, b"psfpolicy: interrupted\n")
    assert b": NOT ASSESSED: 1 problem\n  interrupted: the run was interrupted here: " in out
    until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    report = json.loads((here / "report.json").read_text())
    (cut,) = report["unassessed"]
    assert (report["exitCode"], report["summary"]["unassessed"], cut["problems"][0]["code"]) == (130, 1, "interrupted")
    assert len(report["assessments"]) + int(cut["problems"][0]["message"].split()[5]) == 2_001


def state(pid: int) -> str:
    """Give the letter of what a process does: `S` while it waits."""
    return told(f"/proc/{pid}/stat").rpartition(")")[2].split()[0]


def children(pid: int) -> list[int]:
    """Give the processes that a process started."""
    return [int(word) for word in told(f"/proc/{pid}/task/{pid}/children").split()]


def told(path: str) -> str:
    if not Path("/proc/self/stat").exists():
        pytest.skip("only Linux tells what a process does")
    return Path(path).read_text()


def pending(pipe: IO[bytes] | None) -> int:
    """Give the bytes of a pipe that nobody has read yet."""
    assert pipe
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def on_terminal(*words: str, **environment: str) -> tuple[int, str]:
    """Run the command on a terminal, and give its exit code and all that was shown."""
    leader, follower = pty.openpty()
    shown = b""
    env = {**os.environ, "TERM": "xterm", **environment}
    with subprocess.Popen([*COMMAND, *words], stdin=follower, stdout=follower, stderr=follower, env=env) as process:
        os.close(follower)
        try:
            while piece := os.read(leader, 65536):
                shown += piece
        except OSError:  # Linux says so at the end
            pass
        os.close(leader)
        return process.wait(SECONDS), shown.decode().replace("\r\n", "\n")


@pytest.mark.usefixtures("here")
@pytest.mark.measured
def test_a_terminal_gets_colour_unless_the_user_will_not_have_it() -> None:
    code, shown = on_terminal("check", *DAY, "-q", "deploy.yaml")
    assert (code, "\x1b[31mFAIL\x1b[0m" in shown) == (1, True)
    assert "\x1b" not in on_terminal("check", *DAY, "-q", "deploy.yaml", NO_COLOR="1")[1]
    assert "\x1b" not in on_terminal("check", *DAY, "-q", "deploy.yaml", TERM="dumb")[1]
    assert "\x1b" not in on_terminal("check", *DAY, "-q", "--color", "never", "deploy.yaml")[1]


@pytest.mark.usefixtures("here")
def test_without_a_terminal_there_is_colour_only_on_demand() -> None:
    assert "\x1b" not in ran("check", *DAY, "deploy.yaml").stdout
    assert "\x1b[31mFAIL\x1b[0m" in ran("check", *DAY, "--color", "always", "deploy.yaml").stdout


@pytest.mark.parametrize("words", [*EVERY_COMMAND, ("explain", "data-lawful-basis")], ids=" ".join)
@pytest.mark.usefixtures("here")
def test_a_stream_that_carries_ascii_only_breaks_nothing(words: tuple[str, ...]) -> None:
    plain = ran(*words)
    done = ran(*words, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (plain.returncode, "")
    assert len(done.stdout.splitlines()) == len(plain.stdout.splitlines())


@pytest.mark.usefixtures("here")
def test_a_report_on_a_stream_that_carries_ascii_only_is_ascii() -> None:
    done = ran("check", *DAY, "deploy.yaml", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert "PSF-1  Input Governance" in done.stdout
    assert done.stdout.isascii()


@pytest.mark.usefixtures("here")
def test_an_old_locale_and_a_bare_environment_change_no_verdict() -> None:
    bare = {"PSFPOLICY_CACHE_DIR": os.environ["PSFPOLICY_CACHE_DIR"]}
    wanted = ran("check", *DAY, "--format", "json", "deploy.yaml")
    for environment in (bare, {**bare, "LANG": "C"}, {**bare, "LC_ALL": "POSIX", "PYTHONUTF8": "0"}):
        done = ran("check", *DAY, "--format", "json", "deploy.yaml", env=environment)
        assert (done.returncode, done.stdout, done.stderr) == (1, wanted.stdout, "")


def test_a_cache_that_cannot_be_written_changes_no_verdict(here: Path) -> None:
    wanted = ran("check", *DAY, "--format", "json", "deploy.yaml")
    (here / "file").write_text("")
    for cache in ("/dev/null/cache", str(here / "file"), str(here / "file/below")):
        done = ran("check", *DAY, "--format", "json", "deploy.yaml", env={**os.environ, "PSFPOLICY_CACHE_DIR": cache})
        assert (done.returncode, done.stdout, done.stderr) == (1, wanted.stdout, "")


def test_nothing_is_written_but_the_cache_and_what_o_names(here: Path) -> None:
    home = here / "home"
    home.mkdir()
    environment = {"HOME": str(home), "PSFPOLICY_CACHE_DIR": str(here / "cache"), "PATH": os.environ["PATH"]}
    done = ran(
        "check", *DAY, "-o", "json=report.json", "deploy.yaml", env={**environment, "PYTHONDONTWRITEBYTECODE": "1"}
    )
    assert done.returncode == 1
    assert sorted(path.name for path in here.iterdir()) == [".git", "cache", "deploy.yaml", "home", "report.json"]
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("deploy.yaml/report.json", "Not a directory"),
        ("missing/report.json", "No such file or directory"),
        ("/dev/full", "No space left on device"),
        (".", "Is a directory"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_report_that_cannot_be_written_ends_with_4_and_leaves_nothing(target: str, why: str, here: Path) -> None:
    done = ran("check", *DAY, "-o", "text=good.txt", "-o", f"json={target}", "deploy.yaml")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == f"psfpolicy: `{target}` could not be written: {why}\nhint: nothing was left behind\n"
    assert sorted(path.name for path in here.iterdir()) == [".git", "deploy.yaml"]


@pytest.mark.parametrize("target", ["/dev/stdout", "/dev/fd/1"])
@pytest.mark.measured
def test_the_device_of_standard_output_is_standard_output(target: str, here: Path) -> None:
    done = in_shell(f"psfpolicy check --as-of 2026-11-21 -o json={target} deploy.yaml > out.json")
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads((here / "out.json").read_text())["exitCode"] == 1


@pytest.mark.parametrize(
    "name",
    ["with space.yaml", "two\nlines.yaml", "naïve 日本.yaml", "-leading.yaml", "--gate=advisory.yaml", "'\"$x`.yaml"],
)
def test_any_file_name_is_a_name(name: str, here: Path) -> None:
    (here / name).write_text(MINIMAL)
    done = ran("check", *DAY, "--format", "json", "--", name)
    assert done.returncode == 1
    assert [item["file"] for item in json.loads(done.stdout)["assessments"]] == [name]
    quiet = ran("check", *DAY, "-q", "--", name)
    assert quiet.stdout.startswith(name.replace("\n", "\\x0a") + ": production/assistant: FAIL")
    assert len(quiet.stdout.splitlines()) == 1


def test_a_file_name_that_is_not_unicode_is_a_name(here: Path) -> None:
    (here / "deploy.yaml").rename(os.fsdecode(b"deploy-\xff.yaml"))
    done = ran("check", *DAY, "-q", ".")
    assert done.stdout.startswith("deploy-\\xff.yaml: production/assistant: FAIL")
    found = json.loads(ran("check", *DAY, "--format", "json", os.fsdecode(b"deploy-\xff.yaml")).stdout)
    assert [item["file"] for item in found["inputs"]] == ["deploy-\\xff.yaml"]


def test_an_option_that_a_file_name_makes_is_said_without_acting_on_the_terminal() -> None:
    done = ran("check", "--\x1b[2J\u202e")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert "--\\x1b[2J\\u202e" in done.stderr


def test_the_working_directory_only_changes_how_files_are_called(here: Path) -> None:
    (here / "sub").mkdir()
    there = ran("check", *DAY, "--format", "json", "../deploy.yaml", cwd=here / "sub")
    ours = ran("check", *DAY, "--format", "json", "deploy.yaml")
    assert there.stdout.replace('"../deploy.yaml"', '"deploy.yaml"') == ours.stdout
    assert str(here) not in there.stdout


@pytest.mark.usefixtures("here")
def test_a_bug_shows_no_traceback_without_debug(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_words: object, **_options: object) -> None:
        raise ZeroDivisionError("surprise \x1b[2J")

    monkeypatch.setattr("psfpolicy.pipeline.check", broken)
    done = run("check", "deploy.yaml")
    assert (done.code, done.out) == (4, "")
    assert done.err == (
        "psfpolicy: internal error: ZeroDivisionError: surprise \\x1b[2J\n"
        "hint: please report it; --debug before the command shows where it happened\n"
    )
    assert "in broken" in run("--debug", "check", "deploy.yaml").err
    monkeypatch.setenv("PSFPOLICY_DEBUG", "1")
    assert "in broken" in run("check", "deploy.yaml").err


def test_an_error_of_the_user_shows_no_traceback_without_debug(run: Callable[..., Ran]) -> None:
    assert "Traceback" not in run("check", "missing.yaml").err
    assert "Traceback" in run("--debug", "check", "missing.yaml").err
