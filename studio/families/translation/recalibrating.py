"""Statistics of batch norms for a subnet: those of the whole network do not fit narrower values.

GAN Compression (Li et al. 2020, section 3.3; its code's ``calibrate``) runs pictures through a
SPADE subnet and takes the mean of every batch's statistics before it is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from studio.errors import BadChoice
from studio.families.info import HistoryStep, model_key
from studio.families.translation.model import TranslationModel
from studio.families.translation.network import TranslationNetwork
from studio.families.translation.run import run
from studio.families.translation.steps import Normalise


def has_batch_norms(model: TranslationModel) -> bool:
    """Whether a model has statistics that subnets need anew."""
    return any(isinstance(s, Normalise) and s.kind == "batch" for s in model.network.steps)


def recalibrated(
    model: TranslationModel,
    batches: Sequence[Tensor],
    *,
    progress: Callable[[float, str], None] | None = None,
) -> TranslationModel:
    """A model with the same weights whose batch norms have the statistics of ``batches``.

    Args:
        model: usually one that was cut out of a supernet.
        batches: what goes into the network, (n, inputs, h, w) each; every one counts the same.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.

    Raises:
        BadChoice: there are no batches, they do not suit the model, or it has no batch norms.
    """
    if not has_batch_norms(model):
        raise BadChoice(f"{model.info.name} has no batch norms whose statistics could be taken")
    if not batches:
        raise BadChoice("there are no pictures to take statistics from")
    found: dict[str, Tensor] = {}

    def add(step: Normalise, x: Tensor) -> None:
        assert step.mean is not None
        assert step.var is not None
        # The unbiased variance, as PyTorch keeps it in training.
        for name, value in ((step.mean, x.mean((0, 2, 3))), (step.var, x.var((0, 2, 3)))):
            found[name] = found.get(name, torch.zeros(())) + value / len(batches)

    tensors = model.network.tensors()
    for done, batch in enumerate(batches):
        if progress is not None:
            progress(done / len(batches), f"batch {done + 1} of {len(batches)}")
        _check(model, batch)
        with torch.no_grad():
            run(model.network.steps, tensors, batch, batch=add)
    step = HistoryStep("recalibrate", f"batch norms over {len(batches)} batches")
    # Other pictures give other statistics, so they are part of the key.
    content = "".join(f"{name}{value.tolist()}" for name, value in sorted(found.items()))
    info = replace(
        model.info,
        key=model_key(model.info.key, step, HistoryStep("statistics", content)),
        history=(*model.info.history, step),
    )
    state = {name: tensor.detach() for name, tensor in tensors.items()} | found
    return TranslationModel(info, TranslationNetwork.from_tensors(model.info.config, state))


def _check(model: TranslationModel, batch: Tensor) -> None:
    config = model.info.config
    if batch.ndim != 4 or batch.shape[1] != config.sizes.inputs:
        raise BadChoice(
            f"this model takes {config.sizes.inputs} channels (n, channels, height, width); what "
            f"came has the shape {tuple(batch.shape)}"
        )
    if why := config.refusal(batch.shape[2], batch.shape[3]):
        raise BadChoice(why)
