"""A pack of a bank, and changes of it, for tests that read, build or ask one."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ABOUT = 'name: bank\nversion: "1.0.0"\ndescription: Rules of a bank.\n'

DOMAIN = """# METADATA
# title: Bank
# description: What the bank asks for beside the framework.
# scope: subpackages
# custom:
#   domain: BANK
#   scored: apart
#   crosswalk_provenance: ours
#   crosswalk:
#     dora: ["28"]
package psfpolicy.controls.bank
"""

METADATA = """# METADATA
# title: Regions of the bank
# description: Models are served in the bank's own regions.
# custom:
#   severity: critical
#   provenance: ours
#   remediation: Serve it in one of the bank's regions.
#   references: ["https://example.org/bank"]
#   good: "serving: {location: {region: aws:eu-central-1}}"
#   bad: "serving: {location: {region: aws:us-east-1}}"
"""

CONTROL = f"""{METADATA}package psfpolicy.controls.bank.regions

import data.psfpolicy.packs.bank.places

metadata := rego.metadata.chain()

places contains ["spec", "serving"]

findings contains {{
	"path": ["spec", "serving"],
	"status": _status,
	"message": $"the region is {{_region}}, and is to be one of the bank's",
	"reads": [["spec", "serving", "location", "region"]],
}}

default _region := "not declared"

_region := input.descriptor.spec.serving.location.region

default _status := "fail"

_status := "pass" if places.own[input.descriptor.spec.serving.location.region]
"""

HELPER = """# METADATA
# title: Places of the bank
package psfpolicy.packs.bank.places

own := {"aws:eu-central-1", "azure:westeurope"}
"""

REGIME = """"bank-eu":
  title: "In the bank's countries"
  data: any
  carries: [prompts, responses]
  locations: {allowed: ["DE", "NL"]}
  mechanisms: []
  source: "ours"
  as_of: "2026-11-01"
"""

GATE = """"production":
  title: "The bank's gate before production"
  extends: standard
  thresholds: {BANK: 90, PSF-1: 70}
  must_pass: [bank-regions, deploy-model-pinned]
  source: "ours"
  as_of: "2026-11-01"
"""

OVERRIDE = """# METADATA
# title: Injection defence of the bank
# description: The bank's gateway does it for every model.
# custom:
#   severity: critical
#   provenance: ours
#   remediation: Put it behind the gateway.
#   references: ["https://example.org/bank"]
#   good: "inputs: {}"
#   bad: "{}"
package psfpolicy.controls.input.injection_defence

metadata := rego.metadata.chain()

places contains ["spec", "inputs"]

findings contains {"path": ["spec", "inputs"], "status": "fail", "message": "the gateway is not there"}
"""

AT_ABOUT = "pack.yaml"
AT_DOMAIN = "rego/psfpolicy/controls/bank.rego"
AT_CONTROL = "rego/psfpolicy/controls/bank/regions.rego"
AT_HELPER = "rego/psfpolicy/packs/bank/places.rego"
AT_REGIME = "rego/psfpolicy/catalogue/regimes/data.yaml"
AT_GATE = "rego/psfpolicy/catalogue/gates/data.yaml"
AT_OVERRIDE = "rego/psfpolicy/controls/input/injection_defence.rego"

BANK = {AT_ABOUT: ABOUT, AT_DOMAIN: DOMAIN, AT_CONTROL: CONTROL, AT_HELPER: HELPER, AT_REGIME: REGIME}


def write_pack(folder: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write the pack of the bank.

    Args:
        folder: Where to.
        changes: Files that are another, by path; None for one that is left out.
    """
    for name, text in {**BANK, **(changes or {})}.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder


def ran(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of a page in a folder."""
    program, *words = shlex.split(line)
    command = [sys.executable, "-m", "psfpolicy", *words] if program == "psfpolicy" else [program, *words]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)


def begin(folder: Path, domain: str, name: str) -> None:
    """Write a pack, `bank`, with one control."""
    done = ran(f"psfpolicy control new {domain}/{name} --pack bank", folder)
    assert done.returncode == 0, done.stderr
