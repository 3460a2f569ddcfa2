# METADATA
# title: Registry
# description: |
#   The controls that exist, found by walking their tree. Only here does a reference range over the whole tree: OPA writes what
#   follows such a reference once for each control, so that little may follow it. One reference for each export: a variable in its
#   place would meet the private functions of the controls too, for which OPA 1.22.0 writes a module that is not valid.
package psfpolicy.registry

# exports of the controls, by folder and name.
exports[folder][name][export] := value if {
	some export, found in _found
	some [folder, name, value] in found
}

_found := {
	"metadata": [[folder, name, value] | value := data.psfpolicy.controls[folder][name].metadata],
	"places": [[folder, name, value] | value := data.psfpolicy.controls[folder][name].places],
	"findings": [[folder, name, value] | value := data.psfpolicy.controls[folder][name].findings],
	"not_applicable": [[folder, name, value] | value := data.psfpolicy.controls[folder][name].not_applicable],
}

# rests are the paths that the reason of a control rests on, for which only one that does not apply is asked.
rests(folder, name) := data.psfpolicy.controls[folder][name].rests
