package psfpolicy.controls.bank.regions_test

import data.psfpolicy.controls.bank.regions as control
import data.psfpolicy.lib.outcome

_serving := ["spec", "serving"]

_store := ["spec", "data", "stores", 0]

_served(serving) := {"spec": {"serving": serving, "network": {"telemetryOptOut": true}}}

_cloud(region) := _served({"hosting": "self-managed-kubernetes", "operator": "self", "location": {"region": region}})

_stored(store) := object.union(_cloud("aws:eu-central-1"), {"spec": {"data": {"stores": [object.union({"name": "s", "kind": "logs"}, store)]}}})

test_pass_in_a_region_of_the_bank if {
	outcome.is(control, [[_serving, "pass"]]) with input.descriptor as _cloud("aws:eu-central-2")
}

test_pass_on_own_premises if {
	outcome.is(control, [[_serving, "pass"]]) with input.descriptor as _served({"hosting": "on-prem", "location": {"country": "CH"}})
}

test_fail_in_any_other_spelling_of_a_region if {
	every region in ["aws:us-east-1", "AWS:eu-central-1", "aws:EU-CENTRAL-1", "eu-central-1", "aws:eu-central-11", "gcp:eu-central-1", ""] {
		outcome.is(control, [[_serving, "fail"]]) with input.descriptor as _cloud(region)
	}
}

test_fail_on_premises_in_another_country if {
	outcome.is(control, [[_serving, "fail"]]) with input.descriptor as _served({"hosting": "on-prem", "location": {"country": "DE"}})
}

test_a_country_is_no_region if {
	descriptor := _served({"hosting": "self-managed-kubernetes", "operator": "self", "location": {"country": "CH"}})
	outcome.is(control, [[_serving, "fail"]]) with input.descriptor as descriptor
}

test_each_store_is_looked_at if {
	own := {"hosting": "self"}
	outcome.is(control, [[_serving, "pass"], [_store, "pass"]]) with input.descriptor as _stored(own)
	every store in [{}, {"hosting": "third-party"}, {"location": {"country": "CH"}}, {"operator": "self", "location": {"region": "aws:us-east-1"}}] {
		outcome.is(control, [[_serving, "pass"], [_store, "fail"]]) with input.descriptor as _stored(store)
	}
}

test_metrics_are_no_data if {
	outcome.is(control, [[_serving, "pass"]]) with input.descriptor as _stored({"kind": "metrics"})
}

test_absent_location_fails if {
	every descriptor in [{}, {"spec": {}}, _served({}), _served({"hosting": "on-prem"}), _served({"hosting": "hosted-api"})] {
		outcome.is(control, [[_serving, "fail"]]) with input.descriptor as descriptor
	}
}
