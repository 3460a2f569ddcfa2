"""Fleets to measure with: many copies of one descriptor, each a deployment of its own."""

from __future__ import annotations

from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples/llama-3.1-70b/recommended.yaml"
NAME = "clinical-notes"
_USERS = "monthlyActiveUsers: 12000\n"


def copies(folder: Path, count: int, *, alike: bool = False) -> Path:
    """Write so many descriptors into a new folder, and give the folder.

    Args:
        folder: The folder.
        count: How many.
        alike: They differ in their names alone; otherwise in their users, too, which the policy reads: each is judged
            by itself.
    """
    folder.mkdir()
    text = EXAMPLE.read_text()
    if _USERS not in text or f"name: {NAME}\n" not in text:
        raise SystemExit(f"{EXAMPLE} is no longer what it was")
    for number in range(count):
        users = _USERS if alike else f"monthlyActiveUsers: {12_000 + number}\n"
        one = text.replace(f"name: {NAME}\n", f"name: deployment-{number}\n").replace(_USERS, users)
        (folder / f"{number}.yaml").write_text(one)
    return folder
