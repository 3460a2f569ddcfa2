# METADATA
# title: Text
# description: Phrases of messages, in one order whatever the order of their parts.
package psfpolicy.lib.text

# listing of a set or array of strings: sorted and comma-separated, "none" when it is empty.
listing(names) := "none" if count(names) == 0

listing(names) := concat(", ", sort(names)) if count(names) > 0

# either of a set or array of strings: sorted, in backquotes, joined by "or".
either(names) := concat(" or ", sort({$"`{name}`" | some name in names}))
