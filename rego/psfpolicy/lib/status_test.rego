package psfpolicy.lib.status_test

import data.psfpolicy.lib.status

_waived(name) := {"status": name, "waiver": "w"}

_open(name) := {"status": name}

test_worst_follows_the_order if {
	status.worst({"pass", "error", "fail", "partial", "not-applicable"}) == "error"
	status.worst({"pass", "fail", "partial", "not-applicable"}) == "fail"
	status.worst({"pass", "partial", "not-applicable"}) == "partial"
	status.worst({"pass", "not-applicable"}) == "pass"
	status.worst({"not-applicable"}) == "not-applicable"
}

test_worst_of_nothing_is_an_error if status.worst(set()) == "error"

test_worst_of_an_unknown_status_is_an_error if status.worst({"pass", "ok"}) == "error"

test_best_follows_the_order if {
	status.best({"pass", "fail", "partial"}) == "pass"
	status.best({"fail", "partial"}) == "partial"
	status.best({"fail"}) == "fail"
}

test_best_of_nothing_is_an_error if status.best(set()) == "error"

test_best_of_an_unknown_status_is_an_error if status.best({"pass", "ok"}) == "error"

test_effective_without_waivers_is_the_worst if status.effective({_open("pass"), _open("fail")}) == "fail"

test_effective_leaves_waived_findings_out if status.effective({_waived("fail"), _open("partial"), _open("pass")}) == "partial"

test_effective_is_waived_when_all_that_do_not_pass_are_waived if {
	status.effective({_waived("fail"), _waived("partial"), _open("pass"), _open("not-applicable")}) == "waived"
	status.effective({_waived("fail")}) == "waived"
}

test_effective_never_waives_an_error if status.effective({_waived("fail"), _open("error")}) == "error"

test_effective_of_nothing_is_an_error if status.effective(set()) == "error"
