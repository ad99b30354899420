"""The same model under another description."""

from __future__ import annotations

from studio.families.info import ModelInfo
from studio.families.model import Model


def described_as(model: Model, info: ModelInfo) -> Model:
    """``model`` with ``info`` in place of its own; weights, directions and plan are shared."""
    return Model(info, model.network, model.directions, model.plan)
