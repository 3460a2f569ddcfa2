"""The reader of observability: which alerts there are, and what they watch."""

from __future__ import annotations

import pytest

from psfpolicy.evidence.observing.signals import watched
from psfpolicy.evidence.readers import observability
from tests.unit.evidence.observed import lines, read, reasons

ALERTS = "spec.observability.alerts"
LATENCY = "histogram_quantile(0.99, sum by (le) (rate(vllm:e2e_request_latency_seconds_bucket[5m]))) > 30"
ERRORS = 'sum(rate(istio_requests_total{response_code=~"5.."}[5m])) / sum(rate(istio_requests_total[5m])) > 0.05'


def rules(*alerts: str, head: str = "groups:\n- name: g\n  rules:\n") -> str:
    return head + "".join(f"  - {each}\n" for each in alerts)


def alert(expr: str, name: str = "A", more: str = "") -> str:
    return f"{{alert: {name}, expr: {expr!r}{more}}}"


def one(expr: str, more: str = "") -> str:
    (found,) = lines(read(observability, rules(alert(expr, more=more))), ALERTS)
    return found


def test_an_alert_says_its_signal_at_its_query_and_whom_it_calls() -> None:
    assert one(LATENCY, ", labels: {severity: page, owner: ml-oncall}") == (
        "alerts name=A owner=ml-oncall signal=latency-p99 certain 4:22"
    )


@pytest.mark.parametrize(
    "kind",
    [
        "monitoring.coreos.com/v1:PrometheusRule",
        "operator.victoriametrics.com/v1beta1:VMRule",
        "monitoring.googleapis.com/v1:Rules",
    ],
)
def test_rules_are_read_in_every_kind_of_object_that_holds_them(kind: str) -> None:
    version, _, name = kind.rpartition(":")
    head = f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: r}}\nspec:\n  groups:\n  - name: g\n    rules:\n"
    text = head + f"    - {alert(LATENCY)}\n"
    assert lines(read(observability, text), ALERTS) == ["alerts name=A signal=latency-p99 certain 8:24"]
    assert read(observability, text.replace(version.split("/")[0], "example.com")) == []


def test_rules_are_read_in_a_config_map_and_in_values_of_a_chart() -> None:
    inner = rules(alert(LATENCY))
    text = "apiVersion: v1\nkind: ConfigMap\ndata:\n  r.yaml: |\n" + "".join(
        f"    {line}\n" for line in inner.splitlines()
    )
    assert lines(read(observability, text), ALERTS) == ["alerts name=A signal=latency-p99 certain 8:26"]
    values = "additionalPrometheusRulesMap:\n  r:\n" + "".join(f"    {line}\n" for line in inner.splitlines())
    assert lines(read(observability, values), ALERTS) == ["alerts name=A signal=latency-p99 inferred 6:26"]
    nested = "kube-prometheus-stack:\n" + "".join(f"  {line}\n" for line in values.splitlines())
    assert lines(read(observability, nested), ALERTS) == ["alerts name=A signal=latency-p99 inferred 7:28"]


def test_a_rule_that_records_is_no_alert() -> None:
    assert lines(read(observability, rules("{record: a, expr: 'up'}", alert(ERRORS))), ALERTS) == [
        "alerts name=A signal=error-rate certain 5:22"
    ]


@pytest.mark.parametrize(
    "expr", ["", "vector(0)", "vector(0) > 1", "1 > 2", f"({LATENCY}) * 0", "vllm:num_requests_waiting > Inf", "# up"]
)
def test_an_alert_that_can_never_fire_is_none(expr: str) -> None:
    found = read(observability, rules(alert(expr)))
    assert [(fact.value, fact.certainty) for fact in found] == [({"name": "A"}, "inconclusive")]
    assert found[0].reason.startswith("the alert can never fire: ")


def test_an_alert_that_compares_with_nothing_or_waits_for_days_is_only_inferred() -> None:
    assert " inferred " in one(LATENCY.removesuffix(" > 30"))
    assert " inferred " in one(LATENCY, ", for: 30d")
    assert " certain " in one(LATENCY, ", for: 10m")


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (LATENCY, ("latency-p99", "")),
        (LATENCY.replace("0.99", "0.5"), ("", "")),
        (LATENCY.replace("0.99", "0.95"), ("", "")),
        (LATENCY.replace("0.99", "0.999"), ("latency-p99", "")),
        ("rate(vllm:e2e_request_latency_seconds_sum[5m]) > 1", ("", "")),
        (
            LATENCY.replace("e2e_request_latency", "time_to_first_token"),
            ("latency-p99", "a part of the signal, or what stands for it"),
        ),
        (ERRORS, ("error-rate", "")),
        ('rate(istio_requests_total{response_code!~"5.."}[5m]) < 0.95', ("error-rate", "")),
        ("rate(istio_requests_total[5m]) > 100", ("", "")),
        ('rate(istio_requests_total{response_code="200"}[5m]) > 100', ("", "")),
        ('{__name__="tgi_request_failure"} > 1', ("error-rate", "")),
        ('{job="x", __name__="tgi_request_failure"} > 1', ("error-rate", "")),
        ("DCGM_FI_DEV_GPU_UTIL > 95", ("gpu-utilization", "")),
        ("vllm:num_requests_waiting > 50", ("", "")),
        ("vllm:kv_cache_usage_perc > 0.95", ("", "")),
        ('count(up{job="vllm"} == 1) < 2', ("", "")),
        ("my_judge_score < 0.8", ("quality-drop", "the name of the metric says so")),
        ("sum(increase(litellm_spend_metric[1h])) > 50", ("cost-anomaly", "")),
    ],
)
def test_what_a_query_watches(expr: str, expected: tuple[str, str]) -> None:
    assert watched(expr)[:2] == expected
    assert watched(expr).unknown == ""


@pytest.mark.parametrize(
    "expr",
    ["job:errors:ratio5m > 1", "{{ .Values.metric }} > 1", f"{ERRORS} or DCGM_FI_DEV_GPU_UTIL > 1", '{job="x"} > 1'],
)
def test_a_query_for_something_else_is_not_known(expr: str) -> None:
    found = watched(expr)
    assert found.signal == ""
    assert found.unknown or found.idle


def test_words_in_labels_and_groupings_are_no_metrics() -> None:
    expr = 'sum by (tgi_request_failure) (up{a="DCGM_FI_DEV_GPU_UTIL > 1"}) > 1 # tgi_request_failure'
    assert watched(expr).signal == ""
    assert watched("sum(up) by (drift, abuse) > on (quality) group_left (x) up").signal == ""


def test_an_alert_that_nothing_is_known_of_has_its_name_alone() -> None:
    assert one("job:errors:ratio5m > 1") == "alerts name=A certain 4:13"


def test_a_name_from_a_template_decides_nothing() -> None:
    text = rules("{alert: '{{ .Values.name }}', expr: 'up == 0'}", alert(LATENCY, more=", labels: {owner: '{{ x }}'}"))
    found = read(observability, text)
    assert lines(found) == ["alerts None inconclusive 4:13", "alerts name=A signal=latency-p99 certain 5:22"]
    assert reasons(found)[0] == "`{{ .Values.name }}` is filled in elsewhere"


@pytest.mark.parametrize(
    "text",
    [
        "groups: null\n",
        "groups: []\n",
        "groups: [{name: a}]\n",
        "groups: [{name: a, rules: null}]\n",
        "groups: [{name: a, rules: [null, 1, [], {alert: null}, {alert: []}, {alert: '', expr: up}]}]\n",
        "groups: [{name: a, rules: {alert: A}}]\n",
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: null\n",
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: {groups: [1]}\n",
        "apiVersion: v1\nkind: ConfigMap\ndata: {a: 'groups: rules: [', b: \"groups: 1\\nrules: 2\"}\n",
        "prometheus: {url: x}\nrules: {default: false, custom: [{seriesQuery: 'x', metricsQuery: 'y'}]}\n",
        "additionalPrometheusRulesMap: {a: null, b: {groups: [{name: x, rules: []}]}}\n",
    ],
)
def test_no_shape_raises_or_is_an_alert(text: str) -> None:
    assert read(observability, text) == []


def test_a_query_of_any_length_is_read_in_a_moment() -> None:
    assert watched("((((" * 50_000).idle
    assert watched('"' * 50_000 + "{" * 50_000).signal == ""
    assert watched("histogram_quantile(0.9.9, x) > " + "1" * 5_000).signal == ""


@pytest.mark.parametrize(
    ("query", "signal"),
    [
        ('litellm_proxy_total_requests_metric{status_code=~"5.."}', "error-rate"),
        ('http_requests_total{status=~"5.."}', "error-rate"),
        # Nothing has such a label, and a comparison with it matches no series.
        ('istio_requests_total{status="500"}', ""),
        ('http_requests_total{response_code="500"}', ""),
    ],
)
def test_requests_that_failed_are_told_by_the_label_that_the_counter_has(query: str, signal: str) -> None:
    assert watched(f"rate({query}[5m]) > 1").signal == signal


def test_up_is_the_name_of_a_metric_and_begins_no_others() -> None:
    assert not watched("up == 0").unknown
    assert watched("upstream_failures_total > 0").unknown
