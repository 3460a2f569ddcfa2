"""`psfpolicy capacity`: the arithmetic of a descriptor, of a few words, of every accelerator beside every format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

RECOMMENDED = "examples/llama-3.1-70b/recommended.yaml"
LLAMA = ("--model", "meta-llama/Llama-3.3-70B-Instruct", "--gpu", "h100")


@pytest.mark.usefixtures("in_root")
def test_a_descriptor_shows_its_arithmetic(run: Callable[..., Ran]) -> None:
    assert run("capacity", RECOMMENDED).out == (
        "pass  production/clinical-notes\n"
        "`meta-llama/Llama-3.1-70B-Instruct` in `fp8` on 2 × `nvidia-h100-80gb`: 144 GB of budget (0.9 of 2 × 80 GB) "
        "against 74.13 GB (70.6 GB of weights and 5 %), 69.87 GB to spare for 6 sequences of 32768 tokens "
        "(10.737 GB of cache each, 327680 bytes a token), enough for `maxConcurrency: 6`\n"
        "\n"
        "  parameters              70,600,000,000\n"
        "  format of the weights   fp8\n"
        "  weights                 70.6 GB\n"
        "  overhead, 5 %           3.53 GB\n"
        "  budget                  144 GB\n"
        "  spare                   69.87 GB\n"
        "  KV cache a token        327,680 bytes\n"
        "  longest sequence        32,768 tokens\n"
        "  KV cache of one         10.737 GB\n"
        "  sequences that fit      6\n"
        "  accelerators needed     2\n"
    )


def test_without_a_descriptor_words_are_enough(run: Callable[..., Ran]) -> None:
    ran = run("capacity", *LLAMA, "--quantization", "fp8", "--length", "32768")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(
        "fail  meta-llama/Llama-3.3-70B-Instruct\n"
        "`meta-llama/Llama-3.3-70B-Instruct` in `fp8` on 1 × `nvidia-h100-80gb`: 72 GB of budget (0.9 of 1 × 80 GB) "
        "against 74.13 GB (70.6 GB of weights and 5 %), 2.13 GB too little; "
        "wanted: `count: 2` with `tensorParallel: 2`\n"
    )


@pytest.mark.usefixtures("in_root")
def test_options_replace_what_a_descriptor_says(run: Callable[..., Ran]) -> None:
    ran = run("capacity", RECOMMENDED, "--count", "1", "--format", "json")
    (row,) = json.loads(ran.out)
    assert (row["deployment"], row["status"]) == ("production/clinical-notes", "fail")
    assert row["capacity"]["accelerators"] == 1
    assert row["capacity"]["spare"] == -2_130_000_000
    assert row["capacity"]["needed"] == {"accelerators": 2, "tensor_parallel": 2, "pipeline_parallel": 1}


def test_a_window_and_ranks_have_lines_of_their_own(run: Callable[..., Ran]) -> None:
    ran = run("capacity", "--model", "gemma-3-27b", "--gpu", "h100", "--length", "8192", "--data-parallel", "2")
    assert ran.out.splitlines()[3:] == [
        "  parameters              27,400,000,000",
        "  format of the weights   bf16",
        "  weights                 54.8 GB",
        "  overhead, 5 %           2.74 GB",
        "  budget                  72 GB",
        "  spare                   14.46 GB",
        "  KV cache a token        507,904 bytes",
        "    beyond 1,024 tokens   81,920 bytes",
        "  longest sequence        8,192 tokens",
        "  KV cache of one         1.107 GB",
        "  data-parallel ranks     2",
        "  sequences in each       13",
        "  sequences that fit      26",
        "  accelerators needed     2",
    ]


def test_all_sets_every_accelerator_beside_every_format(run: Callable[..., Ran]) -> None:
    ran = run("capacity", "--model", "llama-3.3-70b", "--count", "2", "--length", "32768", "--all")
    lines = ran.out.splitlines()
    assert lines[:2] == [
        "llama-3.3-70b",
        "                    bf16         fp8          int8         fp4          gptq         awq          nf4",
    ]
    assert (
        "  nvidia-h100-80gb  fail 4       pass 6       pass 6       partial 9    pass 9       pass 9       pass 9"
        in lines
    )
    assert (
        "  amd-mi300x        pass 18      pass 25      fail         partial 28   fail         fail         fail"
        in lines
    )
    assert lines[-1] == (
        "pass, partial: full-length sequences at once; fail: accelerators needed, unless it cannot run"
    )


def test_all_as_json_has_a_cell_for_each_pair(run: Callable[..., Ran]) -> None:
    (table,) = json.loads(run("capacity", "--model", "phi-4", "--all", "--format", "json").out)
    cells = {(cell["accelerator"], cell["quantization"]): cell["status"] for cell in table["cells"]}
    assert cells["nvidia-l4", "bf16"] == "fail"
    assert cells["nvidia-l40s", "bf16"] == "pass"
    assert cells["nvidia-a10g", "fp8"] == "partial"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "name a descriptor, or give --model and --gpu"),
        (("--model", "phi-4"), 2, "name a descriptor, or give --gpu"),
        (("--model", "phi4-x", "--gpu", "h100"), 2, "unknown model `phi4-x`"),
        (("--model", "lama-3.3-70b", "--gpu", "h100"), 2, "did you mean `llama-3.3-70b`?"),
        (("--model", "phi-4", "--gpu", "h1000"), 2, "unknown accelerator `h1000`"),
        (("--model", "phi-4", "--all", "--gpu", "h100"), 2, "--all compares all of them; leave out --gpu"),
        ((*LLAMA, "--count", "4", "--tensor-parallel", "3"), 2, "a count of 4 is not the product of the parallelisms"),
        (("absent.yaml",), 2, "absent.yaml"),
    ],
)
def test_what_cannot_be_sized_is_said(run: Callable[..., Ran], words: tuple[str, ...], code: int, said: str) -> None:
    ran = run("capacity", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_file_that_is_not_valid_is_not_sized(run: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "deploy.yaml"
    file.write_text("apiVersion: psfpolicy/v1\nkind: LLMDeployment\nspec: {modle: {}}\n")
    ran = run("capacity", str(file))
    assert (ran.code, ran.out) == (4, "")
    assert "cannot be sized, since it is not valid" in ran.err
    assert "deploy.yaml:3" in ran.err


@pytest.mark.usefixtures("in_root")
def test_standard_input_is_read(run: Callable[..., Ran], in_root: Path) -> None:
    ran = run("capacity", "-", stdin=(in_root / RECOMMENDED).read_bytes())
    assert ran.out.startswith("pass  production/clinical-notes\n")


def test_machines_of_someone_else_are_not_sized(run: Callable[..., Ran]) -> None:
    descriptor = (
        "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {name: a, environment: staging}\n"
        "spec: {purpose: {summary: Chats}, model: {id: gpt-5}, serving: {hosting: hosted-api}}\n"
    )
    assert run("capacity", "-", stdin=descriptor).out == (
        "not-applicable  staging/a\nthe model runs on someone else's machines\n"
    )
