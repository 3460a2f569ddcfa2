"""What a secret-named key holds stands in no excerpt of a manifest, whatever its format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from psfpolicy.evidence.gathering import Globs, gather
from psfpolicy.model.place import Place, Region

if TYPE_CHECKING:
    from pathlib import Path

POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: llm}\n"
    "spec: {containers: [{name: vllm, image: 'vllm/vllm-openai:v0.33.0', args: [ARGS], env: [ENV]}]}\n"
)
PLAN = {
    "format_version": "1.2",
    "planned_values": {
        "root_module": {
            "resources": [
                {
                    "address": "aws_db_instance.a",
                    "mode": "managed",
                    "type": "aws_db_instance",
                    "name": "a",
                    "values": {"password": "hunter2", "storage_encrypted": True},
                },
                {
                    "address": "aws_sagemaker_model.m",
                    "mode": "managed",
                    "type": "aws_sagemaker_model",
                    "name": "m",
                    "values": {
                        "primary_container": [
                            {"image": "vllm/vllm-openai:v0.33.0", "environment": {"HF_TOKEN": "hunter2"}}
                        ]
                    },
                },
            ]
        }
    },
}
STATE = {
    "version": 4,
    "terraform_version": "1.9.0",
    "resources": [
        {
            "mode": "managed",
            "type": "aws_db_instance",
            "name": "a",
            "instances": [{"attributes": {"master_password": "hunter2", "storage_encrypted": True}}],
        }
    ],
}
MANIFESTS = {
    "env.yaml": POD.replace("ARGS", "").replace("ENV", "{name: DB_PASSWORD, value: hunter2}"),
    "argument.yaml": POD.replace("ARGS", "--model, a/b, --api-key, hunter2").replace("ENV", ""),
    "joined.yaml": POD.replace("ARGS", "--model, a/b, --api-key=hunter2").replace("ENV", ""),
    "secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n",
    "list.yaml": "services: {llm: {image: 'vllm/vllm-openai:v0.33.0', environment: ['DB_PASSWORD=hunter2']}}\n",
    "map.yaml": "services: {llm: {image: 'vllm/vllm-openai:v0.33.0', environment: {HF_TOKEN: hunter2}}}\n",
    "command.yaml": (
        "services: {llm: {image: 'vllm/vllm-openai:v0.33.0', command: '--model a/b --api-key hunter2 --port 1'}}\n"
    ),
    "values.yaml": "servingEngineSpec: {vllmApiKey: hunter2, modelSpec: [{name: a, hf_token: hunter2}]}\n",
    "litellm.yaml": (
        "model_list: [{model_name: a, litellm_params: {model: openai/a, api_key: hunter2}}]\n"
        "general_settings: {master_key: hunter2}\n"
    ),
    "collector.yaml": (
        "receivers: {otlp: {}}\n"
        "exporters: {otlp/x: {endpoint: 'https://x:1', headers: {authorization: 'Bearer hunter2', api-key: hunter2}}}\n"
        "service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp/x]}}}\n"
    ),
    "own.yaml": "database: {user: me, password: hunter2}\n",
    "main.tf": 'resource "aws_db_instance" "a" { password = "hunter2" }\nvariable "token" { default = "hunter2" }\n',
    "plan.json": json.dumps(PLAN),
    "pretty.json": json.dumps(PLAN, indent=2),
    "state.tfstate": json.dumps(STATE),
    "terraform.tfvars": 'db_password = "hunter2"\n',
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_no_excerpt_shows_what_a_key_with_the_name_of_a_secret_holds(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(MANIFESTS[name])
    here = Place("deploy.yaml", Region(1, 1, 1, 2))
    root = str(tmp_path.resolve())
    found = gather({}, [Globs(patterns=((name, here),), folder=root, root=root)], str)
    texts = [line for each in found.manifests for line in each.text.content.splitlines()]
    assert [line for line in texts if "hunter2" in line] == []
    assert "hunter2" not in repr([(item.fact.value, item.fact.shown, item.fact.reason) for item in found.facts])
