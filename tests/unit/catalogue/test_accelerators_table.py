"""The accelerators, and the number formats of weights that they run."""

from __future__ import annotations

from typing import get_args

import pytest

from psfpolicy.model.descriptor.model import Quantization
from tests.unit.catalogue.test_catalogue_tables import _mistakes, _table

ACCELERATORS = {
    "T4": ("nvidia-t4", 16),
    "L4": ("nvidia-l4", 24),
    "A10G": ("nvidia-a10g", 24),
    "L40S": ("nvidia-l40s", 48),
    "A100-40GB": ("nvidia-a100-40gb", 40),
    "A100-80GB": ("nvidia-a100-80gb", 80),
    "H100": ("nvidia-h100-80gb", 80),
    "H100-NVL": ("nvidia-h100-nvl", 94),
    "H200": ("nvidia-h200", 141),
    "B200": ("nvidia-b200", 180),
    "B300": ("nvidia-b300", 288),
    "GH200": ("nvidia-gh200", 96),
    "MI300A": ("amd-mi300a", 128),
    "MI300X": ("amd-mi300x", 192),
    "MI325X": ("amd-mi325x", 256),
    "MI355X": ("amd-mi355x", 288),
    "Gaudi-3": ("intel-gaudi-3", 128),
}


def _by_name() -> dict[str, str]:
    return {name.lower(): id_ for id_, row in _table("accelerators").items() for name in (id_, *row["aliases"])}


@pytest.mark.parametrize("name", ["accelerators", "quantizations"])
def test_every_row_has_its_shape(name: str) -> None:
    assert _mistakes(name, _table(name)) == []


@pytest.mark.parametrize("name", ["accelerators", "quantizations"])
def test_rows_stand_in_the_order_of_their_ids(name: str) -> None:
    assert list(_table(name)) == sorted(_table(name))


@pytest.mark.parametrize("key", ["source", "as_of"])
@pytest.mark.parametrize(("name", "row"), [("accelerators", "nvidia-h100-80gb"), ("quantizations", "fp8")])
def test_row_without_its_source_or_day_is_refused(name: str, row: str, key: str) -> None:
    rest = {column: value for column, value in _table(name)[row].items() if column != key}

    assert _mistakes(name, {row: rest}) == [f"'{key}' is a required property"]


@pytest.mark.parametrize("key", ["memory_gb", "fp8_native"])
def test_accelerator_without_what_capacity_asks_for_is_refused(key: str) -> None:
    rest = {column: value for column, value in _table("accelerators")["nvidia-h200"].items() if column != key}

    assert _mistakes("accelerators", {"nvidia-h200": rest}) == [f"'{key}' is a required property"]


def test_vendor_of_an_accelerator_begins_its_id() -> None:
    assert [id_ for id_, row in _table("accelerators").items() if not id_.startswith(row["vendor"] + "-")] == []


def test_a_name_leads_to_one_accelerator() -> None:
    names = [name.lower() for id_, row in _table("accelerators").items() for name in (id_, *row["aliases"])]

    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_accelerators_and_their_memory() -> None:
    rows = _table("accelerators")
    ids = _by_name()

    assert {name: (ids[name.lower()], rows[ids[name.lower()]]["memory_gb"]) for name in ACCELERATORS} == ACCELERATORS
    assert len(rows) == len(ACCELERATORS)


def test_accelerators_that_calculate_in_eight_bit_floats() -> None:
    assert [id_ for id_, row in _table("accelerators").items() if not row["fp8_native"]] == [
        "nvidia-a100-40gb",
        "nvidia-a100-80gb",
        "nvidia-a10g",
        "nvidia-t4",
    ]


def test_accelerators_that_calculate_in_four_bit_floats() -> None:
    assert [id_ for id_, row in _table("accelerators").items() if row["fp4_native"]] == [
        "amd-mi355x",
        "nvidia-b200",
        "nvidia-b300",
    ]


def test_thousandths_of_a_byte_that_a_weight_takes() -> None:
    assert {id_: row.get("bytes_per_weight_thousandths") for id_, row in _table("quantizations").items()} == {
        "awq": 520,
        "bf16": 2000,
        "fp16": 2000,
        "fp32": 4000,
        "fp4": 560,
        "fp8": 1000,
        "gguf": None,
        "gptq": 520,
        "int8": 1000,
        "nf4": 530,
        "none": None,
    }


def test_how_an_accelerator_runs_a_format() -> None:
    kinds: dict[str | None, list[str]] = {}
    for id_, row in _table("quantizations").items():
        kinds.setdefault(row.get("kind"), []).append(id_)

    assert kinds == {
        "packed": ["awq", "gguf", "gptq", "int8", "nf4"],
        "plain": ["bf16", "fp16", "fp32"],
        "native": ["fp4", "fp8"],
        None: ["none"],
    }


def test_a_figure_without_the_way_to_run_the_format_is_refused() -> None:
    row = {column: value for column, value in _table("quantizations")["fp8"].items() if column != "kind"}

    assert _mistakes("quantizations", {"fp8": row}) == ["'kind' is a dependency of 'bytes_per_weight_thousandths'"]


def test_every_format_that_a_descriptor_can_name_is_known() -> None:
    assert set(get_args(Quantization)) == set(_table("quantizations")) - {"fp32"}


def test_accelerators_that_do_not_calculate_in_brain_floats() -> None:
    assert [id_ for id_, row in _table("accelerators").items() if row.get("bf16_native") is False] == ["nvidia-t4"]
