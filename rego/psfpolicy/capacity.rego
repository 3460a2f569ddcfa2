# METADATA
# title: Capacity
# description: |
#   Whether the model fits the accelerators, in whole bytes, computed once for every control and for the report:
#   weights, overhead, budget and key-value cache of one data-parallel rank, and the smallest change that would fit.
#   A figure is undefined where a fact that it needs is not known. The catalogue's facts come first; those that it lacks
#   are taken from `spec.model.architecture` and `spec.serving.accelerators.memoryGb`.
package psfpolicy.capacity

import data.psfpolicy.known
import data.psfpolicy.lib.numbers as decimals
import data.psfpolicy.lib.sizes
import data.psfpolicy.lib.text

_model := object.get(input, ["descriptor", "spec", "model"], {})

_accelerators := object.get(input, ["descriptor", "spec", "serving", "accelerators"], {})

# model is what is known of the weights.
model := object.union(_said, _row)

# architecture is where the descriptor says what the catalogue lacks.
architecture := {
	"parameters": "parameters", "layers": "layers", "kv_heads": "kvHeads",
	"attention_heads": "attentionHeads", "head_dim": "headDim", "context_length": "contextLength",
}

# said are the keys of that section that count, since the catalogue has no such fact.
said := {name | some key, name in architecture; not _row[key]}

# by_base: the model is not known by its own name.
by_base if not resolved

resolved if known.resolve("models", _model.id)

_said := {key: value | some key, name in architecture; value := _model.architecture[name]}

default _row := {}

_row := known.model

_row := rows[0] if {
	not known.model
	rows := [row | some row in known.rows.models; row.repacks[_model.id]]
	count(rows) == 1
}

# repack is the format that the weights of this name come in, where it is not the one of the model's maker.
repack := formats[0] if {
	name := text.lower_case(_model.id)
	formats := [format | some other, format in _row.repacks; text.lower_case(other) == name]
	count(formats) > 0
}

# format of the weights in memory, a row of the quantizations: what is said; with `none` the checkpoint's own.
format := _model.quantization if _model.quantization != "none"

format := repack if not _quantized

format := model.checkpoint_dtype if {
	_model.quantization == "none"
	not repack
}

_quantized if _model.quantization != "none"

# accelerators of one data-parallel rank, the ranks, and how many of the accelerators share a layer.
default ranks := 1

ranks := _accelerators.dataParallel

default _pipeline := 1

_pipeline := _accelerators.pipelineParallel

accelerators := sizes.quotient(_accelerators.count, ranks)

accelerators := _accelerators.tensorParallel * _pipeline if not _accelerators.count

tensor := _accelerators.tensorParallel

tensor := sizes.quotient(accelerators, _pipeline) if not _accelerators.tensorParallel

# memory of one accelerator, in bytes, and the share of it that the engine may use, in millionths.
memory := sizes.quotient(decimals.millionths(gigabytes), 1000) * 1000000

gigabytes := known.accelerator.memory_gb

gigabytes := _accelerators.memoryGb if not known.accelerator.memory_gb

default utilization := 900000

utilization := min({1000000, decimals.millionths(_accelerators.memoryUtilization)})

# Memory is in whole megabytes, so this leaves no rest.
_usable := sizes.bounded((memory / 1000000) * utilization)

budget := sizes.bounded(_usable * accelerators)

# weights in memory, and what comes with them: 5 %.
weights := _weights(known.rows.quantizations[format])

_weights(row) := sizes.bounded(sizes.ceiling(model.parameters, 1000) * row.bytes_per_weight_thousandths)

_with_overhead(bytes) := bytes + sizes.ceiling(bytes, 20)

overhead := sizes.ceiling(weights, 20)

# spare is what is left for the cache; below zero the weights do not fit.
spare := (budget - weights) - overhead

# token is what the cache keeps of a token in every layer; beyond, of one that lies beyond the window, where layers have one.
token := sizes.bounded((model.layers * _layer) * _cache_bytes)

beyond := sizes.bounded((_global * _layer) * _cache_bytes)

# Values that one layer keeps of a token.
_layer := (2 * model.kv_heads) * model.head_dim if not latent

_layer := model.mla.kv_lora_rank + model.mla.rope_head_dim if latent

# latent attention keeps one latent for all heads.
latent if model.attention == "mla"

# Layers that keep every token. A chunk is no window: an engine need not use it.
_global := model.layers if not window

_global := sizes.quotient(model.layers, model.window.global_every) if window

window := model.window.tokens if model.attention == "sliding-window"

default _cache_bytes := 2

_cache_bytes := 1 if _model.kvCacheDtype == "fp8"

# length of the longest sequence, and what the cache keeps of one; where no length is said, an engine serves all that the model can.
length := _model.maxModelLen

length := model.context_length if not _model.maxModelLen

sequence := sizes.bounded(token * length) if not window

sequence := sizes.bounded((token * min({length, window})) + (beyond * max({0, length - window}))) if window

# fits is how many full-length sequences a rank holds at once, concurrent how many all ranks of a replica do.
fits := sizes.quotient(spare, sequence) if {
	spare >= 0
	sequence > 0
}

concurrent := fits * ranks

# longest sequence of which one fits.
longest := sizes.quotient(spare, token) if {
	_some_spare
	not _past_window
}

longest := window + sizes.quotient(spare - (token * window), beyond) if {
	_some_spare
	_past_window
}

_some_spare if {
	spare > 0
	token > 0
}

_past_window if {
	beyond > 0
	spare >= token * window
}

# needed are the fewest accelerators of a rank that hold the weights and one full-length sequence, in a form that tensor
# parallelism can take: it divides the attention heads, and with a cache by head it is at most the heads of that.
needed := {"accelerators": share * _pipeline, "tensorParallel": share, "pipelineParallel": _pipeline} if {
	fitting := {share | some share in _shares; share * _pipeline >= _least}
	share := min(fitting)
}

needed := {"accelerators": share * groups, "tensorParallel": share, "pipelineParallel": groups} if {
	share := max(_shares)
	share * _pipeline < _least
	groups := sizes.ceiling(_least, share)
}

_least := max({1, sizes.ceiling(_with_overhead(weights) + sequence, _usable)}) if _usable > 0

# More heads than any model has are not tried one by one.
_shares := {share |
	model.attention_heads <= 1024
	some share in numbers.range(1, model.attention_heads)
	model.attention_heads % share == 0
	_cached_apart(share)
}

_cached_apart(_) if latent

_cached_apart(share) if share <= model.kv_heads

# smaller is the format next below this one that fits, that the accelerator calculates in, and that the engine runs.
smaller := min({name | some name, thousandths in _smaller; thousandths == max({most | some most in _smaller})})

_smaller := {name: row.bytes_per_weight_thousandths |
	some name, row in known.rows.quantizations
	row.bytes_per_weight_thousandths < known.rows.quantizations[format].bytes_per_weight_thousandths
	_calculated(name)
	runs(name) == "yes"
	budget - _with_overhead(_weights(row)) >= sequence
}

_calculated(name) if name in {"bf16", "fp16", "fp32"}

_calculated(name) if known.accelerator[_native_key(name)] == true

# native says whether the accelerator calculates in a format: "yes", "no" or "unknown". What needs nothing of it is unpacked.
default native(_) := "unknown"

native(name) := "yes" if {
	row := known.rows.quantizations[name]
	not row.needs
}

native(name) := "yes" if known.accelerator[_native_key(name)] == true

native(name) := "no" if known.accelerator[_native_key(name)] == false

_native_key(name) := $"{known.rows.quantizations[name].needs}_native"

# runs says whether the engine runs a format on the accelerator: "yes", "no" or "unknown". Unquantised weights run
# wherever the engine does.
default runs(_) := "unknown"

runs(_) := "yes" if engine_of_provider

runs(_) := "no" if {
	not engine_of_provider
	vendor := known.accelerator.vendor
	known.engine.accelerators.complete == true
	not known.engine.accelerators.vendors[vendor]
}

runs(name) := "no" if {
	not engine_of_provider
	_unsupported[name]
}

runs(name) := "yes" if {
	not engine_of_provider
	not _unsupported[name]
	_supported[name]
}

_unsupported contains name if some name in known.engine.accelerators.vendors[known.accelerator.vendor].unsupported

_supported contains name if some name in known.engine.accelerators.vendors[known.accelerator.vendor].quantizations

_supported contains name if {
	known.engine.accelerators.vendors[known.accelerator.vendor]
	some name in {"bf16", "fp16", "fp32"}
}

# engine_of_provider: an engine that is not named is the provider's to match to its machines, where it chooses the engine.
engine_of_provider if {
	known.hosting.engine == "provider"
	not input.descriptor.spec.serving.engine.name
}

# figures for the report, null where one is not known.
figures := object.union({key: null | some key in _keys}, _known)

_keys := {
	"model", "format", "accelerator", "accelerators", "ranks", "memory", "utilization", "budget", "parameters", "weights",
	"overhead", "spare", "token", "beyond", "window", "length", "sequence", "fits", "concurrent", "longest", "needed", "smaller",
}

_known["model"] := model.id

_known["format"] := format

_known["accelerator"] := known.accelerator.id

_known["accelerators"] := accelerators

_known["ranks"] := ranks

_known["memory"] := memory

_known["utilization"] := utilization

_known["budget"] := budget

_known["parameters"] := model.parameters

_known["weights"] := weights

_known["overhead"] := overhead

_known["spare"] := spare

_known["token"] := token

_known["beyond"] := beyond

_known["window"] := window

_known["length"] := length

_known["sequence"] := sequence

_known["fits"] := fits

_known["concurrent"] := concurrent

_known["longest"] := longest

_known["needed"] := needed

_known["smaller"] := smaller
