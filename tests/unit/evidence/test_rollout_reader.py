"""The reader of rollouts: how much of the traffic a release meets first, and what it is judged by."""

from __future__ import annotations

import pytest

from psfpolicy.evidence.readers import kubernetes, rollout
from tests.unit.evidence.observed import lines, read, reasons

PERCENT = "spec.release.canary.percent"
CRITERIA = "spec.release.canary.criteria"
WORKLOAD = "Rollout llm/vllm, container vllm"
ROLLOUT = """\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: vllm, namespace: llm}
spec:
  replicas: 4
  selector: {matchLabels: {app: vllm}}
  template:
    metadata: {labels: {app: vllm}}
    spec:
      containers:
        - {name: vllm, image: "vllm/vllm-openai:v0.33.0", args: [--model, org/model]}
  strategy:
    canary:
      trafficRouting: {istio: {virtualService: {name: vllm}}}
      analysis: {templates: [{templateName: quality}]}
      steps:
        - setWeight: 5
        - pause: {duration: 10m}
        - setWeight: 50
        - pause: {duration: 10m}
"""
TEMPLATE = """\
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: quality, namespace: llm}
spec:
  metrics:
    - name: errors
      interval: 1m
      failureLimit: 3
      successCondition: result[0] >= 0.95
      provider:
        prometheus:
          query: >-
            sum(rate(istio_requests_total{response_code!~"5.*",app="{{args.app}}"}[5m]))
            / sum(rate(istio_requests_total[5m]))
"""
FLAGGER = """\
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: vllm, namespace: llm}
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: vllm}
  skipAnalysis: false
  analysis:
    stepWeight: 5
    metrics:
      - {name: request-success-rate, thresholdRange: {min: 99}}
      - {name: request-duration, thresholdRange: {max: 500}}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm, namespace: llm}
spec:
  selector: {matchLabels: {app: vllm}}
  template:
    metadata: {labels: {app: vllm}}
    spec: {containers: [{name: vllm, image: "vllm/vllm-openai:v0.33.0", args: [--model, org/model]}]}
"""


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def of(*texts: str, about: str = "spec.release") -> list[str]:
    return lines(read(rollout, *texts), about)


# Argo Rollouts


def test_a_canary_says_its_first_weight_and_all_that_judges_it() -> None:
    found = read(rollout, ROLLOUT, TEMPLATE)
    assert lines(found) == ["percent 5 certain 17:22", "criteria error-rate certain 1.yaml:12:18"]
    assert {fact.workload for fact in found} == {WORKLOAD}
    assert [fact.document for fact in found] == [0, 0]


def test_a_rollout_gives_the_facts_of_a_workload() -> None:
    found = lines(read(kubernetes, ROLLOUT), "spec.model.id", "spec.serving.replicas", "spec.serving.engine.name")
    assert sorted(found) == [
        "id org/model certain 11:75",
        "max 4 certain 5:13",
        "min 4 certain 5:13",
        "name vllm certain 11:31",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("setWeight: 5\n", "setWeight: 50\n"), "percent 50 certain 17:22"),
        (("setWeight: 5\n", "setWeight: 0\n"), "percent 50 certain 19:22"),
        (("setWeight: 5\n", "setWeight: 100\n"), "percent 100 certain 17:22"),
        (("setWeight: 5\n", "setWeight: '{{ .Values.w }}'\n"), "percent None inconclusive 17:22"),
        (("setWeight: 5\n", "setWeight: -5\n"), "percent None inconclusive 17:22"),
        (("setWeight: 5\n", "setWeight: many\n"), "percent None inconclusive 17:22"),
        (
            ("        - setWeight: 5\n        - pause: {duration: 10m}\n", "        - setWeight: 5\n"),
            "percent None inconclusive 17:22",
        ),
        (("trafficRouting: {", "trafficRouting: {maxTrafficWeight: 1000, "), "percent None inconclusive 17:22"),
        (("name: vllm}}}\n", "name: vllm}}, maxTrafficWeight: 100}\n"), "percent 5 certain 17:22"),
    ],
)
def test_the_weight_that_something_holds_counts(change: tuple[str, str], expected: str) -> None:
    assert of(changed(ROLLOUT, change), TEMPLATE, about=PERCENT) == [expected]


def test_without_routing_only_whole_replicas_meet_a_weight() -> None:
    plain = changed(ROLLOUT, ("      trafficRouting: {istio: {virtualService: {name: vllm}}}\n", ""))
    assert of(plain, TEMPLATE, about=PERCENT) == ["percent None inconclusive 16:22"]
    whole = plain.replace("setWeight: 5\n", "setWeight: 25\n")
    assert of(whole, TEMPLATE, about=PERCENT) == ["percent 25 certain 16:22"]
    assert " None " in of(whole.replace("  replicas: 4\n", ""), TEMPLATE, about=PERCENT)[0]
    scaler = (
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n"
        "spec: {scaleTargetRef: {kind: Rollout, name: vllm}}\n"
    )
    assert of(whole, TEMPLATE, scaler, about=PERCENT) == ["percent None inconclusive 16:22"]


def test_a_canary_without_steps_is_a_rolling_update() -> None:
    head = ROLLOUT[: ROLLOUT.index("    canary:")]
    for steps in ("    canary: {}\n", "    canary: {steps: []}\n", "    canary: {steps: null}\n"):
        assert of(head + steps) == ["percent 100 certain 13:5", "criteria  certain 13:5"]
    assert of(head + "    canary: {steps: [{pause: {duration: 1m}}]}\n", about=PERCENT) == [
        "percent None inconclusive 13:21"
    ]


def test_a_blue_green_release_meets_all_of_the_traffic_at_once() -> None:
    head = ROLLOUT[: ROLLOUT.index("    canary:")]
    text = (
        head
        + "    blueGreen:\n      activeService: a\n      prePromotionAnalysis: {templates: [{templateName: quality}]}\n"
    )
    assert of(text, TEMPLATE) == ["percent 100 certain 13:5", "criteria error-rate certain 1.yaml:12:18"]
    manual = text + "      autoPromotionEnabled: false\n"
    found = read(rollout, manual, TEMPLATE)
    assert lines(found, CRITERIA) == ["criteria None inconclusive 16:29", "criteria error-rate certain 1.yaml:12:18"]
    assert reasons(found, CRITERIA)[0].startswith("a person goes on from here")


def test_a_canary_that_nothing_judges_says_so() -> None:
    text = changed(ROLLOUT, ("      analysis: {templates: [{templateName: quality}]}\n", ""))
    assert of(text, about=CRITERIA) == ["criteria  certain 13:5"]


@pytest.mark.parametrize("pause", ["{}", "null", "{duration: null}"])
def test_a_pause_without_an_end_is_judged_by_a_person(pause: str) -> None:
    text = changed(ROLLOUT, ("      analysis: {templates: [{templateName: quality}]}\n", ""))
    text = text.replace("pause: {duration: 10m}", f"pause: {pause}", 1)
    assert of(text, about=CRITERIA) == ["criteria None inconclusive 17:11"]
    assert of(text, about=PERCENT) == ["percent 5 certain 16:22"]


def test_an_analysis_that_is_not_in_the_evidence_decides_nothing() -> None:
    assert of(ROLLOUT, about=CRITERIA) == ["criteria None inconclusive 15:45"]
    other = TEMPLATE.replace("namespace: llm", "namespace: other")
    assert of(ROLLOUT, other, about=CRITERIA) == ["criteria None inconclusive 15:45"]
    clustered = ROLLOUT.replace("templateName: quality", "templateName: quality, clusterScope: true")
    assert of(clustered, TEMPLATE.replace("kind: A", "kind: ClusterA"), about=CRITERIA) == [
        "criteria error-rate certain 1.yaml:12:18"
    ]


def test_analyses_of_steps_and_of_experiments_count() -> None:
    bare = changed(ROLLOUT, ("      analysis: {templates: [{templateName: quality}]}\n", ""))
    step = bare + "        - analysis: {templates: [{templateName: quality}]}\n"
    trial = bare + "        - experiment: {analyses: [{name: a, templateName: quality}]}\n"
    for text in (step, trial):
        assert of(text, TEMPLATE, about=CRITERIA) == ["criteria error-rate certain 1.yaml:12:18"]
    assert of(bare + "        - plugin: {name: x}\n", about=CRITERIA) == ["criteria None inconclusive 20:11"]


def test_templates_of_templates_count_and_a_circle_of_them_ends() -> None:
    outer = (
        "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\n"
        "metadata: {name: outer, namespace: llm}\n"
        "spec: {templates: [{templateName: quality}, {templateName: outer}, {templateName: outer}]}\n"
    )
    text = ROLLOUT.replace("templateName: quality", "templateName: outer")
    assert of(text, outer, TEMPLATE, about=CRITERIA) == ["criteria error-rate certain 2.yaml:12:18"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("      successCondition: result[0] >= 0.95\n", ""), "1.yaml:6:13"),
        (("result[0] >= 0.95", "'true'"), "1.yaml:9:25"),
        (("result[0] >= 0.95", "result[0] >= 0"), "1.yaml:9:25"),
        (("failureLimit: 3", "failureLimit: 5\n      count: 5"), "1.yaml:10:25"),
        (("failureLimit: 3", "failureLimit: -1"), "1.yaml:9:25"),
        (("      interval: 1m\n", ""), "1.yaml:8:25"),
        (("interval: 1m", 'interval: ""'), "1.yaml:9:25"),
        (("  metrics:\n", "  dryRun: [{metricName: err.*}]\n  metrics:\n"), "1.yaml:10:25"),
        (("  metrics:\n", "  dryRun: [{metricName: rror}]\n  metrics:\n"), "1.yaml:10:25"),
        (("  metrics:\n", "  dryRun: [{metricName: '('}]\n  metrics:\n"), "1.yaml:10:25"),
        (('{response_code!~"5.*",app="{{args.app}}"}', ""), "13:5"),
        (("sum(rate(istio_requests_total{", "up{"), "13:5"),
    ],
)
def test_a_metric_that_cannot_fail_or_says_nothing_is_no_criterion(change: tuple[str, str], place: str) -> None:
    text = changed(TEMPLATE, change).replace("\n            / sum(rate(istio_requests_total[5m]))", "")
    assert of(ROLLOUT, text, about=CRITERIA) == [f"criteria  certain {place}"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("failureLimit: 3", "failureLimit: '{{args.limit}}'"), ["criteria None inconclusive 1.yaml:8:21"]),
        (("0.95", "{{args.least}}"), ["criteria error-rate inferred 1.yaml:12:18"]),
        (("prometheus:\n          query", "datadog:\n          query"), ["criteria None inconclusive 1.yaml:11:9"]),
        (("istio_requests_total", "my_own_metric"), ["criteria None inconclusive 1.yaml:12:18"]),
        (
            ("failureLimit: 3", "failureLimit: -1\n      consecutiveSuccessLimit: 4"),
            ["criteria None inconclusive 1.yaml:9:32"],
        ),
        (
            ("successCondition:", "failureCondition: 'false'\n      successCondition:"),
            ["criteria None inconclusive 1.yaml:10:25"],
        ),
        (("istio_requests_total", "answer_quality"), ["criteria quality inferred 1.yaml:12:18"]),
    ],
)
def test_what_a_metric_measures_is_open_where_it_is_not_known(change: tuple[str, str], expected: list[str]) -> None:
    assert of(ROLLOUT, changed(TEMPLATE, change), about=CRITERIA) == expected


def job(command: str) -> str:
    head = TEMPLATE[: TEMPLATE.index("  metrics:")]
    return head + (
        "  metrics:\n  - name: j\n    provider:\n      job: {spec: {template: {spec: {containers: "
        f"[{{name: a, image: alpine, command: [sh, -c], args: [{command}]}}]}}}}}}}}\n"
    )


def test_a_job_that_always_succeeds_judges_nothing_and_any_other_may() -> None:
    assert of(ROLLOUT, job("exit 0"), about=CRITERIA) == ["criteria  certain 13:5"]
    assert of(ROLLOUT, job("python eval.py"), about=CRITERIA) == ["criteria None inconclusive 1.yaml:8:7"]
    indifferent = changed(job("python eval.py"), ("    provider:", "    successCondition: 'true'\n    provider:"))
    assert of(ROLLOUT, indifferent, about=CRITERIA) == ["criteria None inconclusive 1.yaml:9:7"]
    assert of(ROLLOUT, job("exit 0").replace("[{name: a", "[{name: b}, {name: a"), about=CRITERIA) == [
        "criteria None inconclusive 1.yaml:8:7"
    ]


def test_a_rollout_of_another_object_is_about_its_servers() -> None:
    text = ROLLOUT[: ROLLOUT.index("  selector")] + "  workloadRef: {kind: Deployment, name: vllm}\n"
    text += ROLLOUT[ROLLOUT.index("  strategy") :]
    found = read(rollout, text, TEMPLATE, DEPLOYMENT)
    assert {fact.workload for fact in found} == {"Deployment llm/vllm, container vllm"}
    assert [fact.certainty for fact in found] == ["certain", "certain"]
    alone = read(rollout, text, TEMPLATE)
    assert {(fact.certainty, fact.reason) for fact in alone} == {
        ("inconclusive", "the Deployment `vllm` is not in the evidence")
    }


def test_a_rollout_of_something_that_is_no_server_says_nothing_of_the_one_that_is() -> None:
    demo = ROLLOUT.replace(
        'image: "vllm/vllm-openai:v0.33.0", args: [--model, org/model]', "image: argoproj/rollouts-demo:blue"
    )
    demo = demo.replace("metadata: {name: vllm,", "metadata: {name: demo,")
    assert of(demo, TEMPLATE, DEPLOYMENT) == []
    assert reasons(read(rollout, demo, TEMPLATE)) == ["nothing says that its pods serve a model"] * 2


def test_the_worst_of_several_rollouts_is_there_to_see() -> None:
    other = changed(ROLLOUT, ("{name: vllm, namespace", "{name: b, namespace"), ("setWeight: 5\n", "setWeight: 100\n"))
    assert of(ROLLOUT, TEMPLATE, other, about=PERCENT) == [
        "percent 5 certain 17:22",
        "percent 100 certain 2.yaml:17:22",
    ]


# Flagger


def test_flagger_says_its_step_and_its_checks() -> None:
    found = read(rollout, FLAGGER, DEPLOYMENT)
    assert lines(found) == ["percent 5 certain 8:17", "criteria error-rate,latency-p99 certain 10:16"]
    assert {fact.workload for fact in found} == {"Deployment llm/vllm, container vllm"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("stepWeight: 5", "stepWeights: [1, 10]"), "percent 1 certain 8:19"),
        (("stepWeight: 5", "stepWeight: '${W}'"), "percent None inconclusive 8:17"),
        (("stepWeight: 5", "stepWeight: [1]"), "percent None inconclusive 8:17"),
        (("stepWeight: 5", "iterations: 10"), "percent 100 certain 8:17"),
        (("stepWeight: 5", "interval: 1m"), "percent 100 certain 8:15"),
        (
            ("stepWeight: 5", "iterations: 10\n    match: [{headers: {x: {exact: y}}}]"),
            "percent None inconclusive 8:17",
        ),
        (("  skipAnalysis: false", "  provider: kubernetes\n  skipAnalysis: false"), "percent 100 certain 9:17"),
        (("skipAnalysis: false", "skipAnalysis: true"), "percent 100 certain 6:17"),
        (("skipAnalysis: false", "skipAnalysis: '${SKIP}'"), "percent None inconclusive 6:17"),
        (("  analysis:", "  service:"), "percent None inconclusive 6:17"),
    ],
)
def test_flagger_has_a_first_weight(change: tuple[str, str], expected: str) -> None:
    assert of(changed(FLAGGER, change), DEPLOYMENT, about=PERCENT) == [expected]


def test_an_analysis_that_is_skipped_judges_nothing() -> None:
    text = changed(FLAGGER, ("skipAnalysis: false", "skipAnalysis: true"))
    assert of(text, DEPLOYMENT, about=CRITERIA) == ["criteria  certain 6:17"]
    open_ = changed(FLAGGER, ("skipAnalysis: false", "skipAnalysis: '${SKIP}'"))
    assert of(open_, DEPLOYMENT, about=CRITERIA) == ["criteria None inconclusive 6:17"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("{min: 99}", "{min: 0}"), ["criteria latency-p99 certain 11:16"]),
        (("{min: 99}", "{}"), ["criteria latency-p99 certain 11:16"]),
        (("{min: 99}", "{min: -1}"), ["criteria latency-p99 certain 11:16"]),
        (("{min: 99}", "{max: 100}, threshold: 99"), ["criteria latency-p99 certain 11:16"]),
        (("{max: 500}", "{min: 1}"), ["criteria error-rate certain 10:16"]),
        (
            ("{name: request-duration, ", "{name: mine, "),
            ["criteria error-rate certain 10:16", "criteria None inconclusive 11:16"],
        ),
        (
            ("{name: request-duration, ", "{name: q, templateRef: {name: quality}, "),
            ["criteria error-rate certain 10:16", "criteria None inconclusive 11:39"],
        ),
        (
            ("{name: request-duration, ", "{name: q, query: my_judge_score, "),
            ["criteria error-rate certain 10:16", "criteria quality inferred 11:26"],
        ),
    ],
)
def test_a_check_without_a_bound_is_none_and_one_that_is_not_known_is_left_open(
    change: tuple[str, str], expected: list[str]
) -> None:
    assert of(changed(FLAGGER, change), DEPLOYMENT, about=CRITERIA) == expected


def test_a_template_of_a_check_says_what_it_measures() -> None:
    text = changed(FLAGGER, ("{name: request-duration, ", "{name: q, templateRef: {name: quality}, "))
    template = (
        "apiVersion: flagger.app/v1beta1\nkind: MetricTemplate\n"
        "metadata: {name: quality, namespace: llm}\nspec: {query: 'avg(my_judge_score)'}\n"
    )
    assert of(text, DEPLOYMENT, template, about=CRITERIA) == [
        "criteria error-rate certain 10:16",
        "criteria quality inferred 2.yaml:4:15",
    ]


@pytest.mark.parametrize(
    ("hook", "opened"),
    [
        ("{name: gate, type: confirm-promotion, url: x}", True),
        ("{name: test, type: pre-rollout, url: x, metadata: {cmd: curl}}", True),
        ("{url: x}", True),
        ("{name: load, type: rollout, url: x, metadata: {cmd: hey -z 1m x}}", False),
        ("{name: told, type: event, url: x}", False),
        ("{name: back, type: rollback, url: x}", False),
    ],
)
def test_a_hook_that_may_stop_a_release_may_judge_by_anything(hook: str, opened: bool) -> None:
    found = of(FLAGGER + f"    webhooks: [{hook}]\n", DEPLOYMENT, about=CRITERIA)
    assert ("criteria None inconclusive" in " ".join(found)) is opened


def test_an_experiment_of_iter8_is_left_open() -> None:
    assert of("apiVersion: iter8.tools/v2beta1\nkind: Experiment\n") == [
        "percent None inconclusive 2:7",
        "criteria None inconclusive 2:7",
    ]


def test_what_a_kustomization_builds_counts() -> None:
    patch = (
        "kind: Kustomization\nresources: [0.yaml, 1.yaml]\npatches:\n- target: {kind: Rollout}\n"
        "  patch: '[{op: replace, path: /spec/strategy/canary/steps/0/setWeight, value: 60}]'\n"
    )
    assert [line.split()[1] for line in of(ROLLOUT, TEMPLATE, patch, about=PERCENT)] == ["60"]


# Attacks


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: null\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {strategy: 1}\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {strategy: {canary: {steps: {a: 1}, analysis: []}}}\n",
        (
            "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"
            "spec: {strategy: {canary: {steps: [null, 1, {setWeight: {}}, {analysis: 1}]}}}\n"
        ),
        (
            "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"
            "spec: {workloadRef: [], strategy: {blueGreen: {autoPromotionEnabled: []}}}\n"
        ),
        "apiVersion: argoproj.io/v1alpha1\nkind: List\nitems: [{apiVersion: argoproj.io/v1, kind: Rollout}]\n",
        "apiVersion: flagger.app/v1beta1\nkind: Canary\n",
        (
            "apiVersion: flagger.app/v1beta1\nkind: Canary\n"
            "spec: {targetRef: 1, analysis: {metrics: [1, {name: null}], webhooks: {}}}\n"
        ),
        "apiVersion: flagger.app/v1beta1\nkind: Canary\nspec: {targetRef: {name: a}, analysis: []}\n",
    ],
)
def test_no_shape_raises_or_proves_anything(text: str) -> None:
    assert {fact.certainty for fact in read(rollout, text)} <= {"inconclusive"}


def test_what_is_of_another_group_is_not_read() -> None:
    assert of("apiVersion: example.com/v1\nkind: Rollout\nspec: {strategy: {canary: {}}}\n") == []
    assert of("apiVersion: argoproj.io/v1alpha1\nkind: Application\n") == []
    assert of("a: 1\n") == []
