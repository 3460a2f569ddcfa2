from __future__ import annotations

import pytest

from psfpolicy.evidence.container import Variable, Word
from psfpolicy.evidence.engines.shell import Token, statements, words
from psfpolicy.model.place import Place, Region

PLACE = Place("pod.yaml", Region(1, 1, 1, 2))


def literal(value: str) -> Variable:
    return Variable(kind="literal", value=value, place=PLACE)


def texts(script: str, **variables: str) -> list[list[str]]:
    found = statements(script, {name: literal(value) for name, value in variables.items()})
    return [[word.text for word in each.words] for each in found]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("vllm serve \\\n  m --x 1", [["vllm", "serve", "m", "--x", "1"]]),
        ("vllm serve \\\r\n  m", [["vllm", "serve", "m"]]),
        ("a; b && c || d | e & f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("# vllm serve m --trust-remote-code\nls", [["ls"]]),
        ("vllm serve m # --trust-remote-code", [["vllm", "serve", "m"]]),
        ("vllm serve m#1 '# no' \"# no\"", [["vllm", "serve", "m#1", "# no", "# no"]]),
        ("a 'b c' \"d e\" f\\ g 'h'\"i\"j", [["a", "b c", "d e", "f g", "hij"]]),
        ("a '' \"\"", [["a", "", ""]]),
        ("vllm serve m > /log 2>&1 >> x < y &> z", [["vllm", "serve", "m"]]),
        ("cat <<EOF\nvllm serve m\nEOF\nls", [["cat"], ["ls"]]),
        ("cat <<-'EOF'\n\tvllm serve m\n\tEOF\nls", [["cat"], ["ls"]]),
        ("if [ -n x ]; then\n  vllm serve m\nfi", [["[", "-n", "x", "]"], ["vllm", "serve", "m"]]),
        ("case $1 in a) vllm serve m;; *) ls;; esac", [["$1", "in", "a"], ["vllm", "serve", "m"], ["*"], ["ls"]]),
        ("f() { vllm serve m; }\nf", [["vllm", "serve", "m"], ["f"]]),
        ("(cd x; vllm serve m)", [["cd", "x"], ["vllm", "serve", "m"]]),
        ("! vllm serve m", [["vllm", "serve", "m"]]),
        ("for i in 1 2; do echo $i; done", [["echo", "$i"]]),
        ('eval "exec vllm serve m --x"', [["exec", "vllm", "serve", "m", "--x"]]),
        ("bash -lc 'vllm serve m'", [["vllm", "serve", "m"]]),
        ("{{ .Values.command }} --x", [["{{ .Values.command }}", "--x"]]),
    ],
)
def test_commands_of_a_script(script: str, expected: list[list[str]]) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("A=1\nx $A ${A} \"$A\" '$A'", ["x", "1", "1", "1", "$A"]),
        ('A="--a  --b"\nx $A "$A"', ["x", "--a", "--b", "--a  --b"]),
        ("A=\nx $A y", ["x", "y"]),
        ('x ${A:-b} ${A-c} "${A:=d e}"', ["x", "b", "c", "d e"]),
        ("A=1; x ${A:-b} ${A:+c}", ["x", "1", "c"]),
        ('A=(--a "b c"); A+=(d); x "${A[@]}" ${A[@]}', ["x", "--a", "b c", "d", "--a", "b", "c", "d"]),
        ("A=x; A+=y; z $A", ["z", "xy"]),
        ("A=1 x $A", ["x", "$A"]),
        ("A=1; B=$A-2; x $B", ["x", "1-2"]),
        ("x $OUT $(OUT)", ["x", "--o", "--p", "--o", "--p"]),
        ("x $(cat m) `cat n` $((1 + 2))", ["x", "$(cat m)", "`cat n`", "$((1 + 2))"]),
        ("read A < f; x $A", ["x", "$A"]),
    ],
)
def test_variables_of_a_script(script: str, expected: list[str]) -> None:
    assert texts(script, OUT="--o --p")[-1] == expected


@pytest.mark.parametrize(
    "script",
    [
        'if [ "$B" ]; then A=--safe; fi\nx $A',
        '[ -n "$B" ] && A=--safe\nx $A',
        "for A in 1 2; do true; done; x $A",
        "(A=--safe); x $A",
        "A=$(cat a); x $A",
        "A=--safe; unset A; x $A",
    ],
)
def test_what_is_assigned_under_a_condition_is_not_known(script: str) -> None:
    assert statements(script, {})[-1].words[-1].unresolved


def test_only_exported_variables_reach_a_command() -> None:
    script = "A=1\nexport B=2 C\nD=4 x"

    exported = statements(script, {})[-1].exported

    assert {name: token.text for name, token in exported.items()} == {"B": "2", "D": "4"}


def test_a_variable_of_the_environment_stays_exported_when_it_is_assigned() -> None:
    found = statements("VLLM_NO_USAGE_STATS=0\nx", {"VLLM_NO_USAGE_STATS": literal("1")})

    assert found[-1].exported["VLLM_NO_USAGE_STATS"].text == "0"


def test_words_stand_where_they_are_written() -> None:
    script = 'A="--one --two"\nx "a b" $A --m=$OUT'

    found = statements(script, {"OUT": literal("o")})[-1].words

    assert [script[word.start : word.end] for word in found] == ["x", '"a b"', "--one", "--two", "--m=$OUT"]


def test_words_that_come_from_the_environment_stand_in_its_value() -> None:
    found = statements("x $OUT", {"OUT": literal("--one --two")})[-1].words

    assert found[1:] == (Token("--one", 0, 5, "OUT"), Token("--two", 6, 11, "OUT"))


def test_words_inside_eval_stand_where_they_are_written() -> None:
    script = 'eval "vllm serve m $OUT"'

    found = statements(script, {"OUT": literal("--x")})[-1].words

    assert [(word.text, word.variable or script[word.start : word.end]) for word in found] == [
        ("vllm", "vllm"),
        ("serve", "serve"),
        ("m", "m"),
        ("--x", "OUT"),
    ]


def test_positional_parameters_are_the_words_behind_the_script() -> None:
    given = (Word("--a", PLACE), Word("b c", PLACE))

    found = statements('x "$@" $2', {}, positional=given)[-1].words

    assert [(word.text, word.variable) for word in found] == [
        ("x", ""),
        ("--a", "@0"),
        ("b c", "@1"),
        ("b", "@1"),
        ("c", "@1"),
    ]


def test_positional_parameters_that_are_not_known_may_be_any_number_of_words() -> None:
    assert statements("x $@", {})[-1].words[-1].several


def test_a_secret_is_never_in_a_word() -> None:
    secret = Variable(kind="secret", value="hunter2", place=PLACE)

    word = statements("x --api-key=$KEY", {"KEY": secret})[-1].words[-1]

    assert (word.text, word.unresolved) == ("--api-key=$KEY", "KEY")


def test_a_default_that_is_taken_is_said() -> None:
    assert statements("x ${A:-b}", {})[-1].words[-1].assumed == "A"


def test_compose_replaces_braces_before_the_shell_does() -> None:
    found = statements("x ${HOST} $$OUT $${OUT} ${NONE}", {"OUT": literal("o")}, interpolation={"HOST": "h"})[-1]

    assert [(word.text, word.unresolved) for word in found.words] == [
        ("x", ""),
        ("h", ""),
        ("o", ""),
        ("o", ""),
        ("${NONE}", "NONE"),
    ]


def test_a_text_without_operators_is_split_at_white_space() -> None:
    found = words("--a 'b c'\n  --d=1;2", {}, None)

    assert [word.text for word in found] == ["--a", "b c", "--d=1;2"]


def test_a_value_that_doubles_again_and_again_is_not_known() -> None:
    found = statements("A=$A$A$A$A\n" * 40 + "x $A", {"A": literal("aaaa")})

    assert found[-1].words[-1].unresolved == "A"


def test_a_script_that_is_too_long_is_not_read() -> None:
    assert statements("x\n" * 60_000, {}) == ()
