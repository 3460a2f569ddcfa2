"""The cache of compiled code saves time, and is never trusted further than the folder that holds it."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import wasmtime

from psfpolicy import resources
from psfpolicy.engine.compiled import compiled
from psfpolicy.engine.folder import cache_folder
from psfpolicy.engine.version import wasmtime_version
from psfpolicy.engine.wasm import WasmEngine

if TYPE_CHECKING:
    from collections.abc import Callable

as_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")


def files(folder: Path) -> list[Path]:
    return sorted((folder / "compiled").iterdir())


@pytest.mark.parametrize(
    ("environment", "platform", "folder"),
    [
        ({"PSFPOLICY_CACHE_DIR": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "linux", "/c"),
        ({"PSFPOLICY_CACHE_DIR": "/c", "HOME": "/h"}, "darwin", "/c"),
        ({"PSFPOLICY_CACHE_DIR": "", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "linux", "/x/psfpolicy"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "linux", "/h/.cache/psfpolicy"),
        ({"XDG_CACHE_HOME": "", "HOME": "/h"}, "linux", "/h/.cache/psfpolicy"),
        ({"HOME": "/h"}, "linux", "/h/.cache/psfpolicy"),
        ({"HOME": "/h"}, "darwin", "/h/Library/Caches/psfpolicy"),
        ({"LOCALAPPDATA": "/l", "HOME": "/h"}, "win32", "/l/psfpolicy/Cache"),
    ],
)
def test_the_cache_lies_where_the_platform_keeps_caches(
    environment: dict[str, str], platform: str, folder: str
) -> None:
    assert cache_folder(environment, platform) == Path(folder)


@pytest.mark.parametrize(("environment", "platform"), [({}, "linux"), ({"HOME": ""}, "darwin"), ({}, "win32")])
def test_without_a_home_there_is_no_cache_folder(environment: dict[str, str], platform: str) -> None:
    assert cache_folder(environment, platform) is None


def test_a_relative_cache_folder_is_where_the_process_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert cache_folder({"PSFPOLICY_CACHE_DIR": "here"}, "linux") == tmp_path / "here"


def test_the_version_is_asked_of_the_metadata_where_the_folder_does_not_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wasmtime, "__file__", str(tmp_path / "wasmtime/__init__.py"))
    assert wasmtime_version() == metadata.version("wasmtime")


def test_the_second_engine_compiles_nothing(
    tmp_path: Path, module: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = WasmEngine(module(), b"{}", cache=tmp_path)
    assert (first.evaluate({}), first.cache_note) == ({"a": 1}, None)

    def refuse(*_arguments: object) -> None:
        raise AssertionError("it was compiled again")

    monkeypatch.setattr(wasmtime.Module, "__init__", refuse)
    second = WasmEngine(module(), b"{}", cache=tmp_path)
    assert (second.evaluate({}), second.cache_note) == ({"a": 1}, None)


def test_the_cache_is_the_users_alone(tmp_path: Path, module: Callable[..., bytes]) -> None:
    compiled(module(), tmp_path / "new")
    assert (tmp_path / "new/compiled").stat().st_mode & 0o777 == 0o700


def test_another_module_gets_code_of_its_own(tmp_path: Path, module: Callable[..., bytes]) -> None:
    other = module(answer='(data (i32.const 1024) "[{\\22result\\22: {\\22b\\22: 2}}]\\00")')
    assert WasmEngine(module(), b"{}", cache=tmp_path).evaluate({}) == {"a": 1}
    assert WasmEngine(other, b"{}", cache=tmp_path).evaluate({}) == {"b": 2}
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize(
    ("kept", "added"),
    [(0, b""), (100, b""), (5_000, b"\xff" * 8), (0, b"not machine code")],
    ids=["empty", "truncated", "changed", "text"],
)
def test_damaged_code_is_compiled_anew(kept: int, added: bytes, tmp_path: Path, module: Callable[..., bytes]) -> None:
    compiled(module(), tmp_path)
    (path,) = files(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:kept] + added)
    engine = WasmEngine(module(), b"{}", cache=tmp_path)
    assert (engine.evaluate({}), engine.cache_note) == ({"a": 1}, None)
    assert path.read_bytes() == whole


def test_code_of_another_build_of_wasmtime_is_compiled_anew(tmp_path: Path, module: Callable[..., bytes]) -> None:
    compiled(module(), tmp_path)
    (path,) = files(tmp_path)
    foreign = b"code of another wasmtime"
    key, _, _ = path.name.removesuffix(".cwasm").rpartition(".")
    path.with_name(f"{key}.{sha256(foreign).hexdigest()}.cwasm").write_bytes(foreign)
    path.unlink()
    engine = WasmEngine(module(), b"{}", cache=tmp_path)
    assert (engine.evaluate({}), engine.cache_note) == ({"a": 1}, None)
    assert len(files(tmp_path)) == 2


def test_a_folder_that_others_can_write_to_is_not_trusted(tmp_path: Path, module: Callable[..., bytes]) -> None:
    folder = tmp_path / "compiled"
    folder.mkdir()
    folder.chmod(0o777)
    engine = WasmEngine(module(), b"{}", cache=tmp_path)
    assert engine.evaluate({}) == {"a": 1}
    assert engine.cache_note == f"the cache folder {folder} can be written to by other users"
    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_noted(tmp_path: Path, module: Callable[..., bytes]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    engine = WasmEngine(module(), b"{}", cache=tmp_path / "file")
    assert engine.evaluate({}) == {"a": 1}
    assert engine.cache_note == f"the cache folder {tmp_path / 'file'} cannot be made: Not a directory"


@as_root
def test_a_folder_that_cannot_be_written_to_is_noted(tmp_path: Path, module: Callable[..., bytes]) -> None:
    folder = tmp_path / "compiled"
    folder.mkdir(mode=0o500)
    engine = WasmEngine(module(), b"{}", cache=tmp_path)
    assert engine.evaluate({}) == {"a": 1}
    assert engine.cache_note == f"the compiled policy could not be kept in {folder}: Permission denied"


def test_a_full_disk_is_noted(tmp_path: Path, module: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    engine = WasmEngine(module(), b"{}", cache=tmp_path)
    assert engine.evaluate({}) == {"a": 1}
    assert (
        engine.cache_note
        == f"the compiled policy could not be kept in {tmp_path / 'compiled'}: No space left on device"
    )


def test_no_folder_is_noted(module: Callable[..., bytes]) -> None:
    engine = WasmEngine(module(), b"{}")
    assert engine.evaluate({}) == {"a": 1}
    assert engine.cache_note == "no cache folder: neither PSFPOLICY_CACHE_DIR nor a home folder is set"


def test_the_newest_four_modules_are_kept(tmp_path: Path, module: Callable[..., bytes]) -> None:
    modules = [module(start=f'(data (i32.const 4096) "{number}")') for number in range(6)]
    for content in modules:
        compiled(content, tmp_path)
        for path in files(tmp_path):
            os.utime(path, (path.stat().st_mtime - 10,) * 2)
    keys = [sha256(content).hexdigest()[:32] for content in modules[2:]]
    assert [path.name.partition("-")[0] for path in files(tmp_path)] == sorted(keys)


def test_old_code_that_cannot_be_removed_does_no_harm(
    tmp_path: Path, module: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "in use by another process")

    monkeypatch.setattr(Path, "unlink", refuse)
    notes = [compiled(module(start=f'(data (i32.const 4096) "{number}")'), tmp_path).cache_note for number in range(6)]
    assert notes == [None] * 6
    assert len(files(tmp_path)) == 6


PROGRAM = """
import sys
from psfpolicy.engine.wasm import WasmEngine
engine = WasmEngine.bundled()
report = engine.evaluate({"today": "2026-11-21", "gate": "standard", "descriptor": {"spec": {}}})
sys.stdout.write(f"{report['gate']['verdict']} {len(report['controls'])} {engine.cache_note}")
"""


def test_several_processes_may_warm_the_cache_at_once(tmp_path: Path) -> None:
    environment = os.environ | {"PSFPOLICY_CACHE_DIR": str(tmp_path)}
    running = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [process.communicate()[0] for process in running]
    assert said == [f"fail {len(resources.controls())} None"] * 4
    assert [path.suffix for path in files(tmp_path)] == [".cwasm"]
