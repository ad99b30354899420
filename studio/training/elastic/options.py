"""What a run of elastic training is told. Imports no torch: command line and dialog share it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.errors import BadChoice
from studio.subnets.choice import MIN_WIDTH

DEFAULT_WIDTHS = (0.25, 0.5, 0.75, 1.0)
LARGEST_SEED = 2**32 - 1


def checkpoint_path(out: str | Path) -> Path:
    """Where the run that writes ``out`` keeps its state."""
    path = Path(out)
    return path.with_name(f"{path.name}.checkpoint")


@dataclass(frozen=True)
class About:
    """What is said of an option, and the numbers it takes (both ends included)."""

    text: str
    low: float = 0.0
    high: float = 0.0


def _option(default: Any, text: str, low: float = 0.0, high: float = 0.0) -> Any:
    return dataclasses.field(default=default, metadata={"about": About(text, low, high)})


@dataclass(frozen=True)
class ElasticOptions:
    """Every choice of a run; each has its words and bounds in :func:`about`.

    Args:
        minutes: length of the run, looks at held-out pictures included; not read with ``steps``.
        steps: length in steps, which with one thread makes a run repeatable to the bit.
        widths: uniform ratios to train for, ascending; full width is always one of them.
        seed: of every random choice.
        batch: pictures a step.
        threads: of torch; None takes what the process has.
        keep_full: hold the full width to the original as well.
        data: folder of pictures for the adversarial part, or None.

    Raises:
        BadChoice: a value is outside its bounds.
    """

    minutes: float = _option(20.0, "Length of the training in minutes.", 0.05, 100_000)
    steps: int | None = _option(None, "Length in steps, in place of minutes.", 1, 100_000_000)
    widths: tuple[float, ...] = _option(
        DEFAULT_WIDTHS, "Widths to train for; full is always one.", MIN_WIDTH, 1
    )
    seed: int = _option(0, "Seed of every random choice.", 0, LARGEST_SEED)
    batch: int = _option(8, "Pictures a step.", 1, 256)
    threads: int | None = _option(None, "Threads that compute.", 1, 1024)
    keep_full: bool = _option(True, "Hold the full width to what it was.")
    data: str | None = _option(
        None, "Folder of pictures like those the model was trained on; adds the adversarial part."
    )

    def __post_init__(self) -> None:
        for name in ("minutes", "steps", "seed", "batch", "threads"):
            value, bounds = getattr(self, name), about(name)
            if value is not None and not bounds.low <= value <= bounds.high:
                raise BadChoice(
                    f"{name} {value:g} is not within {bounds.low:g} and {bounds.high:g}"
                )
        bounds = about("widths")
        for width in self.widths:
            if not bounds.low <= width <= bounds.high:
                raise BadChoice(f"width {width:g} is not within {bounds.low:g} and {bounds.high:g}")
        widths = tuple(sorted({*self.widths, 1.0}))
        if len(widths) < 2:
            raise BadChoice("widths name full alone; at least one below 1 is needed")
        object.__setattr__(self, "widths", widths)


def about(name: str) -> About:
    """The words and bounds of one option."""
    for field in dataclasses.fields(ElasticOptions):
        if field.name == name:
            found: About = field.metadata["about"]
            return found
    raise KeyError(name)
