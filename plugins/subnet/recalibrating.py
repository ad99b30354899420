"""Statistics of batch norms for a subnet, and their worth (Li et al. 2020, section 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.recipes.contract import Baked, Context, LayerReport, Report

if TYPE_CHECKING:
    from torch import Tensor

    from plugins.subnet.params import SubnetParams
    from studio.families.info import BaseInfo
    from studio.families.translation.model import TranslationModel

BATCH = 4  # inputs of one batch
JUDGED = 4  # inputs that the figures before and after are taken over


def has_statistics(info: BaseInfo) -> bool:
    """Whether a model has batch norms, whose statistics a subnet needs anew. Imports no torch."""
    from studio.families.translation.config import TranslationConfig
    from studio.families.translation.program import has_statistics as of_config

    return isinstance(info.config, TranslationConfig) and of_config(info.config)


def with_own_statistics(model: TranslationModel, params: SubnetParams, context: Context) -> Baked:
    """The model with statistics of the user's folder, or of test pictures.

    Raises:
        MaquetteError: the folder holds no pictures that suit the model.
    """
    import torch

    from studio.families.translation.reading import prepared
    from studio.families.translation.recalibrating import recalibrated
    from studio.families.translation.sampling import gathered
    from studio.families.translation.steps import Normalise

    count = params.batches * BATCH
    found = gathered(context.calibration, count, model.info.config, seed=context.seed)
    inputs = [prepared(each, model.info.config) for each in found.inputs]
    batches = [torch.cat(inputs[n : n + BATCH]) for n in range(0, count, BATCH)]
    made = recalibrated(model, batches, progress=context.progress)
    layers = tuple(
        LayerReport(step.name, detail="statistics taken anew")
        for step in model.network.steps
        if isinstance(step, Normalise) and step.kind == "batch"
    )
    notes = [f"statistics over {found.said}"]
    if context.full is not None:
        # On other inputs than the statistics are of, where these are test pictures.
        seen = gathered(context.calibration, JUDGED, model.info.config, seed=context.seed + 1)
        judged = [prepared(each, model.info.config) for each in seen.inputs]
        before, after = (_to_full(each, context.full, judged) for each in (model, made))
        notes.append(f"to full: {before} before, {after} after, over {seen.said}")
    return Baked(
        made, Report(f"{len(layers)} batch norms recalibrated", layers, notes=tuple(notes))
    )


def _to_full(model: TranslationModel, full: object, inputs: list[Tensor]) -> str:
    """PSNR to the full model in words; pictures go from -1 to 1."""
    from studio.recipes.scan import decibels

    errors = []
    for x in inputs:
        wanted = full.picture(x)  # type: ignore[attr-defined]
        errors.append(float((model.picture(x) - wanted).square().mean()))
    found = decibels(sum(errors) / len(errors))
    return "equal" if found is None else f"{found:.1f} dB"
