"""`psfpolicy explain`: what a control asks, why, and how to satisfy it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from psfpolicy.cli.control import ControlId, control_named
from psfpolicy.cli.policy import bundle_option

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command("explain")
@click.argument("control", type=ControlId())
@bundle_option
def command(control: str) -> None:
    """Explain a control.

    What it asks, why, how to fix it, an example that passes and one that does not, provenance and crosswalk.
    """
    from textwrap import indent

    from psfpolicy.cli.policy import enforce

    enforce()
    info = control_named(control)
    criterion = f", criterion {info.criterion}" if info.criterion else ""
    click.echo(f"{info.id}: {info.title}")
    apart = ", scored apart" if info.apart else ""
    click.echo(f"{info.domain} {info.domain_title}{apart}{criterion}; {info.severity}; provenance: {info.provenance}")
    if info.pack:
        over = ", and overrides that of psfpolicy" if info.overrides else ""
        click.echo(f"It is a control of the pack {info.pack}{over}.")
    if not info.waivable:
        click.echo("It can never be waived.")
    for line in _asked_by_gates(info.id):
        click.echo(line)
    click.echo(f"\n{info.description.strip()}")
    click.echo(f"\nHow to fix it\n{indent(info.remediation.strip(), '  ')}")
    click.echo(f"\nPasses, below `spec`\n{indent(info.good.strip(), '  ')}")
    click.echo(f"\nDoes not pass, below `spec`\n{indent(info.bad.strip(), '  ')}")
    if info.crosswalk:
        click.echo(f"\nCrosswalk of its domain ({info.crosswalk_provenance})")
    for framework, items in sorted(info.crosswalk.items()):
        click.echo(f"  {framework}: {', '.join(items)}")
    click.echo("\nReferences")
    for address in info.references:
        click.echo(f"  {address}")


def _asked_by_gates(id_: str) -> Iterator[str]:
    """Say which gate profiles name a control."""
    from psfpolicy import resources
    from psfpolicy.profiles import profiles

    for name, profile in profiles().items() if resources.packs() else ():
        asks = {
            "it passes": id_ in profile.must_pass,
            "manifests show it": id_ in profile.must_be_evidenced,
            "no waiver covers it": id_ in profile.unwaivable,
        }
        if any(asks.values()):
            yield f"The gate {name} asks that {' and that '.join(ask for ask, asked in asks.items() if asked)}."
