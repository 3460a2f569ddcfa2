# METADATA
# title: "@DOMAIN_TITLE@"
# description: "Rules of our own, with a score of their own."
# scope: subpackages
# custom:
#   domain: "@DOMAIN_ID@"
#   scored: apart
#   crosswalk_provenance: ours
#   crosswalk: {}
package psfpolicy.controls.@DOMAIN@
