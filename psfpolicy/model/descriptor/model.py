"""`spec.model`: which weights are served, where they come from, and under which licence."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Day, Many, OneOrMore, Text, whole
from psfpolicy.model.descriptor.flow import Flow
from psfpolicy.model.descriptor.terms import LawfulBasis

WeightsSource: TypeAlias = Literal["hub", "mirror", "image", "local"]
"""Where weights are loaded from."""

WeightsFormat: TypeAlias = Literal["safetensors", "gguf", "pytorch-bin", "tensorrt-engine", "other"]
"""How weights are stored; `pytorch-bin` can run code when it is loaded."""

WeightsSignature: TypeAlias = Literal["cosign", "model-signing", "gpg", "none"]
"""How weights are signed."""

Quantization: TypeAlias = Literal["none", "fp16", "bf16", "fp8", "fp4", "int8", "awq", "gptq", "nf4", "gguf"]
"""The numbers that weights are made of."""

KvCacheDtype: TypeAlias = Literal["auto", "fp8"]
"""The numbers that the key-value cache is made of."""

Sha256: TypeAlias = Annotated[
    str,
    Field(
        pattern=whole("[0-9a-f]{64}"),
        json_schema_extra={"patternErrorMessage": "must be a SHA-256 digest: 64 digits of 0-9 and a-f"},
    ),
]
"""A SHA-256 digest in lower-case hexadecimal digits."""


class Base(Closed):
    """The model that a fine-tune or repack comes from."""

    id: Annotated[Text | None, Field(examples=["meta-llama/Llama-3.3-70B-Instruct"])] = None
    """Name of that model in the catalogue."""


class Architecture(Closed):
    """Sizes of a model that the catalogue does not know."""

    parameters: OneOrMore | None = None
    """Parameters in all."""
    active_parameters: OneOrMore | None = None
    """Parameters that one token uses, in a mixture of experts."""
    layers: OneOrMore | None = None
    """Transformer layers."""
    kv_heads: OneOrMore | None = None
    """Heads of keys and values in a layer."""
    attention_heads: OneOrMore | None = None
    """Attention heads in a layer."""
    head_dim: OneOrMore | None = None
    """Dimensions of a head."""
    context_length: OneOrMore | None = None
    """Longest context, in tokens."""


class Weights(Flow):
    """Where the weights come from, and what shows that they are the ones that were meant."""

    source: WeightsSource | None = None
    """Where the weights are loaded from."""
    uri: Annotated[Text | None, Field(examples=["s3://weights-eu/llama33"])] = None
    """Address that the weights are loaded from."""
    format: WeightsFormat | None = None
    """How the weights are stored; `pytorch-bin` can run code when it is loaded."""
    sha256: Sha256 | None = None
    """SHA-256 digest of the weights, 64 hexadecimal digits."""
    signature: WeightsSignature | None = None
    """How the weights are signed."""


class Adapter(Closed):
    """A LoRA adapter that is served with the model."""

    name: Text
    """Name of the adapter."""
    source: Text | None = None
    """Where the adapter comes from: a hub id or an address."""
    revision: Text | None = None
    """Revision of the adapter; a 40-digit commit pins it."""


class Draft(Closed):
    """The model that proposes tokens for the one that is served (speculative decoding)."""

    id: Annotated[Text | None, Field(examples=["meta-llama/Llama-3.2-1B-Instruct"])] = None
    """Hub id or address of that model."""
    revision: Text | None = None
    """Revision of its weights; a 40-digit commit pins it."""


class Dataset(Closed):
    """Data that the model was fine-tuned on."""

    name: Text
    """Name of the data set."""
    provenance: Annotated[Text | None, Field(examples=["docs/data.md"])] = None
    """Reference to where the data comes from."""
    lawful_basis: LawfulBasis | None = None
    """Lawful basis for training on personal data in it, GDPR Article 6(1)."""


class FineTuning(Closed):
    """How the model was fine-tuned."""

    datasets: Many[Dataset] | None = None
    """Data that the model was fine-tuned on."""
    retrainable: bool | None = None
    """Whether the fine-tuning can be repeated on another base model."""


class Licence(Closed):
    """The licence of the model, and what was done about it."""

    id: Annotated[Text | None, Field(examples=["llama-3.3-community", "apache-2.0"])] = None
    """Name of the licence in the catalogue."""
    accepted: Day | None = None
    """Day on which the organisation accepted the licence."""
    attribution: bool | None = None
    """Whether the attribution that the licence asks for is shown ("Built with Llama")."""
    commercial_agreement: Text | None = None
    """Reference to an agreement that replaces the licence."""


class Model(Closed):
    """Which weights are served."""

    id: Annotated[Text, Field(examples=["meta-llama/Llama-3.3-70B-Instruct"])]
    """Hub id or hosted name; the catalogue resolves family, size and licence."""
    base: Base | None = None
    """The catalogue's model that a fine-tune or repack comes from."""
    version: Text | None = None
    """Dated version of a hosted model."""
    revision: Annotated[Text | None, Field(examples=["6f6073b423013f6a7d4d9f39144961bfbfbc386b"])] = None
    """Revision of the weights; a 40-digit commit pins it, a branch or tag does not."""
    architecture: Architecture | None = None
    """Sizes of the model; only for one that the catalogue does not know."""
    weights: Weights | None = None
    """Where the weights come from."""
    quantization: Quantization | None = None
    """Numbers that the weights are made of."""
    kv_cache_dtype: KvCacheDtype | None = None
    """Numbers that the key-value cache is made of."""
    max_model_len: Annotated[OneOrMore | None, Field(examples=[32768])] = None
    """Longest sequence that is served, prompt and response together, in tokens."""
    remote_code: bool | None = None
    """Whether code that comes with the weights is run."""
    draft: Draft | None = None
    """Model that proposes tokens for this one, in speculative decoding."""
    adapters: Many[Adapter] | None = None
    """LoRA adapters that are served with the model; `[]` says that there are none."""
    fine_tuning: FineTuning | None = None
    """How the model was fine-tuned."""
    licence: Licence | None = None
    """Licence of the model."""
