package psfpolicy.lib.seen_test

import data.psfpolicy.lib.seen

test_at_is_the_value_or_that_it_is_missing if {
	seen.at({"vendor": {"exitPlan": "docs/exit.md"}}, ["vendor", "exitPlan"]) == "`vendor.exitPlan` is `docs/exit.md`"
	seen.at({"vendor": {"weightsMirrored": false}}, ["vendor", "weightsMirrored"]) == "`vendor.weightsMirrored` is `false`"
	seen.at({"spec": {}}, ["vendor", "exitPlan"]) == "`vendor.exitPlan` is missing"
}
