"""Every command but `check`, and what all of them answer to a slip."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from psfpolicy import __version__, resources
from psfpolicy.formats import format_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "accepted",
    "bundle",
    "capacity",
    "catalogue",
    "check",
    "completion",
    "control",
    "controls",
    "derive",
    "evidence",
    "explain",
    "fleet",
    "flows",
    "init",
    "input",
    "schema",
    "test",
    "validate",
    "waivers",
)


def test_help_lists_the_commands_and_the_exit_codes(run: Callable[..., Ran]) -> None:
    ran = run("--help")
    assert (ran.code, ran.err) == (0, "")
    assert tuple(re.findall(r"^  (\w+)  ", ran.out[ran.out.index("Commands:") :], re.MULTILINE)) == COMMANDS
    assert "0 passed; 1 a gate was not passed; 2 wrong usage; 3 nothing to assess; 4 not fully" in ran.out.replace(
        "\n ", ""
    )
    assert run("-h").out == ran.out


def test_without_a_command_help_is_wrong_usage(run: Callable[..., Ran]) -> None:
    ran = run()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == run("--help").out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, run: Callable[..., Ran]) -> None:
    ran = run(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: psfpolicy {name}")


def test_version_names_the_tool_the_policy_its_compiler_and_the_engine(run: Callable[..., Ran]) -> None:
    manifest = resources.manifest()
    assert run("--version").out == (
        f"psfpolicy {__version__}\n"
        f"policy sha256:{manifest.digest}, compiled by OPA {manifest.opa}\n"
        f"engine wasm, wasmtime {version('wasmtime')}\n"
    )


def test_help_and_version_load_neither_the_engine_nor_the_schemas() -> None:
    heavy = "{'wasmtime', 'pydantic', 'yaml', 'jsonschema', 'jsonschema_rs'}"
    for option in ("--help", "--version"):
        script = (
            "import sys\nfrom psfpolicy.cli import main\n"
            f"try: main(['{option}'])\nexcept SystemExit: print(sorted({heavy} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("chekc",), "Error: No such command 'chekc'. Did you mean 'check'?\n"),
        (("deploy.yaml",), "Error: No such command 'deploy.yaml'. To assess a file: psfpolicy check deploy.yaml\n"),
        (
            ("controls", "--domian", "x"),
            "Error: No such option '--domian'. (Did you mean one of: '--domain', '--format'?)\n",
        ),
        (("controls", "--severity", "hgih"), "Error: Invalid value for '--severity': 'hgih' is not one of"),
        (("controls", "extra"), "Error: Got unexpected extra argument (extra)\n"),
        (("explain",), "Error: Missing argument 'CONTROL'.\n"),
        (("completion", "tcsh"), "Error: Invalid value for 'SHELL': 'tcsh' is not one of 'bash', 'zsh', 'fish'.\n"),
    ],
)
def test_a_slip_of_the_command_line_is_exit_2_and_says_what_was_meant(
    words: tuple[str, ...], said: str, run: Callable[..., Ran]
) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            ("explain", "input-injection-defense"),
            "psfpolicy: unknown control `input-injection-defense`\nhint: did you mean `input-injection-defence`?\n",
        ),
        (
            ("explain", "autoscaling"),
            "psfpolicy: unknown control `autoscaling`\nhint: did you mean `deploy-autoscaling`?\n",
        ),
        (("explain", "xyzzy"), "psfpolicy: unknown control `xyzzy`\nhint: `psfpolicy controls` lists them\n"),
        (("explain", ""), "psfpolicy: unknown control ``\nhint: `psfpolicy controls` lists them\n"),
        (("schema", "setting-v1"), "psfpolicy: unknown schema `setting-v1`\nhint: did you mean `settings-v1`?\n"),
        (
            ("schema", "../resources"),
            "psfpolicy: unknown schema `../resources`\nhint: `psfpolicy schema --list` names them\n",
        ),
        (
            ("controls", "--domain", "PSF-9"),
            """\
psfpolicy: unknown domain `PSF-9`
hint: known domains: PSF-1 (Input Governance), PSF-2 (Output Validation), PSF-3 (Data Protection), \
PSF-4 (Observability), PSF-5 (Deployment Safety), PSF-6 (Human Oversight), PSF-7 (Security Posture), \
PSF-8 (Vendor Resilience), OPS (Operations)
""",
        ),
    ],
)
def test_an_unknown_name_is_exit_2_and_says_what_was_meant(
    words: tuple[str, ...], complaint: str, run: Callable[..., Ran]
) -> None:
    ran = run(*words)
    assert (ran.code, ran.out, ran.err) == (2, "", complaint)


def test_explain_shows_all_that_is_known_of_a_control(run: Callable[..., Ran]) -> None:
    (info,) = [info for info in resources.controls() if info.id == "input-injection-defence"]
    ran = run("explain", "input-injection-defence")
    assert ran.code == 0
    assert [line for line in ran.out.splitlines() if line and not line.startswith(" ")] == [
        "input-injection-defence: Injection defence",
        "PSF-1 Input Governance, criterion PSF-1.1; critical; provenance: official",
        *info.description.strip().splitlines(),
        "How to fix it",
        "Passes, below `spec`",
        "Does not pass, below `spec`",
        "Crosswalk of its domain (ours)",
        "References",
    ]
    for text in (info.remediation, info.good, info.bad):
        assert [line.strip() for line in text.strip().splitlines() if line.strip() not in ran.out] == []
    for address in info.references:
        assert f"  {address}\n" in ran.out
    assert "  owasp-llm-2025: LLM01\n" in ran.out


def test_explain_says_what_can_never_be_waived(run: Callable[..., Ran]) -> None:
    assert "It can never be waived.\n" in run("explain", "deploy-prohibited-use").out
    assert "It can never be waived.\n" not in run("explain", "input-schema").out


@pytest.mark.parametrize("info", resources.controls(), ids=lambda info: info.id)
def test_every_control_is_explained(info: resources.ControlInfo, run: Callable[..., Ran]) -> None:
    ran = run("explain", info.id)
    assert (ran.code, ran.err) == (0, "")
    # A number is printed only where the framework's own text exists.
    assert (", criterion PSF-" in ran.out) == (info.provenance == "official")


def test_controls_is_a_table_of_all_of_them(run: Callable[..., Ran]) -> None:
    ran = run("controls")
    *rows, total = ran.out.splitlines()
    assert [row.split()[3] for row in rows] == [
        info.id for info in sorted(resources.controls(), key=lambda info: (info.apart, info.domain, info.id))
    ]
    assert rows[0] == "PSF-1  high      PSF-1.3  input-audit-log               Input audit log"
    assert rows[-1] == "OPS    low       -        ops-utilisation               Target utilisation"
    assert total == f"{len(rows)} of {len(rows)} controls"


def test_controls_are_chosen_by_domain_and_severity(run: Callable[..., Ran]) -> None:
    ran = run("controls", "--domain", "PSF-1", "--severity", "critical")
    assert ran.out == (
        "PSF-1  critical  PSF-1.1  input-injection-defence       Injection defence\n"
        "PSF-1  critical  -        input-untrusted-content       Untrusted content\n"
        f"2 of {len(resources.controls())} controls\n"
    )
    assert run("controls", "--domain", "input governance", "--severity", "critical").out == ran.out


def test_controls_of_operations_are_chosen_by_their_domain_and_say_that_they_are_scored_apart(
    run: Callable[..., Ran],
) -> None:
    ids = [row.split()[3] for row in run("controls", "--domain", "operations").out.splitlines()[:-1]]
    assert ids == [info.id for info in resources.controls() if info.id.startswith("ops-")]
    assert "OPS Operations, scored apart; low; provenance: practice\n" in run("explain", "ops-cost-crossover").out


def test_controls_as_json_hold_what_the_policy_says_of_them(run: Callable[..., Ran]) -> None:
    found = json.loads(run("controls", "--severity", "critical", "--format", "json").out)
    bundled = json.loads((resources.BUNDLE / "controls.json").read_text())
    wanted = sorted(
        (row for row in bundled if row["severity"] == "critical"), key=lambda row: (row["domain"], row["id"])
    )
    of_no_pack = {"pack": None, "overrides": False}
    assert [{**row, **of_no_pack} for row in wanted] == found


def test_schema_prints_what_is_committed(run: Callable[..., Ran]) -> None:
    names = run("schema", "--list").out.split()
    committed = [path.relative_to(ROOT / "schemas").as_posix() for path in (ROOT / "schemas").rglob("*.schema.json")]
    assert [f"{name}.schema.json" for name in names] == sorted(committed)
    for name in names:
        assert run("schema", name).out == (ROOT / f"schemas/{name}.schema.json").read_text()
    assert run("schema").out == run("schema", "llm-deployment-v1").out


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_init_writes_a_descriptor_that_is_valid(here: Path, run: Callable[..., Ran]) -> None:
    ran = run("init")
    assert (ran.code, ran.out) == (0, "wrote deploy.yaml; next: psfpolicy check deploy.yaml\n")
    assert (here / "deploy.yaml").read_text() == (ROOT / "psfpolicy/_templates/deploy.yaml").read_text()
    assert run("check", "--as-of", "2026-11-21", "deploy.yaml").code == 1


COMMENTED = re.compile(r"^ *# [a-zA-Z]+:.*\n(?:^ *#  .*\n)*", re.MULTILINE)
"""A key of the template that is commented out, with the lines below it."""
HINT = "hint: name another file, or see with --dry-run what to add to it; nothing was written"
BLOCKS = COMMENTED.findall(resources.template("deploy.yaml"))


def uncommented(block: str) -> str:
    return re.sub(r"^( *)# ", r"\1", block, flags=re.MULTILINE)


def test_the_template_has_a_comment_for_every_section() -> None:
    assert [block.split(":")[0].strip(" #") for block in BLOCKS] == [
        *("owner", "use", "tasks", "audience", "sectors", "consequence", "euAiAct"),
        *("revision", "weights", "maxModelLen", "remoteCode", "engine", "accelerators", "replicas"),
        *("parties", "inputs", "outputs", "data", "network", "observability"),
        *("release", "oversight", "security", "vendor"),
    ]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split(":")[0].strip(" #"))
def test_a_commented_block_of_the_template_is_valid_when_it_is_uncommented(
    block: str, here: Path, run: Callable[..., Ran]
) -> None:
    (here / "deploy.yaml").write_text(resources.template("deploy.yaml").replace(block, uncommented(block)))
    ran = run("check", "--as-of", "2026-11-21", "-q", "deploy.yaml")
    assert (ran.code, ran.out.splitlines()[1:]) == (1, [])


def test_the_whole_template_is_valid_when_it_is_uncommented(here: Path, run: Callable[..., Ran]) -> None:
    whole = COMMENTED.sub(lambda found: uncommented(found[0]), resources.template("deploy.yaml"))
    (here / "deploy.yaml").write_text(whole)
    assert sorted(yaml.safe_load(whole)["spec"])[:4] == ["data", "inputs", "model", "network"]
    ran = run("check", "--as-of", "2026-11-21", "-q", "deploy.yaml")
    assert (ran.code, ran.out.splitlines()[1:]) == (1, [])


@pytest.mark.parametrize("there", ["file", "folder", "link"])
def test_init_never_overwrites(there: str, here: Path, run: Callable[..., Ran]) -> None:
    (here / "file").write_text("mine\n")
    (here / "folder").mkdir()
    (here / "link").symlink_to("nowhere")
    ran = run("init", there)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"psfpolicy: `{there}` exists, and is left as it is\n{HINT}\n"
    assert (here / "file").read_text() == "mine\n"
    assert not (here / "nowhere").exists()


def test_init_that_cannot_write_leaves_nothing(
    here: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run("init", "missing/deploy.yaml")
    assert (ran.code, ran.err) == (
        4,
        "psfpolicy: `missing/deploy.yaml` could not be written: No such file or directory\n",
    )

    if not Path("/dev/full").exists():
        pytest.skip("there is no device that is always full")
    plain_open = Path.open

    def opened(path: Path, mode: str = "r", **options: Any) -> Any:
        if mode == "x":
            path.touch()
            return plain_open(Path("/dev/full"), "w", **options)
        return plain_open(path, mode, **options)

    monkeypatch.setattr(Path, "open", opened)
    ran = run("init")
    assert (ran.code, ran.err) == (4, "psfpolicy: `deploy.yaml` could not be written: No space left on device\n")
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_accepts_its_completion(shell: str, run: Callable[..., Ran], tmp_path: Path) -> None:
    ran = run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert "_PSFPOLICY_COMPLETE" in ran.out
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "script").write_text(ran.out)
    subprocess.run([shell, "-n", str(tmp_path / "script")], check=True)


def completed(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    """Give what bash is offered at the end of a line."""
    words = line.split(" ")
    monkeypatch.setenv("_PSFPOLICY_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    ran = run()
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("psfpolicy ex", ["plain,explain"]),
        ("psfpolicy explain input-s", ["plain,input-schema"]),
        ("psfpolicy check --gate st", ["plain,standard", "plain,strict"]),
        ("psfpolicy check --format ", [f"plain,{name}" for name in format_names()]),
        ("psfpolicy check --format j", ["plain,json", "plain,junit"]),
        ("psfpolicy check --exi", ["plain,--exit-zero"]),
        ("psfpolicy check ", ["file,"]),
        ("psfpolicy controls --domain PSF-8", ["plain,PSF-8"]),
        ("psfpolicy schema rep", ["plain,report-v1"]),
        ("psfpolicy completion z", ["plain,zsh"]),
    ],
)
def test_the_shell_is_offered_what_fits(
    line: str, offers: list[str], run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert completed(run, monkeypatch, line) == offers


def test_completion_reads_no_settings(here: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    (here / ".psfpolicy.yaml").write_text("gate: [\n")
    assert completed(run, monkeypatch, "psfpolicy check --gate b") == ["plain,baseline"]


@pytest.mark.measured
def test_python_m_psfpolicy_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "psfpolicy", "schema", "--list"],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    assert done.stdout.split() == list(resources.schema_names())
