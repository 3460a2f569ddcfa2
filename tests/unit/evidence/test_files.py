"""Globs and files of evidence: what cannot be found or read is an error at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy.errors import DocumentError
from psfpolicy.evidence.files import matching, read
from psfpolicy.model.place import Place, Region

if TYPE_CHECKING:
    from pathlib import Path

HERE = Place("deploy.yaml", Region(5, 14, 5, 20))


def wrong(pattern: str, folder: Path, root: Path) -> str:
    with pytest.raises(DocumentError) as raised:
        matching(pattern, str(folder), str(root), HERE)
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.place == HERE
    return f"{diagnostic.code}: {diagnostic.message}"


def test_files_are_found_in_the_order_of_their_names_and_folders_are_none(tmp_path: Path) -> None:
    (tmp_path / "k8s" / "c.yaml").mkdir(parents=True)
    for name in ("b.yaml", "a.yaml", "c.yaml/d.yaml"):
        (tmp_path / "k8s" / name).write_text("{}")
    root = tmp_path / "k8s"
    assert matching("k8s/*.yaml", str(tmp_path), str(tmp_path), HERE) == (str(root / "a.yaml"), str(root / "b.yaml"))
    assert matching("k8s/**/d.yaml", str(tmp_path), str(tmp_path), HERE) == (str(root / "c.yaml" / "d.yaml"),)


def test_what_matches_no_file_or_lies_outside_is_wrong(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    (inside / "k8s").mkdir(parents=True)
    (tmp_path / "outside.yaml").write_text("{}")
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert wrong("none/*.yaml", inside, inside) == "evidence-missing: `none/*.yaml` matches no file"
    assert wrong("k8s", inside, inside) == "evidence-missing: `k8s` matches no file"
    assert wrong("../*.yaml", inside, inside) == "evidence-outside: `../*.yaml` lies outside the repository"
    assert wrong("../outside.yaml", inside, inside) == "evidence-outside: `../outside.yaml` lies outside the repository"
    assert wrong("link.yaml", inside, inside) == "evidence-outside: `link.yaml` lies outside the repository"
    assert wrong("/etc/*.yaml", inside, inside) == "evidence-outside: `/etc/*.yaml` is no relative path"


def test_a_file_that_is_no_yaml_is_wrong_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\nb: [\n")
    with pytest.raises(DocumentError) as raised:
        read(str(tmp_path / "a.yaml"), "a.yaml")
    assert [(item.place.file, item.place.region.start_line) for item in raised.value.diagnostics] == [("a.yaml", 3)]


def test_a_file_that_is_too_large_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"#" * (10 * 1024 * 1024 + 1))
    with pytest.raises(DocumentError):
        read(str(tmp_path / "a.yaml"), "a.yaml")


def test_templates_and_hcl_are_kept_as_text(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("{{- if .Values.on }}\nkind: Deployment\n{{- end }}\n")
    (tmp_path / "main.tf").write_text('resource "x" "y" {}\n')
    template = read(str(tmp_path / "a.yaml"), "a.yaml")
    hcl = read(str(tmp_path / "main.tf"), "main.tf")
    assert (template.template, template.documents, template.plain is not None) == (True, (), True)
    assert (hcl.template, hcl.documents, hcl.plain is not None) == (False, (), True)
