"""What every technique must do, built-in or not, as checks that any test runner can call::

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_technique(check):
        check(case(MyTechnique, {"strength": 0.5}))

A check raises AssertionError with a sentence. Give parameters with which the technique really does
something: with defaults that leave the network alone, most checks have nothing to look at.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from pydantic import ValidationError
from torch import Tensor

from studio.errors import BadChoice
from studio.families.generative import AnyModel
from studio.families.info import BaseInfo, ModelInfo
from studio.families.model import Model
from studio.families.opening import open_model
from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2
from studio.recipes.applying import apply, cut_to
from studio.recipes.checking import problems, step_of
from studio.recipes.contract import Baked, Context, Lowered, Params, Report, Technique, Verb
from studio.recipes.problem import shown
from studio.recipes.recipe import Recipe, Step, from_text, to_text
from studio.recipes.registry import Entry, Registry, checked_technique
from studio.recipes.variant_cache import VariantCache
from studio.runtimes.quantization import QuantPlan
from studio.subnets.choice import SubnetChoice, resolve

if TYPE_CHECKING:
    from studio.families.translation.model import TranslationModel

SAME = 1e-4  # of pictures that are nominally within -1 and 1
SEEDS = 4
HALF = SubnetChoice(width=0.5)


class Narrow(Technique):
    """What comes before a technique that cannot come first: half of the channels."""

    name = "narrow-for-checks"
    title = "Narrow"
    summary = "Take half of the channels."
    params = Params

    def select(self, info: BaseInfo, params: Params, choice: SubnetChoice) -> SubnetChoice:
        """Half of every layer."""
        return HALF


@dataclass(frozen=True)
class Case:
    """A technique with the parameters and the model that it is checked with.

    Args:
        full: what the model was cut from, where the technique cannot come first.
    """

    technique: Technique
    params: Params
    model: AnyModel
    full: AnyModel | None = None

    @property
    def step(self) -> Step:
        """The step of a recipe that holds these parameters."""
        return step_of(self.technique, self.params)

    @property
    def registry(self) -> Registry:
        """A registry of this technique alone, and of what must come before it."""
        every = [*self._earlier, self.technique]
        return Registry([Entry(each.name, "", "ready", each) for each in every])

    def recipe(self, step: Step) -> Recipe:
        """``step`` where it may stand in a recipe for :attr:`begin`."""
        return Recipe("check", (*map(step_of, self._earlier), step))

    @property
    def begin(self) -> AnyModel:
        """What a recipe begins with."""
        return self.model if self.full is None else self.full

    @property
    def _earlier(self) -> tuple[Technique, ...]:
        return (Narrow(),) if self.technique.not_first else ()

    @property
    def verbs(self) -> tuple[Verb, ...]:
        """The verbs that are needed here."""
        return self.technique.needed(self.model.info, self.params)


class Stopped(Exception):
    """What the checks raise from ``progress``."""


def case(
    kind: type[Technique], params: Mapping[str, Any] | None = None, model: AnyModel | None = None
) -> Case:
    """What a technique is checked with.

    Args:
        params: values by name; what is not named is as the technique's ``quick`` says, else its
            default.
        model: None for a small random generator. A technique that cannot come first gets half of
            its channels, and the whole as full.
    """
    made = kind.params.model_validate({**kind.quick, **(params or {})})
    whole = small_generator() if model is None else model
    if not kind.not_first:
        return Case(kind(), made, whole)
    return Case(kind(), made, whole.cut(HALF), whole)


def small_generator(seed: int = 7) -> Model:
    """A 16 px generator with random numbers in every tensor, for tests."""
    config = StyleGanConfig("stylegan2", 16, 16, 16, 0, 2, (16, 16, 16, 12, 12, 8))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = StyleGan2(config)
        with torch.no_grad():
            for name, tensor in network.named_parameters():
                if name.endswith(("bias", "noise_strength")):
                    tensor.add_(0.2 * torch.randn_like(tensor))
    info = ModelInfo(
        key=f"small generator {seed}",
        name="small",
        title="Small",
        path="small.safetensors",
        layout="maquette",
        family="stylegan",
        config=config,
        parameters=sum(tensor.numel() for tensor in network.parameters()),
        size_bytes=4 * sum(tensor.numel() for tensor in network.state_dict().values()),
        licence="Apache-2.0",
        source_sha256="0" * 64,
        resolutions=config.resolutions,
    )
    return Model(info, network)


def small_translator(*, labels: bool = False, seed: int = 7) -> TranslationModel:
    """A picture-to-picture network of 32 px (a MobileNet-style residual one), or one of 128 px from
    label maps (SPADE, with batch norms), with random numbers in every tensor."""
    from studio.checkpoints.translation_sizes import (
        ResNetSizes,
        SpadeBlock,
        SpadeSizes,
        TranslationSizes,
    )
    from studio.families.translation.info import TranslationInfo
    from studio.families.translation.model import TranslationModel
    from studio.families.translation.network import TranslationNetwork
    from studio.families.translation.questions import answered, configured, questions

    sizes: TranslationSizes = ResNetSizes(3, 3, 6, (8, 16), (12, 16, 12), (8, 6), separable=True)
    if labels:
        fixed = (SpadeBlock(16, 16, 6, False),) * 3
        rising = tuple(SpadeBlock(width, width, 6, True) for width in (12, 8, 6, 4))
        sizes = SpadeSizes(5, 3, 16, (*fixed, *rising))
    asked = questions(sizes, "gan-compression")
    answers = answered(asked, {"size": "128x128" if labels else "32x32"})
    config = configured(sizes, answers)
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for name, shape in sizes.shapes().items():
        values = torch.randn(shape, generator=generator)
        if name.endswith(".var"):
            values = values.abs() + 0.5
        elif len(shape) == 4:
            values *= (2 / max(1, values[0].numel())) ** 0.5
        else:
            values *= 0.2
        tensors[name] = values
    network = TranslationNetwork.from_tensors(config, tensors)
    info = TranslationInfo(
        key=f"small translator {labels} {seed}",
        name="small",
        title="Small",
        path="small.safetensors",
        layout="gan-compression",
        family="translation",
        config=config,
        parameters=sum(tensor.numel() for tensor in network.parameters()),
        size_bytes=4 * sum(tensor.numel() for tensor in tensors.values()),
        licence="Apache-2.0",
        source_sha256="0" * 64,
        questions=asked,
        answers=answers,
    )
    return TranslationModel(info, network)


def check_says_what_it_is(each: Case) -> None:
    """Name, version, title, summary, verbs and order rules are sound."""
    kind = type(each.technique)
    checked_technique(kind)
    _require(kind.summary.strip().endswith("."), "the summary is not a sentence that ends in '.'")
    _require(len(kind.summary) <= 200, "the summary is longer than 200 characters")
    _require(len(kind.title) <= 40, "the title is longer than 40 characters")
    _require(kind.name not in (*kind.after, *kind.before), "its order rules name itself")


def check_imports_no_torch(each: Case) -> None:
    """Importing its module loads neither torch nor a runtime: windows read the declaration."""
    module = type(each.technique).__module__
    code = (
        f"import sys; sys.path[:0] = {sys.path!r}; import importlib;"
        f"importlib.import_module({module!r});"
        "print(sorted({'torch', 'onnxruntime', 'openvino', 'nncf'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    _require(done.returncode == 0, f"{module} cannot be imported alone: {done.stderr[-500:]}")
    loaded = done.stdout.strip().splitlines()[-1]
    _require(loaded == "[]", f"importing {module} loads {loaded}; import that inside functions")


def check_declares_its_parameters(each: Case) -> None:
    """Defaults are valid, every field is described, JSON can hold all, and steps read back."""
    kind = each.technique.params
    schema = kind.model_json_schema()
    json.dumps(schema, allow_nan=False)
    for name, field in kind.model_fields.items():
        _require(bool(field.description), f"the field {name} has no description")
        _require(not field.is_required(), f"the field {name} has no default")
    defaults = kind()
    _require(kind.model_validate(defaults.model_dump()) == defaults, "its defaults are not valid")
    for params in (defaults, each.params):
        recipe = each.recipe(step_of(each.technique, params))
        _require(from_text(to_text(recipe)) == recipe, "its step does not read back from text")
        again = kind.model_validate_json(params.model_dump_json())
        _require(again == params, "its parameters do not read back from JSON")
        _require(not problems(recipe, each.registry), "its own parameters are refused")
    for name, values in _searched(schema):
        for value in values:
            _accepts(kind, name, value)


def check_refuses_wrong_values(each: Case) -> None:
    """A field that is unknown, of another kind or beyond its bounds is named with what it takes."""
    _refuses(each, "no_such_field", 1)
    for name, schema in each.technique.params.model_json_schema().get("properties", {}).items():
        _refuses(each, name, {"of": "another kind"})
        if "maximum" in schema or "exclusiveMaximum" in schema:
            _refuses(each, name, schema.get("maximum", schema.get("exclusiveMaximum")) + 1)
        if "minimum" in schema or "exclusiveMinimum" in schema:
            _refuses(each, name, schema.get("minimum", schema.get("exclusiveMinimum")) - 1)
        if "enum" in schema:
            _refuses(each, name, "no such word")


def check_says_whether_it_fits(each: Case) -> None:
    """``applies_to`` gives None for the case's model, and a reason or None for another family."""
    reason = each.technique.applies_to(each.model.info)
    _require(reason is None, f"it does not fit the model it is checked with: {reason}")
    other = each.technique.applies_to(replace(each.model.info, family="another"))
    _require(other is None or bool(other.strip()), "its reason is empty")
    length = each.technique.seconds(each.params)
    _require(0 <= length < math.inf, f"it says that it takes {length} seconds")
    odd = set(each.verbs) - set(each.technique.verbs())
    _require(not odd, f"it needs {', '.join(sorted(odd))} and does not implement that")


def check_selects(each: Case) -> None:
    """``select`` gives a choice that the model has, the same every time, and changes nothing."""
    if "select" not in each.verbs:
        return
    before = _state(each.model)
    info, choice = each.model.info, SubnetChoice()
    chosen = each.technique.select(info, each.params, choice)
    resolve(chosen, info.config)
    again = each.technique.select(info, each.params, choice)
    _require(chosen == again, "two selections from the same parameters differ")
    _require(_equal(before, _state(each.model)), "select changed the model")


def check_changes_no_input(each: Case) -> None:
    """Verbs that bake leave the given model as it was, and give a model of one piece."""
    before, info = _state(each.model), each.model.info
    for verb in _baking(each):
        baked = _bake(each, verb)
        _require(_equal(before, _state(each.model)), f"{verb} changed the model it was given")
        _require(each.model.info is info, f"{verb} changed what describes the model")
        config = baked.model.info.config
        if baked.model.info.family != "diffusion":  # whose networks describe themselves otherwise
            same = config == baked.model.network.config
            _require(same, f"{verb} gave sizes that do not agree")
        _picture(baked.model)


def check_prepare_keeps_the_picture(each: Case) -> None:
    """``prepare`` rearranges: the picture stays the same to 1e-4."""
    if "prepare" not in each.verbs:
        return
    baked = _bake(each, "prepare")
    apart = float((_picture(baked.model) - _picture(each.model)).abs().max())
    _require(apart <= SAME, f"prepare changed the picture by {apart:.2g}")


def check_opens_again(each: Case) -> None:
    """What it bakes is saved and opened to the same picture."""
    with tempfile.TemporaryDirectory() as folder:
        for verb in _baking(each):
            made = _bake(each, verb).model
            file = Path(folder) / f"{verb}.safetensors"
            made.save(file)
            apart = float((_picture(open_model(file)) - _picture(made)).abs().max())
            _require(apart <= SAME, f"after {verb} the saved model differs by {apart:.2g}")


def check_reports(each: Case) -> None:
    """Reports name what was done, and their bytes can be true."""
    for verb in _baking(each):
        _sane(verb, _bake(each, verb).report)
    if "lower" in each.verbs:
        _sane("lower", _lower(each).report)


def check_can_be_stopped(each: Case) -> None:
    """What ``progress`` raises comes out of the verb, and the model is as before."""

    def stop(fraction: float, text: str) -> None:
        _require(0 <= fraction <= 1, f"progress was told {fraction}, not a share of 1")
        _require(bool(text.strip()), "progress was told no text")
        raise Stopped

    before = _state(each.model)
    for verb in _baking(each):
        if _bake(each, verb).model is each.model:
            continue  # there was nothing to do, and so nothing to stop
        try:
            _bake(each, verb, Context(progress=stop))
        except Stopped:
            pass
        else:
            raise AssertionError(
                f"{verb} went on although progress asked it to stop, or never told"
            )
    _require(_equal(before, _state(each.model)), "being stopped changed the model")


def check_repeats_itself(each: Case) -> None:
    """The same seed gives the same weights, the same plan and the same report."""
    for verb in _baking(each):
        first, second = (_bake(each, verb, Context(seed=3)) for _ in range(2))
        same = _equal(_state(first.model), _state(second.model))
        _require(same, f"{verb} gave other weights for the same seed")
        _require(first.report == second.report, f"{verb} reported otherwise for the same seed")
    if "lower" in each.verbs:
        _require(_lower(each) == _lower(each), "lower planned otherwise for the same seed")


def check_plans_what_is_there(each: Case) -> None:
    """``lower`` names nodes of the model's graph, and leaves the given plan alone."""
    if "lower" not in each.verbs:
        return
    import onnx

    given = QuantPlan()
    lowered = _lower(each, given)
    _require(given == QuantPlan(), "lower changed the plan it was given")
    graph = onnx.load_from_string(each.model.portable().onnx()).graph
    nodes = {node.name for node in graph.node}
    named = {*lowered.plan.layers, *(name for name, _ in lowered.plan.keep)}
    _require(named <= nodes, f"its plan names {sorted(named - nodes)[:3]}, which the graph lacks")


def check_works_in_a_recipe(each: Case) -> None:
    """A recipe of its step gives a variant, the same from the cache, that opens to its picture."""
    with tempfile.TemporaryDirectory() as folder:
        cache = VariantCache(Path(folder) / "cache")
        recipe = each.recipe(each.step)
        made, again = (
            apply(each.begin, recipe, registry=each.registry, cache=cache) for _ in range(2)
        )
        _require(made.model.info.key == again.model.info.key, "the same recipe gives two keys")
        _require(made.choice == again.choice, "the same recipe gives two choices")
        _require(made.plan == again.plan, "the same recipe gives two plans")
        picture = _picture(made.model, made.choice)
        _require(torch.equal(picture, _picture(again.model, again.choice)), "the cache differs")
        if made.model.uncut(made.choice) is not None:  # a way to run it, which no file can hold
            return
        variant = cut_to(made)
        if variant.choice != SubnetChoice():
            variant = cut_to(replace(variant, plan=None))
        file = Path(folder) / "variant.safetensors"
        variant.model.save(file)
        apart = float((_picture(open_model(file)) - picture).abs().max())
        _require(apart <= SAME, f"the saved variant differs by {apart:.2g}")


CHECKS: tuple[Callable[[Case], None], ...] = (
    check_says_what_it_is,
    check_imports_no_torch,
    check_declares_its_parameters,
    check_refuses_wrong_values,
    check_says_whether_it_fits,
    check_selects,
    check_changes_no_input,
    check_prepare_keeps_the_picture,
    check_opens_again,
    check_reports,
    check_can_be_stopped,
    check_repeats_itself,
    check_plans_what_is_there,
    check_works_in_a_recipe,
)


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise AssertionError(sentence)


def _baking(each: Case) -> tuple[Verb, ...]:
    return tuple(verb for verb in each.verbs if verb in ("prepare", "transform"))


def _bake(each: Case, verb: Verb, context: Context = Context()) -> Baked:
    run = each.technique.prepare if verb == "prepare" else each.technique.transform
    baked = run(each.model, each.params, replace(context, full=each.full))
    _require(isinstance(baked, Baked), f"{verb} gave no Baked")
    return baked


def _lower(each: Case, plan: QuantPlan = QuantPlan()) -> Lowered:
    context = Context(full=each.full)
    lowered = each.technique.lower(plan, each.model, each.params, context)
    _require(isinstance(lowered, Lowered), "lower gave no Lowered")
    return lowered


def _picture(model: AnyModel, choice: SubnetChoice = SubnetChoice()) -> Tensor:
    inputs = model.own_inputs(SEEDS)
    picture = torch.cat([model.drawing(each, choice)() for each in inputs])
    # Widths and the way a run goes change nothing of it.
    shown = SubnetChoice(resolution=choice.resolution)
    wanted = model.portable(shown).outputs[0].fixed(**model.sizes(inputs[0]))
    shape = tuple(picture.shape)
    _require(
        shape == (SEEDS * wanted[0], *wanted[1:]), f"its model draws pictures of the shape {shape}"
    )
    _require(bool(picture.isfinite().all()), "its model draws numbers that are none")
    return picture


def _state(model: AnyModel) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in model.network.state_dict().items()}


def _equal(a: Mapping[str, Tensor], b: Mapping[str, Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def _sane(verb: str, report: Report) -> None:
    _require(isinstance(report, Report), f"{verb} gave no Report")
    _require(bool(report.summary.strip()), f"the report of {verb} says nothing")
    sizes = {
        name: getattr(report, name)
        for name in ("disk_before", "disk_after", "resident_before", "resident_after")
    }
    if any(sizes.values()):  # else they are counted for it
        missing = [name for name, size in sizes.items() if size <= 0]
        _require(not missing, f"the report of {verb} has no {', '.join(missing)}")
    names = [layer.name for layer in report.layers]
    _require(all(names) and len(set(names)) == len(names), f"{verb} names layers twice or not")
    for layer in report.layers:
        _require(min(layer.bytes_before, layer.bytes_after) >= 0, f"{layer.name} has bytes below 0")
        _require(layer.error is None or layer.error >= 0, f"{layer.name} has an error below 0")
    total = sum(layer.bytes_before for layer in report.layers)
    most = max(report.disk_before, report.resident_before)
    _require(
        total <= most or not most, f"{verb} reports layers of {total} bytes in a model of {most}"
    )


def _searched(schema: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
    properties = schema.get("properties", {})
    return [(name, list(each["search"])) for name, each in properties.items() if "search" in each]


def _accepts(kind: type[Params], name: str, value: Any) -> None:
    try:
        kind.model_validate({name: value})
    except ValidationError as error:
        raise AssertionError(
            f"{name} is to be searched at {shown(value)} but refuses it"
        ) from error


def _refuses(each: Case, name: str, value: Any) -> None:
    step = Step(each.technique.name, each.technique.version, params={name: value})
    try:
        found = problems(each.recipe(step), each.registry, each.begin.info)
    except BadChoice as error:
        raise AssertionError(f"{name} at {shown(value)} is refused too late: {error}") from error
    sentences = [problem.sentence for problem in found]
    _require(bool(found), f"the field {name} takes {shown(value)}")
    named = any(name in sentence and "accepted" in sentence for sentence in sentences)
    _require(named, f"{sentences} do not name {name} and what it takes")
