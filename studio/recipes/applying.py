"""From a model and a recipe to a variant: the steps in order, each verb in its turn.

Selections only narrow the choice of a subnet. As soon as a later verb works on weights, the model
is first cut to that choice, so that it sees what will run. Every baked model has a key that follows
from the model's and from all that was done, and waits in the cache under it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from studio.errors import BadChoice, BadRecipe, MaquetteError, NotEnoughMemory
from studio.families.info import BaseInfo, HistoryStep, model_key
from studio.processes.heap import give_back
from studio.recipes.checking import CheckedStep, checked, selected
from studio.recipes.contract import VERBS, Baked, Context, LayerReport, Lowered, Report, Verb
from studio.recipes.contract import StepReport as StepReport
from studio.recipes.recipe import Recipe
from studio.recipes.registry import Registry, load_registry
from studio.recipes.values import canonical
from studio.recipes.variant_cache import VariantCache
from studio.runtimes.quantization import QuantPlan
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.describe import variant_name

if TYPE_CHECKING:
    from studio.families.generative import AnyModel

FULL = SubnetChoice()
BYTES = 4  # of a float32
COPIES = 2  # of the weights while a step works: the old model's and the new one's
SHARE_OF_MEMORY = 0.8
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Variant:
    """A model with a recipe applied.

    Args:
        model: with everything baked. choice: what of it to run. plan: how to quantise it, or None.
        reports: what was done, in order.
    """

    model: AnyModel
    choice: SubnetChoice = FULL
    plan: QuantPlan | None = None
    reports: tuple[StepReport, ...] = ()


def apply(
    model: AnyModel,
    recipe: Recipe,
    context: Context = Context(),
    *,
    registry: Registry | None = None,
    cache: VariantCache | None = None,
    before: Verb | None = None,
) -> Variant:
    """Apply a recipe. The given model is never changed.

    Args:
        context: progress, seed and calibration inputs; ``choice`` is where selecting starts.
        registry: the techniques; None finds them. cache: of baked models; None for the usual one.
        before: stop before this verb of the last step.

    Raises:
        BadRecipe: a step is wrong or does not fit; the sentence names it and the field.
        NotEnoughMemory: a step would need more than there is.
        MaquetteError: a technique failed.
    """
    techniques = load_registry() if registry is None else registry
    steps = checked(recipe, techniques, model.info)
    return _Applying(model, steps, context, cache or VariantCache()).run(before)


def cut_to(variant: Variant) -> Variant:
    """The variant with its choice made physical: a model of its own, of which all is run.

    Raises:
        BadChoice: the choice cannot be a model of its own.
    """
    if why := variant.model.uncut(variant.choice):
        raise BadChoice(why)
    if not _cuts(variant.model, variant.choice):
        return replace(variant, choice=FULL)
    made = _cut(variant.model, variant.choice)
    selects = [report for report in variant.reports if report.verb == "select"]
    reports = variant.reports
    if selects:
        last, report = selects[-1], _cut_report(variant.model, made)
        reports = (*reports, StepReport(last.step, last.technique, "cut", report))
    return replace(variant, model=made, choice=FULL, reports=reports)


class _Applying:
    """The state between verbs."""

    def __init__(
        self, model: AnyModel, steps: Sequence[CheckedStep], context: Context, cache: VariantCache
    ) -> None:
        self._full = model
        self._origin = model.info
        self._model = model
        self._steps = steps
        self._context = context
        self._cache = cache
        self._choice = context.choice
        self._plan: QuantPlan | None = None
        self._reports: list[StepReport] = []
        self._raised: BaseException | None = None
        self._calibration: str | None = None

    def run(self, before: Verb | None = None) -> Variant:
        self._foresee()
        ends = self._ends()
        for index, step in enumerate(self._steps):
            needed = step.technique.needed(self._model.info, step.params)
            verbs = [verb for verb in VERBS if verb in needed and verb in step.technique.verbs()]
            if self._plan is not None and set(verbs) - {"lower"}:
                raise BadRecipe(
                    f"{step.said}: it changes the network that a step before it has made a "
                    "quantisation plan for; accepted is a place before that step"
                )
            if step is self._steps[-1] and before in verbs:
                self._make_cut(step)
                del verbs[verbs.index(before) :]
            for turn, verb in enumerate(verbs):
                begin, share = ends[index], (ends[index + 1] - ends[index]) / len(verbs)
                low, high = begin + turn * share, begin + (turn + 1) * share
                context = replace(
                    self._context,
                    progress=self._progress(step, low, high),
                    choice=FULL,
                    full=self._full,
                )
                if verb == "select":
                    self._select(step)
                    continue
                self._make_cut(step)
                if verb == "lower":
                    self._lower(step, context)
                else:
                    self._bake(step, verb, context)
        if self._steps:
            self._context.progress(1.0, "done")
        return Variant(self._model, self._choice, self._plan, tuple(self._reports))

    def _ends(self) -> list[float]:
        """Where on the way from 0 to 1 each step begins and ends: by how long it takes. Selecting
        takes no time."""
        lengths = []
        for step in self._steps:
            bakes = set(step.technique.needed(self._origin, step.params)) - {"select"}
            told = self._called(step, partial(step.technique.seconds, step.params))
            lengths.append(max(0.0, told) if bakes else 0.0)
        total = sum(lengths) or 1.0
        return [min(1.0, sum(lengths[:n]) / total) for n in range(len(lengths) + 1)]

    def _foresee(self) -> None:
        """Say how much memory the work will take, before it begins.

        Raises:
            NotEnoughMemory: that is more than there is.
        """
        first = first_baked(self._steps, self._origin, self._choice)
        if first is None:
            return
        step, size = first
        needed, free = COPIES * size, _free()
        if needed > free:
            raise NotEnoughMemory(_not_enough(step, needed, free))
        said = f"about {needed / 1e9:.2f} GB of memory beside the model, of {free / 1e9:.1f} GB"
        self._context.progress(0.0, f"{step.said}: {said}")

    def _progress(self, step: CheckedStep, low: float, high: float) -> Progress:
        """What a technique calls: its share of the whole, and its step in the text."""

        def tell(fraction: float, text: str) -> None:
            try:
                share = low + (high - low) * min(max(fraction, 0.0), 1.0)
                self._context.progress(share, f"{step.said}: {text}")
            except BaseException as error:
                self._raised = error  # this one is the caller's, and goes through untouched
                raise

        return tell

    def _select(self, step: CheckedStep) -> None:
        self._choice = selected((step,), self._model.info, self._choice)
        size = _bytes(self._model)
        report = Report(f"selected {variant_name(self._choice)}", (), size, size, size, size)
        self._reports.append(StepReport(step.number, step.technique.name, "select", report))

    def _make_cut(self, step: CheckedStep) -> None:
        if not _cuts(self._model, self._choice):
            self._choice = FULL
            return
        before = self._model
        try:
            self._model = _cut(before, self._choice)
        except BadChoice as error:
            raise BadRecipe(f"{step.said}: {error}") from error
        self._choice = FULL
        give_back()
        report = _cut_report(before, self._model)
        self._reports.append(StepReport(step.number, step.technique.name, "cut", report))

    def _bake(self, step: CheckedStep, verb: str, context: Context) -> None:
        before = self._model
        key = model_key(before.info.key, HistoryStep(verb, self._done(step)))
        context.progress(0.0, f"{verb} begins")
        baked = self._cache.get(key, self._origin)
        if baked is not None:
            self._take(step, verb, baked, cached=True)
            return
        give_back()
        _check_memory(before, step)
        made = self._made(step, verb, context, key)
        if made is None:  # it lies in the cache, and was let go: two at a time are enough
            give_back()
            made = self._cache.get(key, self._origin)
        if made is None:
            raise MaquetteError(f"{step.said}: its result could not be read back from the cache")
        self._take(step, verb, made, cached=False)

    def _made(self, step: CheckedStep, verb: str, context: Context, key: str) -> Baked | None:
        """What a verb makes, or None where that was put into the cache, from where it is taken as
        it lies on disk, so that a variant is the same whether it was just made or not."""
        from studio.families.described import described_as

        before = self._model
        run = step.technique.prepare if verb == "prepare" else step.technique.transform
        baked = self._called(step, lambda: run(before, step.params, context))
        if not isinstance(baked, Baked):
            raise MaquetteError(f"{step.said} failed: its {verb} gave no Baked")
        baked = Baked(baked.model, _sized(baked.report, before, baked.model))
        if baked.model is before:
            return baked
        info = replace(baked.model.info, key=key)
        if len(info.history) == len(before.info.history):
            done = HistoryStep(step.technique.name, baked.report.summary)
            info = replace(info, history=(*info.history, done))
        made = Baked(described_as(baked.model, info), baked.report)
        self._called(step, lambda: _check_sound(made.model))
        kept = self._called(step, lambda: self._cache.put(key, made))
        return None if kept else made

    def _take(self, step: CheckedStep, verb: str, baked: Baked, *, cached: bool) -> None:
        self._model = baked.model
        name = step.technique.name
        self._reports.append(StepReport(step.number, name, verb, baked.report, cached))

    def _lower(self, step: CheckedStep, context: Context) -> None:
        plan = self._plan or QuantPlan(seed=context.seed)
        context.progress(0.0, "planning")
        lowered = self._called(
            step, lambda: step.technique.lower(plan, self._model, step.params, context)
        )
        if not isinstance(lowered, Lowered):
            raise MaquetteError(f"{step.said} failed: its lower gave no Lowered")
        self._plan = lowered.plan
        name = step.technique.name
        self._reports.append(StepReport(step.number, name, "lower", lowered.report))

    def _called(self, step: CheckedStep, call: Callable[[], Any]) -> Any:
        """Run a technique's code; whatever it raises names the step, except what stops the work."""
        try:
            return call()
        except Exception as error:
            if error is self._raised:
                raise
            if isinstance(error, NotEnoughMemory):
                raise NotEnoughMemory(f"{step.said}: {error}") from error
            if isinstance(error, MaquetteError):
                raise BadRecipe(f"{step.said}: {error}") from error
            words = " ".join(str(error).split()) or "no more is known"
            raise MaquetteError(f"{step.said} failed: {type(error).__name__}: {words}") from error

    def _done(self, step: CheckedStep) -> str:
        """All that decides what a verb of the step makes of a model."""
        if self._calibration is None:
            folder = self._context.calibration
            self._calibration = "" if folder is None else fingerprint(folder)
        return canonical(
            {"step": step.canonical, "seed": self._context.seed, "inputs": self._calibration}
        )


def fingerprint(folder: str) -> str:
    """A hash of the names, sizes and times of a folder's files; of its name when it has none."""
    digest = hashlib.sha256(folder.encode("utf-8", "surrogatepass"))
    for file in sorted(Path(folder).rglob("*")):
        if file.is_file():
            state = file.stat()
            digest.update(
                f"\0{file}\0{state.st_size}\0{state.st_mtime_ns}".encode(errors="replace")
            )
    return digest.hexdigest()


def _cuts(model: AnyModel, choice: SubnetChoice) -> bool:
    config = model.info.config
    return resolve(choice, config) != resolve(FULL, config)


def _cut(model: AnyModel, choice: SubnetChoice) -> AnyModel:
    return model.cut(choice)


def _sized(report: Report, before: AnyModel, after: AnyModel) -> Report:
    """A report with the sizes that it left out."""
    if any((report.disk_before, report.disk_after, report.resident_before, report.resident_after)):
        return report
    old, new = _bytes(before), _bytes(after)
    return replace(report, disk_before=old, disk_after=new, resident_before=old, resident_after=new)


def _cut_report(before: AnyModel, after: AnyModel) -> Report:
    old, new = (_convolutions(model) for model in (before, after))
    layers = []
    for name, shape in old.items():
        if name in new and new[name][0] == shape[0]:
            continue
        sizes = [_bytes(model, f"{name}.") for model in (before, after)]
        detail = f"{shape[0]} to {new[name][0]} channels" if name in new else "left out"
        layers.append(LayerReport(name, "", detail, sizes[0], sizes[1]))
    sizes = [_bytes(before), _bytes(after)]
    cut = resolve(FULL, after.info.config)
    summary = f"cut to {cut.resolution} px, {'/'.join(map(str, cut.channels))} channels"
    if after.info.family == "diffusion":  # with a width for each of hundreds of places
        summary = f"denoiser cut to {sizes[1] / max(sizes[0], 1):.0%} of its weights"
    return Report(summary, tuple(layers), sizes[0], sizes[1], sizes[0], sizes[1])


def _convolutions(model: AnyModel) -> dict[str, tuple[int, ...]]:
    """What has a bias or, without one, a kernel: name and shape, of which the first number is that
    of its channels (of a transposed kernel without a bias, those that it reads). Of denoisers also
    linear layers."""
    tensors = model.network.state_dict()
    dims = (2, 4) if model.info.family == "diffusion" else (4,)
    kernels = [name.removesuffix(".weight") for name, t in tensors.items() if t.ndim in dims]
    return {
        name: tuple(tensors.get(f"{name}.bias", tensors[f"{name}.weight"]).shape)
        for name in dict.fromkeys(kernels)
        if f"{name}.weight" in tensors
    }


def _bytes(model: AnyModel, prefix: str = "") -> int:
    """Bytes of the tensors whose names begin with ``prefix``, as float32."""
    tensors = model.network.state_dict()
    count: int = sum(t.numel() for name, t in tensors.items() if name.startswith(prefix))
    return BYTES * count


def first_baked(
    steps: Sequence[CheckedStep], info: BaseInfo, choice: SubnetChoice = FULL
) -> tuple[CheckedStep, int] | None:
    """The first step that works on weights, and the bytes of what it works on: the model cut to
    what was selected before. None where nothing is baked. Later steps work on no more than that.

    Raises:
        BadRecipe: a selection does not fit the model.
    """
    for step in steps:
        needed = set(step.technique.needed(info, step.params))
        if "prepare" not in needed:  # which comes before the step selects anything itself
            choice = selected((step,), info, choice)
        if needed & {"prepare", "transform"}:
            return step, cost(info.config, resolve(choice, info.config)).size_bytes
    return None


def _free() -> float:
    return SHARE_OF_MEMORY * float(psutil.virtual_memory().available)


def _not_enough(step: CheckedStep, needed: float, free: float) -> str:
    return (
        f"{step.said} needs about {needed / 1e9:.1f} GB beside the model; "
        f"{free / 1e9:.1f} GB are free for it"
    )


def _check_memory(model: AnyModel, step: CheckedStep) -> None:
    needed, free = COPIES * _bytes(model), _free()
    if needed > free:
        raise NotEnoughMemory(_not_enough(step, needed, free))


def _check_sound(model: AnyModel) -> None:
    """Refuse a model that cannot draw, before anybody builds on it.

    Raises:
        BadChoice: a picture has another shape than the model says, or numbers that are none.
    """
    (inputs,) = model.own_inputs(1)
    pictures = model.drawing(inputs)()
    said = list(model.portable().outputs[0].fixed(**model.sizes(inputs)))
    if list(pictures.shape) != said:
        raise BadChoice(
            f"its model draws pictures of the shape {list(pictures.shape)} where it says {said}"
        )
    if not bool(pictures.isfinite().all()):
        raise BadChoice("its model draws pictures with values that are no numbers")
