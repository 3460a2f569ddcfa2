# METADATA
# title: Seen
# description: What a descriptor says at a path, in words that open a message. For texts, flags and whole numbers, not for decimals.
package psfpolicy.lib.seen

# at is the value at a path, or that it is missing.
at(descriptor, path) := $"`{concat(".", path)}` is missing" if object.get(descriptor, path, null) == null

at(descriptor, path) := $"`{concat(".", path)}` is `{value}`" if {
	value := object.get(descriptor, path, null)
	value != null
}
