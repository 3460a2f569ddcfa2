# METADATA
# title: Paths
# description: The paths of the leaves that a control looks at, said or missing.
package psfpolicy.lib.paths

# keys of a section.
keys(section, names) := [array.concat(section, [name]) | some name in names]

# items are the keys of each item of a list; the list itself where it has none, for then its absence decides.
items(section, listed, _) := [section] if count(listed) == 0

items(section, listed, names) := [array.concat(section, [index, name]) | some index, _ in listed; some name in names] if {
	count(listed) > 0
}
