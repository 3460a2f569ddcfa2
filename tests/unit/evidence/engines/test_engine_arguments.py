from __future__ import annotations

import pytest

from psfpolicy.evidence.container import Word
from psfpolicy.evidence.engines.arguments import Line, last
from psfpolicy.evidence.engines.table import engine
from psfpolicy.model.place import Place, Region


def parsed(*words: str, key: str = "vllm") -> Line:
    given = [Word(word, Place("pod.yaml", Region(index, 1, index, 2))) for index, word in enumerate(words, start=1)]
    return engine(key).grammar.parse(given)


def value(line: Line, name: str) -> str | None:
    found = last(line.arguments, name)
    return found.text if found else "absent"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--tensor-parallel-size=4",), "4"),
        (("--tensor-parallel-size", "4"), "4"),
        (("-tp", "4"), "4"),
        (("-tp=4",), "4"),
        (("--tensor_parallel_size", "4"), "4"),
        (("--tensor_parallel_size=4",), "4"),
        (("--tensor-parallel-size", "2", "--tensor-parallel-size=4"), "4"),
        (("-tp", "2", "--tensor-parallel-size", "4"), "4"),
        (("--tensor-parallel-size",), None),
        (("--tensor-parallel-size=",), ""),
        (("--", "--tensor-parallel-size", "4"), "absent"),
    ],
)
def test_an_option_with_a_value(words: tuple[str, ...], expected: str | None) -> None:
    assert value(parsed(*words), "tensor-parallel-size") == expected


def test_an_empty_value_is_a_value() -> None:
    assert value(parsed("--api-key="), "api-key") == ""


def test_a_switch_takes_no_word() -> None:
    line = parsed("--trust-remote-code", "False")

    assert [(each.name, each.values) for each in line.arguments] == [("trust-remote-code", ())]
    assert [word.text for word in line.positional] == ["False"]


def test_an_option_is_no_value_of_the_one_before_it() -> None:
    line = parsed("--api-key", "--trust-remote-code")

    assert [(each.name, each.text) for each in line.arguments] == [("api-key", None), ("trust-remote-code", None)]


def test_a_negative_number_is_a_value() -> None:
    assert value(parsed("--max-model-len", "-1"), "max-model-len") == "-1"


@pytest.mark.parametrize(("word", "negated"), [("--enable-lora", False), ("--no-enable-lora", True)])
def test_a_switch_has_an_opposite(word: str, negated: bool) -> None:
    (found,) = parsed(word).arguments

    assert (found.name, found.negated) == ("enable-lora", negated)


def test_an_old_opposite_is_the_same_switch() -> None:
    (found,) = parsed("--disable-log-requests").arguments

    assert (found.name, found.negated) == ("enable-log-requests", True)


def test_a_beginning_that_only_one_option_has_stands_for_it_in_doubt() -> None:
    (found,) = parsed("--trust-remote-c").arguments

    assert found.name == "trust-remote-code"
    assert found.doubt == "`--trust-remote-c` is taken for `--trust-remote-code`, which it is a beginning of"


def test_a_beginning_of_several_options_is_unknown() -> None:
    line = parsed("--enable-l")

    assert line.arguments == ()
    assert [word.text for word in line.unknown] == ["--enable-l"]


def test_an_exact_name_is_never_a_beginning() -> None:
    (found,) = parsed("--model", "m").arguments

    assert (found.name, found.doubt) == ("model", "")


def test_a_parser_without_abbreviations_knows_none() -> None:
    assert [word.text for word in parsed("--trust-remote", key="tgi").unknown] == ["--trust-remote"]


def test_an_option_takes_many_words() -> None:
    (found, *_) = parsed("--lora-modules", "a=b", "c=d", "--port", "1").arguments

    assert [word.text for word in found.values] == ["a=b", "c=d"]


def test_json_is_an_option_for_each_of_its_keys() -> None:
    line = parsed("--speculative-config", '{"model": "org/d", "deep": {"n": 3, "on": true}}')

    assert value(line, "speculative-config.model") == "org/d"
    assert value(line, "speculative-config.deep.n") == "3"
    assert value(line, "speculative-config.deep.on") == "true"


def test_a_dotted_option_is_a_key_of_the_json() -> None:
    line = parsed("--structured-outputs-config.backend", "xgrammar", "--structured_outputs_config.x+=y")

    assert value(line, "structured-outputs-config.backend") == "xgrammar"
    assert value(line, "structured-outputs-config.x") == "y"


@pytest.mark.parametrize("text", ["{", '{"a":', "{" * 5_000, "[1]", '{"a": NaN}'])
def test_json_that_is_none_is_a_text(text: str) -> None:
    assert value(parsed("--speculative-config", text), "speculative-config") == text


def test_an_unknown_option_is_noted_with_what_may_be_its_value() -> None:
    line = parsed("--log-requests", "m")

    assert [word.text for word in line.unknown] == ["--log-requests"]
    assert [word.text for word in line.doubtful] == ["m"]
    assert line.positional == ()


def test_a_word_that_is_not_known_may_be_any_option() -> None:
    place = Place("pod.yaml", Region(1, 1, 1, 2))

    assert engine("vllm").grammar.parse([Word("$EXTRA", place, "EXTRA")]).open == "EXTRA"


def test_a_value_that_is_not_known_is_no_more_than_that() -> None:
    place = Place("pod.yaml", Region(1, 1, 1, 2))
    words = [Word("--model", place), Word("$(M)", place, "M"), Word("--trust-remote-code", place)]

    line = engine("vllm").grammar.parse(words)

    assert line.open == ""
    assert last(line.arguments, "model") is not None
    assert value(line, "model") is None


def test_a_template_may_be_any_number_of_words() -> None:
    assert parsed("{{ .Values.args }}").open == "{{ .Values.args }}"


def test_getopt_takes_the_beginning_of_a_name() -> None:
    (found,) = parsed("--model-repos=/m", key="triton").arguments

    assert found.name == "model-repository"
