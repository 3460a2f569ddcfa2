"""The committed bundle is what the sources compile to, and the build refuses what is not complete."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.policy.conftest import Opa

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "psfpolicy" / "_bundle"
INJECTION = "rego/psfpolicy/controls/input/injection_defence.rego"
INCOMPLETE = "the annotations of the policy are not complete\n"
VERSION = (ROOT / "policy/opa-version").read_text(encoding="utf-8").strip()
HINT = f"`go install github.com/open-policy-agent/opa@v{VERSION}` builds it; in a checkout, `make opa` does"


@pytest.fixture
def whole(tmp_path: Path, opa: Opa, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the build reads, with the pinned OPA at hand."""
    monkeypatch.setenv("OPA", opa.path)
    for part in ("rego", "policy"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


@pytest.fixture(scope="session")
def built_once(opa: Opa, without_controls: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose policy has one control, built; not to be changed."""
    folder = tmp_path_factory.mktemp("built") / "repository"
    shutil.copytree(without_controls, folder)
    shutil.copytree(ROOT / "policy", folder / "policy")
    (folder / INJECTION).parent.mkdir(parents=True)
    shutil.copy(ROOT / INJECTION, folder / INJECTION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPA", opa.path)
        assert build(folder).returncode == 0
    return folder


@pytest.fixture
def repository(built_once: Path, tmp_path: Path, opa: Opa, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that repository."""
    monkeypatch.setenv("OPA", opa.path)
    return Path(shutil.copytree(built_once, tmp_path / "repository"))


def build(repository: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "policy/build.py", *options], cwd=repository, capture_output=True, text=True, check=False
    )


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.usefixtures("opa")
def test_the_committed_bundle_is_what_the_sources_compile_to() -> None:
    done = build(ROOT, "--check")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


def test_a_build_elsewhere_gives_the_same_bytes_and_names_no_path_of_the_machine(whole: Path) -> None:
    assert build(whole).returncode == 0
    built = {path.name: path.read_bytes() for path in (whole / "psfpolicy/_bundle").iterdir()}
    assert built == {path.name: path.read_bytes() for path in BUNDLE.iterdir()}
    assert str(whole).encode() not in b"".join(built.values())


def test_the_digest_is_that_of_what_sha256sum_prints() -> None:
    names = ("controls.json", "data.json", "policy.wasm")
    listing = "".join(f"{hashlib.sha256((BUNDLE / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    manifest = json.loads((BUNDLE / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["digest"] == hashlib.sha256(listing.encode()).hexdigest()


def test_the_check_names_each_file_that_differs_and_writes_nothing(repository: Path) -> None:
    bundle = repository / "psfpolicy/_bundle"
    size = (bundle / "policy.wasm").stat().st_size
    (bundle / "data.json").unlink()
    (bundle / "stray.txt").write_text("", encoding="utf-8")
    (bundle / "policy.wasm").write_bytes((bundle / "policy.wasm").read_bytes() + b"\0")
    before = sorted(path.name for path in bundle.iterdir())
    done = build(repository, "--check")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "psfpolicy/_bundle/data.json: missing\n"
        f"psfpolicy/_bundle/policy.wasm: {size + 1} bytes committed, {size} built, one is longer\n"
        "psfpolicy/_bundle/stray.txt: not part of the bundle\n"
        "the bundle is not what rego/ compiles to; run `make policy` and commit the result\n"
    )
    assert sorted(path.name for path in bundle.iterdir()) == before


def test_the_check_names_the_first_byte_that_differs(repository: Path) -> None:
    wasm = repository / "psfpolicy/_bundle/policy.wasm"
    content = bytearray(wasm.read_bytes())
    content[100] ^= 1
    wasm.write_bytes(content)
    done = build(repository, "--check")
    assert f"{len(content)} bytes committed, {len(content)} built, first difference at byte 100\n" in done.stderr


def test_a_build_removes_what_is_not_part_of_the_bundle(repository: Path) -> None:
    (repository / "psfpolicy/_bundle/stray.txt").write_text("", encoding="utf-8")
    build(repository)
    assert build(repository, "--check").returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("# title: Injection defence\n", "", "`title` is missing"),
        ("#   severity: critical", "#   severity: grave", "`custom.severity` is none of critical, high, medium, low"),
        (
            "#   criterion: PSF-1.1\n#   provenance: official",
            "#   provenance: hearsay",
            "`custom.provenance` is none of official, guide, assessment, practice, ours",
        ),
        ("#   criterion: PSF-1.1\n", "", "`custom.criterion` goes with provenance official, and only with it"),
        (
            "#   remediation: |\n",
            "#   remedy: |\n",
            f"`custom.remediation` is missing\n{INJECTION}: `custom.remedy` is not known",
        ),
        ("https://www", "http://www", "`custom.references` is no list of https addresses"),
        ("#   good: |\n", "#   waivable: maybe\n#   good: |\n", "`custom.waivable` is no boolean"),
    ],
)
def test_a_build_refuses_a_control_whose_metadata_is_incomplete(
    old: str, new: str, complaint: str, repository: Path
) -> None:
    edit(repository / INJECTION, old, new)
    done = build(repository)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{INCOMPLETE}{INJECTION}: {complaint}\n")


def test_a_build_refuses_a_control_without_metadata(repository: Path) -> None:
    path = repository / INJECTION
    text = path.read_text(encoding="utf-8")
    path.write_text(text[text.index("package ") :], encoding="utf-8")
    assert build(repository).stderr == f"{INCOMPLETE}{INJECTION}: the package has no METADATA\n"


def test_a_build_refuses_a_package_that_is_not_named_after_its_file(repository: Path) -> None:
    path = repository / INJECTION
    path.rename(path.with_name("injection_guard.rego"))
    renamed = INJECTION.replace("defence", "guard")
    assert build(repository).stderr == f"{INCOMPLETE}{renamed}: the package is not named after the file\n"


def test_a_build_refuses_a_domain_whose_metadata_its_controls_do_not_see(repository: Path) -> None:
    edit(repository / "rego/psfpolicy/controls/input.rego", "# scope: subpackages\n", "")
    assert build(repository).stderr == (
        f"{INCOMPLETE}rego/psfpolicy/controls/input.rego: `scope` is not subpackages, so its controls do not see it\n"
    )


def test_a_build_refuses_a_domain_that_is_scored_in_a_way_that_is_not_known(repository: Path) -> None:
    edit(
        repository / "rego/psfpolicy/controls/input.rego",
        "#   domain: PSF-1\n",
        "#   domain: PSF-1\n#   scored: aside\n",
    )
    assert build(repository).stderr == (
        f"{INCOMPLETE}rego/psfpolicy/controls/input.rego: `custom.scored` says something else than apart\n"
    )


@pytest.mark.parametrize("said", ["gated: false", "scored: apart\n#   gated: true"])
def test_a_build_refuses_a_domain_that_leaves_the_gates_in_a_way_that_is_not_known(said: str, repository: Path) -> None:
    edit(repository / "rego/psfpolicy/controls/input.rego", "#   domain: PSF-1\n", f"#   domain: PSF-1\n#   {said}\n")
    assert (
        "rego/psfpolicy/controls/input.rego: `custom.gated` says something else than false, "
        "or its domain is not scored apart\n"
    ) in build(repository).stderr


def test_a_build_refuses_a_control_that_sets_itself_apart(repository: Path) -> None:
    edit(repository / INJECTION, "#   severity: critical\n", "#   severity: critical\n#   scored: apart\n")
    assert build(repository).stderr == f"{INCOMPLETE}{INJECTION}: `custom.scored` is not known\n"


def test_a_build_refuses_sources_that_are_not_formatted(repository: Path) -> None:
    edit(repository / INJECTION, "places contains", "places  contains")
    done = build(repository)
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "opa fmt refused")


@pytest.mark.parametrize("call", ['sprintf("%d", [1])', 'regex.match("a", "a")', 'http.send({"url": "a"})'])
def test_a_build_refuses_functions_of_the_host(call: str, repository: Path) -> None:
    path = repository / INJECTION
    path.write_text(f"{path.read_text(encoding='utf-8')}\n_called := {call}\n", encoding="utf-8")
    name = call.partition("(")[0]
    assert f"rego_type_error: undefined function {name}" in build(repository).stderr


def test_lint_compiles_nothing(repository: Path) -> None:
    shutil.rmtree(repository / "psfpolicy")
    assert build(repository, "--lint").returncode == 0
    assert not (repository / "psfpolicy").exists()


def test_lint_refuses_a_key_that_no_descriptor_has(repository: Path) -> None:
    path = repository / INJECTION
    path.write_text(
        f"{path.read_text(encoding='utf-8')}\n_misspelt := input.descriptor.spec.inptus\n", encoding="utf-8"
    )
    assert "undefined ref: input.descriptor.spec.inptus" in build(repository, "--lint").stderr


def test_a_build_refuses_a_module_that_no_host_would_load(
    repository: Path, sample: Callable[[str], dict[str, str]]
) -> None:
    # OPA 1.22.0 writes one for a variable that meets a function; when this test fails, the registry no longer needs a
    # rule for each export.
    ((name, text),) = sample('places contains _place("spec")\n\n_place(key) := [key]\n').items()
    (repository / "rego/psfpolicy" / name).write_text(text, encoding="utf-8")
    body = 'some export in {"places", "findings"}\n\tvalue := data.psfpolicy.controls[folder][name][export]'
    path = repository / "rego/psfpolicy/registry.rego"
    path.write_text(
        f"{path.read_text(encoding='utf-8')}\nexports[folder][name][export] := value if {{\n\t{body}\n}}\n",
        encoding="utf-8",
    )
    assert "opa build wrote a module that is not valid" in build(repository).stderr


def test_without_the_pinned_opa_the_build_says_how_to_get_it(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPA")
    monkeypatch.setenv("PATH", str(repository))
    done = build(repository)
    assert (done.returncode, done.stderr) == (
        2,
        f"OPA {VERSION} is not on PATH, and $OPA names none\n{HINT}\n",
    )


def test_an_opa_of_another_version_is_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPA", sys.executable)
    done = build(repository)
    assert (done.returncode, done.stderr) == (
        2,
        f"$OPA is `{sys.executable}`, which is not OPA {VERSION}\n{HINT}; or unset $OPA\n",
    )


def test_the_opa_of_the_cache_goes_before_path(repository: Path, opa: Opa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPA")
    cached = repository / ".cache/opa" / VERSION / "opa"
    cached.parent.mkdir(parents=True)
    cached.symlink_to(opa.path)
    assert build(repository, "--print-opa").stdout == f"{cached}\n"


def test_a_control_added_by_a_file_is_in_the_catalogue(
    repository: Path, sample: Callable[[str], dict[str, str]]
) -> None:
    ((name, text),) = sample('places contains ["spec"]\n').items()
    (repository / "rego/psfpolicy" / name).write_text(text, encoding="utf-8")
    build(repository)
    rows = json.loads((repository / "psfpolicy/_bundle/controls.json").read_text(encoding="utf-8"))
    assert [row for row in rows if row["id"] == "input-sample"] == [
        {
            "id": "input-sample",
            "domain": "PSF-1",
            "domainTitle": "Input Governance",
            "apart": False,
            "gated": True,
            "title": "Sample",
            "description": "A control that a test adds to the tree.",
            "severity": "high",
            "criterion": None,
            "provenance": "ours",
            "remediation": "Write it.",
            "references": ["https://example.org"],
            "good": "a: 1",
            "bad": "a: 2",
            "crosswalk": {
                "eu-ai-act": ["9", "10", "15"],
                "owasp-llm-2025": ["LLM01"],
                "nist-ai-rmf": ["MEASURE", "MANAGE"],
                "iso-42001": ["A.6", "A.7"],
            },
            "crosswalkProvenance": "ours",
            "waivable": True,
            "file": "rego/psfpolicy/controls/input/sample.rego",
        }
    ]
