package psfpolicy.lib.agreements_test

import data.psfpolicy.lib.agreements
import data.psfpolicy.lib.dates

_today := dates.day("2026-11-21")

_of(list) := {"spec": {"vendor": {"agreements": list}}}

_until(date) := _of([{"kind": "baa", "with": "aws", "ref": "legal/baa.pdf", "expires": date}])

_answer(descriptor) := [answer.state, answer.told] if answer := agreements.answer(descriptor, "aws", "baa", _today)

test_in_force_31_days_before_its_end if {
	_answer(_until("2026-12-22")) == ["in-force", "the `baa` with `aws` is in force for 31 days"]
}

test_expiring_from_30_days_before_its_end_to_the_day if {
	_answer(_until("2026-12-21")) == ["expiring", "the `baa` with `aws` is in force for 30 days"]
	_answer(_until("2026-11-22")) == ["expiring", "the `baa` with `aws` is in force for 1 day"]
	_answer(_until("2026-11-21")) == ["expiring", "the `baa` with `aws` ends today"]
}

test_expired_on_the_day_after if {
	_answer(_until("2026-11-20")) == ["expired", "the `baa` with `aws` ended yesterday"]
	_answer(_until("2026-11-19")) == ["expired", "the `baa` with `aws` ended 2 days ago"]
}

test_in_force_without_an_end if {
	descriptor := _of([{"kind": "baa", "with": "aws", "ref": "legal/baa.pdf"}])
	_answer(descriptor) == ["in-force", "the `baa` with `aws` is in force, without an end"]
}

test_the_one_that_runs_longest_decides if {
	descriptor := _of([
		{"kind": "baa", "with": "aws", "ref": "a", "expires": "2020-01-01"},
		{"kind": "baa", "with": "aws", "ref": "b", "expires": "2027-11-21"},
		{"kind": "baa", "with": "aws", "ref": "c", "expires": "2026-11-22"},
	])
	_answer(descriptor) == ["in-force", "the `baa` with `aws` is in force for 365 days"]
}

test_missing_with_another_party_or_of_another_kind if {
	descriptor := _of([{"kind": "baa", "with": "gcp", "ref": "a"}, {"kind": "dpa", "with": "aws", "ref": "b"}])
	_answer(descriptor) == ["missing", "no `baa` with `aws` is declared"]
	_answer({"spec": {}}) == ["missing", "no `baa` with `aws` is declared"]
}

test_missing_without_a_reference_that_names_something if {
	wanted := ["missing", "the `baa` with `aws` names no `ref`"]
	_answer(_of([{"kind": "baa", "with": "aws"}])) == wanted
	_answer(_of([{"kind": "baa", "with": "aws", "ref": "TBD"}])) == wanted
}

test_reads_name_every_agreement_or_the_list if {
	section := ["spec", "vendor", "agreements"]
	agreements.reads({"spec": {}}) == [section]
	agreements.reads(_of([])) == [section]
	agreements.reads(_of([{"kind": "baa", "with": "aws"}])) == [array.concat(section, [0, key]) | some key in ["kind", "with", "ref", "expires"]]
}
