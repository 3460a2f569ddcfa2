# METADATA
# title: View for conftest
# description: |
#   What psfpolicy's gate says, as conftest's users expect it. It fails closed: whatever keeps the report from being
#   defined or decided is a denial. The input is the question that psfpolicy asks an engine (policy/input.schema.json),
#   as JSON: conftest's own YAML would turn the country NO into false.
package main

deny contains "not assessed: the policy gave no report; the input must have descriptor, today and gate" if {
	not data.psfpolicy.report.gate.verdict
}

deny contains "not assessed: a control could not be decided" if data.psfpolicy.report.gate.verdict == "undecided"

deny contains message if {
	data.psfpolicy.report.gate.verdict != "advisory"
	some reason in data.psfpolicy.report.gate.reasons
	subject := object.get(reason, "control", object.get(reason, "domain", ""))
	message := $"{reason.kind}: {subject}"
}
