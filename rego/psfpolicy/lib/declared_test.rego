package psfpolicy.lib.declared_test

import data.psfpolicy.lib.declared

test_named_is_what_names_something if {
	declared.named("docs/exit.md")
	declared.named("nonesuch")
}

test_blank_and_none_name_nothing if {
	every text in ["", "  ", "none", " none "] { not declared.named(text) }
}
