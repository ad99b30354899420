"""The same model under another description."""

from __future__ import annotations

from studio.families.generative import AnyModel
from studio.families.info import BaseInfo


def described_as(model: AnyModel, info: BaseInfo) -> AnyModel:
    """``model`` with ``info`` in place of its own; weights, directions and plan are shared."""
    return model.described(info)
