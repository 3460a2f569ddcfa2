# METADATA
# title: Quoted
# description: Names of a message in backquotes, all of them wanted or seen together.
package psfpolicy.lib.quoted

import data.psfpolicy.lib.text

# listing of a set or array of names: sorted and comma-separated, "none" when it is empty.
listing(names) := text.listing({$"`{name}`" | some name in names})
