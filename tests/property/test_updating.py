"""An update changes the values that manifests contradict, and not one character beside them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psfpolicy.deriving.updating import update_of
from psfpolicy.source import read

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.33.0
          args: [--model=microsoft/phi-4, --trust-remote-code, --max-model-len=4096, --quantization=fp8]
"""
SHOWN = {
    "remoteCode": (True, ["false", "true"]),
    "maxModelLen": (4096, ["8192", "4096", "0x2000"]),
    "quantization": ("fp8", ["awq", "'awq'", '"awq"', "fp8", '"fp8"']),
}
"""What the manifest shows, and ways of writing that and other things."""

comments = st.sampled_from(["", " # a comment: {with} 'marks'", "   #", "\t# tab", " # é—日本 \U0001f600"])
between = st.lists(st.sampled_from(["", "  ", "# alone", "    # deeper", "#\ttab"]), max_size=2)


@st.composite
def descriptors(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """Give a descriptor in some style, and how each value is written."""
    written = {key: draw(st.sampled_from(ways)) for key, (_, ways) in SHOWN.items()}
    keys = draw(st.permutations(sorted(written)))
    space = draw(st.sampled_from([" ", "   "]))
    if draw(st.booleans()):
        body = [f"  model: {{id:{space}microsoft/phi-4, " + f",{space}".join(f"{k}: {written[k]}" for k in keys) + " }"]
    else:
        body = ["  model:", "    id: microsoft/phi-4"]
        for key in keys:
            body += [*draw(between), f"    {key}:{space}{written[key]}{draw(comments)}"]
    lines = [
        *draw(between),
        "apiVersion: psfpolicy/v1",
        "kind:   LLMDeployment",
        "metadata: {name: case, environment: production}" + draw(comments),
        "spec:",
        '  evidence: ["k8s.yaml"]',
        *draw(between),
        *body,
        *draw(between),
        "  purpose:",
        "    summary: >-",
        "      Answers",
        "      questions",
        "  serving: {hosting: on-prem}" + draw(comments),
    ]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    last = draw(st.sampled_from(["", end, end * 2]))
    return draw(st.sampled_from(["", "\ufeff"])) + end.join(lines) + last, written


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("update")
    (made / "k8s.yaml").write_text(MANIFEST)
    return made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=descriptors())
def test_every_character_beside_a_contradicted_value_stays(folder: Path, case: tuple[str, dict[str, str]]) -> None:
    text, written = case
    path = folder / "deploy.yaml"
    path.write_bytes(text.encode())
    update = update_of(str(path), (), {})
    expected = text
    for key, (value, _) in SHOWN.items():
        (document,) = read(f"v: {written[key]}".encode(), file="v.yaml")
        if document.data != {"v": value}:
            quote = written[key][0] if written[key][0] in "'\"" else ""
            new = f"{quote}{value}{quote}" if isinstance(value, str) else json.dumps(value)
            expected = re.sub(rf"({key}: +){re.escape(written[key])}", lambda m, new=new: m[1] + new, expected)  # type: ignore[misc]  # the default binds it
    assert update.after == expected
    assert update.refusals == ()
    assert (update.before == update.after) == (not update.changes) == (not list(update.diff()))
    path.write_bytes(update.after.encode())
    assert update_of(str(path), (), {}).changes == ()
