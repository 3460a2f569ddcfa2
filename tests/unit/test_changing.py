from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import source
from psfpolicy.assess import assess
from psfpolicy.changing import Comparing, applied, compare
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import EngineError
from psfpolicy.model.report import Notice, Position
from psfpolicy.model.run import Standing
from psfpolicy.profiles import Asked
from psfpolicy.source import Text
from tests.conftest import AS_OF
from tests.scratch import DESCRIPTOR

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue
    from psfpolicy.model.report import Assessment

NOTICE = Notice(
    control="evidence-undeclared",
    severity="high",
    message="a manifest shows an export",
    path="spec.observability.exports",
    place=Position(file="a.yaml", start_line=1, start_column=1, end_line=1, end_column=2),
    excerpt=None,
    fingerprint="f" * 64,
    digest="d" * 64,
    remediation="Declare it",
)


@cache
def engine() -> WasmEngine:
    return WasmEngine.bundled()


@cache
def case() -> tuple[Assessment, JsonValue]:
    (document,) = source.read(DESCRIPTOR.encode(), file="a.yaml")
    texts = {"a.yaml": Text("a.yaml", DESCRIPTOR)}
    found, *_ = assess(
        document, engine(), texts=texts, today=AS_OF, gate=Asked("standard"), requested="standard", unwaivable=()
    )
    return found, document.data


def asked(before: Assessment | None, now: Assessment | None, **more: Any) -> Comparing:
    _, descriptor = case()
    return Comparing(
        base=before,
        base_descriptor=descriptor if before else None,
        head=now,
        head_descriptor=descriptor if now else None,
        gate=case()[0].gate,
        **more,
    )


def test_what_was_undeclared_is_compared_as_findings_are() -> None:
    plain, _ = case()
    noted = replace(plain, undeclared=(NOTICE,))
    new = applied(noted, compare(asked(plain, noted), engine()), plain)
    same = applied(noted, compare(asked(noted, noted), engine()), noted)
    gone = applied(plain, compare(asked(noted, plain), engine()), noted)
    assert [item.change for item in (*new.undeclared, *same.undeclared)] == ["new", "existing"]
    assert [(item.control, item.status, item.message) for item in gone.fixed] == [
        ("evidence-undeclared", "fail", NOTICE.message)
    ]
    assert new.fixed == same.fixed == ()


def test_what_passes_is_not_compared() -> None:
    plain, _ = case()
    found = applied(plain, compare(asked(None, plain), engine()), None)
    assert {item.change for item in found.findings if item.good} == {None}
    assert {item.change for item in found.findings if not item.good} == {"new"}
    assert found.fixed == ()


def test_a_descriptor_that_is_gone_leaves_the_scope() -> None:
    plain, _ = case()
    changed = compare(asked(plain, None), engine())
    assert ([item.path for item in changed.reduced], changed.verdict) == ([()], "fail")
    waived = compare(asked(plain, None, only_new=True, waivers=(("w1", "scope-reduced", ()),)), engine())
    assert [item.waiver for item in waived.reduced] == ["w1"]


def test_what_was_accepted_is_marked_and_exists() -> None:
    plain, _ = case()
    first = next(item for item in plain.findings if not item.good)
    entry = Standing(first.fingerprint, first.status, first.digest)
    found = applied(plain, compare(asked(None, plain, accepted=(entry,), then=(entry,)), engine()), None)
    assert [item.fingerprint for item in found.findings if item.accepted] == [first.fingerprint]


class _Silent:
    """An engine that compares nothing."""

    def evaluate(self, _question: JsonValue, _entrypoint: str = "") -> JsonValue:
        return {
            "changes": {},
            "aged": [],
            "accepted": [],
            "fixed": [],
            "reduced": [],
            "verdict": "pass",
            "reasons": [],
        }


def test_an_answer_that_leaves_findings_out_is_none() -> None:
    plain, _ = case()
    with pytest.raises(EngineError):
        compare(asked(None, plain), _Silent())  # type: ignore[arg-type]  # it need not say what it is
