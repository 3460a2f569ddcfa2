# METADATA
# title: Outcome
# description: What a test of a control compares.
package psfpolicy.lib.outcome

# is says that a control applies, gives exactly these [path, status] pairs, and answers for exactly these paths.
is(control, pairs) if {
	not control.not_applicable
	{[finding.path, finding.status] | some finding in control.findings} == {pair | some pair in pairs}
	control.places == {pair[0] | some pair in pairs}
}

# not_applicable says that a control does not apply, gives its reason, and answers at this one path.
not_applicable(control, path) if {
	is_string(control.not_applicable)
	control.places == {path}
}
