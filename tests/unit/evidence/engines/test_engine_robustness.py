from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psfpolicy.evidence.container import Container, Variable, Word
from psfpolicy.evidence.engines import serves_model, shell
from psfpolicy.model.place import Place, Region

if TYPE_CHECKING:
    from collections.abc import Callable

    from psfpolicy.model.fact import Fact

PLACE = Place("pod.yaml", Region(1, 1, 1, 2))
PIECES = (
    *("A=", "$A", '"$A"', "${A:-", "}", "eval ", "bash -c ", '"', "'", "\\", "\n", " ", "$(", ")", "(", "{{", "}}"),
    *("if ", "fi", "then ", "do", "done", "for x in", "<<E", "E", "<<<", ">", "&&", "||", ";", "|", "&", "#", "$@"),
    *("vllm serve ", "--x", "A=(", "${A[@]}", "case", "esac", "in", "export ", "unset ", "$$A", "`", "f()", "é", "\t"),
    *("--model=", "--trust-remote-code ", "--lora-modules ", '{"name":', "--speculative-config ", "exec ", "org/m "),
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(script=WORDS, value=WORDS)
@settings(max_examples=300, deadline=None)
def test_words_of_any_script_stand_in_it(script: str, value: str) -> None:
    variables = {"A": Variable(kind="literal", value=value, place=PLACE)}

    for interpolation in (None, {"A": "b c"}):
        found = shell.statements(script, variables, positional=(Word("--p", PLACE),), interpolation=interpolation)
        for word in (word for statement in found for word in statement.words):
            source = {"": script, "A": value, "@0": "--p"}[word.variable]
            assert word.start == -1 or 0 <= word.start <= word.end <= len(source)


KEYS = st.sampled_from(["image", "command", "args", "env", "files", "partial", "openVariables", "interpolation"])
VALUES = st.one_of(
    st.sampled_from(
        ["vllm/vllm-openai:v0.10.0", "lmsysorg/sglang", "nvcr.io/nim/a/b:1", "${X}", "'{{ a }}'", "~", "1", "[]"]
    ),
    st.lists(
        st.sampled_from(["vllm", "serve", "bash", "-c", "org/m", "--api-key", "''", "'{}'", "~", "{a: b}", "--x="])
    )
    .map(", ".join)
    .map(lambda inner: f"[{inner}]"),
    st.sampled_from(
        ["[{name: A, value: b}]", "[{name: ~}]", "[{value: x}]", "[1, {}]", "{a: b}", "[{name: DO_NOT_TRACK}]"]
    ),
)


@given(parts=st.dictionaries(KEYS, VALUES, max_size=6))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_container_makes_it_raise(facts_of: Callable[..., list[Fact]], parts: dict[str, str]) -> None:
    written = "".join(f"{key}: {value}\n" for key, value in parts.items()) or "{}\n"

    for fact in facts_of(written):
        assert fact.reason == "" if fact.certainty == "certain" else fact.reason
        assert (fact.value is None) <= (fact.certainty == "inconclusive")
        assert "\n" not in fact.reason


@pytest.mark.parametrize(
    "script",
    [
        '"$A ' * 4_000,
        "${A:-b} " * 3_000,
        "eval " * 4_000,
        "$(" * 20_000,
        "`" * 50_000,
        "{{" * 20_000,
        "A=$A$A\n" * 5_000,
        "A+=x\n" * 9_000,
        "x<<E\n" * 9_000,
        "vllm serve \\\n" * 5_000,
        "vllm serve org/m\n" * 300,
        "a" * 90_000,
    ],
    ids=lambda script: script[:12],
)
def test_no_script_takes_long(facts_of: Callable[..., list[Fact]], script: str) -> None:
    inner = "".join(f"    {line}\n" for line in script.split("\n"))
    started = perf_counter()

    facts_of(f"image: vllm/vllm-openai:v0.10.0\ncommand:\n- bash\n- -c\n- |\n{inner}")

    assert perf_counter() - started < 5


def test_a_secret_from_a_secret_is_nowhere() -> None:
    secret = Variable(kind="secret", value="s3cr3t-word", place=PLACE)
    container = Container(
        name="server",
        command=(Word("vllm", PLACE), Word("serve", PLACE), Word("m", PLACE)),
        variables={"VLLM_API_KEY": secret, "HF_TOKEN": secret},
        place=PLACE,
    )
    assert serves_model(container)
    assert "s3cr3t" not in repr(_facts(container))


def _facts(container: Container) -> list[Any]:
    from psfpolicy import source  # noqa: PLC0415
    from psfpolicy.evidence.base import Origin  # noqa: PLC0415
    from psfpolicy.evidence.engines import engine_facts  # noqa: PLC0415
    from psfpolicy.evidence.project import Project  # noqa: PLC0415

    document = source.read(b"{}", file="pod.yaml")[0]
    return list(engine_facts(container, Origin(reader="t", document=document, subject="x"), Project((document,))))
