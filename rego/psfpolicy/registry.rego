# METADATA
# title: Registry
# description: |
#   The controls that exist, found by walking their tree. Only here does a reference range over the whole tree: OPA writes what
#   follows such a reference once for each control, so that little may follow it.
package psfpolicy.registry

# chains are the annotations of the controls, by folder and name.
chains[folder][name] := chain if chain := data.psfpolicy.controls[folder][name].metadata

# exporting are the packages that export part of a control. One reference for each export: a variable in its place would meet the
# private functions of the controls too, for which OPA 1.22.0 writes a module that is not valid.
exporting[folder] contains name if data.psfpolicy.controls[folder][name].places

exporting[folder] contains name if data.psfpolicy.controls[folder][name].findings

exporting[folder] contains name if data.psfpolicy.controls[folder][name].not_applicable
