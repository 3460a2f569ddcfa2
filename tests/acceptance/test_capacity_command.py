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
        "less 70.6 GB of weights and 3.53 GB of overhead (5 %) leaves 69.87 GB for 6 sequences of 32768 tokens "
        "(each 10.737 GB of cache, 327680 bytes a token), `maxConcurrency` needs 6\n"
        "\n"
        "  parameters              70,600,000,000\n"
        "  format of the weights   fp8\n"
        "  weights                 70.6 GB\n"
        "  overhead, 5 %           3.53 GB\n"
        "  accelerators            2 × 80 GB\n"
        "  share that may be used  0.9\n"
        "  budget                  144 GB\n"
        "  spare                   69.87 GB\n"
        "  KV cache a token        327,680 bytes\n"
        "  longest sequence        32,768 tokens\n"
        "  KV cache of one         10.737 GB\n"
        "  sequences that fit      6\n"
        "  maxConcurrency needs    6\n"
        "  accelerators needed     count: 2, tensorParallel: 2\n"
    )


def test_without_a_descriptor_words_are_enough(run: Callable[..., Ran]) -> None:
    ran = run("capacity", *LLAMA, "--quantization", "fp8", "--length", "32768")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(
        "fail  meta-llama/Llama-3.3-70B-Instruct\n"
        "`meta-llama/Llama-3.3-70B-Instruct` in `fp8` on 1 × `nvidia-h100-80gb`: 72 GB of budget (0.9 of 1 × 80 GB) "
        "less 70.6 GB of weights and 3.53 GB of overhead (5 %) is 2.13 GB too little, and a sequence of 32768 tokens "
        "takes 10.737 GB of cache, 327680 bytes a token; wanted: `count: 2` and `tensorParallel: 2`\n"
    )


def test_each_change_that_is_enough_has_a_line(run: Callable[..., Ran]) -> None:
    ran = run("capacity", *LLAMA, "--count", "2", "--utilization", "0.6", "--quantization", "bf16")
    assert ran.out.splitlines()[-3:] == [
        "  sequences that fit      0",
        "  accelerators needed     count: 4, tensorParallel: 4",
        "  enough instead          count: 4, tensorParallel: 4",
    ]
    ran = run("capacity", *LLAMA, "--count", "2", "--length", "131072", "--utilization", "0.6", "--quantization", "fp8")
    assert ran.out.splitlines()[-3:] == [
        "  accelerators needed     count: 4, tensorParallel: 4",
        "  enough instead          count: 4, tensorParallel: 4",
        "                          maxModelLen: 66741",
    ]


@pytest.mark.usefixtures("in_root")
def test_options_replace_what_a_descriptor_says(run: Callable[..., Ran]) -> None:
    ran = run("capacity", RECOMMENDED, "--count", "1", "--concurrency", "9", "--format", "json")
    (row,) = json.loads(ran.out)
    assert (row["deployment"], row["status"]) == ("production/clinical-notes", "fail")
    assert row["message"].endswith("; wanted: `count: 2` and `tensorParallel: 2`")
    assert row["capacity"] == {
        "accelerator": "nvidia-h100-80gb",
        "accelerators": 1,
        "asked": 9,
        "beyond": 327_680,
        "budget": 72_000_000_000,
        "changes": [{"count": 2, "tensorParallel": 2}],
        "concurrent": None,
        "copies": 1,
        "fits": None,
        "format": "fp8",
        "length": 32_768,
        "longest": None,
        "memory": 80_000_000_000,
        "model": "llama-3.1-70b",
        "needed": {"count": 2, "tensorParallel": 2},
        "overhead": 3_530_000_000,
        "parameters": 70_600_000_000,
        "ranks": 1,
        "sequence": 10_737_418_240,
        "spare": -2_130_000_000,
        "token": 327_680,
        "utilization": 900_000,
        "weights": 70_600_000_000,
        "window": None,
    }


def test_a_window_and_ranks_have_lines_of_their_own(run: Callable[..., Ran]) -> None:
    ran = run("capacity", "--model", "gemma-3-27b", "--gpu", "h100", "--length", "8192", "--data-parallel", "2")
    assert ran.out.splitlines()[3:] == [
        "  parameters              27,400,000,000",
        "  format of the weights   bf16",
        "  weights                 54.8 GB",
        "  overhead, 5 %           2.74 GB",
        "  accelerators            1 × 80 GB",
        "  share that may be used  0.9",
        "  budget                  72 GB",
        "  spare                   14.46 GB",
        "  KV cache a token        507,904 bytes",
        "    beyond 1,024 tokens   81,920 bytes",
        "  longest sequence        8,192 tokens",
        "  KV cache of one         1.107 GB",
        "  data-parallel ranks     2",
        "  sequences in each       13",
        "  sequences that fit      26",
        "  accelerators needed     count: 2, tensorParallel: 1",
    ]


def test_a_latent_that_each_accelerator_keeps_has_a_line(run: Callable[..., Ran]) -> None:
    ran = run("capacity", "--model", "deepseek-r1", "--gpu", "h200", "--count", "8")
    assert ran.out.splitlines()[-6:] == [
        "  KV cache a token        70,272 bytes",
        "  copies of the cache     8",
        "  longest sequence        131,072 tokens",
        "  KV cache of one         73.686 GB",
        "  sequences that fit      4",
        "  accelerators needed     count: 8, tensorParallel: 8",
    ]


def test_what_is_not_known_is_said(run: Callable[..., Ran]) -> None:
    descriptor = (
        "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {name: a, environment: staging}\n"
        "spec: {purpose: {summary: Chats}, model: {id: acme/x}, serving: {hosting: on-prem}}\n"
    )
    assert run("capacity", "-", stdin=descriptor).out.splitlines()[3:] == [
        "  parameters              unknown",
        "  format of the weights   unknown",
        "  weights                 unknown",
        "  overhead, 5 %           unknown",
        "  accelerators            unknown × unknown",
        "  share that may be used  0.9",
        "  budget                  unknown",
        "  spare                   unknown",
        "  KV cache a token        unknown",
        "  longest sequence        unknown",
        "  KV cache of one         unknown",
        "  sequences that fit      unknown",
        "  accelerators needed     unknown",
    ]


@pytest.mark.usefixtures("in_root")
def test_all_of_a_descriptor_keeps_what_it_says(run: Callable[..., Ran]) -> None:
    lines = run("capacity", RECOMMENDED, "--all").out.splitlines()
    assert lines[0] == "production/clinical-notes"
    assert "  nvidia-h100-80gb  fail 4   pass 6      pass 6      partial 9   pass 9      pass 9      pass 9" in lines


def test_all_sets_every_accelerator_beside_every_format(run: Callable[..., Ran]) -> None:
    ran = run("capacity", "--model", "llama-3.3-70b", "--count", "2", "--length", "32768", "--all")
    assert ran.out == (
        "llama-3.3-70b\n"
        "                    bf16     fp8         int8        fp4         gptq        awq         nf4\n"
        "  amd-mi300a        pass 7   pass 14     fail        partial 17  fail        fail        fail\n"
        "  amd-mi300x        pass 18  pass 25     fail        partial 28  fail        fail        fail\n"
        "  amd-mi325x        pass 29  pass 36     fail        partial 39  fail        fail        fail\n"
        "  amd-mi355x        pass 34  pass 41     fail        partial 44  fail        fail        fail\n"
        "  intel-gaudi-3     pass 7   partial 14  partial 14  partial 17  partial 17  partial 17  partial 17\n"
        "  nvidia-a100-40gb  fail 8   fail 4      fail 4      partial 2   pass 3      pass 3      pass 3\n"
        "  nvidia-a100-80gb  fail 4   partial 6   pass 6      partial 9   pass 9      pass 9      pass 9\n"
        "  nvidia-a10g       fail 8   fail 4      fail 4      partial 0   partial 0   partial 0   partial 0\n"
        "  nvidia-b200       pass 16  pass 23     pass 23     pass 26     pass 26     pass 26     pass 26\n"
        "  nvidia-b300       pass 34  pass 41     pass 41     pass 44     pass 44     pass 44     pass 44\n"
        "  nvidia-gh200      pass 2   pass 9      pass 9      partial 12  pass 12     pass 12     pass 12\n"
        "  nvidia-h100-80gb  fail 4   pass 6      pass 6      partial 9   pass 9      pass 9      pass 9\n"
        "  nvidia-h100-nvl   pass 1   pass 8      pass 8      partial 11  pass 12     pass 12     pass 12\n"
        "  nvidia-h200       pass 9   pass 16     pass 16     partial 19  pass 20     pass 20     pass 19\n"
        "  nvidia-l4         fail 8   fail 4      fail 4      partial 0   partial 0   partial 0   partial 0\n"
        "  nvidia-l40s       fail 4   pass 1      pass 1      partial 4   pass 4      pass 4      pass 4\n"
        "  nvidia-t4         fail 16  fail 8      fail 8      fail 4      fail 4      fail 4      fail 4\n"
        "\n"
        "pass, partial: full-length sequences at once; fail: accelerators needed, unless it cannot run\n"
    )


def test_all_as_json_has_a_cell_for_each_pair(run: Callable[..., Ran]) -> None:
    (table,) = json.loads(run("capacity", "--model", "phi-4", "--all", "--format", "json").out)
    cells = {(cell["accelerator"], cell["quantization"]): cell["status"] for cell in table["cells"]}
    assert len(cells) == len(table["cells"]) == 17 * 7
    assert cells["nvidia-l4", "bf16"] == "fail"
    assert cells["nvidia-l40s", "bf16"] == "pass"
    assert cells["nvidia-a10g", "fp8"] == "partial"


def test_rows_of_the_user_are_named_and_compared(run: Callable[..., Ran], tmp_path: Path) -> None:
    slice_ = "{title: A slice, vendor: nvidia, aliases: [slice], memory_gb: 20, fp8_native: true, fp4_native: false"
    source = "source: https://example.org/slices, as_of: 2026-11-20}"
    (tmp_path / "rows.yaml").write_text(f"accelerators: {{nvidia-h100-mig-2g-20gb: {slice_}, {source}}}\n")
    settings = tmp_path / "settings.yaml"
    settings.write_text("catalogue: rows.yaml\n")
    words = ("--model", "gemma-3-4b", "--length", "8192", "--settings", str(settings))
    assert run("capacity", *words, "--gpu", "Slice").out.startswith("pass  gemma-3-4b\n")
    assert "nvidia-h100-mig-2g-20gb" in run("capacity", *words, "--all").out


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
        ((*LLAMA, "--quantization", "fp9"), 2, "'fp9' is not one of 'none', 'fp16', 'bf16', 'fp8'"),
        ((*LLAMA, "--count", "0"), 2, "0 is not in the range"),
        (("absent.yaml",), 2, "absent.yaml"),
        ((".",), 3, "no descriptor"),
    ],
)
def test_what_cannot_be_sized_is_said(
    run: Callable[..., Ran],
    words: tuple[str, ...],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
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
