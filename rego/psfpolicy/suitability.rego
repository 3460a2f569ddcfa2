# METADATA
# title: Suitability
# description: |
#   What stands between a model and the accelerators that it is to run on, as phrases for a message:
#   what keeps it from running, what it lacks for running well, which facts are not known and what supplies them,
#   and what to write instead. An empty set is what is wanted.
package psfpolicy.suitability

import data.psfpolicy.capacity
import data.psfpolicy.compatibility
import data.psfpolicy.known
import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.sizes
import data.psfpolicy.lib.text
import data.psfpolicy.refit

_spec := object.get(input, ["descriptor", "spec"], {})

_accelerators := object.get(_spec, ["serving", "accelerators"], {})

_id := object.get(_spec, ["model", "id"], "the model")

_type := object.get(_accelerators, "type", "the accelerator")

_engine := object.get(_spec, ["serving", "engine", "name"], "the engine")

# subject is what is to run, in what, and on what, as far as each is said.
subject := $"`{_id}`{_in}{_on}{_each}"

default _in := ""

_in := $" in `{capacity.format}`" if capacity.format

default _on := ""

_on := $" on {_number}`{_type}`" if _accelerators.type

default _number := ""

_number := $"{capacity.accelerators} × " if capacity.accelerators

default _each := ""

_each := $" in each of {capacity.ranks} ranks" if capacity.ranks > 1

# arithmetic that a person can check, as one phrase.
default arithmetic := "whether it fits is not known"

arithmetic := $"{budget} of budget ({share} of {capacity.accelerators} × {each}) less {weights} of weights and {overhead} {_rest}" if {
	budget := sizes.gigabytes(capacity.budget)
	share := numbers.shown(object.get(_accelerators, "memoryUtilization", 0.9))
	each := sizes.gigabytes(capacity.memory)
	weights := sizes.gigabytes(capacity.weights)
	overhead := $"{sizes.gigabytes(capacity.overhead)} of overhead (5 %)"
}

_rest := $"is {sizes.missing(capacity.spare)} too little{_before}" if capacity.spare < 0

_rest := $"leaves {sizes.gigabytes(capacity.spare)}{_for}" if capacity.spare >= 0

default _before := ""

_before := $", and a sequence of {capacity.length} tokens takes {_kept}" if capacity.sequence

default _for := ""

_for := $" for {_sequences} of {capacity.length} tokens (each {_kept}){_all}{_asked}" if capacity.fits >= 0

_kept := $"{sizes.gigabytes(capacity.sequence)} of cache, {_copied}{capacity.token} bytes a token{_beyond}"

_sequences := "no sequence" if capacity.fits == 0

_sequences := "1 sequence" if capacity.fits == 1

_sequences := $"{capacity.fits} sequences" if capacity.fits > 1

default _copied := ""

_copied := $"{capacity.copies} × " if capacity.copies > 1

default _beyond := ""

_beyond := $" and {capacity.beyond} beyond {capacity.window}" if capacity.length > capacity.window

default _all := ""

_all := $", {capacity.concurrent} in all ranks" if capacity.ranks > 1

default _asked := ""

_asked := $", `maxConcurrency` needs {_spec.serving.maxConcurrency}" if _spec.serving.maxConcurrency

# refusals keep it from running at all, beside weights that do not fit.
refusals contains $"tensor parallelism of {capacity.tensor} does not divide {capacity.model.attention_heads} attention heads" if {
	_split_attention
}

_split_attention if capacity.model.attention_heads % capacity.tensor != 0

refusals contains $"`{_engine}` does not run `{capacity.format}` on `{_type}`" if compatibility.runs == "no"

# shortfalls let it run, and not well, beside a cache that holds no sequence.
shortfalls contains $"`{_type}` does not calculate in `{capacity.format}`" if compatibility.native == "no"

shortfalls contains $"tensor parallelism of {capacity.tensor} does not divide {heads}, of which some are then kept more than once" if {
	capacity.cached_unevenly
	not _split_attention
	heads := $"{capacity.model.kv_heads} KV heads"
}

shortfalls contains $"`spec.model.quantization` is `{_spec.model.quantization}`, and these weights are in `{capacity.repack}`" if {
	_repacked
}

_repacked if {
	capacity.packed
	said := _spec.model.quantization
	not said in ["none", capacity.repack]
}

# unknown are the facts without which it cannot be shown to fit, with what supplies each.
unknown contains "`spec.serving.accelerators.type`" if not _accelerators.type

unknown contains "`spec.serving.accelerators.count`" if not capacity.accelerators

unknown contains $"the memory of `{_type}` (`spec.serving.accelerators.memoryGb`, or {_row("accelerators")})" if {
	_accelerators.type
	not capacity.memory
}

unknown contains $"what `{_type}` is (spelt as the catalogue has it, or {_row("accelerators")})" if {
	_accelerators.type
	not known.accelerator
}

unknown contains "`spec.model.maxModelLen`" if not capacity.length

unknown contains "`spec.model.quantization`" if {
	not _spec.model.quantization
	not capacity.format
}

unknown contains $"the format of `{_id}` as published (another `spec.model.quantization` than `none`)" if {
	_spec.model.quantization
	not capacity.format
}

unknown contains $"the bytes of a weight in `{capacity.format}` (another `spec.model.quantization`, or {_row("quantizations")})" if {
	format := capacity.format
	not known.rows.quantizations[format].bytes_per_weight_thousandths
}

unknown contains $"{text.all_of(_lacking)} of `{_id}` (`spec.model.architecture`, `spec.model.base`, or {_row("models")})" if {
	count(_lacking) > 0
}

unknown contains $"whether `{_type}` calculates in `{capacity.format}` ({_row("accelerators")})" if {
	known.accelerator
	compatibility.native == "unknown"
}

unknown contains "`spec.serving.engine.name`" if {
	not compatibility.engine_of_provider
	not _spec.serving.engine.name
}

unknown contains $"whether `{_engine}` runs `{capacity.format}` on `{_type}` ({_row("engines")})" if {
	_spec.serving.engine.name
	known.accelerator
	compatibility.runs == "unknown"
}

_row(table) := $"a row of `{table}` in your catalogue"

# Facts of the model that are asked for, as `spec.model.architecture` names them.
_lacking := {name | some key, name in capacity.architecture; _counts[key]; not capacity.model[key]}

_counts := union({
	{"parameters", "layers"},
	{key | not capacity.latent; some key in {"kv_heads", "head_dim"}},
	{"attention_heads" | capacity.tensor > 1},
})

# remedies are what to write instead, one for each kind of trouble.
remedies contains concat(", or ", sort(_changes)) if count(_changes) > 0

remedies contains "a budget above 0 (`memoryUtilization`, `memoryGb`)" if capacity.budget == 0

remedies contains "other weights, or other accelerators" if {
	refit.troubled
	count(_changes) == 0
	not capacity.budget == 0
}

remedies contains $"an engine that runs there, {text.one_of(compatibility.engines)}" if {
	compatibility.elsewhere
	count(compatibility.engines) > 0
}

remedies contains $"`quantization: {capacity.repack}`" if _repacked

remedies contains phrase if some phrase in unknown

_changes := {text.joined([$"`{key}: {value}`" | some key, value in change]) | some change in refit.changes}

# notes on what the arithmetic leaves out, and on how the engine runs on accelerators of this make.
notes contains trim_suffix(known.engine.accelerators.vendors[known.accelerator.vendor].caveat, ".")

notes contains $"beyond {own} tokens it needs the scaling that the model's maker documents" if {
	own := capacity.model.context_length
	capacity.length > own
	capacity.length <= capacity.limit
}

notes contains $"the model takes {capacity.limit} tokens, and engines refuse a longer `maxModelLen` unless told otherwise" if {
	capacity.length > capacity.limit
}

notes contains $"the weights of `{id}`, which drafts for it, are not counted" if id := _spec.model.draft.id

notes contains $"the weights of the adapters ({count(_spec.model.adapters)}) are not counted" if count(_spec.model.adapters) > 0
