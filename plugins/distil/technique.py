"""Distillation as a step of a recipe: full teaches what the steps before have made of it.

Nothing but the model is needed. Generators draw their own latents; networks from pictures to
pictures take the calibration folder, or test pictures; denoisers of pipelines take what full's own
runs ask them. What a family brings along is a pupil (:mod:`studio.training.distil`); :func:`_pupil`
names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from plugins.distil.params import DistilParams
from studio.errors import BadChoice
from studio.recipes.contract import Baked, Context, LayerReport, Report, Technique

if TYPE_CHECKING:
    from torch import Tensor

    from studio.families.generative import AnyModel
    from studio.families.info import BaseInfo, HistoryStep
    from studio.training.distil.options import Closeness, DistilOptions, DistilReport
    from studio.training.distil.pupil import Pupil

STEPS_A_SECOND = 4  # roughly
MOST_STEPS = 10**9  # that are counted for that
FAMILIES = ("stylegan", "translation", "diffusion")
FROZEN = "kept, so that seeds and directions mean what they meant"


class Distil(Technique):
    """Teaches the network so far to draw what full draws."""

    name = "distil"
    title = "Distil"
    summary = "Train the smaller network to draw what full draws, with full as its teacher."
    paper = (
        "Hinton et al. 2015, Distilling the Knowledge in a Neural Network; Li et al. 2020, GAN "
        "Compression; Lin et al. 2021, Anycost GANs; Kim et al. 2023, BK-SDM; Hang et al. 2023, "
        "Min-SNR Weighting"
    )
    params = DistilParams
    after = ("subnet", "prune", "lowrank")
    not_first = "full has nothing to win back"
    quick: ClassVar[Mapping[str, Any]] = {"steps": 8, "batch": 2}
    lengths = ("minutes", "steps")

    def applies_to(self, info: BaseInfo) -> str | None:
        if info.family not in FAMILIES:
            return f"models of the family {info.family} cannot be distilled yet"
        packed = getattr(info.config, "packed", "")
        return f"weights packed as {packed} cannot be trained" if packed else None

    def seconds(self, params: DistilParams) -> float:
        steps = params.steps
        return 60 * params.minutes if steps is None else min(steps, MOST_STEPS) / STEPS_A_SECOND

    def transform(self, model: Any, params: DistilParams, context: Context) -> Baked:
        """The model with weights that draw more like full; itself where none were found.

        Raises:
            BadChoice: there is no full model to learn from, or it takes other inputs.
            NotEnoughMemory: not even one picture at a time can be learnt from.
        """
        from plugins.distil.denoisers import Heard
        from studio.families.info import HistoryStep
        from studio.training.distil.keeping import gone_on, save_run
        from studio.training.distil.options import DistilOptions
        from studio.training.distil.trainer import Trainer

        if context.full is None:
            raise BadChoice("there is no full model to learn from")
        if params.steps == 0:
            return Baked(model, Report("no steps were asked for; nothing was changed"))
        seed = (params.seed + context.seed) % 2**32
        given = params.model_dump(exclude={"prompts", "precision"})
        options = DistilOptions(**{**given, "seed": seed})
        context = replace(context, progress=Heard(context.progress))
        pupil = _pupil(model, params, options, context)
        state, key = context.state, model.info.key

        def save(trainer: Trainer) -> None:
            if state is not None:
                save_run(state, trainer, key)

        trainer = Trainer(
            pupil,
            options,
            context.progress,
            stopped=context.stopped,
            seen=context.looked,
            saved=save,
        )
        why = gone_on(state, trainer, key)
        done = trainer.run()
        learnt = trainer.result()
        notes = _notes(done, options.batch, pupil)
        if why:
            notes = (*notes, f"it began anew: {why}")
        if state is not None and not done.stopped and not done.broken:
            state.unlink(missing_ok=True)
        if not done.kept:
            said = "nothing was won back: no weights came nearer to full than those given"
            if done.before.flip == 0:
                said = "it draws what full draws; there is nothing to win back"
            return Baked(model, Report(said, notes=notes, seconds=done.seconds))
        detail = f"{params.model_dump_json()}, {done.kept} steps, from {context.full.info.key}"
        made = _derived(model, learnt, HistoryStep(self.name, detail))
        if params.narrowest < 1 and model.info.family == "diffusion":
            from plugins.distil.denoisers import measured_anew

            made = measured_anew(made, context.progress)
        layers = _layers(model, made, learnt)
        return Baked(made, Report(_summary(done), layers, notes=notes, seconds=done.seconds))


def _pupil(model: Any, params: DistilParams, options: DistilOptions, context: Context) -> Pupil:
    """The family's side."""
    full: Any = context.full
    if model.info.family == "diffusion":
        from plugins.distil.denoisers import pupil_of

        return pupil_of(model, full, params, options, context)
    if model.info.family == "translation":
        from studio.training.distil.pictures import PicturePupil

        return PicturePupil(model, full, context.calibration)
    from studio.training.distil.generator import GeneratorPupil

    return GeneratorPupil(model, full)


def _derived(model: Any, learnt: Mapping[str, Tensor], step: HistoryStep) -> AnyModel:
    """``model`` with what was learnt in place of its own weights."""
    if model.info.family == "diffusion":
        from plugins.distil.denoisers import derived as pipeline

        return pipeline(model, learnt, step)
    tensors = {**model.network.state_dict(), **learnt}
    if model.info.family == "translation":
        from studio.families.translation.deriving import derived as picture_model

        return picture_model(model, model.info.config, tensors, step)
    from studio.families.stylegan.cutting import derived
    from studio.families.stylegan.network import StyleGan2

    return derived(model, StyleGan2.from_tensors(model.info.config, tensors), step)


def _shown(pupil: Any) -> str:
    """Where its inputs come from, in words."""
    said: str = getattr(pupil, "said", "seeds of its own")
    return said


def _summary(done: DistilReport) -> str:
    lost, left = done.before.flip, done.after.flip
    share = 1 - left / lost if lost else 0.0
    won = f"{100 * share:.0f} % of the FLIP won back" if share > 0 else "nothing won back"
    return f"{won}: {lost:.3f} to {left:.3f}"


def _notes(done: DistilReport, batch: int, pupil: Pupil) -> tuple[str, ...]:
    notes = []
    said, runs = _shown(pupil), getattr(pupil, "runs", 0)
    if runs:
        said = f"{runs} runs of full, drawn from {said}"
    if done.broken:
        notes.append(f"it was stopped: {done.broken}; the best until then was kept")
    if done.stopped:
        notes.append(f"it was ended early, after step {done.steps}; the best until then was kept")
    if done.resumed:
        notes.append(f"it went on from step {done.resumed}")
    notes.append(f"PSNR to full {_decibels(done.before)} before, {_decibels(done.after)} after")
    notes.append(f"output loss {done.before.loss:.4f} before, {done.after.loss:.4f} after")
    for (name, old), (_, new) in zip(done.before.parts, done.after.parts, strict=True):
        notes.append(f"width {name}: FLIP {old.flip:.3f} before, {new.flip:.3f} after")
    notes.append(f"all over {done.pictures} held-out inputs; it learnt from {said}")
    curve = ", ".join(f"{loss:.3f}" for loss in done.losses)
    notes.append(f"{done.steps} steps of {batch}; loss along the way: {curve}")
    if done.kept and done.kept < done.steps:
        notes.append(f"the best weights were those of step {done.kept}")
    return tuple(notes)


def _decibels(found: Closeness) -> str:
    return "equal" if found.psnr is None else f"{found.psnr:.1f} dB"


def _layers(before: Any, after: Any, learnt: Mapping[str, Tensor]) -> tuple[LayerReport, ...]:
    """How far every layer's weights moved."""
    old, new = before.network.state_dict(), after.network.state_dict()
    names: dict[str, list[str]] = {}
    for name in dict(before.network.named_parameters()):
        names.setdefault(name.rpartition(".")[0] or name, []).append(name)
    rows = []
    for layer, parts in names.items():
        size = sum(old[name].numel() * old[name].element_size() for name in parts)
        moved = sum(float((new[n] - old[n]).double().square().sum()) for n in parts)
        length = sum(float(old[n].double().square().sum()) for n in parts)
        if not any(name in learnt for name in parts):
            rows.append(LayerReport(layer, FROZEN, "", size, size))
            continue
        share = (moved / length) ** 0.5 if length else 0.0
        rows.append(LayerReport(layer, "", f"moved by {100 * share:.0f} %", size, size))
    return tuple(rows)


TECHNIQUE = Distil
