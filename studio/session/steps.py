"""The baked steps of a recipe as the document holds them: plain values that are quickly compared.

The subnet is not among them: it is live, and stands in the document by itself. ``cut_at`` says
where in the recipe it belongs. Imports neither pydantic nor YAML, which the start of the window
cannot spare; :mod:`studio.session.recipes` turns all this into a recipe and back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

MOST_STEPS = 32
LONGEST_PARAMS = 64 * 1024  # characters


@dataclass(frozen=True)
class RecipeStep:
    """One technique with its parameters.

    Args:
        id: unique in a document. technique: its name. version: that the parameters are written for.
        params: what differs from the defaults, as one line of JSON, names in order.
        on: False for a step that is kept and does nothing.
    """

    id: str
    technique: str
    version: int = 1
    params: str = "{}"
    on: bool = True

    def values(self) -> dict[str, Any]:
        """The parameters by name, as JSON values."""
        found: dict[str, Any] = json.loads(self.params)
        return found

    def with_values(self, values: Mapping[str, Any]) -> RecipeStep:
        """This step with other parameters."""
        return replace(self, params=params_text(values))

    @property
    def recalibrates(self) -> bool:
        """Whether the step takes statistics of norms anew, which belong to the cut network."""
        return self.technique == "subnet" and bool(self.values().get("recalibrate"))

    @property
    def content(self) -> tuple[str, int, str]:
        """All that decides what the step does, where it is on."""
        return self.technique, self.version, self.params


def params_text(values: Mapping[str, Any]) -> str:
    """Parameters as one line of JSON, equal for equal parameters."""
    return json.dumps(values, sort_keys=True, allow_nan=False, ensure_ascii=False)


@dataclass(frozen=True)
class Steps:
    """The baked steps in order.

    Args:
        cut_at: how many of them come before the network is cut to the subnet; those after it work
            on the cut network, and are applied again when the subnet changes. None: the subnet is
            taken live from what all of them have made.
    """

    steps: tuple[RecipeStep, ...] = ()
    cut_at: int | None = None

    @property
    def active(self) -> tuple[RecipeStep, ...]:
        """The steps that are on."""
        return tuple(step for step in self.steps if step.on)

    @property
    def cuts(self) -> bool:
        """Whether a step that is on works on the cut network."""
        return self.cut_at is not None and any(step.on for step in self.steps[self.cut_at :])

    def find(self, ref: str) -> RecipeStep | None:
        """The step of that id."""
        return next((step for step in self.steps if step.id == ref), None)

    def uses(self, technique: str) -> bool:
        """Whether there is a step of that technique, on or off."""
        return any(step.technique == technique for step in self.steps)

    def inserted(self, index: int, step: RecipeStep) -> Steps:
        """With ``step`` before the one at ``index``."""
        cut = self.cut_at
        if cut is not None and index < cut:
            cut += 1
        return Steps((*self.steps[:index], step, *self.steps[index:]), cut)

    def without(self, ref: str) -> Steps:
        """Without a step."""
        index = self._index(ref)
        if index is None:
            return self
        cut = self.cut_at
        if cut is not None and index < cut:
            cut -= 1
        return Steps((*self.steps[:index], *self.steps[index + 1 :]), cut)

    def moved(self, ref: str, to: int) -> Steps:
        """With a step at the place ``to`` among the others."""
        step = self.find(ref)
        if step is None:
            return self
        others = [each for each in self.steps if each.id != ref]
        others.insert(min(max(to, 0), len(others)), step)
        return replace(self, steps=tuple(others))

    def replaced(self, step: RecipeStep) -> Steps:
        """With ``step`` in place of the one of its id."""
        steps = tuple(step if each.id == step.id else each for each in self.steps)
        return replace(self, steps=steps)

    def _index(self, ref: str) -> int | None:
        return next((n for n, step in enumerate(self.steps) if step.id == ref), None)


def check_steps(found: Steps) -> None:
    """Refuse steps that no recipe can hold.

    Raises:
        ValueError: names the step and what is wrong.
    """
    if len(found.steps) > MOST_STEPS:
        raise ValueError(f"a recipe of {len(found.steps)} steps has more than {MOST_STEPS}")
    if found.cut_at is not None and not 0 <= found.cut_at <= len(found.steps):
        raise ValueError(f"the cut at {found.cut_at} is not within 0 and {len(found.steps)}")
    ids = [step.id for step in found.steps]
    if len(set(ids)) != len(ids):
        raise ValueError("two steps have one id")
    for step in found.steps:
        where = f"the step {step.technique[:40]}"
        if step.version < 1 or not step.technique:
            raise ValueError(f"{where} names no version of a technique")
        if len(step.params) > LONGEST_PARAMS:
            raise ValueError(f"the parameters of {where} are too long")
        try:
            values = json.loads(step.params)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"the parameters of {where} are not JSON") from error
        if not isinstance(values, dict):
            raise ValueError(f"the parameters of {where} are not names with values")
