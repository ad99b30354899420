"""Distillation of pipelines: what their pupil needs, and a pipeline with what it has learnt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.families.diffusion.prompt_files import prompts_in
from studio.families.info import HistoryStep, model_key

if TYPE_CHECKING:
    from torch import Tensor

    from plugins.distil.params import DistilParams
    from studio.families.diffusion.model import DiffusionModel
    from studio.recipes.contract import Context
    from studio.training.distil.denoisers.pupil import DenoiserPupil
    from studio.training.distil.options import DistilOptions

CALLS = 8  # steps of a run that widths are measured on anew


class Heard:
    """Progress that can be told again while something else goes on; ``tell``: is told of it."""

    def __init__(self, tell: Callable[[float, str], None]) -> None:
        self._tell = tell
        self._fraction, self._text = 0.0, ""

    def __call__(self, fraction: float, text: str) -> None:
        self._fraction, self._text = fraction, text
        self._tell(fraction, text)

    def again(self, text: str = "") -> None:
        """As far as before; ``text``: what happens, empty for the same as before."""
        self._text = text or self._text
        self._tell(self._fraction, self._text)


def pupil_of(
    model: DiffusionModel,
    full: DiffusionModel,
    params: DistilParams,
    options: DistilOptions,
    context: Context,
) -> DenoiserPupil:
    """The pipeline's side of a distillation.

    Args:
        context: its progress is a :class:`Heard`.

    Raises:
        BadChoice: the prompts cannot be read, or the two do not belong together.
    """
    from studio.training.distil.denoisers.pupil import DenoiserPupil
    from studio.training.distil.denoisers.subjects import subjects_of

    heard = context.progress
    assert isinstance(heard, Heard)
    subjects = subjects_of(full, _prompts(params.prompts, context.calibration))
    pupil = DenoiserPupil(model, full, subjects, options, told=heard.again)
    if params.precision == "bf16" or (
        params.precision == "auto" and params.steps is None and pupil.half_pays()
    ):
        pupil.half = True
    return pupil


def _prompts(given: str, folder: str | None) -> tuple[str, ...]:
    """The user's own: of the field, else of the calibration folder; none where there is neither."""
    given = given.strip()
    if given.lower().endswith(".txt"):
        return prompts_in(Path(given).expanduser())
    if given:
        return (given,)
    return () if folder is None else prompts_in(folder)


def derived(
    model: DiffusionModel, learnt: Mapping[str, Tensor], step: HistoryStep
) -> DiffusionModel:
    """``model`` with what its denoiser has learnt, in the type in which that is stored."""
    from studio.families.diffusion.components import replaced

    kept = dict(model.network.named_parameters())
    tensors = {name: tensor.to(kept[name].dtype) for name, tensor in learnt.items()}
    made = model.with_denoiser(replaced(model.network, tensors).eval(), model.info.config)
    info = replace(
        made.info,
        key=model_key(model.info.key, step),
        history=(*model.info.history, step),
    )
    return made.described(info)


def measured_anew(model: DiffusionModel, progress: Callable[[float, str], None]) -> DiffusionModel:
    """The model with what narrow widths now do to each step, where that was measured before: width
    by timestep is worked out from it."""
    from studio.subnets.denoisers.calls import recording
    from studio.subnets.denoisers.measuring import sensitivity

    config = model.info.config
    if config.ordered is None:
        return model
    inputs = model.own_inputs(1)[0]
    every = max(1, model.settled(inputs).steps // CALLS)
    with recording(model.running_network, every, CALLS) as calls:
        model.render(inputs)

    def told(fraction: float, text: str) -> None:
        progress(1.0, f"measuring widths, {text}")

    order, widths = config.ordered.skip_order, config.ordered.sensitivity.widths
    found = sensitivity(model.running_network, config.layout, calls, widths, None, order, told)
    info: Any = replace(
        model.info, config=replace(config, ordered=replace(config.ordered, sensitivity=found))
    )
    return model.described(info)
