"""`psfpolicy capacity`: whether a model fits its accelerators, in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from psfpolicy.capacity import Capacity
    from psfpolicy.catalogue import Tables
    from psfpolicy.engine.base import Engine
    from psfpolicy.errors import NotAssessedError
    from psfpolicy.model.report import Position, Unassessed
    from psfpolicy.sizing import Sizing

    Matrix: TypeAlias = dict[str, dict[str, Sizing]]

_AT_LEAST_ONE = click.IntRange(min=1, max=999_999_999_999_999)
_QUANTIZATIONS = ("none", "fp16", "bf16", "fp8", "fp4", "int8", "awq", "gptq", "nf4", "gguf")
_ENGINES = ("vllm", "tgi", "sglang", "tensorrt-llm", "triton", "nim", "llama-cpp", "other")


@click.command("capacity")
@click.argument("file", required=False, type=click.Path())
@click.option("--model", metavar="ID", help="A model of the catalogue, by any of its names.")
@click.option("--gpu", metavar="TYPE", help="An accelerator of the catalogue, by any of its names.")
@click.option("--count", type=_AT_LEAST_ONE, metavar="N", help="Accelerators of a replica; default 1.")
@click.option("--quantization", type=click.Choice(_QUANTIZATIONS), help="Default none: the weights as published.")
@click.option("--length", type=_AT_LEAST_ONE, metavar="TOKENS", help="Longest sequence; default the model's context.")
@click.option("--kv-cache", type=click.Choice(["auto", "fp8"]), help="Numbers that the cache is made of.")
@click.option(
    "--utilization",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Share of the memory that the engine may use; default 0.9.",
)
@click.option("--tensor-parallel", type=_AT_LEAST_ONE, metavar="N", help="Accelerators that share each layer.")
@click.option("--pipeline-parallel", type=_AT_LEAST_ONE, metavar="N", help="Groups that share the layers among them.")
@click.option("--data-parallel", type=_AT_LEAST_ONE, metavar="N", help="Copies of the model within a replica.")
@click.option("--concurrency", type=_AT_LEAST_ONE, metavar="N", help="Sequences at once that are wanted.")
@click.option("--engine", type=click.Choice(_ENGINES), help="What is to run it; default vllm.")
@click.option("--all", "matrix", is_flag=True, help="Compare every accelerator with every quantization.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Text or JSON."
)
def command(file: str | None, *, matrix: bool, format_: str, **options: Any) -> None:
    """Show whether a model fits its accelerators, and the arithmetic.

    FILE is a descriptor, or - for standard input; options replace what it says. Without one, --model and --gpu are
    asked for. With --all, every accelerator of the catalogue stands beside every quantization.
    """
    from functools import partial

    from psfpolicy import catalogue
    from psfpolicy.engine.wasm import WasmEngine
    from psfpolicy.settings import settings_of
    from psfpolicy.sizing import changed

    rows = settings_of(None).rows
    own = catalogue.NONE if rows is None else rows.tables
    words = _words(options, own)
    _require_enough(file, words, matrix=matrix)
    deployments = [(name, changed(said, words)) for name, said in _descriptors(file, words, own)]
    sizes = partial(_sized, engine=WasmEngine.bundled(), own=own)
    if matrix:
        tables = [(name, _matrix(said, sizes, own)) for name, said in deployments]
        _echo(_matrix_lines(tables), [_matrix_row(*item) for item in tables], format_)
    else:
        found = [(name, sizes(said)) for name, said in deployments]
        _echo(_lines(found), [_row(*item) for item in found], format_)


def _words(options: dict[str, Any], own: Tables) -> dict[str, Any]:
    from psfpolicy.sizing import accelerator_named, model_named

    words = {name: value for name, value in options.items() if value is not None}
    if "model" in words:
        words["model"] = model_named(words["model"], own)
    if "gpu" in words:
        words["gpu"] = accelerator_named(words["gpu"], own)
    return words


def _require_enough(file: str | None, words: dict[str, Any], *, matrix: bool) -> None:
    clashing = [option for option in ("gpu", "quantization") if matrix and option in words]
    if clashing:
        raise click.UsageError(f"--all compares all of them; leave out --{clashing[0]}")
    lacking = [option for option in ("model", *(() if matrix else ("gpu",))) if option not in words]
    if file is None and lacking:
        raise click.UsageError(f"name a descriptor, or give {' and '.join(f'--{option}' for option in lacking)}")


def _descriptors(file: str | None, words: dict[str, Any], own: Tables) -> Iterator[tuple[str, dict[str, Any]]]:
    if file is None:
        from psfpolicy.sizing import bare

        yield words["model"], bare()
        return
    from psfpolicy.assess import identity
    from psfpolicy.cli.check import standard_input
    from psfpolicy.loading import load
    from psfpolicy.targets import targets

    for target in targets((file,)):
        loaded = load(target, standard_input() if file == "-" else None, own)
        if loaded.unassessed:
            raise _unsized(loaded.unassessed)
        for document in loaded.documents:
            yield identity(document), document.data  # type: ignore[misc]  # a valid descriptor is a map


def _unsized(unassessed: Unassessed) -> NotAssessedError:
    from psfpolicy.errors import NotAssessedError

    details = tuple(f"{_where(problem.place) or unassessed.file}: {problem.message}" for problem in unassessed.problems)
    return NotAssessedError(f"`{unassessed.file}` cannot be sized, since it is not valid", details=details)


def _where(place: Position | None) -> str | None:
    return None if place is None else f"{place.file}:{place.start_line}:{place.start_column}"


def _sized(descriptor: dict[str, Any], engine: Engine, own: Tables) -> Sizing:
    from datetime import UTC, datetime

    from psfpolicy.sizing import sized

    return sized(descriptor, engine, today=datetime.now(UTC).date().isoformat(), own=own)


def _matrix(descriptor: dict[str, Any], sizes: Callable[[dict[str, Any]], Sizing], own: Tables) -> Matrix:
    from psfpolicy import catalogue
    from psfpolicy.sizing import FORMATS, changed

    return {
        gpu: {name: sizes(changed(descriptor, {"gpu": gpu, "quantization": name})) for name in FORMATS}
        for gpu in sorted(catalogue.rows("accelerators", own))
    }


def _echo(lines: Iterator[str], rows: list[dict[str, Any]], format_: str) -> None:
    if format_ == "json":
        import json

        click.echo(json.dumps(rows, indent=2, sort_keys=True))
        return
    from psfpolicy.inert import inert
    from psfpolicy.source import masked

    for line in lines:
        click.echo(inert(masked(line)))


def _row(name: str, sizing: Sizing) -> dict[str, Any]:
    from psfpolicy.source import masked

    return {"deployment": masked(name), **_figures(sizing)}


def _figures(sizing: Sizing) -> dict[str, Any]:
    from dataclasses import asdict

    from psfpolicy.source import masked

    return {"status": sizing.status, "message": masked(sizing.message), "capacity": asdict(sizing.capacity)}


def _matrix_row(name: str, matrix: Matrix) -> dict[str, Any]:
    from psfpolicy.source import masked

    cells = [
        {"accelerator": gpu, "quantization": format_of, **_figures(sizing)}
        for gpu, row in matrix.items()
        for format_of, sizing in row.items()
    ]
    return {"deployment": masked(name), "cells": cells}


def _lines(found: list[tuple[str, Sizing]]) -> Iterator[str]:
    for number, (name, sizing) in enumerate(found):
        yield from [""] if number else []
        yield f"{sizing.status}  {name}"
        yield sizing.message
        if sizing.status != "not-applicable":
            yield ""
            yield from (f"  {label:<24}{value}" for label, value in _table(sizing.capacity))


def _table(capacity: Capacity) -> Iterator[tuple[str, str]]:
    yield "parameters", _count(capacity.parameters)
    yield "format of the weights", capacity.format or "unknown"
    yield "weights", _gigabytes(capacity.weights)
    yield "overhead, 5 %", _gigabytes(capacity.overhead)
    yield "budget", _gigabytes(capacity.budget)
    yield "spare", _gigabytes(capacity.spare)
    yield "KV cache a token", _count(capacity.token, " bytes")
    if capacity.window is not None:
        yield f"  beyond {capacity.window:,} tokens", _count(capacity.beyond, " bytes")
    yield "longest sequence", _count(capacity.length, " tokens")
    yield "KV cache of one", _gigabytes(capacity.sequence)
    too_small = capacity.spare is not None and capacity.spare < 0
    if capacity.ranks is not None and capacity.ranks > 1:
        yield "data-parallel ranks", _count(capacity.ranks)
        yield "sequences in each", _count(0 if too_small else capacity.fits)
    yield "sequences that fit", _count(0 if too_small else capacity.concurrent)
    yield "accelerators needed", _count(_needed(capacity))


def _matrix_lines(tables: list[tuple[str, Matrix]]) -> Iterator[str]:
    for name, matrix in tables:
        formats = next(iter(matrix.values()))
        widest = max(len(gpu) for gpu in matrix) + 2
        yield name
        yield f"  {'':<{widest}}{''.join(f'{format_of:<13}' for format_of in formats)}".rstrip()
        for gpu, row in matrix.items():
            yield f"  {gpu:<{widest}}{''.join(f'{_cell(sizing):<13}' for sizing in row.values())}".rstrip()
        yield ""
    yield "pass, partial: full-length sequences at once; fail: accelerators needed, unless it cannot run"


def _cell(sizing: Sizing) -> str:
    capacity = sizing.capacity
    too_small = capacity.spare is not None and capacity.spare < 0
    figure = _needed(capacity) if too_small else None if sizing.status == "fail" else capacity.concurrent
    return sizing.status if figure is None else f"{sizing.status} {figure}"


def _needed(capacity: Capacity) -> int | None:
    """Give the accelerators that all ranks of a replica need."""
    if capacity.needed is None or capacity.ranks is None:
        return None
    return capacity.needed.accelerators * capacity.ranks


def _count(number: int | None, unit: str = "") -> str:
    return "unknown" if number is None else f"{number:,}{unit}"


def _gigabytes(number: int | None) -> str:
    from decimal import ROUND_HALF_UP, Decimal

    if number is None:
        return "unknown"
    rounded = (Decimal(number) / 10**9).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
    return f"{f'{rounded:,}'.rstrip('0').rstrip('.')} GB"
