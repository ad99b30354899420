"""The plan for models that turn pictures into pictures.

Ranges are found over the user's folder or over test pictures, which travel in the plan. Depthwise
convolutions and the one that writes the picture stay in float unless that is asked for: they take
few multiplies, and rounding them costs the most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plugins.int8.params import Int8Params
from studio.errors import BadChoice
from studio.families.quantization import QuantPlan
from studio.recipes.contract import Context, Lowered

if TYPE_CHECKING:
    from torch import Tensor

    from studio.families.translation.model import TranslationModel
    from studio.recipes.picture_bench import PictureBench
    from studio.recipes.scan import Scan

MOST_BYTES = 6_000_000  # of calibration inputs that travel in a plan, before they are deflated


@dataclass(frozen=True)
class _Part:
    """A convolution: its name, weight (outputs first), and whether it goes channel by channel."""

    name: str
    weight: Tensor
    depthwise: bool


def lowered(
    plan: QuantPlan, model: TranslationModel, params: Int8Params, context: Context
) -> Lowered:
    """Add the model's convolutions to the plan, apart from those that stay in float."""
    from plugins.int8.technique import FLOAT, SENSITIVE, _notes, report_of
    from studio.recipes.sensitivity import proposed

    parts = _parts(model, context)
    names = [part.name for part in parts]
    inputs, said = _inputs(model, params, context)
    plan = _settings(plan, model, params, context, inputs)
    keep, notes = _kept(parts, params), [f"ranges over {said}"]
    candidates = [name for name in names if name not in keep]
    if params.keep == "auto" and candidates:
        from studio.recipes.picture_bench import TESTS

        bench = _bench(model, plan, inputs, context, TESTS)
        found = proposed(bench, candidates, params.wanted)
        keep |= dict.fromkeys(found.keep, SENSITIVE)
        if found.psnr is not None:
            notes.append(f"{found.psnr:.1f} dB to float predicted")
        if not found.reached:
            notes.append(f"{params.wanted:g} dB is not reached even in float")
    chosen = tuple(name for name in names if name not in keep)
    if not chosen:
        notes.append("no layer is left for int8, so this variant runs in float")
    plan = replace(
        plan,
        layers=tuple(dict.fromkeys((*plan.layers, *chosen))),
        keep=tuple((name, keep[name]) for name in names if name in keep),
    )
    notes = [*notes, *_notes(params)]
    disk = FLOAT * model.portable(context.choice).parameters
    return Lowered(plan, report_of(model, parts, keep, context, notes, disk))


def scanned(model: TranslationModel, params: Int8Params, context: Context, pictures: int) -> Scan:
    """What each convolution alone loses, and which to leave in float for the wanted quality."""
    from plugins.int8.technique import ALL
    from studio.recipes.picture_bench import TESTS
    from studio.recipes.scan import Scan
    from studio.recipes.sensitivity import proposed

    fixed = _kept(_parts(model, context), params.model_copy(update=ALL))
    inputs, _ = _inputs(model, params, context)
    plan = _settings(QuantPlan(seed=context.seed), model, params, context, inputs)
    # A picture costs a whole run for every layer, so few judge here.
    bench = _bench(model, plan, inputs, context, min(pictures, TESTS))
    found = bench.scan()
    candidates = [name for name in bench.names if name not in fixed]
    proposal = proposed(bench, candidates, params.wanted, found)
    return Scan(found, proposal, params.wanted, tuple(fixed.items()))


def _parts(model: TranslationModel, context: Context) -> tuple[_Part, ...]:
    from studio.families.translation.steps import Convolve, ConvolveUp

    view, found = model.view(context.choice), []
    for step in view.steps:
        if isinstance(step, Convolve):
            found.append(_Part(step.name, view.tensors[step.weight], step.depthwise))
        elif isinstance(step, ConvolveUp):
            found.append(_Part(step.name, view.tensors[step.weight].transpose(0, 1), False))
    return tuple(found)


def _inputs(
    model: TranslationModel, params: Int8Params, context: Context
) -> tuple[list[Tensor], str]:
    """Calibration inputs of the size of training, and where they are from in words."""
    from studio.families.translation.reading import prepared
    from studio.families.translation.sampling import gathered

    config = model.info.config
    numbers = config.sizes.inputs * config.settings.height * config.settings.width
    size = numbers // 8 if config.takes_labels else numbers
    count = max(1, min(params.samples, MOST_BYTES // max(1, size)))
    found = gathered(context.calibration, count, config, seed=context.seed)
    return [prepared(each, config) for each in found.inputs], found.said


def _settings(
    plan: QuantPlan,
    model: TranslationModel,
    params: Int8Params,
    context: Context,
    inputs: list[Tensor],
) -> QuantPlan:
    from plugins.int8.technique import _shown, activations_of
    from studio.families.translation.calibrating import packed_pictures

    return replace(
        plan,
        estimator=params.estimator,
        percentile=params.percentile,
        activations=activations_of(params),
        samples=len(inputs),
        calibration=_shown(context.calibration or ""),
        pictures=packed_pictures(inputs, model.info.config),
        bias_correction=params.bias_correction,
        seed=context.seed,
    )


def _bench(
    model: TranslationModel,
    plan: QuantPlan,
    inputs: list[Tensor],
    context: Context,
    pictures: int,
) -> PictureBench:
    # Judged on other inputs than ranges are found on, where these are test pictures.
    from studio.families.translation.reading import prepared
    from studio.families.translation.sampling import gathered
    from studio.recipes.picture_bench import PictureBench

    config = model.info.config
    seen = gathered(context.calibration, pictures, config, seed=plan.seed + 1).inputs
    tests = [prepared(each, config) for each in seen]
    return PictureBench(model, plan, inputs, tests, context.choice, context.progress)


def _kept(parts: Sequence[_Part], params: Int8Params) -> dict[str, str]:
    """Layers that stay in float whatever a scan says, with the reason.

    Raises:
        BadChoice: a layer is named that the model does not have.
    """
    from plugins.int8.technique import ALONE, LAST, NAMED

    names = [part.name for part in parts]
    keep = {} if params.to_rgb else {names[-1]: "it writes the picture"}
    keep |= {part.name: ALONE for part in parts if part.depthwise}
    keep |= dict.fromkeys(names[len(names) - params.keep_last :] if params.keep_last else (), LAST)
    if params.keep != "auto":
        for name in params.keep:
            if name not in names:
                raise BadChoice(f"keep: this model has no layer {name}; it has {', '.join(names)}")
            keep[name] = NAMED
    return keep
