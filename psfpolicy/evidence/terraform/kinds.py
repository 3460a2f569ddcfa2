"""Which function reads which type of resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from psfpolicy.evidence.terraform import bedrock, machines, managed, network, releases, sagemaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.evidence.terraform.resources import Estate, Resource
    from psfpolicy.model.fact import Fact

    Reads: TypeAlias = Callable[[Resource, Estate], Iterator[Fact]]

_WORKLOADS = ("deployment", "stateful_set", "daemonset", "daemon_set", "job", "pod")

READS: dict[str, Reads] = {
    "aws_sagemaker_model": sagemaker.model_facts,
    "aws_sagemaker_endpoint_configuration": sagemaker.configuration_facts,
    "aws_sagemaker_endpoint": sagemaker.endpoint_facts,
    "aws_appautoscaling_target": sagemaker.target_facts,
    "aws_bedrockagent_agent": bedrock.agent_facts,
    "awscc_bedrock_agent": bedrock.agent_facts,
    "aws_bedrock_provisioned_model_throughput": bedrock.throughput_facts,
    "aws_bedrock_guardrail": bedrock.guardrail_facts,
    "awscc_bedrock_guardrail": bedrock.guardrail_facts,
    "aws_bedrock_model_invocation_logging_configuration": bedrock.logging_facts,
    "aws_bedrockagent_knowledge_base": bedrock.knowledge_facts,
    "awscc_bedrock_knowledge_base": bedrock.knowledge_facts,
    "google_vertex_ai_endpoint": managed.vertex_facts,
    "google_vertex_ai_endpoint_with_model_garden_deployment": managed.garden_facts,
    "azurerm_machine_learning_workspace": managed.workspace_facts,
    "azurerm_cognitive_account": managed.account_facts,
    "azurerm_cognitive_deployment": managed.deployment_facts,
    "aws_eks_node_group": machines.group_facts,
    "google_container_node_pool": machines.group_facts,
    "azurerm_kubernetes_cluster_node_pool": machines.group_facts,
    "aws_security_group": network.group_facts,
    "aws_security_group_rule": network.rule_facts,
    "aws_vpc_security_group_egress_rule": network.rule_facts,
    "google_compute_firewall": network.firewall_facts,
    "azurerm_network_security_rule": network.security_rule_facts,
    "aws_vpc_endpoint": network.endpoint_facts,
    "helm_release": releases.release_facts,
    "kubernetes_manifest": releases.manifest_facts,
    "kubectl_manifest": releases.manifest_facts,
    **{f"kubernetes_{kind}{end}": releases.workload_facts for kind in _WORKLOADS for end in ("", "_v1")},
}
