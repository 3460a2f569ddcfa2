"""Repositories of real git to try things in."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "scratch",
    "GIT_AUTHOR_EMAIL": "scratch@example.com",
    "GIT_COMMITTER_NAME": "scratch",
    "GIT_COMMITTER_EMAIL": "scratch@example.com",
    "GIT_AUTHOR_DATE": "2026-11-20T12:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-20T12:00:00Z",
}

DESCRIPTOR = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: case, environment: production}
spec:
  purpose: {summary: Answers questions, organisation: {principalPlace: DE}, userRegions: [EEA], consequence: medium}
  regimes: [gdpr]
  model: {id: microsoft/phi-4, remoteCode: false}
  serving: {hosting: on-prem, location: {country: DE}}
  data: {classification: confidential, categories: [pii], stores: []}
  network: {egress: {default: deny, rules: []}, telemetryOptOut: true}
"""
"""A valid descriptor, `production/case`, with findings."""

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm, namespace: llm}
spec:
  replicas: 2
  selector: {matchLabels: {app: vllm}}
  template:
    metadata: {labels: {app: vllm}}
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.33.0
          args:
            - --model=microsoft/phi-4
"""
"""An engine that serves its model, with its arguments at the end."""


def named(name: str, text: str = DESCRIPTOR) -> str:
    """Give the descriptor of another deployment."""
    return text.replace("name: case", f"name: {name}")


@dataclass(frozen=True)
class Scratch:
    """One repository."""

    root: Path

    def start(self, *words: str) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *words)

    def git(self, *words: str, **environment: str) -> str:
        """Run git here, and give what it says."""
        ran = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *words],  # noqa: S607  # the one that the tool would run
            cwd=self.root,
            env={**os.environ, **ENVIRONMENT, **environment},
            capture_output=True,
            check=True,
        )
        return ran.stdout.decode(errors="surrogateescape").strip()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, with the folders that they lie in."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, files: Mapping[str, str | bytes] | None = None, **environment: str) -> str:
        """Write files, commit everything that is there, and give the commit."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x", **environment)
        return self.git("rev-parse", "HEAD")
