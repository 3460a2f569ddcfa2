package psfpolicy.lib.seen_test

import data.psfpolicy.lib.seen

test_at_is_the_value_or_that_it_is_missing if {
	seen.at({"spec": {"vendor": {"exitPlan": "docs/exit.md"}}}, ["spec", "vendor", "exitPlan"]) == "`spec.vendor.exitPlan` is `docs/exit.md`"
	seen.at({"spec": {"vendor": {"weightsMirrored": false}}}, ["spec", "vendor", "weightsMirrored"]) == "`spec.vendor.weightsMirrored` is `false`"
	seen.at({"spec": {}}, ["spec", "vendor", "exitPlan"]) == "`spec.vendor.exitPlan` is missing"
}
