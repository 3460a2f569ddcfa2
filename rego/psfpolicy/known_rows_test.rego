package psfpolicy.known_rows_test

import data.psfpolicy.known

test_row_of_the_user_replaces_ours_as_a_whole if {
	row := {"title": "Germany as we see it", "source": "ours", "as_of": "2026-11-21"}
	rows := known.rows.countries with input as {"catalogue": {"countries": {"DE": row}}}
	rows.DE == row
	rows.FR == data.psfpolicy.catalogue.countries.FR
}

test_row_of_the_user_stands_beside_ours if {
	row := {"country": "DE"}
	rows := known.rows.regions with input as {"catalogue": {"regions": {"aws:eu-attic-1": row}}}
	rows["aws:eu-attic-1"] == row
	count(rows) == count(data.psfpolicy.catalogue.regions) + 1
}

test_rows_are_ours_where_the_user_has_none if {
	known.rows.regimes == data.psfpolicy.catalogue.regimes with input as {}
}
