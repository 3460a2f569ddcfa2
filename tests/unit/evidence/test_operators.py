"""Resources of serving operators: read as the pods that are made of them, and open where something is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.operators.kinds import KINDS
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import readers

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact

SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: llama, namespace: llm}
spec:
  predictor:
    minReplicas: 2
    maxReplicas: 4
    scaleMetric: concurrency
    canaryTrafficPercent: 10
    model:
      modelFormat: {name: vLLM}
      runtime: rt
      storageUri: hf://org/model:6f6073b
      args: [--max-model-len=4096]
      resources: {limits: {nvidia.com/gpu: "2"}}
"""
RUNTIME = """\
---
apiVersion: serving.kserve.io/v1alpha1
kind: ServingRuntime
metadata: {name: rt, namespace: llm}
spec:
  containers:
    - name: kserve-container
      image: vllm/vllm-openai:v0.33.0
      args: [--model=/mnt/models, --tensor-parallel-size=2]
      env: [{name: VLLM_NO_USAGE_STATS, value: "1"}]
      securityContext: {runAsNonRoot: true}
"""
LLM = """\
apiVersion: serving.kserve.io/v1alpha2
kind: LLMInferenceService
metadata: {name: qwen}
spec:
  model:
    uri: hf://org/model
    lora: {adapters: [{name: one, uri: "hf://org/lora:abc"}, {uri: "{{ x }}"}]}
  replicas: 3
  parallelism: {tensor: 2}
  template: {containers: [{name: main, env: [{name: VLLM_ADDITIONAL_ARGS, value: --trust-remote-code}]}]}
"""
CONFIG = """\
---
apiVersion: serving.kserve.io/v1alpha2
kind: LLMInferenceServiceConfig
metadata: {name: kserve-config-llm-template}
spec:
  template:
    containers:
      - name: main
        image: vllm/vllm-openai:v0.33.0
        command: [vllm, serve, /mnt/models]
        securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true}
"""
RAY = """\
apiVersion: ray.io/v1
kind: RayService
metadata: {name: ray, namespace: llm}
spec:
  serveConfigV2: |
    applications:
    - name: app
      import_path: ray.serve.llm:build_openai_app
      args:
        llm_configs:
        - model_loading_config: {model_id: short, model_source: org/model}
          accelerator_type: L4
          engine_kwargs: {tensor_parallel_size: 2, max_model_len: 1024}
          deployment_config: {autoscaling_config: {min_replicas: 1, max_replicas: 4, target_ongoing_requests: 64}}
  rayClusterConfig:
    headGroupSpec:
      template: {spec: {containers: [{name: head, image: "rayproject/ray-llm:2.52.0"}]}}
    workerGroupSpecs:
    - groupName: gpu
      template:
        spec:
          containers:
          - {name: worker, image: "rayproject/ray-llm:2.52.0", resources: {limits: {nvidia.com/gpu: "4"}}}
"""
NIM = """\
apiVersion: apps.nvidia.com/v1alpha1
kind: NIMService
metadata: {name: nim}
spec:
  image: {repository: nvcr.io/nim/meta/llama3-8b-instruct, tag: 1.0.3}
  authSecret: ngc
  userID: 1000
  storage: {nimCache: {name: cache}}
  scale: {enabled: true, hpa: {minReplicas: 2, maxReplicas: 5}}
  expose:
    service: {type: LoadBalancer, port: 8000}
    ingress: {enabled: true, spec: {ingressClassName: nginx}}
---
apiVersion: apps.nvidia.com/v1alpha1
kind: NIMCache
metadata: {name: cache}
spec: {source: {hf: {endpoint: "https://huggingface.co", namespace: org, modelName: model}}}
"""
STACK = """\
servingEngineSpec:
  vllmApiKey: sk-something-long-and-secret
  modelSpec:
    - name: one
      repository: vllm/vllm-openai
      tag: v0.33.0
      modelURL: org/model
      replicaCount: 2
      requestGPU: 1
      vllmConfig: {maxModelLen: 4096, extraArgs: [--trust-remote-code]}
    - {name: off, enabled: false, modelURL: org/other}
routerSpec: {serviceType: LoadBalancer, otel: {endpoint: "collector:4317"}}
"""


def read(text: str) -> list[Fact]:
    documents = source.read(text.encode(), file="a.yaml")
    project = Project(documents)
    return [
        fact
        for each in documents
        for reader in readers().values()
        if reader.reads(each)
        for fact in reader.facts(each, project)
    ]


def shown(facts: list[Fact], *paths: str) -> list[str]:
    asked = {f"spec.{path}" for path in paths}
    return [
        f"{path.removeprefix('spec.')} {fact.value} {fact.certainty}"
        f" {fact.place.region.start_line}:{fact.place.region.start_column}"
        for fact in facts
        if (path := ".".join(map(str, fact.path))) in asked
    ]


def values(facts: list[Fact], path: str) -> list[object]:
    return [fact.value for fact in facts if ".".join(map(str, fact.path)) == f"spec.{path}"]


# KServe


def test_service_and_its_runtime_are_one_pod() -> None:
    facts = read(SERVICE + RUNTIME)
    assert shown(
        facts,
        "model.id", "model.revision", "model.weights.source", "model.weights.uri", "model.maxModelLen",
        "model.remoteCode", "serving.replicas.min", "serving.replicas.max", "serving.autoscaling.metric",
        "release.canary.percent", "serving.accelerators.count", "serving.accelerators.tensorParallel",
        "serving.engine.image", "network.telemetryOptOut", "security.hardening.nonRoot", "serving.orchestrator",
    ) == [
        "serving.orchestrator kserve certain 2:7",
        "serving.replicas.min 2 certain 6:18",
        "serving.replicas.max 4 certain 7:18",
        "serving.autoscaling.metric requests certain 8:18",
        "release.canary.percent 10 certain 9:27",
        "model.id org/model certain 13:19",
        "model.weights.source hub certain 13:19",
        "model.revision 6f6073b certain 13:19",
        "model.maxModelLen 4096 certain 14:14",
        "serving.accelerators.count 2 certain 15:44",
        "serving.engine.image vllm/vllm-openai:v0.33.0 certain 23:14",
        "model.remoteCode False certain 24:14",
        "serving.accelerators.tensorParallel 2 certain 24:35",
        "network.telemetryOptOut True certain 25:48",
        "security.hardening.nonRoot True certain 26:39",
    ]  # fmt: skip
    assert {fact.workload for fact in facts} == {"InferenceService llm/llama, container kserve-container"}
    assert {fact.reader for fact in facts} == {"kserve"}


def test_service_whose_runtime_is_not_there_proves_nothing_by_what_it_lacks() -> None:
    facts = read(SERVICE)
    assert shown(facts, "model.remoteCode", "serving.engine.image", "security.hardening.nonRoot") == [
        "serving.engine.image None inconclusive 2:7",
        "security.hardening.nonRoot None inconclusive 2:7",
        "model.remoteCode None inconclusive 14:14",
    ]
    assert {fact.reason for fact in facts if fact.path[-1] == "image"} == {"the runtime `rt` is not in the evidence"}
    unsafe = read(SERVICE.replace("--max-model-len=4096", "--trust-remote-code"))
    assert shown(unsafe, "model.remoteCode") == ["model.remoteCode True inferred 14:14"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("runtime: rt", "runtime: '{{ x }}'", "the name of the runtime, `{{ x }}`, is filled in elsewhere"),
        ("      runtime: rt\n", "", "no runtime is named, so the cluster chooses one by the format of the model"),
    ],
)
def test_runtime_that_is_not_known_is_said(old: str, new: str, expected: str) -> None:
    facts = read(SERVICE.replace(old, new) + RUNTIME)
    about = [fact for fact in facts if fact.workload.startswith("InferenceService") and fact.path[-1] == "image"]
    assert [fact.reason for fact in about] == [expected]


def test_runtime_that_no_service_uses_is_only_inferred() -> None:
    facts = read(RUNTIME.replace("--tensor-parallel-size=2", "--trust-remote-code"))
    assert shown(facts, "model.remoteCode", "model.id") == [
        "model.id None inconclusive 9:14",
        "model.remoteCode True inferred 9:35",
    ]
    assert "certain" not in {fact.certainty for fact in facts}
    assert read(RUNTIME.replace("spec:\n", "spec:\n  disabled: true\n")) == []


def test_container_of_a_predictor_is_read_as_a_deployments() -> None:
    facts = read("""\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: own}
spec:
  predictor:
    containers:
      - name: kserve-container
        image: vllm/vllm-openai:v0.33.0
        args: [--model=org/model]
        env: [{name: STORAGE_URI, value: "s3://bucket/x?signature=1"}]
""")
    assert shown(
        facts, "model.id", "model.remoteCode", "model.weights.uri", "security.leastPrivilege.serviceAccount"
    ) == [
        "security.leastPrivilege.serviceAccount default certain 6:5",
        "model.remoteCode False certain 9:16",
        "model.id org/model certain 9:16",
        "model.weights.uri s3://bucket/x certain 10:42",
        "model.id None inconclusive 10:42",
    ]
    assert not any("signature" in f"{fact.value}{fact.shown}{fact.reason}" for fact in facts)


@pytest.mark.parametrize(
    ("line", "path", "expected"),
    [
        ("minReplicas: '{{ x }}'", "serving.replicas.min", None),
        ("canaryTrafficPercent: '{{ x }}'", "release.canary.percent", None),
        ("canaryTrafficPercent: 900", "release.canary.percent", None),
        ("scaleMetric: memory", "serving.autoscaling.metric", None),
        ("scaleMetric: cpu", "serving.autoscaling.metric", "cpu"),
        ("maxReplicas: 0", "serving.replicas.max", None),
        ("autoScaling: {metrics: [{resource: {name: cpu}}]}", "serving.autoscaling.metric", "cpu"),
        ("autoScaling: {metrics: [{external: {metric: {query: 'vllm:num_requests_waiting'}}}]}",
         "serving.autoscaling.metric", "queue-depth"),
        ("autoScaling: {metrics: [{external: {metric: {query: my_queue}}}]}",
         "serving.autoscaling.metric", "queue-depth"),
        ("autoScaling: {metrics: [{external: {metric: {query: other}}}, {}]}", "serving.autoscaling.metric", None),
        ("annotations: {autoscaling.knative.dev/metric: rps}", "serving.autoscaling.metric", "requests"),
        ("workerSpec: {tensorParallelSize: 4, pipelineParallelSize: 2}", "serving.accelerators.pipelineParallel", 2),
        ("workerSpec: {}", "serving.accelerators.count", None),
    ],
)  # fmt: skip
def test_predictor_says(line: str, path: str, expected: object) -> None:
    text = f"""\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {{name: a, labels: {{networking.kserve.io/visibility: cluster-local}}}}
spec:
  predictor:
    {line}
    triton: {{storageUri: "pvc://claim/x", runtimeVersion: 25.07-py3, image: "nvcr.io/nvidia/tritonserver:x"}}
"""
    facts = read(text)
    assert expected in values(facts, path)
    assert shown(facts, "network.ingress.exposure") == ["network.ingress.exposure cluster inferred 3:63"]
    assert values(facts, "serving.engine.image") == ["nvcr.io/nvidia/tritonserver:25.07-py3"]


def test_patch_of_a_service_shows_only_what_it_says() -> None:
    facts = read("""\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: a}
spec: {predictor: {canaryTrafficPercent: 5}}
""")
    assert [fact.path for fact in facts if fact.certainty != "inconclusive"] == [
        ("spec", "serving", "orchestrator"),
        ("spec", "release", "canary", "percent"),
    ]
    assert values(facts, "model.id") == [None]


def test_bare_llm_service_leaves_open_what_its_configuration_decides() -> None:
    facts = read(LLM)
    assert shown(
        facts, "model.id", "model.revision", "model.remoteCode", "model.adapters", "serving.replicas.min",
        "serving.accelerators.tensorParallel", "serving.engine.image", "security.hardening.nonRoot",
    ) == [
        "serving.engine.image None inconclusive 2:7",
        "security.hardening.nonRoot None inconclusive 2:7",
        "model.id org/model certain 6:10",
        "model.revision main inferred 6:10",
        "model.adapters {'name': 'one', 'source': 'org/lora', 'revision': 'abc'} certain 7:40",
        "model.adapters None inconclusive 7:62",
        "serving.replicas.min 3 certain 8:13",
        "serving.accelerators.tensorParallel 2 certain 9:25",
        "model.remoteCode True certain 10:82",
    ]  # fmt: skip


def test_llm_service_is_merged_with_the_configurations_that_are_there() -> None:
    facts = read(LLM + CONFIG)
    assert shown(facts, "serving.engine.image", "security.hardening.readOnlyRootFilesystem", "model.id") == [
        "model.id org/model certain 6:10",
        "serving.engine.image vllm/vllm-openai:v0.33.0 certain 19:16",
        "security.hardening.readOnlyRootFilesystem True certain 21:71",
    ]
    missing = read(LLM.replace("spec:\n", "spec:\n  baseRefs: [{name: mine}]\n") + CONFIG)
    assert {"the configuration `mine`, which it is merged with, is not in the evidence"} <= {
        fact.reason for fact in missing
    }
    alone = read(CONFIG)
    assert {fact.certainty for fact in alone} == {"inferred", "inconclusive"}
    assert values(alone, "model.id") == [None]


def test_what_a_configuration_brings_decides_which_default_is_merged() -> None:
    mine = CONFIG.replace("kserve-config-llm-template", "mine").replace("  template:", "  worker: {}\n  template:")
    found = read(LLM.replace("spec:\n", "spec:\n  baseRefs: [{name: mine}]\n") + CONFIG + mine)
    assert "it is merged with configurations of KServe, such as `kserve-config-llm-template`, which are not in the" in (
        " ".join(fact.reason for fact in found)
    )
    parallel = read(LLM.replace("{tensor: 2}", "{data: 2}") + CONFIG)
    assert True not in {fact.reason.startswith("it is merged with") for fact in parallel}


@pytest.mark.parametrize(
    ("sampler", "expected"),
    [
        ("traceidratio", "observability.tracing.sampling 0.5 certain 11:48"),
        ("parentbased_traceidratio", "observability.tracing.sampling 0.5 inferred 11:60"),
        ("always_off", "observability.tracing.sampling None inconclusive 11:22"),
    ],
)
def test_only_some_samplers_heed_their_argument(sampler: str, expected: str) -> None:
    text = LLM + f"  tracing: {{sampler: {sampler}, samplerArg: '0.5'}}\n"
    assert shown(read(text), "observability.tracing.sampling") == [expected]


def test_addresses_of_weights_stand_beside_the_model_where_there_are_several() -> None:
    text = SERVICE.replace("      storageUri: hf://org/model:6f6073b\n", "")
    several = text.replace("    model:\n", "    storageUris: [{uri: hf://org/other}]\n    model:\n")
    assert text != SERVICE
    assert several != text
    assert "org/other" in values(read(several + RUNTIME), "model.id")


def test_prefill_is_a_workload_of_its_own() -> None:
    text = LLM.replace(
        "  replicas: 3\n",
        "  replicas: 3\n  prefill: {replicas: 2, worker: {containers: []}, template: {containers: []}}\n",
    )
    text += "  tracing: {exporterEndpoint: 'http://c:4317', samplerArg: '0.5'}\n"
    facts = read(text)
    assert {fact.workload for fact in facts} == {
        "LLMInferenceService qwen, container main",
        "LLMInferenceService qwen, prefill",
    }
    assert sorted(map(str, values(facts, "serving.replicas.min"))) == ["2", "3"]
    assert 0.5 in values(facts, "observability.tracing.sampling")


# Ray


def test_configured_model_of_ray_is_a_workload() -> None:
    facts = read(RAY)
    assert shown(
        facts, "model.id", "model.remoteCode", "model.maxModelLen", "serving.accelerators.count",
        "serving.accelerators.type", "serving.replicas.max", "serving.autoscaling.metric", "serving.orchestrator",
        "serving.engine.version",
    ) == [
        "serving.orchestrator ray certain 2:7",
        "model.remoteCode False certain 11:44",
        "model.id org/model certain 11:65",
        "serving.accelerators.type nvidia-l4 certain 12:29",
        "serving.accelerators.count 2 inferred 13:49",
        "model.maxModelLen 1024 certain 13:67",
        "serving.replicas.max 4 certain 14:83",
        "serving.autoscaling.metric requests certain 14:111",
        "serving.engine.version None inconclusive 23:35",
    ]  # fmt: skip
    assert {fact.workload for fact in facts} == {"RayService llm/ray, application app, model short, container worker"}
    assert values(facts, "network.telemetryOptOut") == [False, False]
    assert shown(facts, "security.hardening.jobInterface") == ["security.hardening.jobInterface True certain 17:37"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('ray-llm:2.52.0"}]}}', 'ray-llm:2.59.0"}]}}', None),
        ('"rayproject/ray-llm:2.52.0"}]}}', '"own/ray:2.52.0"}]}}', None),
        ("    headGroupSpec:\n", "    headGroupSpec:\n      rayStartParams: {dashboard-host: 0.0.0.0}\n", True),
        ("    headGroupSpec:\n", "    headGroupSpec:\n      rayStartParams: {dashboard-host: 127.0.0.1}\n", False),
        ("    headGroupSpec:\n", "    authOptions: {mode: token}\n    headGroupSpec:\n", False),
        ("    headGroupSpec:\n", "    authOptions: {mode: disabled}\n    headGroupSpec:\n", True),
        ("    headGroupSpec:\n", "    authOptions: {mode: '${MODE}'}\n    headGroupSpec:\n", None),
        ('2.52.0"}]}}', '2.52.0", env: [{name: RAY_AUTH_MODE, value: token}]}]}}', False),
        ('2.52.0"}]}}', '2.52.0", env: [{name: RAY_AUTH_MODE, valueFrom: {}}]}]}}', None),
        ('2.52.0"}]}}', '2.52.0", envFrom: [{configMapRef: {name: x}}]}]}}', None),
    ],
)
def test_jobs_are_run_for_everybody_unless_ray_asks_for_a_token(old: str, new: str, expected: bool | None) -> None:
    assert values(read(RAY.replace(old, new)), "security.hardening.jobInterface") == [expected]


def test_version_that_the_resource_says_is_taken_for_that_of_the_image() -> None:
    text = RAY.replace("rayproject/ray-llm:2.52.0", "own/ray").replace("    headG", "    rayVersion: 2.46.0\n    headG")
    (fact,) = [each for each in read(text) if each.path[-1] == "jobInterface"]
    assert (fact.value, fact.certainty) == (True, "inferred")


def test_usage_statistics_of_ray_are_asked_of_the_head() -> None:
    off = RAY.replace('"rayproject/ray-llm:2.52.0"}]', '"x/ray", env: [{name: RAY_USAGE_STATS_ENABLED, value: "0"}]}]')
    assert values(read(off), "network.telemetryOptOut") == [False, True]
    unknown = RAY.replace(
        '"rayproject/ray-llm:2.52.0"}]', '"x/ray", env: [{name: RAY_USAGE_STATS_ENABLED, valueFrom: {}}]}]'
    )
    assert None in values(read(unknown), "network.telemetryOptOut")


def test_head_that_a_load_balancer_opens_is_public() -> None:
    facts = read(RAY.replace("    headGroupSpec:\n", "    headGroupSpec:\n      serviceType: LoadBalancer\n"))
    assert shown(facts, "network.ingress.exposure") == ["network.ingress.exposure public certain 17:20"]


def test_ingress_to_the_service_that_ray_makes_opens_it() -> None:
    facts = read(
        RAY
        + """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: in, namespace: llm}
spec: {defaultBackend: {service: {name: ray-serve-svc}}}
"""
    )
    assert [fact.value for fact in facts if fact.path[-1] == "exposure"] == ["public"]


def test_code_of_the_users_leaves_open_what_it_decides() -> None:
    text = RAY.replace("ray.serve.llm:build_openai_app", "mine:app")
    assert {fact.certainty for fact in read(text) if fact.path == ("spec", "model", "remoteCode")} == {"inferred"}
    facts = read("""\
apiVersion: ray.io/v1
kind: RayService
metadata: {name: ray}
spec:
  serveConfigV2: |
    applications:
    - name: app
      import_path: mine:app
      deployments: [{name: d, num_replicas: 2, ray_actor_options: {num_gpus: 2}}]
      runtime_env:
        working_dir: https://example.com/x.zip?token=abc
        pip: ["vllm==0.4.3"]
        env_vars: {MODEL_ID: org/model}
""")
    assert shown(
        facts, "model.id", "model.remoteCode", "serving.engine.name", "serving.engine.version", "serving.replicas.min",
        "serving.accelerators.count",
    ) == [
        "model.remoteCode None inconclusive 8:20",
        "serving.replicas.min 2 certain 9:45",
        "serving.accelerators.count 2 inferred 9:78",
        "serving.engine.name vllm inferred 12:15",
        "serving.engine.version 0.4.3 inferred 12:15",
        "model.id org/model inferred 13:30",
    ]  # fmt: skip
    assert not any("token=" in fact.reason for fact in facts)


@pytest.mark.parametrize("written", ["'a: [b'", "'{{ x }}'", "[]", "null", "7", "'applications: 3'"])
def test_configuration_that_cannot_be_read_is_not_silent(written: str) -> None:
    facts = read(
        f"apiVersion: ray.io/v1\nkind: RayService\nmetadata: {{name: r}}\nspec: {{serveConfigV2: {written}}}\n"
    )
    assert values(facts, "model.id") == [None]


def test_cluster_with_accelerators_is_not_silent() -> None:
    text = RAY.replace("kind: RayService", "kind: RayCluster").replace("  rayClusterConfig:\n", "")
    assert values(read(text.replace("    headG", "  headG").replace("    workerG", "  workerG")), "model.id") == [None]


def test_the_type_of_the_heads_service_is_that_of_the_one_for_applications() -> None:
    text = RAY.replace(
        "    headGroupSpec:\n", "    headGroupSpec:\n      serviceType: LoadBalancer\n      headService: {}\n"
    )
    closed = text.replace("headService: {}", "headService: {spec: {type: ClusterIP}}")
    assert closed != text
    assert "public" in values(read(text), "network.ingress.exposure")
    assert "public" in values(read(closed), "network.ingress.exposure")


# The others


def test_what_a_nim_service_has_no_key_for_has_no_effect() -> None:
    text = NIM.replace("  userID: 1000\n", "  securityContext: {runAsNonRoot: true}\n  hostNetwork: true\n")
    assert shown(read(text), "security.hardening.nonRoot", "security.hardening.hostAccess") == [
        "security.hardening.nonRoot None inconclusive 2:7",
    ]


def test_nim_service_with_its_cache() -> None:
    facts = read(NIM)
    assert shown(
        facts, "model.id", "model.weights.source", "serving.engine.name", "serving.engine.version",
        "serving.replicas.min", "serving.replicas.max", "network.ingress.exposure", "security.secrets.store",
        "security.hardening.nonRoot",
    ) == [
        "serving.engine.name nim certain 5:65",
        "serving.engine.version 1.0.3 certain 5:65",
        "model.id meta/llama3-8b-instruct inferred 5:65",
        "security.secrets.store None inconclusive 6:15",
        "security.hardening.nonRoot True inferred 7:11",
        "serving.replicas.min 2 certain 9:45",
        "serving.replicas.max 5 certain 9:61",
        "network.ingress.exposure public certain 11:21",
        "network.ingress.exposure public inferred 12:24",
        "model.weights.source hub certain 17:32",
        "model.id org/model certain 17:85",
    ]  # fmt: skip


def test_values_of_production_stack_are_inferred_and_a_written_key_is_certain() -> None:
    facts = read(STACK)
    assert shown(
        facts, "model.id", "model.remoteCode", "serving.replicas.min", "security.secrets.store",
        "network.ingress.exposure",
    ) == [
        "security.secrets.store none certain 2:15",
        "model.id org/model inferred 7:17",
        "serving.replicas.min 2 inferred 8:21",
        "model.remoteCode True inferred 10:51",
        "network.ingress.exposure public inferred 12:27",
    ]  # fmt: skip
    assert not any("sk-something" in f"{fact.value}{fact.shown}{fact.reason}" for fact in facts)


def test_values_of_llm_d() -> None:
    facts = read("""\
modelArtifacts: {name: org/model, uri: "hf://org/model"}
decode:
  replicas: 2
  parallelism: {tensor: 4}
  containers:
    - {name: v, image: "ghcr.io/llm-d/llm-d-cuda:v0.9.0", modelCommand: vllmServe, args: [--trust-remote-code]}
prefill: {replicas: 0}
""")
    assert shown(
        facts, "model.id", "model.remoteCode", "serving.replicas.min", "serving.accelerators.tensorParallel"
    ) == [
        "model.id org/model inferred 1:40",
        "serving.replicas.min 2 inferred 3:13",
        "serving.accelerators.tensorParallel 4 inferred 4:25",
        "model.remoteCode True inferred 6:91",
    ]


def test_dynamo_hands_its_arguments_to_the_engine() -> None:
    facts = read("""\
apiVersion: nvidia.com/v1alpha1
kind: DynamoGraphDeployment
metadata: {name: d}
spec:
  services:
    Front: {componentType: frontend, extraPodSpec: {mainContainer: {image: "nvcr.io/nvidia/ai-dynamo/vllm-runtime:1"}}}
    Worker:
      replicas: 2
      multinode: {nodeCount: 2}
      resources: {limits: {gpu: "4"}}
      extraPodSpec:
        mainContainer:
          image: nvcr.io/nvidia/ai-dynamo/vllm-runtime:0.8.1
          command: [python3, -m, dynamo.vllm]
          args: [--model, org/model, --trust-remote-code]
---
apiVersion: nvidia.com/v1beta1
kind: DynamoGraphDeployment
metadata: {name: e}
spec:
  components:
    - name: w
      podTemplate:
        {spec: {containers: [{name: main, image: x, command: [sh, -c, "python3 -m dynamo.sglang --model-path a/b"]}]}}
""")
    assert shown(facts, "model.id", "model.remoteCode", "serving.replicas.min", "serving.engine.version") == [
        "serving.replicas.min 2 certain 8:17",
        "serving.engine.version None inconclusive 13:18",
        "model.id org/model certain 15:27",
        "model.remoteCode True certain 15:38",
        "model.remoteCode None inconclusive 18:7",
        "model.id None inconclusive 24:63",
    ]


def test_roles_of_aibrix_and_the_adapter_of_their_pods() -> None:
    facts = read("""\
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: StormService
metadata: {name: s}
spec:
  replicas: 2
  template:
    spec:
      roles:
        - name: decode
          replicas: 3
          template:
            metadata: {labels: {m: q}}
            spec: {containers: [{name: c, image: "vllm/vllm-openai:v0.33.0", args: [--model=org/model, --enable-lora]}]}
---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: lora}
spec: {podSelector: {matchLabels: {m: q}}, artifactURL: "hf://org/lora"}
---
apiVersion: autoscaling.aibrix.ai/v1alpha1
kind: PodAutoscaler
metadata: {name: p}
spec:
  maxReplicas: 8
  scaleTargetRef: {kind: StormService, name: s}
  metricsSources: [{targetMetric: num_requests_waiting}]
""")
    workload = "StormService s, role decode, container c"
    assert {fact.workload for fact in facts} == {workload}
    assert [fact.value for fact in facts if fact.item] == [{"name": "lora", "source": "org/lora"}]
    assert values(facts, "serving.replicas.max") == [6, 8]
    assert values(facts, "serving.autoscaling.metric") == ["queue-depth"]


def test_resource_of_an_operator_that_is_not_known_is_open() -> None:
    facts = read("""\
apiVersion: example.com/v1
kind: LLMThing
metadata: {name: x}
spec: {pod: {containers: [{name: c, image: "vllm/vllm-openai:v0.33.0"}]}}
""")
    assert values(facts, "model.id") == [None]
    assert {fact.certainty for fact in facts} == {"inferred", "inconclusive"}


def test_resource_inside_a_kustomization_is_read_as_it_is_built() -> None:
    files = {
        "kustomization.yaml": "resources: [base.yaml]\npatches: [{path: patch.yaml}]\n",
        "base.yaml": SERVICE,
        "patch.yaml": SERVICE.partition("    minR")[0] + "    minReplicas: 7\n",
    }
    documents = tuple(each for name, text in files.items() for each in source.read(text.encode(), file=name))
    project = Project(documents)
    facts = [f for d in documents for r in readers().values() if r.reads(d) for f in r.facts(d, project)]
    assert values(facts, "serving.replicas.min") == [7]


# Azure ML


def test_deployment_of_azure_ml() -> None:
    facts = read("""\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: e
model: azureml://registries/azureml-meta/models/Llama-3/versions/4
environment: {image: "vllm/vllm-openai:v0.33.0"}
environment_variables: {MODEL: "x", HF_TOKEN: hf_0123456789abcdefghij0123456789abcd}
instance_type: Standard_NC48ads_A100_v4
instance_count: 2
egress_public_network_access: disabled
""")
    assert shown(
        facts, "model.id", "serving.replicas.min", "serving.accelerators.count", "network.egress.default",
        "security.secrets.store", "serving.platform", "serving.engine.version",
    ) == [
        "serving.platform azure-ml certain 1:10",
        "model.id Llama-3 inferred 4:8",
        "serving.engine.version 0.33.0 certain 5:22",
        "security.secrets.store none certain 6:47",
        "serving.accelerators.count 2 certain 7:16",
        "serving.replicas.min 2 certain 8:17",
        "network.egress.default deny certain 9:31",
        "security.secrets.store none certain 6:47",
    ]  # fmt: skip
    assert not any("hf_0123" in f"{fact.value}{fact.shown}{fact.reason}" for fact in facts)


@pytest.mark.parametrize(
    ("line", "path", "expected"),
    [
        ("auth_mode: key", "network.ingress.authentication", "api-key"),
        ("auth_mode: other", "network.ingress.authentication", None),
        ("public_network_access: disabled", "network.ingress.exposure", "private"),
        ("public_network_access: enabled", "network.ingress.exposure", "public"),
        ("traffic: {blue: 90, green: 10}", "release.canary.percent", 10),
    ],
)
def test_endpoint_of_azure_ml(line: str, path: str, expected: object) -> None:
    schema = "$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineEndpoint.schema.json\n"
    assert expected in values(read(f"{schema}name: e\n{line}\n"), path)


# Anything else


@pytest.mark.parametrize(
    "spec",
    [
        "null",
        "[]",
        "7",
        "{}",
        "{predictor: null}",
        "{predictor: {model: []}}",
        "{predictor: {model: {runtime: {}, args: 3}}}",
        "{predictor: {model: {storage: {path: x}, runtimeVersion: 3}}}",
        "{template: 3}",
        "{serveConfigV2: {}, rayClusterConfig: []}",
        "{image: 3, scale: {enabled: x}}",
        "{services: {a: null, b: []}}",
        "{model: {uri: {}}, template: {containers: {}}}",
        "{roles: [null, 3, {}]}",
        "{template: {spec: {roles: 7}}}",
        "{model: null, vllmConfig: 3, deploymentConfig: [1]}",
        "{template: {containers: [{$patch: x}]}}",
    ],
)
def test_no_reader_raises(spec: str) -> None:
    text = "---\n".join(
        f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: x}}\nspec: {spec}\n" for group, kind in KINDS
    )
    facts = read(text)
    assert all(fact.certainty == "inconclusive" or fact.value is not None for fact in facts)


def test_documents_of_others_are_left_alone() -> None:
    names = {
        "kserve",
        "kuberay",
        "nim_operator",
        "vllm_operator",
        "dynamo",
        "aibrix",
        "stack_values",
        "azure_ml",
        "custom_resources",
    }
    for text in (
        "a: 1\n",
        "[]\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
        "kind: RayService\n",
        "servingEngineSpec: {modelSpec: [3]}\n",
    ):
        (document,) = source.read(text.encode(), file="a.yaml")
        assert [name for name in names if readers()[name].reads(document)] == []


# Silence


@pytest.mark.parametrize(
    ("kind", "spec", "served"),
    [
        ("apps.nvidia.com/v1alpha1 NIMService", "{image: {repository: nvcr.io/nim/a/b}, replicas: 1}", True),
        ("apps.nvidia.com/v1alpha1 NIMService", "{image: {repository: x}, scale: {enabled: '{{ x }}'}}", True),
        ("apps.nvidia.com/v1alpha1 NIMService", "{image: {repository: x}, scale: {enabled: true}}", True),
        (
            "production-stack.vllm.ai/v1 VLLMRuntime",
            "{model: {modelURL: a/b}, autoscalingConfig: {enabled: true}}",
            True,
        ),
        ("production-stack.vllm.ai/v1 VLLMRuntime", "{model: {modelURL: a/b, enableTool: true}}", True),
        ("production-stack.vllm.ai/v1 VLLMRouter", "{replicas: 1}", False),
        ("nvidia.com/v1 DynamoComponentDeployment", "{services: {}}", False),
        ("serving.kserve.io/v1alpha2 LLMInferenceService", "{scaling: {minReplicas: 1}}", True),
    ],
)
def test_what_serves_a_model_is_not_silent(kind: str, spec: str, served: bool) -> None:  # a table
    version, _, name = kind.partition(" ")
    facts = read(f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: x}}\nspec: {spec}\n")
    assert bool(values(facts, "model.id")) is served


VLLM_RUNTIME = """\
apiVersion: production-stack.vllm.ai/v1alpha1
kind: VLLMRuntime
metadata: {name: x}
spec:
  model: {modelURL: org/model, enableLoRA: true, hfTokenSecret: {hfTokenSecretName: s}}
  vllmConfig: {tensorParallelSize: 2, extraArgs: [--trust-remote-code]}
  deploymentConfig:
    replicas: 2
    resources: {gpu: "2"}
    image: {registry: docker.io, name: "lmcache/vllm-openai:v1"}
    sidecarConfig: {enabled: true, image: {name: "side:1"}}
    nodeSelectorTerms:
      - matchExpressions: [{key: cloud.google.com/gke-accelerator, operator: In, values: [nvidia-l4]}]
"""


def test_runtime_of_production_stack() -> None:
    facts = read(VLLM_RUNTIME)
    assert shown(
        facts, "model.id", "model.remoteCode", "model.adapters", "serving.accelerators.tensorParallel",
        "serving.replicas.min", "serving.accelerators.count", "serving.accelerators.type", "serving.engine.name",
    ) == [
        "model.id org/model certain 5:21",
        "model.adapters None inconclusive 5:44",
        "serving.accelerators.tensorParallel 2 certain 6:36",
        "model.remoteCode True certain 6:51",
        "serving.replicas.min 2 certain 8:15",
        "serving.accelerators.count 2 certain 9:22",
        "serving.engine.name vllm certain 10:40",
        "serving.accelerators.type nvidia-l4 certain 13:91",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("uri", "source", "model"),
    [
        ("s3://bucket/a", "mirror", None),
        ("pvc://claim/a", "local", None),
        ("oci://registry/a:1", "image", None),
        ("https://example.com/a?sig=1", "mirror", None),
        ("https://huggingface.co/a/b", "hub", None),
        ("foo://x", None, None),
        ("org/model", "hub", "org/model"),
        ("just words", None, None),
        ("'{{ .x }}'", None, None),
    ],
)
def test_address_of_weights(uri: str, source: str | None, model: str | None) -> None:
    facts = read(SERVICE.replace("hf://org/model:6f6073b", uri))
    found = [fact.value for fact in facts if fact.path[-1] == "source"]
    assert (found[0], values(facts, "model.id")[0]) == (source, model)
    assert not any("sig=1" in f"{fact.value}{fact.shown}{fact.reason}" for fact in facts)


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        ("model_source: org/model", "model_source: {bucket_uri: s3://b/m}", "model.weights.uri", "s3://b/m"),
        ("{model_id: short, model_source: org/model}", "{}", "model.id", None),
        ("accelerator_type: L4", "lora_config: {dynamic_lora_loading_path: s3://b/l}", "model.adapters", None),
        ("accelerator_type: L4", "placement_group_config: {bundles: []}", "serving.accelerators.count", None),
        ("accelerator_type: L4", "llm_engine: vLLM", "serving.engine.name", "vllm"),
        ("accelerator_type: L4", "llm_engine: other", "serving.engine.name", None),
        ("tensor_parallel_size: 2", "tensor_parallel_size: x", "serving.accelerators.count", None),
        ("min_replicas: 1, ", "", "serving.replicas.min", None),
        ("autoscaling_config: {min_replicas: 1, max_replicas: 4, target_ongoing_requests: 64}", "num_replicas: 3",
         "serving.replicas.max", 3),
        ("autoscaling_config: {min_replicas: 1, max_replicas: 4, target_ongoing_requests: 64}", "num_replicas: auto",
         "serving.autoscaling.metric", "requests"),
        ("autoscaling_config: {min_replicas: 1, max_replicas: 4, target_ongoing_requests: 64}", "x: 1",
         "serving.replicas.max", 1),
        ("engine_kwargs: {tensor_parallel_size: 2, max_model_len: 1024}", "engine_kwargs: '{{ x }}'",
         "model.remoteCode", None),
        ("accelerator_type: L4", "runtime_env: {env_vars: {VLLM_NO_USAGE_STATS: '1', X: '{{ x }}'}}",
         "network.telemetryOptOut", True),
    ],
)  # fmt: skip
def test_configuration_of_a_model_on_ray(old: str, new: str, path: str, expected: object) -> None:
    assert old in RAY
    assert expected in values(read(RAY.replace(old, new)), path)


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        ("requestGPU: 1", "keda: {enabled: true, minReplicaCount: 2}", "serving.autoscaling.metric", "queue-depth"),
        ("requestGPU: 1", "keda: {enabled: true, minReplicaCount: 2}", "serving.replicas.max", None),
        ("replicaCount: 2", "modelRevision: abc", "model.revision", "abc"),
        ("replicaCount: 2", "hf_token: {secretName: s}", "security.secrets.store", "none"),
        ("replicaCount: 2", "serviceAccountName: sa", "security.leastPrivilege.serviceAccount", "dedicated"),
        ("replicaCount: 2", "containerSecurityContext: {runAsNonRoot: true}", "security.hardening.nonRoot", None),
        ("  modelSpec:", "  containerSecurityContext: {runAsNonRoot: true}\n  modelSpec:", "security.hardening.nonRoot",
         True),
        ("requestGPU: 1", "requestGPU: 1\n      resources: {limits: {nvidia.com/gpu: 4}}", "serving.accelerators.count",
         4),
        ("requestGPU: 1", "keda: {enabled: true, triggers: []}", "serving.autoscaling.metric", None),
        ("requestGPU: 1", "affinity: {x: y}\n      nodeSelectorTerms: [{matchExpressions: []}]",
         "model.id", "org/model"),
        ("maxModelLen: 4096, extraArgs: [--trust-remote-code]", "trustRemoteCode: true", "model.remoteCode", None),
        ("sk-something-long-and-secret", "{secretName: s, secretKey: k}", "network.ingress.authentication", "api-key"),
        ("serviceType: LoadBalancer", "ingress: {enabled: true, className: x}", "network.ingress.exposure", "public"),
    ],
)  # fmt: skip
def test_values_of_production_stack_say(old: str, new: str, path: str, expected: object) -> None:
    assert old in STACK
    facts = read(STACK.replace(old, new))
    assert expected in values(facts, path)
    assert {fact.certainty for fact in facts if fact.value != "none"} <= {"inferred", "inconclusive"}


@pytest.mark.parametrize(
    ("line", "path", "expected"),
    [
        ("model: {name: m, path: ./m, type: triton_model}", "serving.engine.name", "triton"),
        ("model: azureml:mine:3", "model.id", "mine"),
        ("model: {path: ./m}", "model.id", None),
        ("environment: {image: 'x/y:1'}", "serving.engine.image", "x/y:1"),
        ("environment: {image: 'my_placeholder:1'}", "serving.engine.image", None),
        ("environment: azureml:env:1", "model.remoteCode", None),
        ("environment: azureml:env:1\negress_public_network_access: enabled", "network.egress.default", "allow"),
        ("environment: azureml:env:1\negress_public_network_access: x", "network.egress.default", None),
        ("model: x\nenvironment_variables: {NGC_API_KEY: key_placeholder}", "security.secrets.store", None),
        ("environment: azureml:env:1\nenvironment_variables: {NGC_API_KEY: abcdef}", "security.secrets.store", "none"),
        ("model: x\ninstance_type: '{{ x }}'", "serving.accelerators.type", None),
        ("model: x\nrequest_settings: {max_concurrent_requests_per_instance: 8}", "serving.maxConcurrency", 8),
    ],
)  # fmt: skip
def test_deployment_of_azure_ml_says(line: str, path: str, expected: object) -> None:
    assert expected in values(read(f"endpoint_name: e\ninstance_count: 1\n{line}\n"), path)


def test_serverless_endpoint_of_azure_ml_has_a_model_and_no_machines() -> None:
    facts = read("name: e\nmodel_id: azureml://registries/r/models/Llama-3/versions/1\n")
    assert values(facts, "model.id") == ["Llama-3"]
    assert values(facts, "serving.hosting") == ["provider-hosted"]
