# METADATA
# title: Parts
# description: |
#   Controls that ask for several parts of one section, such as three keys of `systemPrompt`.
#   What is lacking is a set of phrases, so that one message names every part that a person has to add.
package psfpolicy.lib.parts

import data.psfpolicy.lib.declared

# status of a section of which some parts are lacking: pass with all of them, partial with some, fail with none.
status(lacking, _) := "pass" if count(lacking) == 0

status(lacking, total) := "partial" if {
	count(lacking) > 0
	count(lacking) < total
}

status(lacking, total) := "fail" if count(lacking) >= total

# seen is what a section says for a key, in words. Not for decimals.
seen(section, key) := $"`{key}` is missing" if not _said(section, key)

seen(section, key) := $"`{key}` is `{section[key]}`" if _said(section, key)

# untrue is what keeps a flag from counting: a set of one phrase, or of none where the flag is true.
untrue(section, key) := {seen(section, key)} if not section[key] == true

untrue(section, key) := set() if section[key] == true

# unnamed is the same for a text, which counts when it names something.
unnamed(section, key) := {seen(section, key)} if not declared.named(object.get(section, key, ""))

unnamed(section, key) := set() if declared.named(object.get(section, key, ""))

# phrase joins what is lacking: sorted, by "and".
phrase(lacking) := concat(" and ", sort(lacking))

_said(section, key) if object.get(section, key, null) != null
