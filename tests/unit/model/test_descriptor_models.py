from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from psfpolicy.model import closed, descriptor, settings
from psfpolicy.model.descriptor import Descriptor, DescriptorBase

MODULES = [
    Path(closed.__file__),
    Path(settings.__file__),
    *sorted(Path(descriptor.__file__).parent.glob("*.py")),
]


def _without_nulls(value: Any) -> Any:
    match value:
        case dict():
            return {key: _without_nulls(item) for key, item in value.items() if item is not None}
        case list():
            return [_without_nulls(item) for item in value]
    return value


def test_the_reference_is_read_without_loss(reference: dict[str, Any]) -> None:
    read = Descriptor.model_validate(reference)
    assert read.model_dump(mode="json", by_alias=True, exclude_none=True) == _without_nulls(reference)


def test_what_extends_a_base_is_read_without_loss(rest: dict[str, Any]) -> None:
    read = DescriptorBase.model_validate(rest)
    assert read.model_dump(mode="json", by_alias=True, exclude_none=True) == _without_nulls(rest)


def test_lists_become_tuples_and_keys_become_snake_case(reference: dict[str, Any]) -> None:
    read = Descriptor.model_validate(reference)
    assert read.spec.data is not None
    assert read.spec.data.categories == ("phi", "pii")
    assert read.spec.model.max_model_len == 32768


def test_a_descriptor_cannot_be_changed(reference: dict[str, Any]) -> None:
    read = Descriptor.model_validate(reference)
    with pytest.raises(ValidationError, match="frozen"):
        read.spec.model.id = "another"


def test_a_key_in_snake_case_is_unknown(minimal: dict[str, Any]) -> None:
    minimal["spec"]["model"]["max_model_len"] = 4096
    with pytest.raises(ValidationError, match=r"spec\.model\.max_model_len\n  Extra inputs are not permitted"):
        Descriptor.model_validate(minimal)


def test_an_integral_float_is_read_as_an_integer(minimal: dict[str, Any]) -> None:
    minimal["spec"]["model"]["maxModelLen"] = 32768.0
    read = Descriptor.model_validate(minimal).spec.model.max_model_len
    assert (read, type(read)) == (32768, int)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_every_public_name_of_a_model_has_a_docstring(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert [name for node in ast.walk(tree) for name in _undocumented(node)] == []


def _undocumented(node: ast.AST) -> list[str]:
    """Give the public attributes of a module or class that no string follows."""
    if not isinstance(node, ast.Module | ast.ClassDef):
        return []
    following = [*node.body[1:], ast.Pass()]
    return [
        statement.target.id
        for statement, after in zip(node.body, following, strict=True)
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
        if not statement.target.id.startswith("_") and not _is_text(after)
    ]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
