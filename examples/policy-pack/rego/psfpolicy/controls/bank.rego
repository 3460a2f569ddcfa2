# METADATA
# title: Rules of the bank
# description: What the bank asks for beside the framework; scored apart, so that no score of the framework moves.
# scope: subpackages
# custom:
#   domain: BANK
#   scored: apart
#   crosswalk_provenance: ours
#   crosswalk:
#     # Regulation (EU) 2022/2554: risk of third parties in information and communication technology.
#     dora: ["28"]
package psfpolicy.controls.bank
