"""The reader of observability: where a collector sends what it gets, and what it does to it before."""

from __future__ import annotations

import pytest

from psfpolicy.evidence.readers import observability
from tests.unit.evidence.observed import lines, read, reasons

EXPORTS = "spec.observability.exports"
SAMPLING = "spec.observability.tracing.sampling"
REDACTION = "spec.inputs.log.piiRedaction"
STORE = "spec.security.secrets.store"
CONFIG = """\
receivers:
  otlp: {protocols: {grpc: {endpoint: "0.0.0.0:4317"}}}
processors:
  batch:
  probabilistic_sampler: {sampling_percentage: 10}
  redaction: {allow_all_keys: true, blocked_values: ["4[0-9]{12}"]}
exporters:
  otlp/tempo:
    endpoint: tempo.obs:4317
    tls: {insecure: true}
  otlphttp/us:
    endpoint: https://otlp.us.example.com
  debug:
    verbosity: detailed
connectors:
  spanmetrics:
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [batch]
      exporters: [otlp/tempo]
"""


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def of(*texts: str, about: str = EXPORTS) -> list[str]:
    return lines(read(observability, *texts), about)


# Exporters


def test_only_exporters_that_a_pipeline_uses_export() -> None:
    assert of(CONFIG) == [
        "exports name=otlp/tempo kind=otlp endpoint=tempo.obs:4317 tls=False carries=traces certain 9:15"
    ]


def test_a_second_exporter_in_a_pipeline_is_an_export_at_its_address() -> None:
    text = changed(CONFIG, ("exporters: [otlp/tempo]", "exporters: [otlp/tempo, otlphttp/us]"))
    assert of(text)[1] == (
        "exports name=otlphttp/us kind=otlp endpoint=https://otlp.us.example.com tls=True carries=traces certain 12:15"
    )


def test_an_exporter_carries_the_signals_of_every_pipeline_that_uses_it() -> None:
    text = CONFIG + "    metrics: {receivers: [otlp], exporters: [otlp/tempo]}\n"
    text += "    logs/audit: {receivers: [otlp], exporters: [otlp/tempo]}\n"
    assert "carries=metrics,traces,logs certain" in of(text)[0]


def test_a_connector_leads_into_another_pipeline_and_exports_nothing() -> None:
    text = changed(CONFIG, ("exporters: [otlp/tempo]", "exporters: [spanmetrics]"))
    text += "    metrics: {receivers: [spanmetrics], exporters: [otlp/tempo]}\n"
    assert of(text) == [
        "exports name=otlp/tempo kind=otlp endpoint=tempo.obs:4317 tls=False carries=metrics certain 9:15"
    ]


def test_a_debug_exporter_that_prints_more_than_counts_is_an_export_to_the_console() -> None:
    text = changed(CONFIG, ("exporters: [otlp/tempo]", "exporters: [otlp/tempo, debug]"))
    assert of(text)[-1] == "exports name=debug kind=console carries=traces certain 14:16"
    assert len(of(changed(text, ("verbosity: detailed", "verbosity: basic")))) == 1
    assert len(of(changed(text, ("    verbosity: detailed\n", "")))) == 1


@pytest.mark.parametrize("name", ["debug", "file", "nop"])
def test_a_signal_that_ends_in_nothing_that_keeps_it_is_left_open(name: str) -> None:
    text = changed(CONFIG, ("exporters: [otlp/tempo]", f"exporters: [{name}]"), ("  debug:\n", f"  {name}:\n"))
    found = read(observability, text)
    assert "the pipelines of traces end in nothing that keeps what it is sent" in reasons(found, EXPORTS)
    assert lines(found, SAMPLING) == []


@pytest.mark.parametrize(
    ("endpoint", "settings", "tls"),
    [
        ("tempo:4317", "tls: {}", "tls=True "),
        ("tempo:4317", "timeout: 1s", "tls=True "),
        ("tempo:4317", "tls: {insecure: false}", "tls=True "),
        ("http://tempo:4317", "timeout: 1s", "tls=False "),
        ("https://tempo:4317", "timeout: 1s", "tls=True "),
        ("https://tempo:4317", "tls: {insecure: true}", ""),
        ("http://tempo:4317", "tls: {insecure: false}", "tls=False "),
        ("tempo:4317", 'tls: "${env:TLS}"', ""),
        ("tempo:4317", 'tls: {insecure: "${env:PLAIN}"}', ""),
        ("dns:///tempo:4317", "timeout: 1s", ""),
        ("dns:///tempo:4317", "tls: {insecure: false}", ""),
    ],
)
def test_tls_is_said_by_the_scheme_or_by_the_settings(endpoint: str, settings: str, tls: str) -> None:
    text = changed(CONFIG, ("tempo.obs:4317", endpoint), ("tls: {insecure: true}", settings))
    assert of(text) == [f"exports name=otlp/tempo kind=otlp endpoint={endpoint} {tls}carries=traces certain 9:15"]


def test_an_exporter_that_encrypts_by_its_address_is_not_encrypted_by_a_setting() -> None:
    text = changed(
        CONFIG, ("otlp/tempo", "clickhouse"), ("tempo.obs:4317", "tcp://db:9000"), ("insecure: true", "insecure: false")
    )
    assert of(text) == ["exports name=clickhouse kind=other endpoint=tcp://db:9000 carries=traces certain 9:15"]


def test_tls_that_nobody_checks_is_no_proof_of_it() -> None:
    text = changed(CONFIG, ("{insecure: true}", "{insecure_skip_verify: true}"))
    assert of(text) == [
        "exports name=otlp/tempo kind=otlp endpoint=tempo.obs:4317 carries=traces certain 9:15",
        "exports name=otlp/tempo endpoint=tempo.obs:4317 inconclusive 10:33",
    ]


@pytest.mark.parametrize("written", ["${env:HOST}:4317", "${HOST:-tempo}:4317", "$HOST", "{{ .Values.host }}:4317"])
def test_an_address_that_is_filled_in_elsewhere_decides_nothing(written: str) -> None:
    found = read(observability, changed(CONFIG, ("endpoint: tempo.obs:4317", f'endpoint: "{written}"')))
    assert lines(found, EXPORTS) == ["exports name=otlp/tempo inconclusive 9:15"]
    assert reasons(found, EXPORTS)[0].endswith("is filled in elsewhere")


def test_an_address_shows_no_secret() -> None:
    text = changed(CONFIG, ("tempo.obs:4317", "https://me:hunter2secret@tempo.obs:4317/v1?token=abcdef"))
    found = read(observability, text)
    assert "endpoint=https://tempo.obs:4317/v1 " in lines(found, EXPORTS)[0]
    assert lines(found, STORE) == ["store none certain 9:15"]
    assert "hunter2secret" not in repr([(fact.value, fact.shown, fact.reason) for fact in found])
    assert "abcdef" not in repr([(fact.value, fact.shown, fact.reason) for fact in found])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("headers: {authorization: Bearer s3cr3t-0123456789}", "store none certain"),
        ("headers: {X-API-Key: abc0123def456}", "store none certain"),
        ("api: {key: 0123456789abcdef0123456789abcdef}", "store none certain"),
        ('headers: {authorization: "Bearer ${env:TOKEN}"}', "store None inconclusive"),
        ("headers: {authorization: <token>}", "store None inconclusive"),
    ],
)
def test_a_secret_that_is_written_in_an_exporter_is_told_and_never_shown(settings: str, expected: str) -> None:
    found = read(observability, changed(CONFIG, ("tls: {insecure: true}", settings)))
    assert [line.rpartition(" ")[0] for line in lines(found, STORE)] == [expected]
    assert not any(word in repr([(f.value, f.shown) for f in found]) for word in ("s3cr3t", "abc0123", "0123456789abc"))


def test_exporters_are_of_the_kind_that_their_type_says() -> None:
    text = CONFIG.replace(
        "exporters: [otlp/tempo]", "exporters: [datadog, splunk_hec, clickhouse, opensearch, prometheus]"
    )
    text = text.replace(
        "  debug:\n",
        "  datadog: {api: {site: datadoghq.eu}}\n  splunk_hec: {endpoint: 'https://splunk:8088'}\n"
        "  clickhouse: {endpoint: 'tcp://ch:9000'}\n  opensearch: {http: {endpoint: 'http://os:9200'}}\n"
        "  prometheus: {endpoint: '0.0.0.0:8889'}\n  debug:\n",
    )
    assert of(text) == [
        "exports name=datadog kind=datadog endpoint=https://api.datadoghq.eu tls=True carries=traces certain 13:25",
        "exports name=splunk_hec kind=splunk endpoint=https://splunk:8088 tls=True carries=traces certain 14:26",
        "exports name=clickhouse kind=other endpoint=tcp://ch:9000 carries=traces certain 15:26",
        "exports name=opensearch kind=other endpoint=http://os:9200 tls=False carries=traces certain 16:33",
        "exports name=prometheus inconclusive 17:26",
    ]


def test_an_exporter_has_an_address_for_each_signal_that_it_says() -> None:
    text = changed(
        CONFIG,
        ("exporters: [otlp/tempo]", "exporters: [otlphttp/us]"),
        ("    endpoint: https://otlp.us", "    traces_endpoint: https://traces.eu/v1\n    endpoint: https://otlp.us"),
    )
    text = text.replace("https://otlp.us.example.com", "https://m.eu/v1")
    text += "    metrics: {receivers: [otlp], exporters: [otlphttp/us]}\n"
    assert of(text) == [
        "exports name=otlphttp/us kind=otlp endpoint=https://traces.eu/v1 tls=True carries=traces certain 12:22",
        "exports name=otlphttp/us kind=otlp endpoint=https://m.eu/v1 tls=True carries=metrics certain 13:15",
    ]


def test_a_signal_that_the_descriptor_has_no_word_for_is_left_open() -> None:
    found = read(observability, changed(CONFIG, ("    traces:\n", "    profiles:\n")))
    assert reasons(found, EXPORTS) == ["it takes along only signals that the descriptor has no word for"]


# Wholes and parts


@pytest.mark.parametrize(
    "change",
    [
        ('receivers:\n  otlp: {protocols: {grpc: {endpoint: "0.0.0.0:4317"}}}\n', ""),
        ("      receivers: [otlp]\n", ""),
        ("receivers: [otlp]\n", "receivers: [jaeger]\n"),
        ("processors: [batch]", "processors: [batch, memory_limiter]"),
    ],
)
def test_of_a_part_nothing_is_certain_and_nothing_follows_from_what_is_absent(change: tuple[str, str]) -> None:
    found = read(observability, changed(CONFIG, change))
    assert {fact.certainty for fact in found} == {"inferred"}
    assert lines(found, SAMPLING) == []


def test_an_exporter_that_another_part_describes_is_left_open() -> None:
    text = "service: {pipelines: {traces: {exporters: [debug, otlp/x]}}}\nexporters: {otlp/x: {endpoint: 'x:1'}}\n"
    assert of(text) == [
        "exports name=debug inconclusive 1:44",
        "exports name=otlp/x kind=otlp endpoint=x:1 tls=True carries=traces inferred 2:32",
    ]


def test_a_part_in_the_evidence_lies_over_a_whole() -> None:
    part = "exporters: {otlp/tempo: {endpoint: 'evil.example.com:4317'}}\nservice: {pipelines: {}}\n"
    found = read(observability, CONFIG, part)
    assert {fact.certainty for fact in found if fact.path[-1] == "exports"} == {"inferred"}
    assert lines(found, SAMPLING) == []


def indented(text: str, width: int) -> str:
    return "".join(" " * width + line for line in text.splitlines(keepends=True))


def test_a_configuration_in_a_config_map_is_read_at_its_own_lines() -> None:
    text = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: obs}\ndata:\n"
        "  note: exporters are fun\n  c.yaml: |\n"
    )
    found = read(observability, text + indented(CONFIG, 4))
    assert lines(found, EXPORTS) == [
        "exports name=otlp/tempo kind=otlp endpoint=tempo.obs:4317 tls=False carries=traces certain 15:19"
    ]
    assert {fact.subject for fact in found} == {"ConfigMap obs/conf, c.yaml"}


@pytest.mark.parametrize(("version", "key"), [("v1alpha1", "  config: |\n"), ("v1beta1", "  config:\n")])
def test_a_collector_of_the_operator_is_read_as_text_and_as_a_map(version: str, key: str) -> None:
    head = f"apiVersion: opentelemetry.io/{version}\nkind: OpenTelemetryCollector\nmetadata: {{name: gw}}\nspec:\n{key}"
    assert of(head + indented(CONFIG, 4)) == [
        "exports name=otlp/tempo kind=otlp endpoint=tempo.obs:4317 tls=False carries=traces certain 14:19"
    ]
    listed = "apiVersion: v1\nkind: List\nitems:\n- " + indented(head + indented(CONFIG, 4), 2).lstrip()
    assert len(of(listed)) == 1


def test_a_collector_that_is_told_of_another_configuration_is_not_certain() -> None:
    head = (
        "apiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\nspec:\n"
        "  args: {config: /x.yaml}\n  config:\n"
    )
    assert {fact.certainty for fact in read(observability, head + indented(CONFIG, 4))} == {"inferred"}


@pytest.mark.parametrize(
    "head", ["config:\n", "opentelemetry-collector:\n  config:\n", "collectors:\n  a:\n    config:\n"]
)
def test_values_of_a_chart_are_inferred(head: str) -> None:
    found = read(observability, "mode: deployment\n" + head + indented(CONFIG, 8))
    assert [(fact.certainty, fact.path[-1]) for fact in found] == [("inferred", "exports")]


@pytest.mark.parametrize("broken", ["{{ if .Values.x }}", "bad: ["])
def test_a_text_that_cannot_be_read_is_left_open(broken: str) -> None:
    head = "apiVersion: v1\nkind: ConfigMap\ndata:\n  c.yaml: |\n"
    found = read(observability, head + indented(f"{broken}\n{CONFIG}", 4))
    assert lines(found) == ["exports None inconclusive 4:11"]
    assert reasons(found) == ["the configuration is a template, or cannot be read"]


# Sampling


def test_a_collector_that_leaves_no_request_out_is_inferred_to_sample_all() -> None:
    assert of(CONFIG, about=SAMPLING) == ["sampling 1 inferred 22:19"]


SERVER = """\
apiVersion: v1
kind: Pod
metadata: {name: vllm}
spec:
  containers:
    - name: vllm
      image: vllm/vllm-openai:v0.33.0
      env: [{name: OTEL_TRACES_SAMPLER, value: traceidratio}]
"""


@pytest.mark.parametrize(
    "before",
    [
        SERVER,
        SERVER.replace("value: traceidratio", "valueFrom: {configMapKeyRef: {name: a, key: b}}"),
        "apiVersion: opentelemetry.io/v1alpha1\nkind: Instrumentation\nspec: {sampler: {type: traceidratio}}\n",
    ],
)
def test_a_sampler_before_the_collector_leaves_the_share_open(before: str) -> None:
    assert of(CONFIG, before, about=SAMPLING) == ["sampling None inconclusive 22:19"]
    for all_ in ("always_on", "parentbased_always_on"):
        if "traceidratio" in before:
            assert of(CONFIG, before.replace("traceidratio", all_), about=SAMPLING) == ["sampling 1 inferred 22:19"]


@pytest.mark.parametrize(
    ("ttl", "expected"),
    [
        ("730h", ["retentionDays 30 inferred 8:21"]),
        ("23h", ["retentionDays 0 inferred 8:21"]),
        ("'${T}'", []),
        ("null", []),
    ],
)
def test_how_long_traces_are_kept_is_inferred_from_what_tables_are_made_with(ttl: str, expected: list[str]) -> None:
    text = changed(
        CONFIG, ("  otlp/tempo:\n", f"  clickhouse: {{ttl: {ttl}, endpoint: 'tcp://a:9000'}}\n  otlp/tempo:\n")
    )
    text = changed(text, ("exporters: [otlp/tempo]", "exporters: [otlp/tempo, clickhouse]"))
    assert of(text, about="spec.observability.tracing.retentionDays") == expected


def test_a_sampler_in_the_pipeline_says_the_share() -> None:
    text = changed(CONFIG, ("processors: [batch]", "processors: [probabilistic_sampler, batch]"))
    assert of(text, about=SAMPLING) == ["sampling 0.1 certain 5:48"]


@pytest.mark.parametrize("written", ["'${env:SHARE}'", "null", "1000", "-1", "[]"])
def test_a_share_that_is_not_known_decides_nothing(written: str) -> None:
    text = changed(
        CONFIG,
        ("processors: [batch]", "processors: [probabilistic_sampler]"),
        ("percentage: 10", f"percentage: {written}"),
    )
    assert of(text, about=SAMPLING) == ["sampling None inconclusive 5:48"]


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ("tail_sampling: {policies: [{name: a, type: always_sample}]}", "sampling 1 inferred 22:19"),
        ("tail_sampling: {policies: [{name: a, type: latency}]}", "sampling None inconclusive 21:20"),
        ("tail_sampling:", "sampling None inconclusive 21:20"),
        ("filter: {traces: {span: ['true']}}", "sampling None inconclusive 21:20"),
        ("somebodys_own: {}", "sampling None inconclusive 21:20"),
        ("transform/texts: {}", "sampling 1 inferred 22:19"),
    ],
)
def test_what_decides_by_the_trace_is_left_open(described: str, expected: str) -> None:
    name = described.partition(":")[0]
    text = changed(CONFIG, ("  batch:\n", f"  {described}\n"), ("processors: [batch]", f"processors: [{name}]"))
    assert of(text, about=SAMPLING) == [expected]


def test_a_sampler_before_a_connector_counts_and_one_beside_it_differs() -> None:
    text = changed(
        CONFIG,
        (
            "processors: [batch]\n      exporters: [otlp/tempo]",
            "processors: [probabilistic_sampler]\n      exporters: [spanmetrics]",
        ),
    )
    text += "    traces/out: {receivers: [spanmetrics], exporters: [otlp/tempo]}\n"
    assert of(text, about=SAMPLING) == ["sampling 0.1 certain 5:48"]
    beside = text + "    traces/all: {receivers: [otlp], exporters: [otlphttp/us]}\n"
    assert of(beside, about=SAMPLING) == ["sampling None inconclusive 5:48"]
    also = text.replace("receivers: [spanmetrics]", "receivers: [spanmetrics, otlp]")
    assert of(also, about=SAMPLING) == ["sampling None inconclusive 5:48"]


def test_pipelines_that_feed_each_other_in_a_circle_end() -> None:
    text = changed(
        CONFIG, ("receivers: [otlp]\n", "receivers: [spanmetrics]\n"), ("[otlp/tempo]", "[otlp/tempo, spanmetrics]")
    )
    assert len(of(text)) == 1


# Redaction

LOGS = CONFIG + "    logs: {receivers: [otlp], processors: [redaction], exporters: [otlp/tempo]}\n"


def test_a_processor_that_takes_out_is_inferred_to_redact_where_it_is_in_the_pipeline() -> None:
    assert of(LOGS, about=REDACTION) == ["piiRedaction True inferred 23:44"]
    assert of(changed(LOGS, ("processors: [redaction]", "processors: []")), about=REDACTION) == [
        "piiRedaction None inconclusive 23:59"
    ]


@pytest.mark.parametrize(
    "settings", ["{allow_all_keys: true}", "{blocked_values: []}", "null", "{allow_all_keys: true, allowed_keys: [a]}"]
)
def test_a_processor_without_anything_to_take_out_proves_nothing(settings: str) -> None:
    text = changed(LOGS, ('{allow_all_keys: true, blocked_values: ["4[0-9]{12}"]}', settings))
    assert of(text, about=REDACTION) == ["piiRedaction None inconclusive 23:44"]


def test_one_way_past_the_processor_is_enough_to_leave_it_open() -> None:
    text = LOGS + "    logs/raw: {receivers: [otlp], exporters: [otlp/tempo]}\n"
    assert [line.partition(" incon")[0] for line in of(text, about=REDACTION)] == ["piiRedaction None"]


# Attacks


@pytest.mark.parametrize(
    "text",
    [
        "receivers: null\nexporters: null\nservice: null\n",
        "exporters: {}\n",
        "exporters: {otlp: null}\nservice: {pipelines: {traces: null, metrics: [], logs: {exporters: otlp}}}\n",
        (
            "receivers: {otlp: null}\nexporters: {otlp: null}\n"
            "service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp, {}, null, [1]]}}}\n"
        ),
        (
            "receivers: []\nexporters: {otlp: [1]}\n"
            "service: {pipelines: {traces: {receivers: 1, processors: 2, exporters: [otlp]}}}\n"
        ),
        "a: &a {endpoint: x}\nexporters: {otlp: *a}\n",
        (
            "apiVersion: v1\nkind: ConfigMap\n"
            "data: {a: 'exporters: [', b: 'pipelines: {}', c: 1, d: null, e: 'exporters: {{ x }}'}\n"
        ),
        "apiVersion: opentelemetry.io/v1\nkind: OpenTelemetryCollector\nspec: null\n",
        "apiVersion: opentelemetry.io/v1\nkind: OpenTelemetryCollector\nspec: {config: 12}\n",
        "config: 1\n",
        "- exporters\n",
    ],
)
def test_no_shape_raises_or_proves_anything(text: str) -> None:
    assert {fact.certainty for fact in read(observability, text)} <= {"inconclusive", "inferred"}


def test_what_only_looks_like_a_configuration_is_not_one() -> None:
    assert read(observability, "receivers: {a: 1}\nroute: {receiver: a}\n") == []
    assert read(observability, "exporters: {otlp: {}}\nservices: {web: {image: x}}\n") == []


def test_aliases_stand_where_they_are_written() -> None:
    text = changed(
        CONFIG,
        (
            "  otlphttp/us:\n    endpoint: https://otlp.us.example.com\n",
            "  otlp/b: &b {endpoint: 'b:1'}\n  otlp/c: *b\n",
        ),
    )
    text = changed(text, ("exporters: [otlp/tempo]", "exporters: [otlp/c]"))
    assert "name=otlp/c kind=otlp endpoint=b:1" in of(text)[0]


def test_a_long_chain_of_pipelines_is_cut() -> None:
    names = [f"c{index}" for index in range(12)]
    text = (
        "receivers: {otlp: {}}\nexporters: {otlp: {endpoint: 'a:1'}}\nconnectors: {"
        + ", ".join(f"{n}: {{}}" for n in names)
        + "}\n"
    )
    text += "service:\n  pipelines:\n"
    for index, name in enumerate(names):
        before = names[:index] or ["otlp"]
        for side in "ab":
            text += f"    traces/{name}{side}: {{receivers: [{', '.join(before)}], exporters: [{name}]}}\n"
    text += f"    traces/end: {{receivers: [{', '.join(names)}], exporters: [otlp]}}\n"
    assert len(of(text)) == 1


def test_an_exporter_that_names_no_site_of_datadog_probably_sends_to_the_default_one() -> None:
    text = CONFIG.replace("exporters: [otlp/tempo]", "exporters: [datadog]").replace(
        "  debug:\n", "  datadog: {}\n  debug:\n"
    )
    (found,) = of(text)
    assert found.startswith("exports name=datadog kind=datadog endpoint=https://api.datadoghq.com ")
    assert " inferred " in found


# What a collector tells of itself

OWN = """\
service:
  telemetry:
    metrics:
      readers: [{periodic: {exporter: {otlp: {endpoint: "%s"}}}}, {pull: {exporter: {prometheus: {port: 1}}}}]
    logs:
      processors: [{batch: {exporter: {otlp: {endpoint: "%s"}}}}]
"""


def test_what_a_collector_tells_of_itself_is_an_export() -> None:
    written = "https://otel.example.net:4318"
    found = of(changed(CONFIG, ("service:\n", OWN % (written, written))))

    export = "exports name=service.telemetry kind=otlp endpoint=https://otel.example.net:4318"
    assert found[1:] == [f"{export} tls=True carries=metrics,logs certain 20:57"]


def test_a_place_for_itself_that_is_filled_in_elsewhere_decides_nothing() -> None:
    found = of(changed(CONFIG, ("service:\n", OWN % ("${env:A}", "otel.obs:4317"))))

    assert ["inconclusive" in each for each in found[1:]] == [True, False]
