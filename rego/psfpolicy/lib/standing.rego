# METADATA
# title: Standing
# description: |
#   What a control that reads other controls may conclude from their answers, given as {places, findings, reasons, metadata}.
#   It is no more lenient than the dispatcher: an answer that breaks the contract is not a pass.
package psfpolicy.lib.standing

# passes says that a control does not apply, with a reason, or that each of its places has one finding and it is a pass.
passes(control) if {
	count(control.places) > 0
	count(control.reasons) > 0
	every reason in control.reasons { trim_space(reason) != "" }
}

passes(control) if {
	count(control.reasons) == 0
	count(control.places) > 0
	count(control.findings) == count(control.places)
	{finding.path | some finding in control.findings} == control.places
	every finding in control.findings { finding.status == "pass" }
}

# grave says that the severity of a control is critical or high; so counts one that is missing or not known.
grave(control) if {
	some severity in _severities(control)
	not severity in ["medium", "low"]
}

grave(control) if count(_severities(control)) == 0

# reads are what the critical and high controls among some read, in one order.
reads(controls) := sort({path |
	some control in controls
	grave(control)
	some finding in control.findings
	some path in finding.reads
})

_severities(control) := {link.annotations.custom.severity | some link in control.metadata}
