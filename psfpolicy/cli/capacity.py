"""`psfpolicy capacity`: whether a model fits its accelerators, in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from psfpolicy.cli import options
from psfpolicy.cli.policy import bundle_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from psfpolicy.capacity import Capacity, Change, Sizing
    from psfpolicy.catalogue import Tables
    from psfpolicy.errors import NotAssessedError
    from psfpolicy.model.place import JsonValue
    from psfpolicy.model.report import Position, Unassessed

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
@options.format_of()
@options.settings()
@bundle_option
def command(file: str | None, *, matrix: bool, format_: str, settings_path: str | None, **options: Any) -> None:
    """Show whether a model fits its accelerators.

    FILE is a descriptor, a folder to search, or - for standard input; options replace what it says. Without one,
    --model and --gpu are asked for. With --all, every accelerator of the catalogue stands beside every quantization.
    The exit code is 0 whether the model fits or not: `psfpolicy check` holds a deployment to a gate.
    """
    from psfpolicy import catalogue
    from psfpolicy.cli.policy import settings_of
    from psfpolicy.sizing import changed

    rows = settings_of(settings_path).rows
    own = catalogue.NONE if rows is None else rows.tables
    words = _words(options, own)
    _require_enough(file, words, matrix=matrix)
    deployments = [(name, changed(said, words)) for name, said in _descriptors(file, words, own)]
    sizes = _asker(own)
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
    from psfpolicy.cli.inputs import standard_input
    from psfpolicy.loading import load
    from psfpolicy.placing import identity
    from psfpolicy.targets import targets

    for target in targets((file,)):
        loaded = load(target, standard_input([file]), own)
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


def _asker(own: Tables) -> Callable[[dict[str, Any]], Sizing]:
    """Give what asks one engine about one descriptor after the other."""
    from psfpolicy.asking import Question, ask_capacity
    from psfpolicy.cli.days import clock
    from psfpolicy.engine.wasm import WasmEngine

    engine = WasmEngine.bundled()
    today, _ = clock(None)
    return lambda descriptor: ask_capacity(Question(descriptor=descriptor, today=today, own=own), engine)


def _matrix(descriptor: dict[str, Any], sizes: Callable[[dict[str, Any]], Sizing], own: Tables) -> Matrix:
    from psfpolicy import catalogue
    from psfpolicy.sizing import FORMATS, changed

    return {
        gpu: {name: sizes(changed(descriptor, {"gpu": gpu, "quantization": name})) for name in FORMATS}
        for gpu in sorted(catalogue.rows("accelerators", own))
    }


def _echo(lines: Iterator[str], rows: list[JsonValue], format_: str) -> None:
    if format_ == "json":
        import json

        # Broken for build logs as the report is.
        click.echo(json.dumps(rows, indent=2, sort_keys=True).replace("##", "#\\u0023"))
        return
    from psfpolicy.inert import inert
    from psfpolicy.source import masked

    for line in lines:
        click.echo(inert(masked(line)))


def _row(name: str, sizing: Sizing) -> JsonValue:
    from psfpolicy.source import masked

    return {"deployment": masked(name), **_figures(sizing)}


def _figures(sizing: Sizing) -> dict[str, JsonValue]:
    from psfpolicy.model.record import jsonable
    from psfpolicy.source import masked

    return {"status": sizing.status, "message": masked(sizing.message), "capacity": jsonable(sizing.capacity)}


def _matrix_row(name: str, matrix: Matrix) -> JsonValue:
    from psfpolicy.source import masked

    cells: list[JsonValue] = [
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
    yield "accelerators", f"{_count(capacity.accelerators)} × {_gigabytes(capacity.memory)}"
    yield "share that may be used", _share(capacity.utilization)
    yield "budget", _gigabytes(capacity.budget)
    yield "spare", _gigabytes(capacity.spare)
    yield "KV cache a token", _count(capacity.token, " bytes")
    if capacity.window is not None:
        yield f"  beyond {capacity.window:,} tokens", _count(capacity.beyond, " bytes")
    if capacity.copies is not None and capacity.copies > 1:
        yield "copies of the cache", _count(capacity.copies)
    yield "longest sequence", _count(capacity.length, " tokens")
    yield "KV cache of one", _gigabytes(capacity.sequence)
    too_small = capacity.spare is not None and capacity.spare < 0
    if capacity.ranks is not None and capacity.ranks > 1:
        yield "data-parallel ranks", _count(capacity.ranks)
        yield "sequences in each", _count(0 if too_small else capacity.fits)
    yield "sequences that fit", _count(0 if too_small else capacity.concurrent)
    if capacity.asked is not None:
        yield "maxConcurrency needs", _count(capacity.asked)
    yield "accelerators needed", "unknown" if capacity.needed is None else _written(capacity.needed)
    for number, change in enumerate(capacity.changes):
        yield "" if number else "enough instead", _written(change)


def _matrix_lines(tables: list[tuple[str, Matrix]]) -> Iterator[str]:
    for name, matrix in tables:
        rows = [("", *next(iter(matrix.values()))), *((gpu, *map(_cell, row.values())) for gpu, row in matrix.items())]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        yield name
        for row in rows:
            yield "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        yield ""
    yield "pass, partial: full-length sequences at once; fail: accelerators needed, unless it cannot run"


def _cell(sizing: Sizing) -> str:
    capacity = sizing.capacity
    if sizing.status != "fail":
        figure: str | int | None = capacity.concurrent
    else:
        too_small = capacity.spare is not None and capacity.spare < 0
        figure = capacity.needed["count"] if too_small and capacity.needed else None
    return sizing.status if figure is None else f"{sizing.status} {figure}"


def _written(change: Change) -> str:
    return ", ".join(f"{key}: {value}" for key, value in change.items())


def _count(number: int | None, unit: str = "") -> str:
    return "unknown" if number is None else f"{number:,}{unit}"


def _share(millionths: int | None) -> str:
    from decimal import Decimal

    return "unknown" if millionths is None else f"{(Decimal(millionths) / 1_000_000).normalize():f}"


def _gigabytes(number: int | None) -> str:
    from decimal import ROUND_HALF_UP, Decimal

    if number is None:
        return "unknown"
    rounded = (Decimal(number) / 10**9).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
    return f"{f'{rounded:,}'.rstrip('0').rstrip('.')} GB"
