# METADATA
# title: Suitability
# description: |
#   What stands between a model and the accelerators that it is to run on, as sets of phrases for a message:
#   what keeps it from running, what it lacks for running well, which facts are not known and what supplies them,
#   and what to write instead. An empty set is what is wanted.
package psfpolicy.suitability

import data.psfpolicy.capacity
import data.psfpolicy.known
import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.sizes
import data.psfpolicy.lib.text

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

# arithmetic that a person can check, a list of phrases.
arithmetic := array.concat(_sum, _cache)

default _sum := ["whether it fits is not known"]

_sum := [$"{budget} of budget ({share} of {capacity.accelerators} × {each}) against {wanted} ({weights} of weights and 5 %)"] if {
	budget := sizes.gigabytes(capacity.budget)
	share := numbers.shown(min({1, object.get(_accelerators, "memoryUtilization", 0.9)}))
	each := sizes.gigabytes(capacity.memory)
	wanted := sizes.gigabytes(capacity.weights + capacity.overhead)
	weights := sizes.gigabytes(capacity.weights)
}

default _cache := []

_cache := [$"{spare} to spare for {capacity.fits} {_sequences} of {capacity.length} tokens ({kept}){_all}{_covers}"] if {
	capacity.fits >= 0
	spare := sizes.gigabytes(capacity.spare)
	kept := $"{sizes.gigabytes(capacity.sequence)} of cache each, {capacity.token} bytes a token{_beyond}"
}

_sequences := "sequence" if capacity.fits == 1

_sequences := "sequences" if capacity.fits != 1

default _beyond := ""

_beyond := $" and {capacity.beyond} beyond {capacity.window}" if capacity.length > capacity.window

default _all := ""

_all := $", {capacity.concurrent} in all ranks" if capacity.ranks > 1

default _covers := ""

_covers := $", enough for `maxConcurrency: {asked}`" if {
	asked := _spec.serving.maxConcurrency
	capacity.concurrent >= asked
}

_covers := $", fewer than `maxConcurrency: {asked}`" if {
	asked := _spec.serving.maxConcurrency
	capacity.concurrent < asked
}

# refusals keep it from running at all.
refusals contains $"{sizes.missing(capacity.spare)} too little" if capacity.spare < 0

refusals contains $"tensor parallelism of {capacity.tensor} does not divide {capacity.model.attention_heads} attention heads" if {
	capacity.model.attention_heads % capacity.tensor != 0
}

refusals contains $"`{_engine}` does not run `{capacity.format}` on `{_type}`" if {
	capacity.runs(capacity.format) == "no"
}

# shortfalls let it run, and not well.
shortfalls contains $"no sequence of {capacity.length} tokens fits" if capacity.fits == 0

shortfalls contains $"`{_type}` does not calculate in `{capacity.format}`" if capacity.native(capacity.format) == "no"

shortfalls contains $"tensor parallelism of {capacity.tensor} keeps the cache of {capacity.model.kv_heads} heads more than once" if {
	_cached_twice
}

shortfalls contains $"`spec.model.quantization` is `{_spec.model.quantization}`, and these weights are in `{capacity.repack}`" if {
	_repacked
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
	capacity.format
	not known.rows.quantizations[capacity.format].bytes_per_weight_thousandths
}

unknown contains $"{text.all_of(_lacking)} of `{_id}` ({_supply})" if count(_lacking) > 0

unknown contains $"whether `{_type}` calculates in `{capacity.format}` ({_row("accelerators")})" if {
	known.accelerator
	capacity.native(capacity.format) == "unknown"
}

unknown contains "`spec.serving.engine.name`" if {
	not capacity.engine_of_provider
	not _spec.serving.engine.name
}

unknown contains $"whether `{_engine}` runs `{capacity.format}` on `{_type}` ({_row("engines")})" if {
	_spec.serving.engine.name
	known.accelerator
	capacity.runs(capacity.format) == "unknown"
}

_row(table) := $"a row of `{table}` in your catalogue"

# Facts of the model that are asked for, as `spec.model.architecture` names them.
_lacking := {name | some name in _asked; not capacity.model[_catalogued[name]]}

_asked := union({
	{"parameters", "layers"},
	{name | not capacity.latent; some name in {"kvHeads", "headDim"}},
	{"attentionHeads" | capacity.tensor > 1},
})

_catalogued := {name: key | some key, name in capacity.architecture}

_supply := $"`spec.model.architecture`, `spec.model.base`, or {_row("models")}"

# remedies are what to write instead, one for each kind of trouble.
remedies contains concat(", or ", sort(_changes)) if count(_changes) > 0

remedies contains "`tensorParallel` that divides the attention heads and is at most the KV heads" if _split_badly

remedies contains "an engine and a `quantization` that run there" if capacity.runs(capacity.format) == "no"

remedies contains $"a `quantization` that `{_type}` calculates in" if capacity.native(capacity.format) == "no"

remedies contains $"`quantization: {capacity.repack}`" if _repacked

remedies contains phrase if some phrase in unknown

# Changes any one of which makes the weights and one sequence fit.
_changes contains $"`quantization: {name}`" if {
	_short
	name := capacity.smaller
}

_changes contains $"`maxModelLen` of at most {longest}" if {
	_short
	longest := capacity.longest
	longest > 0
}

_changes contains $"`count: {number}`{_tensor}{_pipeline}" if {
	_short
	number := capacity.needed.accelerators * capacity.ranks
}

_tensor := "" if capacity.needed.tensorParallel == 1

_tensor := $" with `tensorParallel: {capacity.needed.tensorParallel}`" if capacity.needed.tensorParallel > 1

_pipeline := "" if capacity.needed.pipelineParallel == 1

_pipeline := $" and `pipelineParallel: {capacity.needed.pipelineParallel}`" if capacity.needed.pipelineParallel > 1

_short if capacity.spare < 0

_short if capacity.fits == 0

_split_badly if capacity.model.attention_heads % capacity.tensor != 0

_split_badly if _cached_twice

_cached_twice if {
	not capacity.latent
	capacity.tensor > capacity.model.kv_heads
}

_repacked if {
	said := _spec.model.quantization
	packed := capacity.repack
	said != "none"
	said != packed
	not packed in {"bf16", "fp16", "fp32"}
}

# notes on how the engine runs on accelerators of this make.
notes contains trim_suffix(known.engine.accelerators.vendors[known.accelerator.vendor].caveat, ".")
