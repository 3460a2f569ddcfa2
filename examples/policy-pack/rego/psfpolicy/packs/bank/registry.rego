# METADATA
# title: Registry of the bank
# description: Images that come from the bank's registry, and are pinned. The host is compared as a whole, never by a part of it.
package psfpolicy.packs.bank.registry

import data.psfpolicy.lib.pins
import data.psfpolicy.lib.text

own := "registry.bank.example"

wanted := $"an image `{own}/…@sha256:…`"

# objection to an image: a phrase; undefined for an image that the bank wants.
objection(image) := $"`{image}`, which is not from `{own}`" if {
	not _ours(image)
} else := $"`{image}`, which has no digest" if {
	not pins.digested(image)
}

# A host is the same in any case. What no reference of an image holds may be read in two ways, and is refused.
_ours(image) if {
	parts := split(image, "/")
	count(parts) > 1
	text.lower_case(parts[0]) == own
	every part in parts { not part in {"", ".", ".."} }
	every strange in [" ", "\t", "\r", "\n", "\\", "?", "#", "%"] { not contains(image, strange) }
	count(split(image, "@")) < 3
}
