"""What is bundled is found, and is what its manifest names."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from psfpolicy import resources
from psfpolicy.building.staging import sources_digest
from psfpolicy.errors import ModuleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READERS = (
    resources.manifest,
    resources.policy_module,
    resources.policy_data,
    resources.controls,
    resources.tables,
    resources.schema,
)
HINT = "install psfpolicy again; in a checkout, run `make policy`"


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A bundle of its own, with nothing read yet."""
    for path in resources.BUNDLE.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(resources, "BUNDLE", tmp_path)
    for reader in READERS:
        reader.cache_clear()
    yield tmp_path
    for reader in READERS:
        reader.cache_clear()


def test_the_files_are_those_that_the_manifest_names() -> None:
    manifest = resources.manifest()
    assert sorted(manifest.files) == ["controls.json", "data.json", "policy.wasm"]
    assert manifest.files["policy.wasm"] == sha256(resources.policy_module()).hexdigest()
    assert manifest.opa == (Path(__file__).parents[3] / "policy/opa-version").read_text(encoding="utf-8").strip()
    assert manifest.contract == 1


def test_the_controls_are_sorted_by_id() -> None:
    ids = [control.id for control in resources.controls()]
    assert ids == sorted(set(ids))


def test_a_control_is_what_its_annotations_say() -> None:
    (control,) = (control for control in resources.controls() if control.id == "input-injection-defence")
    assert (control.domain, control.domain_title, control.title) == ("PSF-1", "Input Governance", "Injection defence")
    assert (control.severity, control.criterion, control.provenance) == ("critical", "PSF-1.1", "official")
    assert (control.waivable, control.crosswalk["owasp-llm-2025"]) == (True, ("LLM01",))
    assert control.file == "rego/psfpolicy/controls/input/injection_defence.rego"


def test_prohibited_use_can_never_be_waived() -> None:
    assert [control.id for control in resources.controls() if not control.waivable] == ["deploy-prohibited-use"]


def test_a_table_is_read_by_its_name() -> None:
    assert resources.catalogue("countries")["DE"]["name"] == "Germany"


def test_the_data_is_parsed_once_for_all_tables() -> None:
    assert resources.catalogue("countries") is resources.tables()["countries"]
    assert resources.tables() is resources.tables()


def test_every_table_has_a_schema_and_every_schema_a_table() -> None:
    of_tables = [name for name in resources.schema_names() if name.startswith("catalogue/")]
    # Only packs have rows of `gates`.
    assert of_tables == [f"catalogue/{table}" for table in sorted({*resources.tables(), "gates"})]


def test_an_unknown_table_is_an_error() -> None:
    with pytest.raises(ModuleError) as error:
        resources.catalogue("planets")
    assert (error.value.message, error.value.hint) == ("the bundled policy has no catalogue `planets`", HINT)


def test_each_schema_is_json_that_names_itself() -> None:
    names = resources.schema_names()
    assert "llm-deployment-v1" in names
    ids = [json.loads(resources.schema(name))["$id"] for name in names]
    assert ids == [f"https://psfpolicy.dev/schemas/{name}.schema.json" for name in names]


def test_an_unknown_schema_is_an_error() -> None:
    with pytest.raises(ModuleError) as error:
        resources.schema("../pyproject")
    assert (error.value.message, error.value.hint) == ("there is no schema `../pyproject`", HINT)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("policy.wasm", resources.policy_module),
        ("data.json", resources.policy_data),
        ("controls.json", resources.controls),
    ],
)
def test_a_file_that_is_not_the_one_of_the_manifest_is_an_error(
    name: str, read: Callable[[], object], copied: Path
) -> None:
    (copied / name).write_bytes((copied / name).read_bytes() + b" ")
    with pytest.raises(ModuleError) as error:
        read()
    assert (error.value.message, error.value.hint) == (
        f"`{name}` of the bundled policy is not the one that its manifest names",
        HINT,
    )


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("policy.wasm", resources.policy_module),
        ("data.json", resources.policy_data),
        ("controls.json", resources.controls),
        ("manifest.json", resources.policy_module),
    ],
)
def test_a_missing_file_is_an_error(name: str, read: Callable[[], object], copied: Path) -> None:
    (copied / name).unlink()
    with pytest.raises(ModuleError) as error:
        read()
    assert (error.value.message, error.value.hint) == (f"`{name}` cannot be read: No such file or directory", HINT)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"digest": "", "opa": ""}', "null", "\ud800"])
def test_a_manifest_that_is_none_is_an_error(text: str, copied: Path) -> None:
    (copied / "manifest.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ModuleError) as error:
        resources.manifest()
    assert error.value.message == "the manifest of the bundled policy cannot be read"


def test_the_schemas_of_a_wheel_go_before_those_of_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x-v1.schema.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(resources, "_SCHEMAS", (tmp_path, tmp_path / "none"))
    assert resources.schema_names() == ("x-v1",)


def test_the_sources_of_the_shipped_policy_are_those_that_it_was_compiled_from() -> None:
    assert resources.manifest().sources == sources_digest(resources.sources() / "rego")
    assert resources.server_bundle() is None
    assert sorted(resources.policy_files()) == ["controls.json", "data.json", "manifest.json"]


def test_a_bundle_in_force_holds_what_a_server_loads_or_leaves_it_to_the_sources() -> None:
    content = b"an archive"
    names = ("controls.json", "data.json", "policy.wasm")
    files = {name: (resources.BUNDLE / name).read_bytes() for name in names} | {resources.SERVER_BUNDLE: content}
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}
    row = {"digest": "d", "opa": "1.22.0", "contract": 1, "files": digests}
    try:
        resources.use({**files, "manifest.json": json.dumps(row).encode()})
        assert resources.server_bundle() == content
        assert resources.manifest().sources == ""
        resources.use({"manifest.json": json.dumps(row).encode()})
        assert resources.server_bundle() is None
    finally:
        resources.use(None)
