"""The reader of policies of the network: what leaves the pods that serve a model, and what proves nothing of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import network_policy
from psfpolicy.source import Text

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact

SERVER = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm, namespace: llm}
spec:
  selector: {matchLabels: {app: vllm}}
  template:
    metadata:
      labels: {app: vllm}
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.33.0
          args: [--model, org/model]
"""
WORKLOAD = "Deployment llm/vllm, container vllm"
HEAD = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: llm}
"""
DENY = HEAD + "spec: {podSelector: {}, policyTypes: [Egress]}\n"
CILIUM = """\
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: cilium, namespace: llm}
"""
UNBOUND = "policies do not bind a pod on the network of its node, and whether it is there is not known"
REFUSED = frozenset(
    {
        "`toEntities` cannot be read",
        "it names no range",
        "neither a name nor a pattern can be read",
        "the rule cannot be read",
        "the value is no entity that is known",
        "the value is not a range of addresses",
        "whom it names cannot be read",
    }
)
NO_POLICY = "no policy of the evidence selects its pods for egress; one that is not among it may"


def read(*texts: str, plain: tuple[Text, ...] = ()) -> list[Fact]:
    documents = tuple(
        document
        for index, text in enumerate(texts)
        for document in source.read(text.encode(), file=f"{index}.yaml" if index else "k.yaml")
    )
    project = Project(documents, plain)
    return [fact for each in documents if network_policy.reads(each) for fact in network_policy.facts(each, project)]


def lines(*texts: str) -> list[str]:
    """Write facts as lines: key, value or reason, certainty, place; the policies are the first file."""
    return [line(fact) for fact in read(*texts)]


def line(fact: Fact) -> str:
    region = fact.place.region
    file = "" if fact.place.file == "k.yaml" else f"{fact.place.file}:"
    value = fact.value
    if isinstance(value, dict):
        to = value["to"]
        assert isinstance(to, dict)
        value = f"{next(iter(to))}={next(iter(to.values()))} {value.get('ports', 'all')}"
    said = fact.reason if fact.certainty == "inconclusive" else value
    return f"{fact.path[-1]} {said} {fact.certainty} {file}{region.start_line}:{region.start_column}"


def policy(spec: str, head: str = HEAD) -> str:
    return f"{head}spec: {spec}\n"


def egress(rules: str) -> list[str]:
    """Give what rules below `egress` open, the key alone in its line."""
    return lines(f"{HEAD}spec: {{podSelector: {{}}, policyTypes: [Egress], egress:\n{rules}}}\n", SERVER)


def denied(expected: list[str], where: str) -> list[str]:
    """Give what there is to say of the default beside some openings, for a policy that denies the rest."""
    if any(each.startswith("default allow") for each in expected):
        return []
    reasons = {each.removeprefix("rules ").rpartition(" inconclusive ")[0] for each in expected}
    lacks = [f"default {reason}, so the cluster may refuse the policy inconclusive" for reason in reasons & REFUSED]
    return [f"{lack} {where}" for lack in lacks or ["default deny certain"]]


# What a NetworkPolicy denies


def test_a_policy_for_egress_denies_what_it_does_not_name() -> None:
    (fact,) = read(DENY, SERVER)
    assert line(fact) == "default deny certain 4:39"
    assert (fact.subject, fact.workload, fact.reader, fact.document) == (
        "NetworkPolicy llm/closed",
        WORKLOAD,
        "network_policy",
        0,
    )


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{podSelector: {}, policyTypes: [Egress], egress: []}", "default deny certain 4:48"),
        ("{podSelector: {}, policyTypes: [Egress], egress: null}", "default deny certain 4:48"),
        ("{podSelector: {}, policyTypes: [Ingress, Egress]}", "default deny certain 4:48"),
        ("{podSelector: {matchLabels: {}}, policyTypes: [Egress]}", "default deny certain 4:54"),
        ("{podSelector: {matchLabels: {app: vllm}}, policyTypes: [Egress]}", "default deny certain 4:63"),
        ("{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}", "default deny certain 4:25"),
        (
            "{podSelector: {matchExpressions: [{key: app, operator: In, values: [vllm]}]}, policyTypes: [Egress]}",
            "default deny certain 4:99",
        ),
        (
            "{podSelector: {matchExpressions: [{key: app, operator: Exists}]}, policyTypes: [Egress]}",
            "default deny certain 4:87",
        ),
        (
            "{podSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}, policyTypes: [Egress]}",
            "default deny certain 4:94",
        ),
        (
            "{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}, policyTypes: [Egress]}",
            "default deny certain 4:101",
        ),
    ],
)
def test_what_the_api_reads_as_denied_is_denied(spec: str, expected: str) -> None:
    assert lines(policy(spec), SERVER) == [expected]


@pytest.mark.parametrize(
    "spec",
    [
        "{podSelector: {}, egress: []}",
        "{podSelector: {}, policyTypes: [], egress: []}",
        "{podSelector: {}, policyTypes: [Ingress]}",
        "{podSelector: {}, policyTypes: [Ingress], egress: []}",
        "{podSelector: {}, policyTypes: [Ingress], egress: [{}]}",
        "{podSelector: {}, ingress: []}",
        "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}",
        "{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [vllm]}]}, policyTypes: [Egress]}",
        "{podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}, policyTypes: [Egress]}",
        "{podSelector: {matchExpressions: [{key: team, operator: Exists}]}, policyTypes: [Egress]}",
        "{podSelector: {matchExpressions: [{key: team, operator: In, values: [a]}]}, policyTypes: [Egress]}",
    ],
)
def test_a_policy_that_is_none_for_the_egress_of_the_pods_leaves_them_open(spec: str) -> None:
    assert lines(policy(spec), SERVER) == ["default allow inferred 1.yaml:8:7"]


def test_a_pod_that_no_policy_selects_is_open_as_far_as_the_evidence_goes() -> None:
    (fact,) = read(DENY.replace("namespace: llm", "namespace: other"), SERVER)
    assert (fact.value, fact.certainty, fact.reason) == ("allow", "inferred", NO_POLICY)
    assert (fact.subject, fact.workload) == (WORKLOAD, WORKLOAD)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (DENY.replace(", namespace: llm", ""), "it names no namespace, and the pod is of `llm`"),
        (
            DENY.replace("namespace: llm", 'namespace: "{{ .Release.Namespace }}"'),
            "`{{ .Release.Namespace }}` is filled in elsewhere, so its namespace is not known",
        ),
        (DENY.replace("name: closed, ", ""), "it has no name, so it is a part of a policy"),
        (
            DENY.replace("name: closed", "name: '${NAME}'"),
            "`${NAME}` is filled in elsewhere, so it may replace another policy",
        ),
        (DENY.replace("io/v1", "io/v2"), "`networking.k8s.io/v2` is no version that its kind has"),
        (
            DENY.replace("podSelector: {}, ", ""),
            "it has no `podSelector` that can be read, so it is a part of a policy",
        ),
        (
            DENY.replace("podSelector: {}", "podSelector: null"),
            "it has no `podSelector` that can be read, so it is a part of a policy",
        ),
        (DENY.replace("podSelector: {}", "podSelector: {app: vllm}"), "`podSelector` has keys that no selector has"),
        (DENY.replace("podSelector: {}", "podSelector: {matchLabels: [app]}"), "`podSelector` cannot be read"),
        (DENY.replace("podSelector: {}", "podSelector: {matchLabels: {app: null}}"), "its selector cannot be read"),
        (DENY.replace("podSelector: {}", "podSelector: {matchLabels: {app: [vllm]}}"), "its selector cannot be read"),
        (DENY.replace("podSelector: {}", "podSelector: {matchLabels: {app: 1}}"), "its selector cannot be read"),
        (
            DENY.replace("podSelector: {}", "podSelector: {matchExpressions: [{key: app, operator: is}]}"),
            "its selector cannot be read",
        ),
        (
            DENY.replace("podSelector: {}", "podSelector: {matchLabels: {app: '${APP}'}}"),
            "`${APP}` is filled in elsewhere, so nobody can tell what it selects",
        ),
        (
            DENY.replace("podSelector: {}", "podSelector: {matchLabels: {apps.kubernetes.io/pod-index: '0'}}"),
            "whether its pods have the label `apps.kubernetes.io/pod-index` is decided when they are made",
        ),
        (
            DENY.replace("podSelector: {}", "podSelector: {matchLabels: {pod-template-hash: abc}}"),
            "whether its pods have the label `pod-template-hash` is decided when they are made",
        ),
        (DENY.replace("[Egress]", "[egress]"), "what it says of egress cannot be read"),
        (DENY.replace("[Egress]", "Egress"), "what it says of egress cannot be read"),
        (DENY.replace("[Egress]", "['${TYPE}']"), "`${TYPE}` is filled in elsewhere"),
        (DENY.replace("[Egress]", "[Egress], egress: {}"), "what it says of egress cannot be read"),
        (DENY.replace("[Egress]", "[Egress], egress: '${RULES}'"), "`${RULES}` is filled in elsewhere"),
    ],
)
def test_a_policy_that_may_not_hold_proves_nothing(text: str, reason: str) -> None:
    facts = read(text, SERVER)
    assert {fact.certainty for fact in facts} == {"inconclusive"}
    assert reason in {fact.reason for fact in facts if fact.path[-1] == "default"}


def test_of_two_policies_of_one_name_only_one_is_there() -> None:
    reason = "the evidence has another one of this name, and only one of them is there"
    other = DENY.replace("podSelector: {}", "podSelector: {matchLabels: {app: web}}")
    assert lines(f"{DENY}---\n{other}", SERVER) == [f"default {reason} inconclusive {at}" for at in ("4:39", "9:62")]


def test_labels_that_are_filled_in_elsewhere_select_nothing_for_certain() -> None:
    server = SERVER.replace("labels: {app: vllm}", "labels: {app: '${APP}'}")
    named = DENY.replace("podSelector: {}", "podSelector: {matchLabels: {app: vllm}}")
    assert lines(named, server) == ["default the label `app` of its pods is filled in elsewhere inconclusive 4:63"]


def test_part_of_a_workload_proves_nothing() -> None:
    part = SERVER.replace("  selector: {matchLabels: {app: vllm}}\n", "")
    reason = "this Deployment has no `spec.selector`, so it is a part of one"
    assert lines(DENY, part) == [f"default {reason} inconclusive 4:39"]
    assert lines(policy("{podSelector: {matchLabels: {a: b}}, policyTypes: [Egress]}"), part) == []


@pytest.mark.parametrize(("value", "more"), [("true", ""), ("yes", ""), ("'{{ .Values.host }}'", UNBOUND)])
def test_no_policy_binds_a_pod_on_the_network_of_its_node(value: str, more: str) -> None:
    server = SERVER.replace("    spec:\n", f"    spec:\n      hostNetwork: {value}\n")
    assert lines(DENY, server) == ([f"default {more} inconclusive 1.yaml:10:20"] if more else [])


def test_a_pod_that_says_it_is_not_on_the_network_of_its_node_is_bound() -> None:
    server = SERVER.replace("    spec:\n", "    spec:\n      hostNetwork: false\n")
    assert lines(DENY, server) == ["default deny certain 4:39"]


def test_the_pods_of_each_workload_count() -> None:
    other = SERVER.replace("name: vllm, namespace", "name: second, namespace").replace("app: vllm", "app: second")
    named = DENY.replace("podSelector: {}", "podSelector: {matchLabels: {app: vllm}}")
    assert lines(named, SERVER, other) == ["default allow inferred 2.yaml:8:7", "default deny certain 4:63"]


def test_workers_of_a_group_that_no_policy_selects_are_open() -> None:
    group = """\
apiVersion: leaderworkerset.x-k8s.io/v1
kind: LeaderWorkerSet
metadata: {name: vllm, namespace: llm}
spec:
  leaderWorkerTemplate:
    leaderTemplate:
      metadata: {labels: {role: leader}}
      spec:
        containers: [{name: vllm, image: "vllm/vllm-openai:v0.33.0", args: [--model, org/model]}]
    workerTemplate:
      metadata: {labels: {role: worker}}
      spec:
        containers: [{name: vllm, image: "vllm/vllm-openai:v0.33.0", args: [--model, org/model]}]
"""
    named = DENY.replace("podSelector: {}", "podSelector: {matchLabels: {role: leader}}")
    assert lines(named, group) == ["default allow inferred 1.yaml:11:18", "default deny certain 4:66"]


def test_without_a_pod_that_serves_a_model_a_policy_decides_nothing() -> None:
    opening = policy("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 8.8.8.8/32}}]}, {}]}")
    reason = "no pod that serves a model is in the evidence, so nobody can tell whether it selects one"
    assert lines(opening) == [
        f"default {reason} inconclusive 4:25",
        f"rules {reason} inconclusive 4:57",
    ]


# What it opens


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("[{}]", ["default allow certain 5:3"]),
        ("[null]", ["default allow certain 5:3"]),
        ("[{to: [], ports: []}]", ["default allow certain 5:3"]),
        ("[{to: null}]", ["default allow certain 5:3"]),
        ("[{ports: [{port: 443}]}]", ["rules cidr=0.0.0.0/0 [443] certain 5:3"]),
        ("[{ports: [{port: https}]}]", ["rules cidr=0.0.0.0/0 all certain 5:3"]),
        ("[{ports: [{protocol: TCP}]}]", ["rules cidr=0.0.0.0/0 all certain 5:3"]),
        ("[{ports: [{port: 1, endPort: 65535}]}]", ["rules cidr=0.0.0.0/0 all certain 5:3"]),
        ("[{ports: [{port: 80, endPort: 82}]}]", ["rules cidr=0.0.0.0/0 [80, 81, 82] certain 5:3"]),
        ("[{ports: [{port: 80, endPort: x}]}]", ["rules cidr=0.0.0.0/0 all certain 5:3"]),
        (
            "[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]",
            ["rules cidr=0.0.0.0/0 all certain 5:26", "default allow certain 5:26"],
        ),
        ("[{to: [{ipBlock: {cidr: '::/0'}}]}]", ["rules cidr=::/0 all certain 5:26", "default allow certain 5:26"]),
        (
            "[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]",
            ["rules cidr=0.0.0.0/0 all inferred 5:26"],
        ),
        (
            "[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]",
            ["rules cidr=0.0.0.0/0 [443] certain 5:26"],
        ),
        ("[{to: [{ipBlock: {cidr: 10.1.2.3/8}}]}]", ["rules cidr=10.0.0.0/8 all certain 5:26"]),
        ("[{to: [{podSelector: {}}]}]", []),
        ("[{to: [{namespaceSelector: {matchLabels: {a: b}}}]}]", []),
        ("[{to: [{namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}]}]", []),
        ("[{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}]", []),
    ],
)
def test_what_a_rule_opens_is_open_beside_what_is_denied(rules: str, expected: list[str]) -> None:
    assert egress(f" {rules}") == [*denied(expected, "4:48"), *expected]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{to: [{ipBlock: {cidr: everything}}]}", "rules the value is not a range of addresses inconclusive 5:26"),
        ("{to: [{ipBlock: {cidr: 8.8.8.8}}]}", "rules the value is not a range of addresses inconclusive 5:26"),
        ("{to: [{ipBlock: {cidr: 8.8.8.8/99}}]}", "rules the value is not a range of addresses inconclusive 5:26"),
        ("{to: [{ipBlock: {}}]}", "rules it names no range inconclusive 5:19"),
        ("{to: [{}]}", "rules whom it names cannot be read inconclusive 5:9"),
        ("{to: [{podSelector: null}]}", "rules whom it names cannot be read inconclusive 5:9"),
        (
            "{to: [{namespaceSelector: {}}]}",
            (
                "rules it opens the way to every pod of the cluster, and what those pass on is not in the evidence "
                "inconclusive 5:29"
            ),
        ),
    ],
)
def test_what_a_rule_may_open_is_left_open(rule: str, expected: str) -> None:
    assert egress(f" [{rule}]") == [*denied([expected], "4:48"), expected]


@pytest.mark.parametrize(
    ("rule", "at", "named"),
    [
        ("{to: [{ipBlock: {cidr: '${RANGE}'}}]}", "5:26", "${RANGE}"),
        ("{to: ['{{ .Values.peer }}']}", "5:9", "{{ .Values.peer }}"),
    ],
)
def test_a_target_that_is_filled_in_elsewhere_may_be_everything(rule: str, at: str, named: str) -> None:
    reason = f"`{named}` is filled in elsewhere inconclusive {at}"
    assert egress(f" [{rule}]") == ["default deny certain 4:48", f"rules {reason}", f"default {reason}"]


@pytest.mark.parametrize("rule", ["{from: []}", "all", "{to: {}}", "{ports: 443}", "[]"])
def test_a_rule_that_cannot_be_read_may_allow_everything(rule: str) -> None:
    facts = read(policy(f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{rule}]}}"), SERVER)
    assert [(fact.path[-1], fact.certainty) for fact in facts] == [
        ("default", "inconclusive"),
        ("rules", "inconclusive"),
        ("default", "inconclusive"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        DENY.replace("podSelector", "egres: [], podSelector"),
        f"{CILIUM}spec: {{endpointSelector: {{}}, egress: [{{}}], egres: []}}\n",
    ],
)
def test_a_key_that_is_none_may_keep_a_policy_out_of_the_cluster(text: str) -> None:
    reason = "`egres` is no key of it, so the cluster may refuse the policy"
    assert [each.rpartition(" ")[0] for each in lines(text, SERVER)] == [f"default {reason} inconclusive"]


def test_what_one_policy_denies_another_one_opens() -> None:
    other = policy("{podSelector: {}, egress: [{}]}", HEAD.replace("closed", "opened"))
    assert lines(f"{DENY}---\n{other}", SERVER) == ["default allow certain 9:34"]
    far = other.replace("namespace: llm", "namespace: other")
    assert lines(f"{DENY}---\n{far}", SERVER) == ["default deny certain 4:39"]


def test_a_policy_that_may_open_everything_leaves_open_what_another_denies() -> None:
    other = policy("{podSelector: {matchLabels: {app: '${APP}'}}, egress: [{}]}", HEAD.replace("closed", "opened"))
    reason = "`${APP}` is filled in elsewhere, so nobody can tell what it selects"
    assert lines(f"{DENY}---\n{other}", SERVER) == [
        "default deny certain 4:39",
        f"default {reason} inconclusive 9:53",
        f"rules {reason} inconclusive 9:62",
    ]


def test_the_opening_of_a_policy_is_named_after_it() -> None:
    fact = read(policy("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 8.8.8.0/24}}]}]}"), SERVER)[-1]
    assert fact.value == {"name": "closed to 8.8.8.0/24", "to": {"cidr": "8.8.8.0/24"}}
    assert fact.item
    assert fact.path == ("spec", "network", "egress", "rules")


# Other kinds


@pytest.mark.parametrize(
    ("version", "kind", "spec"),
    [
        ("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "{egress: [{action: Allow}]}"),
        ("projectcalico.org/v3", "GlobalNetworkPolicy", "{types: [Egress]}"),
        ("crd.projectcalico.org/v1", "NetworkPolicy", "{egress: [{action: Allow}]}"),
    ],
)
def test_a_kind_of_policy_that_is_not_read_may_open_more(version: str, kind: str, spec: str) -> None:
    other = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a, namespace: llm}}\nspec: {spec}\n"
    facts = [fact for fact in read(f"{DENY}---\n{other}", SERVER) if fact.subject.endswith("/a")]
    assert [(fact.path[-1], fact.certainty) for fact in facts] == [
        ("default", "inconclusive"),
        ("rules", "inconclusive"),
    ]
    nothing = other.replace(spec, "{ingress: []}")
    assert lines(f"{DENY}---\n{nothing}", SERVER) == ["default deny certain 4:39"]


def test_a_template_of_a_policy_may_open_more() -> None:
    text = Text("t.yaml", "kind: NetworkPolicy\nspec: {{ .Values.rules }}\n")
    other = Text("u.yaml", "kind: NetworkPolicy\n")
    found = read(DENY, SERVER, plain=(text, other))
    assert [line(fact) for fact in found] == [
        "default deny certain 4:39",
        (
            "default a template of a policy: what it is filled in with is not in the evidence, and it may open more "
            "inconclusive t.yaml:1:1"
        ),
    ]


FQDN = """\
apiVersion: networking.gke.io/v1alpha1
kind: FQDNNetworkPolicy
metadata: {name: hosts, namespace: llm}
spec:
  podSelector: {matchLabels: {app: vllm}}
  egress:
    - matches: [{name: api.anthropic.com}, {pattern: "*.example.com"}, {}]
      ports: [{protocol: TCP, port: 443}]
"""


def test_hosts_of_gke_are_openings_and_no_denial_by_themselves() -> None:
    opened = [
        "rules host=api.anthropic.com [443] certain 7:24",
        "rules host=*.example.com [443] certain 7:54",
        "rules neither a name nor a pattern can be read inconclusive 7:72",
    ]
    alone = "an FQDNNetworkPolicy allows; that nothing else is allowed another policy has to say"
    assert lines(FQDN, SERVER) == [f"default {alone} inconclusive 6:3", *opened]
    assert lines(f"{FQDN}---\n{DENY}", SERVER) == [*opened, "default deny certain 13:39"]


# Cilium


def cilium(*rules: str, more: str = "") -> list[str]:
    spec = "".join(f"    - {rule}\n" for rule in rules)
    return lines(f"{CILIUM}spec:\n  endpointSelector: {{}}\n{more}  egress:\n{spec}", SERVER)


DNS = '{toEndpoints: [{matchLabels: {"k8s:k8s-app": kube-dns}}], toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}'  # noqa: E501


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{}", []),
        ("null", []),
        ("{toEndpoints: []}", []),
        ("{toEndpoints: [{}]}", []),
        ("{toEntities: [kube-apiserver, host]}", []),
        ("{toNodes: [{}]}", []),
        ('{toEntities: [cluster], toPorts: [{ports: [{port: "53"}]}]}', []),
        ("{toEntities: [world]}", ["default allow certain 7:21"]),
        ("{toEntities: [all]}", ["default allow certain 7:21"]),
        ('{toEndpoints: [{matchLabels: {"reserved:world": ""}}]}', ["default allow certain 7:22"]),
        ('{toEntities: [world], toPorts: [{ports: [{port: "443"}]}]}', ["rules cidr=0.0.0.0/0 [443] certain 7:21"]),
        ('{toEntities: [world], toPorts: [{ports: [{port: "0"}]}]}', ["rules cidr=0.0.0.0/0 all certain 7:21"]),
        ("{toEntities: [world], toPorts: [{}]}", ["default allow certain 7:21"]),
        ('{toPorts: [{ports: [{port: "443"}]}]}', ["rules cidr=0.0.0.0/0 [443] certain 7:7"]),
        ('{toEndpoints: null, toPorts: [{ports: [{port: "443"}]}]}', ["rules cidr=0.0.0.0/0 [443] certain 7:7"]),
        ("{icmps: [{fields: [{type: 8}]}]}", ["rules cidr=0.0.0.0/0 all certain 7:7"]),
        ("{toCIDR: [8.8.8.8/32]}", ["rules cidr=8.8.8.8/32 all certain 7:17"]),
        ("{toCIDR: [0.0.0.0/0]}", ["rules cidr=0.0.0.0/0 all certain 7:17", "default allow certain 7:17"]),
        ("{toCIDRSet: [{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}]}", ["rules cidr=0.0.0.0/0 all inferred 7:27"]),
        (
            "{toCIDRSet: [{cidrGroupRef: a}]}",
            ["rules the ranges are those of a group, which is not followed inconclusive 7:20"],
        ),
        ("{toEntities: [word]}", ["rules the value is no entity that is known inconclusive 7:21"]),
        (
            "{toEntities: ['${E}']}",
            [f"{key} `${{E}}` is filled in elsewhere inconclusive 7:21" for key in ("rules", "default")],
        ),
        (
            "{toEntities: [cluster]}",
            [
                (
                    "rules it opens the way to everything in the cluster, and what that passes on "
                    "is not in the evidence "
                    "inconclusive 7:21"
                )
            ],
        ),
        ("{toServices: [{}]}", ["rules a Service may stand for addresses outside the cluster inconclusive 7:21"]),
        ("{toEntities: []}", ["rules `toEntities` cannot be read inconclusive 7:20"]),
        ("{toFQDNs: [{}]}", ["rules neither a name nor a pattern can be read inconclusive 7:18"]),
        ("{toEndpoints: [all]}", ["rules whom it names cannot be read inconclusive 7:22"]),
        (
            "{toEndpoints: [{matchExpressions: [{key: 'reserved:odd', operator: Exists}]}]}",
            ["rules `reserved:odd` is no label that is known inconclusive 7:22"],
        ),
        ("{toWhom: []}", ["rules the rule cannot be read inconclusive 7:7"]),
        ("all", ["rules the rule cannot be read inconclusive 7:7"]),
    ],
)
def test_what_a_rule_of_cilium_opens(rule: str, expected: list[str]) -> None:
    assert cilium(rule) == [*denied(expected, "6:3"), *expected]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("matchName: api.openai.com", "rules host=api.openai.com all certain"),
        ("matchName: api.openai.com.", "rules host=api.openai.com all certain"),
        ('matchPattern: "*.openai.com"', "rules host=*.openai.com all certain"),
        ('matchPattern: "*"', "rules host=* all certain"),
        ('matchPattern: "s3*.amazonaws.com"', "rules host=*.amazonaws.com all inferred"),
        ('matchPattern: "a.*.com"', "rules host=*.com all inferred"),
        ('matchPattern: "foo*"', "rules host=* all inferred"),
    ],
)
def test_names_open_something_where_the_answers_of_dns_are_seen(name: str, expected: str) -> None:
    rule = f"{{toFQDNs: [{{{name}}}]}}"
    assert [each.rpartition(" ")[0] for each in cilium(rule, DNS)] == ["default deny certain", expected]
    reason = "it opens nothing until a rule for DNS lets Cilium see the answers, and none of the evidence does"
    assert [each.rpartition(" ")[0] for each in cilium(rule)] == [
        "default deny certain",
        f"rules {reason} inconclusive",
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{endpointSelector: {}, egress: []}", ["default allow inferred 1.yaml:8:7"]),
        ("{endpointSelector: {}, egress: null, ingress: [{}]}", ["default allow inferred 1.yaml:8:7"]),
        ("{nodeSelector: {}, egress: [{}]}", ["default allow inferred 1.yaml:8:7"]),
        (
            "{endpointSelector: {}, egress: [{}], enableDefaultDeny: {egress: false}}",
            ["default allow inferred 1.yaml:8:7"],
        ),
        (
            "{endpointSelector: {}, egress: [{}], enableDefaultDeny: {egress: '${D}'}}",
            ["default `${D}` is filled in elsewhere inconclusive 4:30"],
        ),
        ("{endpointSelector: {}, egress: [{}], enableDefaultDeny: {egress: true}}", ["default deny certain 4:30"]),
        ("{endpointSelector: {}, egress: [{}], enableDefaultDeny: {egress: null}}", ["default deny certain 4:30"]),
        ("{endpointSelector: {}, egressDeny: [{toEntities: [world]}]}", ["default deny certain 4:30"]),
        (
            "{endpointSelector: {}, egress: [{toEntities: [all]}], egressDeny: [{toEntities: [world]}]}",
            ["default deny certain 4:30"],
        ),
        (
            "{endpointSelector: {}, egressDeny: [{toEntities: [world]}], enableDefaultDeny: {egress: false}}",
            ["default deny certain 4:30"],
        ),
        (
            "{endpointSelector: {}, egress: [{toEntities: [all]}], egressDeny: [{toCIDR: [8.8.8.8/32]}]}",
            ["default allow certain 4:53"],
        ),
        (
            (
                "{endpointSelector: {}, egress: [{toEntities: [all]}], "
                "egressDeny: [{toEntities: [world], toPorts: [{ports: [{port: '80'}]}]}]}"
            ),
            ["default allow certain 4:53"],
        ),
        ("{endpointSelector: {matchLabels: {'k8s:app': vllm}}, egress: [{}]}", ["default deny certain 4:60"]),
        ("{endpointSelector: {matchLabels: {'any:app': web}}, egress: [{}]}", ["default allow inferred 1.yaml:8:7"]),
        (
            "{endpointSelector: {matchLabels: {'k8s:io.kubernetes.pod.namespace': llm}}, egress: [{}]}",
            ["default deny certain 4:83"],
        ),
        (
            "{endpointSelector: {matchLabels: {io.cilium.k8s.policy.serviceaccount: a}}, egress: [{}]}",
            [
                (
                    "default whether its pods have the label `io.cilium.k8s.policy.serviceaccount` "
                    "is decided when they "
                    "are made inconclusive 4:83"
                )
            ],
        ),
        (
            "{endpointSelector: {}, egress: {}}",
            [
                "default what it says of egress cannot be read inconclusive 4:38",
                "rules what it says of egress cannot be read inconclusive 4:38",
            ],
        ),
    ],
)
def test_when_a_policy_of_cilium_denies(spec: str, expected: list[str]) -> None:
    assert lines(f"{CILIUM}spec: {spec}\n", SERVER) == expected


def test_a_policy_of_cilium_with_several_rules_and_one_for_the_cluster_count_together() -> None:
    text = f"""\
{CILIUM}specs:
  - {{endpointSelector: {{matchLabels: {{app: web}}}}, egress: [{{toEntities: [world]}}]}}
  - {{endpointSelector: {{}}, egress: [{{}}]}}
---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {{name: all}}
spec: {{endpointSelector: {{}}, egress: [{{toCIDR: [8.8.8.8/32]}}]}}
"""
    assert lines(text, SERVER) == ["default deny certain 11:30", "rules cidr=8.8.8.8/32 all certain 11:49"]


# A mesh

SIDECAR = SERVER.replace("{app: vllm}\n    spec", '{app: vllm, sidecar.istio.io/inject: "true"}\n    spec')
MESH = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |-
    accessLogFile: /dev/stdout
    outboundTrafficPolicy:
      mode: REGISTRY_ONLY
"""
SPACE = """\
apiVersion: v1
kind: Namespace
metadata: {name: llm, labels: {istio-injection: enabled}}
"""
UNKNOWN_SIDECAR = "whether its pods get a sidecar is not in the evidence"


def test_a_mesh_that_lets_out_what_it_knows_binds_pods_with_a_sidecar() -> None:
    (fact,) = read(MESH, SIDECAR)
    assert line(fact) == "default deny inferred 8:13"
    assert fact.reason == "a sidecar binds what passes through it, and a process may lead other traffic around it"
    assert (fact.subject, fact.workload) == ("ConfigMap istio-system/istio", WORKLOAD)


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (SERVER, [f"default {UNKNOWN_SIDECAR} inconclusive 8:13"]),
        (SIDECAR.replace('"true"', '"false"'), []),
        (SIDECAR.replace('"true"', '"${A}"'), ["default `sidecar.istio.io/inject` cannot be read inconclusive 8:13"]),
        (f"{SERVER}---\n{SPACE}", ["default deny inferred 8:13"]),
        (
            f"{SERVER}---\n{SPACE.replace('istio-injection: enabled', 'istio.io/rev: a')}",
            ["default deny inferred 8:13"],
        ),
        (f"{SERVER}---\n{SPACE.replace('enabled', 'disabled')}", []),
        (
            f"{SERVER}---\n{SPACE.replace('istio-injection: enabled', 'a: b')}",
            ["default neither its pods nor their namespace ask for a sidecar inconclusive 8:13"],
        ),
        (
            SIDECAR.replace(
                "      labels: ",
                "      annotations: {traffic.sidecar.istio.io/excludeOutboundPorts: '443'}\n      labels: ",
            ),
            [
                (
                    "default `traffic.sidecar.istio.io/excludeOutboundPorts` leads traffic around the sidecar "
                    "inconclusive 8:13"
                )
            ],
        ),
    ],
)
def test_a_mesh_does_not_bind_pods_without_a_sidecar_or_around_it(server: str, expected: list[str]) -> None:
    assert lines(MESH, server) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MESH.replace("REGISTRY_ONLY", "ALLOW_ANY"), ["default allow inferred 8:13"]),
        (MESH.replace("REGISTRY_ONLY", "${MODE}"), ["default `${MODE}` is filled in elsewhere inconclusive 8:13"]),
        (MESH.replace("mode: REGISTRY_ONLY", "{}"), ["default its mode cannot be read inconclusive 8:7"]),
        (MESH.replace("    outboundTrafficPolicy:\n      mode: REGISTRY_ONLY\n", ""), []),
        (
            MESH.replace("accessLogFile: /dev/stdout", "{{ .Values.mesh }}"),
            ["default the configuration of the mesh cannot be read inconclusive 5:9"],
        ),
        (MESH.replace("mesh:", "other:"), []),
        (
            MESH.replace("name: istio", "name: settings"),
            ["default whether it is the configuration of a mesh its name does not say inconclusive 5:9"],
        ),
        (MESH.replace("name: istio", "name: settings").replace("outboundTrafficPolicy", "other"), []),
        (
            (
                "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: a}\n"
                "spec: {meshConfig: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}}}\n"
            ),
            ["default deny inferred 4:51"],
        ),
        (
            (
                "apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: {name: a}\n"
                "spec: {values: {meshConfig: {outboundTrafficPolicy: {mode: ALLOW_ANY}}}}\n"
            ),
            ["default allow inferred 4:60"],
        ),
    ],
)
def test_what_a_mesh_says_of_hosts_that_it_does_not_know(text: str, expected: list[str]) -> None:
    assert lines(text, SIDECAR) == expected


OWN = """\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: own, namespace: llm}
spec:
  outboundTrafficPolicy: {mode: ALLOW_ANY}
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["default allow inferred 5:33"]),
        ("  workloadSelector: {labels: {app: vllm}}\n", ["default allow inferred 5:33"]),
        ("  workloadSelector: {labels: {app: web}}\n", ["default deny inferred 13:13"]),
        (
            "  workloadSelector: {labels: {app: '${A}'}}\n",
            ["default the label `app` is filled in elsewhere inconclusive 5:33"],
        ),
        ("  workloadSelector: {labels: {}}\n", ["default its selector cannot be read inconclusive 5:33"]),
    ],
)
def test_a_sidecar_of_its_own_goes_before_the_mesh(more: str, expected: list[str]) -> None:
    text = f"{OWN}---\n{MESH}".replace("    mode", "    mode")
    shift = 1 if more else 0
    found = lines(text.replace("  outbound", f"{more}  outbound", 1), SIDECAR)
    moved = [each.replace(" 5:", f" {5 + shift}:").replace(" 13:", f" {13 + 1 + shift}:") for each in expected]
    assert found == moved


def test_configurations_that_differ_decide_nothing() -> None:
    other = MESH.replace("name: istio,", "name: istio-rapid,").replace("REGISTRY_ONLY", "ALLOW_ANY")
    reason = "the evidence has more than one configuration of a mesh"
    assert lines(f"{MESH}---\n{other}", SIDECAR) == [f"default {reason} inconclusive 8:13"]


def test_a_configuration_that_says_nothing_differs_from_one_that_closes() -> None:
    other = MESH.replace("name: istio,", "name: istio-rapid,").replace("outboundTrafficPolicy", "other")
    reason = "the evidence has more than one configuration of a mesh"
    assert lines(f"{MESH}---\n{other}", SIDECAR) == [f"default {reason} inconclusive 8:13"]


def test_the_nearest_sidecar_holds_alone() -> None:
    root = OWN.replace("namespace: llm", "namespace: istio-system").replace("ALLOW_ANY", "REGISTRY_ONLY")
    near = OWN.replace("  outboundTrafficPolicy: {mode: ALLOW_ANY}", "  egress: []").replace("own", "near")
    assert lines(root, SIDECAR) == ["default deny inferred 5:33"]
    assert lines(f"{root}---\n{near}", SIDECAR) == []
    loose = near.replace(", namespace: llm", "")
    assert lines(f"{root}---\n{loose}", SIDECAR) == [
        "default it names no namespace, and the pod is of `llm` inconclusive 8:7"
    ]


def test_what_a_policy_denies_the_mesh_does_not_open() -> None:
    mesh = MESH.replace("REGISTRY_ONLY", "ALLOW_ANY")
    assert lines(f"{DENY}---\n{mesh}---\n{ENTRY}", SIDECAR) == ["default deny certain 4:39"]


ENTRY = """\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: llm}
spec:
  hosts: [api.openai.com]
  ports: [{number: 443, name: tls, protocol: TLS}]
"""


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (("", ""), ["rules host=api.openai.com [443] inferred 5:11"]),
        (("  ports", "  location: MESH_EXTERNAL\n  ports"), ["rules host=api.openai.com [443] inferred 5:11"]),
        (("  ports", "  location: MESH_INTERNAL\n  ports"), []),
        (("  ports", "  exportTo: [.]\n  ports"), ["rules host=api.openai.com [443] inferred 5:11"]),
        (("  ports", "  exportTo: [other]\n  ports"), []),
        (("  ports", "  exportTo: [llm]\n  ports"), ["rules host=api.openai.com [443] inferred 5:11"]),
        (("  ports", "  exportTo: ['${NS}']\n  ports"), ["rules host=api.openai.com [443] inferred 5:11"]),
        (
            ("  ports", "  addresses: [8.0.0.0/8]\n  ports"),
            ["rules host=api.openai.com [443] inferred 5:11", "rules cidr=8.0.0.0/8 [443] inferred 6:15"],
        ),
        (
            ("  ports", "  addresses: [8.0.0.0/8]\n  resolution: DNS\n  ports"),
            ["rules host=api.openai.com [443] inferred 5:11"],
        ),
        (
            ("  ports", "  resolution: STATIC\n  endpoints: [{address: 8.8.8.8}, {address: evil.com}]\n  ports"),
            [
                "rules host=api.openai.com [443] inferred 5:11",
                "rules cidr=8.8.8.8/32 [443] inferred 7:25",
                "rules host=evil.com [443] inferred 7:45",
            ],
        ),
        (
            ("  ports", "  endpoints: [{address: 'unix:///a'}, {}]\n  ports"),
            ["rules host=api.openai.com [443] inferred 5:11", "rules a socket of the machine inconclusive 6:25"],
        ),
        (("api.openai.com", "'*.com'"), ["rules host=*.com [443] inferred 5:11"]),
        (("api.openai.com", "'${HOST}'"), ["rules `${HOST}` is filled in elsewhere inconclusive 5:11"]),
        (("api.openai.com", "null"), ["rules the value is not the name of a host inconclusive 5:11"]),
    ],
)
def test_hosts_outside_that_a_mesh_knows_may_be_reached(pair: tuple[str, str], expected: list[str]) -> None:
    assert lines(ENTRY.replace(*pair), SIDECAR) == expected
    assert lines(ENTRY.replace(*pair), SIDECAR.replace('"true"', '"false"')) == []


def test_a_service_that_stands_for_a_host_outside_is_known_to_the_mesh() -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: ExternalName, externalName: evil.com}\n"
    opened = "rules host=evil.com all inferred 13:42"
    assert lines(f"{MESH}---\n{service}", SIDECAR) == ["default deny inferred 8:13", opened]
    assert lines(f"{MESH}---\n{service.replace('evil.com', 'a.svc.cluster.local')}", SIDECAR) == [
        "default deny inferred 8:13"
    ]
    assert lines(f"{DENY}---\n{service}", SIDECAR) == ["default deny certain 4:39"]


def test_hosts_that_a_sidecar_takes_in_are_those_outside_the_cluster() -> None:
    text = OWN.replace(
        "  outboundTrafficPolicy: {mode: ALLOW_ANY}", "  egress: [{hosts: [./*, '*/api.example.com', a/b.svc]}]"
    )
    assert lines(text, SIDECAR) == ["rules host=api.example.com all inferred 5:26"]
    assert lines(text.replace("namespace: llm", "namespace: web"), SIDECAR) == []
    assert lines(text.replace("namespace: llm", "namespace: istio-system"), SIDECAR) != []
    assert lines(text.replace("api.ex", "${API}.ex"), SIDECAR)[0].startswith("rules `${API}` is filled in elsewhere")


# Callers

TOKENS = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: jwt, namespace: llm}
spec: {selector: {matchLabels: {app: vllm}}, jwtRules: [{issuer: a}]}
"""
RULES = """\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: rules, namespace: llm}
"""
UNASKED = "a request without a token passes, unless an AuthorizationPolicy for all of them asks for one"


def test_checking_tokens_does_not_ask_for_one() -> None:
    assert lines(TOKENS, SIDECAR) == [f"authentication {UNASKED} inconclusive 4:46"]


@pytest.mark.parametrize(
    ("spec", "asks"),
    [
        ("{rules: [{from: [{source: {requestPrincipals: ['*']}}]}]}", True),
        ("{action: ALLOW, rules: [{from: [{source: {requestPrincipals: [a]}}], to: [{operation: {}}]}]}", True),
        ("{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ['*']}}]}]}", True),
        ("{rules: [{}]}", False),
        ("{}", False),
        ("{rules: [{from: [{source: {requestPrincipals: ['*']}}]}, {to: [{operation: {}}]}]}", False),
        ("{rules: [{from: [{source: {requestPrincipals: ['*']}}, {source: {namespaces: [a]}}]}]}", False),
        ("{action: AUDIT, rules: [{from: [{source: {requestPrincipals: ['*']}}]}]}", False),
        ("{action: DENY, rules: [{from: [{source: {notRequestPrincipals: [a]}}]}]}", False),
        ("{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ['*'], namespaces: [a]}}]}]}", False),
        ("{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ['*']}}], to: [{}]}]}", False),
        ("{selector: {matchLabels: {app: web}}, rules: [{from: [{source: {requestPrincipals: ['*']}}]}]}", False),
    ],
)
def test_a_token_is_asked_for_where_no_request_passes_without_one(spec: str, asks: bool) -> None:
    expected = "authentication oidc inferred 4:46" if asks else f"authentication {UNASKED} inconclusive 4:46"
    assert lines(f"{TOKENS}---\n{RULES}spec: {spec}\n", SIDECAR) == [expected]


def test_a_policy_on_a_gateway_may_let_others_in() -> None:
    asking = "{rules: [{from: [{source: {requestPrincipals: ['*']}}]}]}"
    attached = RULES.replace("name: rules", "name: b") + "spec: {targetRefs: [{kind: Gateway, name: a}]}\n"
    reason = "it is attached to a gateway or a Service, which is not followed"
    assert lines(f"{TOKENS}---\n{RULES}spec: {asking}\n---\n{attached}", SIDECAR) == [
        f"authentication {reason} inconclusive 4:46"
    ]


def test_tokens_are_checked_where_there_is_a_sidecar() -> None:
    rules = f"{RULES}spec: {{rules: [{{from: [{{source: {{requestPrincipals: ['*']}}}}]}}]}}\n"
    assert lines(f"{TOKENS}---\n{rules}", SERVER) == [f"authentication {UNKNOWN_SIDECAR} inconclusive 4:46"]
    assert lines(f"{TOKENS}---\n{rules}", SIDECAR.replace('"true"', '"false"')) == []
    none = TOKENS.replace(", jwtRules: [{issuer: a}]", "")
    assert lines(f"{none}---\n{rules}", SIDECAR) == [f"authentication {UNASKED} inconclusive 4:7"]


PEERS = """\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
"""


def test_certificates_of_all_callers_are_mutual_tls() -> None:
    assert lines(PEERS, SIDECAR) == ["authentication mtls inferred 4:21"]
    assert lines(PEERS.replace("istio-system", "web"), SIDECAR) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PEERS.replace("STRICT", "PERMISSIVE"), "callers without a certificate are let in too"),
        (
            PEERS.replace("{mode: STRICT}", "{mode: STRICT}, portLevelMtls: {'8000': {mode: DISABLE}}"),
            "callers without a certificate are let in too",
        ),
        (
            PEERS + "---\n" + PEERS.replace("istio-system", "llm").replace("STRICT", "DISABLE"),
            "more than one PeerAuthentication may hold for its pods, and they differ",
        ),
        (
            PEERS + "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\n",
            "something lets callers in from outside, and to the sidecar all of them are the gateway",
        ),
        (
            PEERS.replace(", namespace: istio-system", ""),
            "it names no namespace, and the pod is of `llm`",
        ),
    ],
)
def test_certificates_that_not_all_callers_show_prove_nothing(text: str, reason: str) -> None:
    (fact,) = read(text, SIDECAR)
    assert (fact.value, fact.certainty, fact.reason) == (None, "inconclusive", reason)


def test_a_mesh_without_a_pod_that_serves_a_model_decides_nothing() -> None:
    facts = read(f"{MESH}---\n{OWN}---\n{TOKENS}---\n{PEERS}")
    assert {(fact.path[-1], fact.certainty) for fact in facts} == {
        ("default", "inconclusive"),
        ("authentication", "inconclusive"),
    }
    assert [line(fact) for fact in read(ENTRY)] == ["rules host=api.openai.com [443] inferred 5:11"]


# Policies as they are published

PUBLISHED = {
    "ahmetb/kubernetes-network-policy-recipes, 14": """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: foo-deny-external-egress
spec:
  podSelector:
    matchLabels:
      app: foo
  policyTypes:
  - Egress
  egress:
  - to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
    ports:
      - port: 53
        protocol: UDP
""",
    "vllm-project/production-stack, allow-metrics-traffic": """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-metrics-traffic
  namespace: system
spec:
  podSelector:
    matchLabels:
      control-plane: controller-manager
  policyTypes:
    - Ingress
  ingress:
    - from:
      - namespaceSelector:
          matchLabels:
            metrics: enabled
""",
    "GoogleCloudPlatform/accelerated-platforms, network-policy": """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: NAMESPACE
  namespace: NAMESPACE
spec:
  podSelector:
    matchLabels: {}
  policyTypes:
  - Ingress
""",
    "GoogleCloudPlatform/kubernetes-engine-samples, fqdn-egress": """\
apiVersion: networking.gke.io/v1alpha1
kind: FQDNNetworkPolicy
metadata:
  name: worker-egress
spec:
  podSelector:
    matchLabels:
      app: foo
  egress:
    - matches:
        - name: api.anthropic.com
      ports:
        - protocol: TCP
          port: 443
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: worker-default-deny
spec:
  podSelector:
    matchLabels:
      app: foo
  policyTypes:
    - Ingress
    - Egress
  egress:
    - to:
        - ipBlock:
            cidr: 169.254.169.254/32
      ports:
        - protocol: TCP
          port: 80
""",
    "cilium/cilium, fqdn": """\
apiVersion: "cilium.io/v2"
kind: CiliumNetworkPolicy
metadata:
  name: "to-fqdn"
spec:
  endpointSelector:
    matchLabels:
      app: foo
  egress:
    - toEndpoints:
      - matchLabels:
          "k8s:io.kubernetes.pod.namespace": kube-system
          "k8s:k8s-app": kube-dns
    - toFQDNs:
        - matchName: "my-remote-service.com"
""",
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ahmetb/kubernetes-network-policy-recipes, 14", ["default deny certain 11:3"]),
        ("vllm-project/production-stack, allow-metrics-traffic", ["default allow inferred 1.yaml:8:7"]),
        ("GoogleCloudPlatform/accelerated-platforms, network-policy", ["default allow inferred 1.yaml:8:7"]),
        (
            "GoogleCloudPlatform/kubernetes-engine-samples, fqdn-egress",
            [
                "rules host=api.anthropic.com [443] certain 11:17",
                "default deny certain 27:3",
                "rules cidr=169.254.169.254/32 [80] certain 30:19",
            ],
        ),
        (
            "cilium/cilium, fqdn",
            [
                "default deny certain 9:3",
                (
                    "rules it opens nothing until a rule for DNS lets Cilium see the answers, and none of the evidence "
                    "does inconclusive 15:22"
                ),
            ],
        ),
    ],
)
def test_published_policies_are_read_as_they_are_meant(name: str, expected: list[str]) -> None:
    server = SERVER.replace("app: vllm", "app: foo").replace(", namespace: llm", "")
    assert lines(PUBLISHED[name], server) == expected


# Any input, any size, and what is built


SHAPES = [
    "null",
    "1",
    "text",
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "[{}]",
    "{a: null}",
    "&a {b: c}",
    "99999999999999999999",
    "'{{ x }}'",
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("text", [DENY, FQDN, CILIUM, MESH, OWN, ENTRY, TOKENS, RULES, PEERS])
def test_no_shape_of_a_part_raises(text: str, shape: str) -> None:
    head = "".join(f"{row}\n" for row in text.splitlines()[:3])
    of_spec = (
        "podSelector", "policyTypes", "egress", "egressDeny", "endpointSelector", "specs", "hosts", "addresses",
        "endpoints", "exportTo", "outboundTrafficPolicy", "workloadSelector", "selector", "jwtRules", "rules", "mtls",
        "portLevelMtls", "enableDefaultDeny", "meshConfig", "ports",
    )  # fmt: skip
    of_rule = ("to", "ports", "matches", "toPorts", "toCIDR", "toCIDRSet", "toFQDNs", "toEndpoints", "toEntities")
    rules = ", ".join(f"{{{key}: {shape}}}".replace("&a ", "") for key in of_rule)
    specs = [f"{{{key}: {shape}}}" for key in of_spec]
    specs += [shape, f"{{podSelector: {{}}, endpointSelector: {{}}, egress: [{rules}], egressDeny: [{rules}]}}"]
    for last in (f"data: {{mesh: {shape}}}", *(f"spec: {spec}" for spec in specs)):
        facts = read(f"{head}{last}\n", SIDECAR)
        assert all(fact.reason or fact.certainty == "certain" for fact in facts)


def test_items_of_a_list_count_as_objects_do() -> None:
    inner = "".join(f"    {row}\n" for row in DENY.splitlines())
    text = f"apiVersion: v1\nkind: List\nitems:\n  -\n{inner}"
    assert lines(text, SERVER) == ["default deny certain 8:43"]


def test_an_alias_is_read_as_what_it_stands_for() -> None:
    text = HEAD + "spec: {podSelector: &all {}, policyTypes: [Egress], egress: [{to: [{podSelector: *all}]}]}\n"
    assert lines(text, SERVER) == ["default deny certain 4:53"]


def test_the_order_of_documents_changes_nothing() -> None:
    other = policy("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 8.8.8.8/32}}]}]}", HEAD.replace("closed", "b"))
    there, back = read(DENY, other, SERVER), read(SERVER, other, DENY)
    told = [{(str(fact.value), fact.certainty, fact.subject) for fact in facts} for facts in (there, back)]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("policy_of", "server_of"),
    [
        (DENY.replace("{}", "{matchLabels: {app: v%d}}").replace("closed", "p%d"), SERVER.replace("vllm", "v%d")),
        (DENY.replace("closed", "p%d").replace("llm", "n%d"), SERVER.replace("namespace: llm", "namespace: n%d")),
    ],
)
def test_many_policies_of_many_workloads_are_read_in_one_go(policy_of: str, server_of: str) -> None:
    server_of = server_of.replace("v%d/v%d-openai", "vllm/vllm-openai")
    texts = [each.replace("%d", str(index)) for each in (policy_of, server_of) for index in range(400)]
    documents = source.read("---\n".join(texts).encode(), file="k.yaml")
    project = Project(documents)
    started = time.perf_counter()
    found = [fact for each in documents for fact in network_policy.facts(each, project)]
    assert [fact.value for fact in found] == ["deny"] * 400
    assert time.perf_counter() - started < 2


# Kustomizations

KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


def built(**files: str) -> list[str]:
    documents = tuple(
        document for name, text in files.items() for document in source.read(text.encode(), file=f"{name}.yaml")
    )
    project = Project(documents)
    found = [fact for each in documents if network_policy.reads(each) for fact in network_policy.facts(each, project)]
    return [line(fact) for fact in found]


def test_what_a_kustomization_makes_of_a_policy_counts() -> None:
    base = f"{KUSTOMIZATION}resources: [server.yaml, policy.yaml]\n"
    assert built(kustomization=base, server=SERVER, policy=DENY) == ["default deny certain policy.yaml:4:39"]
    patched = f"{base}namespace: prod\n"
    assert built(kustomization=patched, server=SERVER, policy=DENY.replace(", namespace: llm", "")) == [
        "default deny certain policy.yaml:4:39"
    ]
    lacking = f"{KUSTOMIZATION}resources: [server.yaml, policy.yaml, more.yaml]\n"
    assert built(kustomization=lacking, server=SERVER, policy=DENY) == [
        "default `more.yaml` is not in the evidence inconclusive kustomization.yaml:3:39",
        "default deny certain policy.yaml:4:39",
    ]
