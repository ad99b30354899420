"""A recipe against the techniques there are and, where one is given, a model. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from studio.errors import BadChoice, BadRecipe
from studio.families.info import BaseInfo
from studio.recipes.contract import Params, Technique, Verb
from studio.recipes.problem import Problem, parameter_problems
from studio.recipes.recipe import Recipe, Step
from studio.recipes.registry import Registry
from studio.recipes.values import Values, canonical, thawed
from studio.subnets.choice import SubnetChoice, resolve

WORDED = 3  # problems that one sentence names


@dataclass(frozen=True)
class CheckedStep:
    """A step that can be run.

    Args:
        number: as people count, from 1. technique: who runs it.
        params: of the technique's version now, with every default filled in.
    """

    number: int
    technique: Technique
    params: Params

    @property
    def said(self) -> str:
        """How sentences name it: "step 2 (prune)"."""
        return f"step {self.number} ({self.technique.name})"

    @property
    def canonical(self) -> str:
        """JSON that is equal for steps that do the same."""
        return self._canonical(())

    @property
    def learnt(self) -> str:
        """The same for steps that differ at most in how long they learn."""
        return self._canonical(self.technique.lengths)

    def _canonical(self, without: Sequence[str]) -> str:
        plain = self.params.model_dump(mode="json", exclude=set(without))
        return canonical(
            {"technique": self.technique.name, "version": self.technique.version, "params": plain}
        )


def checked(
    recipe: Recipe, registry: Registry, info: BaseInfo | None = None
) -> tuple[CheckedStep, ...]:
    """The steps that are on, ready to run.

    Raises:
        BadRecipe: a step is wrong; the sentence names it, the field, and what would be accepted.
    """
    found = problems(recipe, registry, info)
    if found:
        more = len(found) - WORDED
        words = "; ".join(each.sentence for each in found[:WORDED])
        raise BadRecipe(f"{words}; and {more} more" if more > 0 else words)
    return tuple(_checked(number, step, registry) for number, step in recipe.active)


def problems(
    recipe: Recipe, registry: Registry, info: BaseInfo | None = None
) -> tuple[Problem, ...]:
    """All that is wrong with the steps that are on, in their order; nothing when it can be run.

    Args:
        info: a model that the recipe should fit; None leaves that out.
    """
    found: list[Problem] = []
    sound: list[CheckedStep] = []
    for number, step in recipe.active:
        wrong = step_problems(number, step, registry, info)
        found += wrong
        if not wrong:
            sound.append(_checked(number, step, registry))
    found += order_problems(recipe, registry)
    found += _first_problems(recipe, registry)
    if info is not None and not found:
        found += _selection_problems(sound, info)
    return tuple(sorted(found, key=lambda each: each.step))


def step_problems(
    number: int, step: Step, registry: Registry, info: BaseInfo | None = None
) -> tuple[Problem, ...]:
    """What is wrong with one step by itself, whether it is on or not."""
    if step.technique not in registry:
        return (Problem(number, step.technique, "", registry.why_not(step.technique)),)
    technique = registry.get(step.technique)
    try:
        checked_params(step, technique)
    except ValidationError as error:
        return parameter_problems(number, step.technique, technique.params, error)
    except BadChoice as error:
        return (Problem(number, step.technique, "version", str(error)),)
    reason = None if info is None else _unfitting(technique, info)
    if info is not None and reason:
        return (Problem(number, step.technique, "", f"it does not fit {info.name}: {reason}"),)
    return ()


def checked_params(step: Step, technique: Technique) -> Params:
    """The parameters of a step as the technique takes them now.

    Raises:
        BadChoice: the step is of a version that cannot be brought up, or of a newer one.
        pydantic.ValidationError: a field is unknown or its value is not accepted.
    """
    given = thawed(step.params)
    if step.version > technique.version:
        raise BadChoice(
            f"{step.version} is newer than the technique here; accepted is {technique.version} "
            "and what it can bring up"
        )
    if step.version < technique.version:
        try:
            given = technique.migrate(given, step.version)
        except BadChoice:
            raise
        except Exception as error:
            raise BadChoice(f"{step.version} cannot be brought up ({error})") from error
    return technique.params.model_validate(given)


def step_of(technique: Technique, params: Params | None = None, *, on: bool = True) -> Step:
    """A step of ``technique`` that holds what differs from the defaults."""
    plain = {} if params is None else params.model_dump(mode="json", exclude_defaults=True)
    return Step(technique.name, technique.version, on, Values(plain))


def order_problems(recipe: Recipe, registry: Registry) -> tuple[Problem, ...]:
    """Steps that are on and stand where their techniques' rules do not allow.

    A step follows those that its technique names in ``after``, and precedes those in ``before``.
    What a quantisation plan says is of the network then, so only plans may follow on plans.
    """
    steps = [(n, registry.get(s.technique)) for n, s in recipe.active if s.technique in registry]
    found: list[Problem] = []
    for index, (number, technique) in enumerate(steps):
        for later_number, later in steps[index + 1 :]:
            if later.name in technique.after or technique.name in later.before:
                text = f"it must come after step {later_number} ({later.name})"
                found.append(Problem(number, technique.name, "", text))
        for earlier_number, earlier in steps[:index]:
            if "lower" in earlier.verbs() and "lower" not in technique.verbs():
                text = (
                    f"it changes the network that step {earlier_number} ({earlier.name}) makes a "
                    "plan for, so it must come before that"
                )
                found.append(Problem(number, technique.name, "", text))
    return tuple(dict.fromkeys(found))


def _first_problems(recipe: Recipe, registry: Registry) -> list[Problem]:
    """A first step that is on and works on what steps before it have left."""
    for number, step in recipe.active[:1]:
        why = registry.get(step.technique).not_first if step.technique in registry else ""
        if why:
            text = f"{why}; accepted is a place after a step that changes the network"
            return [Problem(number, step.technique, "", text)]
    return []


def place_for(recipe: Recipe, technique: Technique, registry: Registry) -> int:
    """Where in the recipe (from 0) a new step of ``technique`` may stand: the last place that the
    rules allow, or the end when none is."""
    before = set(order_problems(recipe, registry))
    step = Step(technique.name, technique.version)
    for index in range(len(recipe.steps), -1, -1):
        if len(order_problems(recipe.inserted(index, step), registry)) == len(before):
            return index
    return len(recipe.steps)


def live_choice(steps: Sequence[CheckedStep], info: BaseInfo) -> SubnetChoice | None:
    """The subnet that the steps select when nothing has to be baked for them, else None.

    Raises:
        BadRecipe: a step does not fit the model.
    """
    if any(set(_needed(step, info)) - {"select"} for step in steps):
        return None
    return selected(steps, info)


def selected(
    steps: Sequence[CheckedStep], info: BaseInfo, choice: SubnetChoice = SubnetChoice()
) -> SubnetChoice:
    """``choice`` after the ``select`` of every step, whatever else they do.

    Raises:
        BadRecipe: a step does not fit the model; the sentence names it.
    """
    for step in steps:
        if "select" not in _needed(step, info):
            continue
        try:
            choice = step.technique.select(info, step.params, choice)
            resolve(choice, info.config)
        except BadChoice as error:
            raise BadRecipe(f"{step.said}: {error}") from error
        except Exception as error:
            raise BadRecipe(f"{step.said} failed: {type(error).__name__}: {error}") from error
    return choice


def _checked(number: int, step: Step, registry: Registry) -> CheckedStep:
    technique = registry.get(step.technique)
    return CheckedStep(number, technique, checked_params(step, technique))


def _needed(step: CheckedStep, info: BaseInfo) -> tuple[Verb, ...]:
    verbs = step.technique.needed(info, step.params)
    return tuple(verb for verb in step.technique.verbs() if verb in verbs)


def _unfitting(technique: Technique, info: BaseInfo) -> str | None:
    try:
        return technique.applies_to(info)
    except Exception as error:  # noqa: BLE001 - another package's code
        return f"asking it failed with {type(error).__name__}: {error}"


def _selection_problems(steps: Sequence[CheckedStep], info: BaseInfo) -> list[Problem]:
    """Selections that the model cannot follow, up to the first step that changes its sizes."""
    for index, step in enumerate(steps):
        if "transform" in _needed(step, info):
            return []
        try:
            selected(steps[: index + 1], info)
        except BadRecipe as error:
            text = str(error).removeprefix(f"{step.said}: ")
            return [Problem(step.number, step.technique.name, "", text)]
    return []
