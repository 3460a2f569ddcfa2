# METADATA
# title: Refit
# description: |
#   What to write instead where a model does not fit its accelerators, or does not run well on them: another format,
#   a shorter length, another split, more accelerators. What is named is enough by itself.
package psfpolicy.refit

import data.psfpolicy.capacity
import data.psfpolicy.compatibility
import data.psfpolicy.known
import data.psfpolicy.lib.sizes

# What stands in the way. short: the weights do not fit, or not one sequence beside them. unfit: another format is needed.
short if capacity.spare < 0

short if capacity.fits == 0

unfit if compatibility.native == "no"

unfit if {
	compatibility.runs == "no"
	not compatibility.elsewhere
}

troubled if short

troubled if unfit

troubled if capacity.split_unevenly

troubled if compatibility.stranded

# changes are what to write instead, by key of the model or of the accelerators. Any one of them makes the weights and one
# sequence fit, in a format that the accelerator calculates in and the engine runs, and in an even split.
changes contains change if {
	not compatibility.stranded
	some change in _in_place
}

changes contains object.union(_form(capacity.loaded(_aim)), _rewritten) if {
	not compatibility.stranded
	_more
}

# Changes for the accelerators that there are.
_in_place contains object.union(_shape, {"quantization": _requantized})

_in_place contains object.union(_shape, {"maxModelLen": min({capacity.longest} | {limit | limit := capacity.limit})}) if {
	short
	not unfit
	capacity.longest > 0
	capacity.copies_of(_share) <= capacity.copies
}

_in_place contains _shape if {
	capacity.split_unevenly
	not short
	not unfit
	capacity.spare >= capacity.once * capacity.copies_of(_share)
}

_more if {
	short
	not unfit
}

_more if {
	troubled
	count(_in_place) == 0
}

# The same accelerators in an even split, where they are not.
_shape := {} if not capacity.split_unevenly

_shape := {"tensorParallel": _share, "pipelineParallel": groups} if {
	capacity.split_unevenly
	groups := capacity.accelerators / _share
	groups <= capacity.model.layers
}

_share := capacity.tensor if not capacity.split_unevenly

_share := max({share | some share in _shares; capacity.accelerators % share == 0}) if capacity.split_unevenly

# The largest format that fits as it stands: one that the accelerator calculates in or, where that is the trouble, any.
_requantized := _calculated if short

_requantized := _calculated if unfit

_requantized := _largest(["packed"]) if {
	unfit
	not _calculated
}

_calculated := _largest(["native", "plain"])

_largest(kinds) := min({name | some name, thousandths in fitting; thousandths == most}) if {
	fitting := {name: thousandths |
		some name, thousandths in _formats
		known.rows.quantizations[name].kind in kinds
		capacity.budget - capacity.loaded(name) >= capacity.once * capacity.copies_of(_share)
	}
	most := max({thousandths | some thousandths in fitting})
}

# The smallest of them, for accelerators that are yet to be found.
_aim := capacity.format if not unfit

_aim := min({name | some name, thousandths in _formats; thousandths == least}) if {
	unfit
	least := min({thousandths | some thousandths in _formats})
}

_rewritten := {} if not unfit

_rewritten := {"quantization": _aim} if unfit

# Formats that the weights can be had in, of at most 16 bits, that the accelerator calculates in and the engine runs.
_formats[name] := thousandths if {
	not capacity.packed
	some name, _ in data.psfpolicy.catalogue.quantizations
	name != capacity.format
	thousandths := known.rows.quantizations[name].bytes_per_weight_thousandths
	thousandths <= 2000
	compatibility.native_to(name) == "yes"
	compatibility.runs_in(name) == "yes"
}

# needed is the smallest form that holds the weights and one full-length sequence.
needed := _form(capacity.loaded(capacity.format))

# The fewest accelerators that tensor parallelism can take, in pipelines as long as they are; where those are too few, longer ones.
_form(bytes) := {"count": (share * capacity.pipeline) * capacity.ranks, "tensorParallel": share} if {
	shares := {share | some share in _shares; (share * capacity.pipeline) * capacity.usable >= bytes + (capacity.once * capacity.copies_of(share))}
	share := min(shares)
	bytes + (capacity.once * capacity.copies_of(share)) < sizes.most
}

_form(bytes) := {"count": (share * groups) * capacity.ranks, "tensorParallel": share, "pipelineParallel": groups} if {
	share := max(_shares)
	wanted := bytes + (capacity.once * capacity.copies_of(share))
	wanted > (share * capacity.pipeline) * capacity.usable
	wanted < sizes.most
	groups := sizes.ceiling(wanted, share * capacity.usable)
	groups <= capacity.model.layers
}

# More heads than any model has are not tried one by one.
_shares := {1} | {share |
	capacity.model.attention_heads <= 1024
	some share in numbers.range(1, capacity.model.attention_heads)
	capacity.model.attention_heads % share == 0
	_cached_evenly(share)
}

_cached_evenly(_) if capacity.latent

_cached_evenly(share) if capacity.model.kv_heads % share == 0
