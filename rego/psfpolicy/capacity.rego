# METADATA
# title: Capacity
# description: |
#   Whether the model fits the accelerators, in whole bytes, computed once for every control and for `psfpolicy capacity`:
#   weights, overhead, budget and key-value cache of one data-parallel rank.
#   A figure is undefined where a fact that it needs is not known. Of a model that the catalogue knows by its own name the
#   catalogue's facts come first; of another, those of `spec.model.architecture` before those of its base.
package psfpolicy.capacity

import data.psfpolicy.known
import data.psfpolicy.lib.numbers as decimals
import data.psfpolicy.lib.sizes
import data.psfpolicy.lib.text
import data.psfpolicy.refit

_model := object.get(input, ["descriptor", "spec", "model"], {})

_accelerators := object.get(input, ["descriptor", "spec", "serving", "accelerators"], {})

# architecture is where the descriptor says what the catalogue lacks.
architecture := {
	"parameters": "parameters", "layers": "layers", "kv_heads": "kvHeads",
	"attention_heads": "attentionHeads", "head_dim": "headDim", "context_length": "contextLength",
}

# said are the keys of that section that count.
said := {name | some key, name in architecture; not _own[key]}

# by_base: the model is not known by its own name.
by_base if not _own

_own := known.own

# model is what is known of the weights.
model := object.union(_said, _own)

model := object.union(_base, _said) if by_base

default _base := {}

_base := known.model

_said := {key: value | some key, name in architecture; value := _model.architecture[name]}

# repack is the format that the weights of this name come in, where it is not that of the model's maker; packed weights come in
# one of which no engine makes another.
repack := formats[0] if {
	formats := [format | some written, format in _own.repacks; text.same(written, _model.id)]
	count(formats) == 1
}

packed if {
	name := repack
	not plain(name)
}

# plain says that a format is that of weights which nobody has quantised.
plain(name) if known.rows.quantizations[name].kind == "plain"

# format of the weights in memory, a row of the quantizations: the one they come in; else what is said; with `none` as published.
# A fine-tune of weights that were published quantised need not be, so of that it has to be said.
format := repack if packed

format := repack if not _model.quantization

format := _model.quantization if {
	not packed
	_model.quantization != "none"
}

format := _published if {
	not packed
	_model.quantization == "none"
}

_published := repack

_published := model.checkpoint_dtype if {
	not by_base
	not repack
}

_published := model.checkpoint_dtype if {
	by_base
	plain(model.checkpoint_dtype)
}

# accelerators of one data-parallel rank, the ranks, the groups of a pipeline, and how many of the accelerators share a layer.
default ranks := 1

ranks := _accelerators.dataParallel

default pipeline := 1

pipeline := _accelerators.pipelineParallel

accelerators := sizes.quotient(_accelerators.count, ranks)

accelerators := _accelerators.tensorParallel * pipeline if not _accelerators.count

tensor := _accelerators.tensorParallel

tensor := sizes.quotient(accelerators, pipeline) if not _accelerators.tensorParallel

# memory of one accelerator, in bytes, and the share of it that the engine may use, in millionths.
memory := sizes.bounded(sizes.quotient(decimals.millionths(_gigabytes), 1000) * 1000000)

# Of a part of an accelerator that is known, what is said: it never makes one larger.
_gigabytes := min({known.accelerator.memory_gb, object.get(_accelerators, "memoryGb", known.accelerator.memory_gb)})

_gigabytes := _accelerators.memoryGb if not known.accelerator.memory_gb

default utilization := 900000

utilization := decimals.millionths(_accelerators.memoryUtilization)

# usable bytes of one accelerator. Memory is in whole megabytes, so this leaves no rest.
usable := sizes.bounded((memory / 1000000) * utilization)

budget := sizes.bounded(usable * accelerators)

# weights in memory, and what comes with them: 5 %.
weights := _weights(format)

_weights(name) := sizes.bounded(sizes.ceiling(model.parameters, 1000) * known.rows.quantizations[name].bytes_per_weight_thousandths)

overhead := sizes.ceiling(weights, 20)

# loaded are the bytes of both, in any format.
loaded(name) := bytes + sizes.ceiling(bytes, 20) if bytes := _weights(name)

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

# length of the longest sequence; where none is said, an engine serves all that the model can.
length := _model.maxModelLen

length := model.context_length if not _model.maxModelLen

# limit of that length: what the model takes as published, or with the scaling that its maker documents.
limit := max([model.context_length, object.get(model, "extended_context_length", 0)])

# sequence is what the cache keeps of one of that length, as often as it has to be kept; once, without its copies.
sequence := sizes.bounded(once * copies)

once := sizes.bounded(token * length) if not window

once := sizes.bounded((token * min({length, window})) + (beyond * max({0, length - window}))) if window

# copies of the cache that the accelerators of a layer keep: a latent cannot be shared out among them, nor can one head.
copies := copies_of(tensor)

copies_of(share) := share if latent

copies_of(share) := sizes.ceiling(share, model.kv_heads) if not latent

# fits is how many full-length sequences a rank holds at once, concurrent how many all ranks of a replica do.
fits := sizes.quotient(spare, sequence) if spare >= 0

concurrent := fits * ranks

# longest sequence of which one fits.
longest := sizes.quotient(_room, token) if not _past_window

longest := window + sizes.quotient(_room - (token * window), beyond) if _past_window

_room := sizes.quotient(spare, copies) if spare > 0

_past_window if _room >= token * window

# split_unevenly: tensor parallelism that no engine runs, or that makes some accelerators keep what others do.
split_unevenly if model.attention_heads % tensor != 0

split_unevenly if cached_unevenly

cached_unevenly if {
	not latent
	model.kv_heads % tensor != 0
}

# figures are what `psfpolicy capacity` shows.
figures["model"] := model.id

figures["format"] := format

figures["accelerator"] := known.accelerator.id

figures["accelerators"] := accelerators

figures["ranks"] := ranks

figures["memory"] := memory

figures["utilization"] := utilization

figures["budget"] := budget

figures["parameters"] := model.parameters

figures["weights"] := weights

figures["overhead"] := overhead

figures["spare"] := spare

figures["token"] := token

figures["beyond"] := beyond

figures["window"] := window

figures["length"] := length

figures["copies"] := copies

figures["sequence"] := sequence

figures["fits"] := fits

figures["concurrent"] := concurrent

figures["asked"] := input.descriptor.spec.serving.maxConcurrency

figures["longest"] := longest

figures["needed"] := refit.needed

figures["changes"] := refit.changes
