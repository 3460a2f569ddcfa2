"""Patches as kustomize applies them: operations on pointers (RFC 6902), and strategic merges."""

from __future__ import annotations

import pytest

from psfpolicy import source
from psfpolicy.evidence.kustomize.merging import CannotBeMergedError, merged
from psfpolicy.evidence.kustomize.pointers import CannotBeAppliedError, patched


def node(text: str) -> source.Node:
    return source.read(text.encode(), file="n")[0].root


BASE = "{a: {b: [1, 2, 3]}, 'x/y': 1, 'm~n': 2, e: ''}"


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ("[{op: replace, path: /a/b/1, value: x}]", "{a: {b: [1, x, 3]}, 'x/y': 1, 'm~n': 2, e: ''}"),
        ("[{op: add, path: /a/b/1, value: x}]", "{a: {b: [1, x, 2, 3]}, 'x/y': 1, 'm~n': 2, e: ''}"),
        ("[{op: add, path: /a/b/3, value: x}]", "{a: {b: [1, 2, 3, x]}, 'x/y': 1, 'm~n': 2, e: ''}"),
        ("[{op: add, path: /a/b/-, value: x}]", "{a: {b: [1, 2, 3, x]}, 'x/y': 1, 'm~n': 2, e: ''}"),
        ("[{op: remove, path: /a/b/0}]", "{a: {b: [2, 3]}, 'x/y': 1, 'm~n': 2, e: ''}"),
        ("[{op: replace, path: /x~1y, value: 5}]", "{a: {b: [1, 2, 3]}, 'x/y': 5, 'm~n': 2, e: ''}"),
        ("[{op: replace, path: /m~0n, value: 5}]", "{a: {b: [1, 2, 3]}, 'x/y': 1, 'm~n': 5, e: ''}"),
        ("[{op: move, from: /a/b/0, path: /f}]", "{a: {b: [2, 3]}, 'x/y': 1, 'm~n': 2, e: '', f: 1}"),
        ("[{op: copy, from: /a/b, path: /f}]", "{a: {b: [1, 2, 3]}, 'x/y': 1, 'm~n': 2, e: '', f: [1, 2, 3]}"),
        (
            "[{op: test, path: /e, value: ''}, {op: remove, path: /e}]",
            "{a: {b: [1, 2, 3]}, 'x/y': 1, 'm~n': 2}",
        ),
        ("[{op: replace, path: '', value: {}}]", "{}"),
        ("[{op: add, path: /e, value: null}]", "{a: {b: [1, 2, 3]}, 'x/y': 1, 'm~n': 2, e: null}"),
        ("[]", BASE),
    ],
)
def test_operations_do_what_they_say(operations: str, expected: str) -> None:
    assert source.plain(patched(node(BASE), node(operations))) == source.plain(node(expected))


@pytest.mark.parametrize(
    "operation",
    [
        "{op: replace, path: /none, value: 1}",
        "{op: replace, path: /a/b/7, value: 1}",
        "{op: replace, path: /a/b/-, value: 1}",
        "{op: add, path: /a/b/4, value: 1}",
        "{op: add, path: /a/b/-1, value: 1}",
        "{op: add, path: /a/b/01x, value: 1}",
        "{op: add, path: /a/b/99999999999999, value: 1}",
        "{op: add, path: /none/deep, value: 1}",
        "{op: add, path: /e/deep, value: 1}",
        "{op: add, path: /a/b/7/deep, value: 1}",
        "{op: add, path: /f}",
        "{op: add, path: no-slash, value: 1}",
        "{op: add, value: 1}",
        "{op: remove, path: /none}",
        "{op: remove, path: ''}",
        "{op: test, path: /e, value: other}",
        "{op: move, from: /none, path: /f}",
        "{op: copy, path: /f}",
        "{op: unknown, path: /e, value: 1}",
        "{path: /e, value: 1}",
        "text",
        "null",
    ],
)
def test_operation_that_does_not_fit_is_refused(operation: str) -> None:
    with pytest.raises(CannotBeAppliedError):
        patched(node(BASE), node(f"[{operation}]"))


@pytest.mark.parametrize(
    ("base", "patch", "expected"),
    [
        ("{a: {b: 1, c: 2}}", "{a: {c: 3, d: 4}}", "{a: {b: 1, c: 3, d: 4}}"),
        ("{a: 1, b: 2}", "{a: null}", "{b: 2}"),
        ("{a: {b: 1}}", "{a: {$patch: replace, c: 2}}", "{a: {c: 2}}"),
        ("{a: {b: 1}}", "{a: {$patch: delete}}", "{}"),
        ("{a: {b: 1}}", "{a: {$patch: merge, c: 2}}", "{a: {b: 1, c: 2}}"),
        ("{args: [a, b]}", "{args: [c]}", "{args: [c]}"),
        (
            "{env: [{name: A, value: '1'}, {name: B}]}",
            "{env: [{name: C}, {name: A, value: '2'}]}",
            "{env: [{name: C}, {name: A, value: '2'}, {name: B}]}",
        ),
        ("{env: [{name: A}]}", "{env: [{name: A, $patch: delete}]}", "{env: []}"),
        ("{env: [{name: A, value: x}]}", "{env: [{name: A, value: null}]}", "{env: [{name: A}]}"),
        (
            "{ports: [{containerPort: 1}]}",
            "{ports: [{containerPort: 1, name: x}]}",
            "{ports: [{containerPort: 1, name: x}]}",
        ),
        (
            "{volumeMounts: [{mountPath: /a}]}",
            "{volumeMounts: [{mountPath: /b}]}",
            "{volumeMounts: [{mountPath: /b}, {mountPath: /a}]}",
        ),
        ("{env: text}", "{env: [{name: A}]}", "{env: [{name: A}]}"),
        ("{env: [text, 1]}", "{env: [{name: A}]}", "{env: [{name: A}, text, 1]}"),
        ("{a: [1]}", "{a: {b: 1}}", "{a: {b: 1}}"),
        ("{apiVersion: v1, kind: A}", "{apiVersion: v2, kind: A, x: 1}", "{apiVersion: v1, kind: A, x: 1}"),
    ],
)
def test_strategic_merge(base: str, patch: str, expected: str) -> None:
    found = merged(node(base), node(patch), known=True)
    assert found is not None
    assert source.plain(found) == source.plain(node(expected))


def test_lists_of_other_kinds_replace() -> None:
    base, patch = "{containers: [{name: a, image: i}]}", "{containers: [{name: a, args: [x]}]}"
    found = merged(node(base), node(patch), known=False)
    assert found is not None
    assert source.plain(found) == {"containers": [{"name": "a", "args": ["x"]}]}


def test_patch_may_delete_the_object() -> None:
    assert merged(node("{a: 1}"), node("{$patch: delete}"), known=True) is None


@pytest.mark.parametrize(
    "patch",
    ["{a: {$patch: other}}", "{$setElementOrder/env: [A]}", "{env: [{$patch: replace}]}", "{a: {$retainKeys: [b]}}"],
)
def test_directive_that_is_not_known_is_refused(patch: str) -> None:
    with pytest.raises(CannotBeMergedError):
        merged(node("{env: [{name: A}], a: {b: 1}}"), node(patch), known=True)
