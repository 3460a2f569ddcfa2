"""What the documentation says is so: its commands are run, its YAML is valid, its links and tables hold."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from psfpolicy import errors, resources, schema, source, validity
from psfpolicy.cli.check import command

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])
WRITTEN = [page for page in PAGES if not page.read_text().startswith("<!-- Generated")]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def fenced(pages: list[Path], language: str) -> list[tuple[str, str]]:
    """Give the blocks of a language: the page with a number, and the text."""
    return [
        (f"{named(page)}-{number}", text)
        for page in pages
        for number, (found, text) in enumerate(FENCE.findall(page.read_text()), start=1)
        if found == language
    ]


CONSOLES = fenced(PAGES, "console")
YAML = fenced(PAGES, "yaml")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own with the examples, where each block begins anew."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(block: str) -> list[tuple[str, str]]:
    """Give each command of a block with the output that is shown below it."""
    return [
        (line, shown)
        for line, _, shown in (part.partition("\n") for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:])
    ]


def shown_by(output: str) -> re.Pattern[str]:
    """Give what an output must match: `…` alone on a line stands for any lines."""
    lines = [r"(?:.*\n)*?" if line == "…" else re.escape(line) + r"\n" for line in output.splitlines()]
    return re.compile("".join(lines))


@pytest.mark.parametrize("block", [block for _, block in CONSOLES], ids=[name for name, _ in CONSOLES])
@pytest.mark.usefixtures("copy")
def test_a_command_gives_the_output_that_is_shown(block: str, run: Callable[..., Ran]) -> None:
    assert commands(block)
    for line, shown in commands(block):
        program, *words = shlex.split(line)
        assert program == "psfpolicy"
        ran = run(*words)
        assert shown_by(shown).fullmatch(ran.out + ran.err), ran.out + ran.err


def test_the_first_screen_shows_commands_and_what_they_say() -> None:
    assert {name.partition("-")[0] for name, _ in CONSOLES} >= {"README.md", "docs/quickstart.md"}


@pytest.mark.parametrize("text", [text for _, text in YAML], ids=[name for name, _ in YAML])
def test_a_whole_document_is_valid(text: str) -> None:
    for document in source.read(text.encode(), file="page.yaml"):
        data = document.data
        assert isinstance(data, dict)
        if "apiVersion" in data:
            assert validity.diagnostics(document) == ()
        elif text.startswith("# .psfpolicy.yaml"):
            assert schema.diagnostics_of(document, "settings-v1") == ()


def test_the_settings_are_shown_somewhere() -> None:
    assert [name for name, text in YAML if text.startswith("# .psfpolicy.yaml")] != []


def anchors(page: Path) -> set[str]:
    """Give the names of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_link_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text())
    links = [link for link in LINK.findall(text) if not link.startswith(("http://", "https://", "mailto:"))]
    for link in links:
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def exit_codes() -> set[str]:
    """Give the codes that the errors carry, and those of a result and an interrupt."""
    known = [errors.PsfpolicyError]
    for error in known:
        known.extend(error.__subclasses__())
    return {"0", "1", "130"} | {str(error.exit_code) for error in known}


def test_every_table_of_exit_codes_is_that_of_the_errors() -> None:
    tables = [
        (named(page), re.findall(r"^\| (\d+) \|", table, re.MULTILINE))
        for page in WRITTEN
        for table in re.findall(
            r"^\| (?:exit )?code \|.*\n(?:^\|.*\n)+", page.read_text(), re.MULTILINE | re.IGNORECASE
        )
    ]
    assert [name for name, _ in tables] == ["docs/usage.md"]
    assert [set(codes) for _, codes in tables] == [exit_codes()]


def test_help_names_the_same_exit_codes(run: Callable[..., Ran]) -> None:
    help_ = " ".join(run("--help").out.split())
    listed = help_[help_.index("Exit codes:") : help_.index("Options:")]
    assert set(re.findall(r"(\d+) [a-z]", listed)) == exit_codes()


def test_every_option_of_check_is_documented_with_its_variable_and_its_key() -> None:
    usage = (ROOT / "docs/usage.md").read_text()
    section = usage.partition("## Options of `check`")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:4]] for line in section.splitlines() if line.startswith("| `")]
    documented = {
        option: (variable.strip("`"), key.split("`")[1] if key else "")
        for options, variable, key in rows
        for option in re.findall(r"`(-[^ `]+)", options)
    }
    assert {option: variable for option, (variable, _) in documented.items() if not option.startswith("--output")} == {
        option: str(parameter.envvar or "")
        for parameter in command.params
        for option in parameter.opts
        if option not in {"paths", "--output"}
    }
    settings = set(json.loads(resources.schema("settings-v1"))["properties"])
    of_settings_only = {"catalogue", "evidence", "exclude", "gates", "thresholds", "requireEvidence", "unwaivable"}
    of_settings_only |= {"accepted", "categories", "inlineIgnores", "opa", "regimes", "waiverDays", "waivers"}
    assert {key for _, key in documented.values() if key} == settings - of_settings_only


OTHERS = [
    "capacity",
    "catalogue",
    "controls",
    "derive",
    "evidence",
    "fleet",
    "flows",
    "init",
    "input",
    "schema",
    "test",
    "validate",
]


@pytest.mark.parametrize("name", OTHERS)
def test_every_option_of_another_command_is_documented(name: str, run: Callable[..., Ran]) -> None:
    usage = (ROOT / "docs/usage.md").read_text()
    row = usage.partition(f"| `psfpolicy {name}")[2].partition("\n")[0]
    section = usage.partition(f"## Options of `{name}`\n")[2].partition("\n## ")[0]
    assert set(OPTION.findall(row + section)) == set(OPTION.findall(run(name, "--help").out)) - {"--help"}


def test_every_command_is_documented(run: Callable[..., Ran]) -> None:
    usage = (ROOT / "docs/usage.md").read_text()
    documented = re.findall(r"^\| `psfpolicy (\w+)", usage, re.MULTILINE)
    listed = re.findall(r"^  (\w+)  ", run("--help").out.partition("Commands:")[2], re.MULTILINE)
    assert sorted(documented) == sorted(listed)


def test_every_domain_of_the_glossary_and_every_control_has_its_page() -> None:
    pages = {page.stem for page in (ROOT / "docs/controls").glob("*.md")} - {"README"}
    assert pages == {info.id for info in resources.controls()}


def test_the_layout_names_every_module_and_nothing_else() -> None:
    layout = FENCE.search((ROOT / "docs/development.md").read_text())
    assert layout
    package = layout[2].partition("rego/")[0]
    named_there = {name.rstrip("/") for name in re.findall(r"^  ([\w.]+/?) ", package, re.MULTILINE)}
    there = {path.name for path in (ROOT / "psfpolicy").iterdir() if path.name not in {"__pycache__", "py.typed"}}
    assert named_there == there - {"__init__.py", "__main__.py"}


def test_nothing_written_by_hand_is_left_to_be_filled_in() -> None:
    for page in WRITTEN:
        assert re.findall(r"\b(?:TODO|TBD|FIXME|XXX|SPEED)\b", page.read_text()) == [], named(page)
