"""`psfpolicy controls`: the catalogue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from psfpolicy.cli import options
from psfpolicy.cli.complete import domains
from psfpolicy.cli.policy import bundle_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psfpolicy.resources import ControlInfo

_SEVERITIES = ("critical", "high", "medium", "low")


@click.command("controls")
@click.option("--domain", metavar="DOMAIN", shell_complete=domains, help="Only this domain: PSF-1, or its title.")
@click.option("--severity", type=click.Choice(_SEVERITIES), help="Only this severity.")
@options.format_of(says="A table, or JSON with everything that is known of each control.")
@bundle_option
def command(domain: str | None, severity: str | None, format_: str) -> None:
    """List the controls."""
    from dataclasses import asdict

    from psfpolicy import resources
    from psfpolicy.cli.policy import enforce
    from psfpolicy.model.record import camel

    enforce()
    every = sorted(resources.controls(), key=lambda info: info.rank)
    chosen = [info for info in every if severity in {None, info.severity}]
    if domain is not None:
        chosen = [info for info in chosen if info.domain in _domains(domain, every)]
    if format_ == "json":
        rows = [{camel(name): value for name, value in asdict(info).items()} for info in chosen]
        click.echo(json.dumps(rows, indent=2, sort_keys=True))
        return
    for info in chosen:
        click.echo(f"{info.domain:<5}  {info.severity:<8}  {info.criterion or '-':<7}  {info.id:<28}  {info.title}")
    click.echo(f"{len(chosen)} of {len(every)} controls")


def _domains(wanted: str, every: Sequence[ControlInfo]) -> set[str]:
    from psfpolicy.errors import UsageError

    found = {
        info.domain for info in every if wanted.casefold() in {info.domain.casefold(), info.domain_title.casefold()}
    }
    if not found:
        known = dict.fromkeys(f"{info.domain} ({info.domain_title})" for info in every)
        raise UsageError(f"unknown domain `{wanted}`", hint=f"known domains: {', '.join(known)}")
    return found
