package psfpolicy.controls.vendor.abstraction_test

import data.psfpolicy.controls.vendor.abstraction as control
import data.psfpolicy.lib.outcome

_path := ["spec", "vendor", "abstractionLayer"]

test_pass_when_a_layer_is_named if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "`spec.vendor.abstractionLayer` is `litellm`",
		"reads": [_path],
	}} with input.descriptor.spec.vendor.abstractionLayer as "litellm"
}

test_fail_when_the_layer_is_none if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.vendor.abstractionLayer` is `none`; wanted: the name of the layer that all calls to a model go through",
		"reads": [_path],
	}} with input.descriptor.spec.vendor.abstractionLayer as "none"
}

test_fail_when_the_layer_is_blank if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.vendor.abstractionLayer as " "
}

test_absent_layer_fails_at_its_key if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.vendor.abstractionLayer` is missing; wanted: the name of the layer that all calls to a model go through",
		"reads": [_path],
	}} with input.descriptor as {"spec": {}}
}
