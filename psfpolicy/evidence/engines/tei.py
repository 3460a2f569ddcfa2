"""Text Embeddings Inference, which serves embedding and reranking models: what its table cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.weights import model_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run
    from psfpolicy.model.fact import Fact


def facts(run: Run) -> Iterator[Fact]:
    """Give the model."""
    yield from model_facts(run, run.setting("model-id"), "revision")
