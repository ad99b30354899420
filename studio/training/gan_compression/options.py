"""What a run of GAN Compression is told. Imports no torch: command line and dialog share it.

Defaults are those of the paper's own code where it has them; ``about`` says what each means.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from studio.errors import BadChoice

Stage = Literal["teacher", "student", "distil", "supernet", "finetune"]
Pairing = Literal["auto", "joined", "folders", "unpaired", "inputs"]
Sampling = Literal["uniform", "sandwich"]
GanMode = Literal["hinge", "lsgan", "vanilla"]
LARGEST_SEED = 2**32 - 1
STAGES: tuple[Stage, ...] = get_args(Stage)
_CHOICES: dict[str, tuple[str, ...]] = {
    "pairing": get_args(Pairing),
    "sampling": get_args(Sampling),
    "gan_mode": get_args(GanMode),
}


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
class TrainingOptions:
    """Every choice of a stage that trains; each has its words and bounds in :func:`about`.

    Raises:
        BadChoice: a value is outside its bounds or none of its choices.
    """

    minutes: float = _option(60.0, "Length of a stage in minutes.", 0.02, 1_000_000)
    steps: int | None = _option(
        None, "Length of a stage in steps, in place of minutes.", 1, 100_000_000
    )
    batch: int = _option(1, "Pictures a step, over all processes together; 1 as published.", 1, 512)
    rate: float = _option(2e-4, "Learning rate of Adam; it falls to 0 in the end.", 1e-7, 1.0)
    decay: float = _option(0.75, "Share of the run, at its end, in which the rate falls.", 0, 1)
    seed: int = _option(0, "Seed of every random choice.", 0, LARGEST_SEED)
    recon: float = _option(
        100.0,
        "Weight of the reconstruction: to the true picture of a pair, else to the teacher's.",
        0,
        1e6,
    )
    distil: float = _option(
        1.0, "Weight of what intermediate activations differ from the teacher's.", 0, 1e6
    )
    gan: float = _option(1.0, "Weight of passing for a real picture.", 0, 1e6)
    gan_mode: GanMode = dataclasses.field(
        default="hinge",
        metadata={"about": About("Form of the adversarial loss; CycleGAN has lsgan.")},
    )
    ndf: int = _option(128, "Channels of the discriminator's first layer.", 1, 1024)
    crop: float = _option(
        286 / 256, "Pictures are read this much larger, and a random part is taken.", 1, 2
    )
    flip: bool = _option(True, "Mirror half of the pairs; leave out where left and right matter.")
    sampling: Sampling = dataclasses.field(
        default="uniform",
        metadata={
            "about": About(
                "Subnets of a step in once-for-all training: one drawn evenly, or the sandwich "
                "of the largest, the smallest and two between."
            )
        },
    )
    held: int = _option(
        8, "Pairs that are never trained on and decide which state is best.", 1, 256
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value, bounds = getattr(self, field.name), about(field.name)
            if field.name in _CHOICES:
                if value not in _CHOICES[field.name]:
                    known = ", ".join(_CHOICES[field.name])
                    raise BadChoice(f"{field.name} '{value}' is none of {known}")
            elif value is None or isinstance(value, bool):
                continue
            elif not bounds.low <= value <= bounds.high:
                raise BadChoice(
                    f"{field.name} {value:g} is not within {bounds.low:g} and {bounds.high:g}"
                )


@dataclass(frozen=True)
class DataOptions:
    """Where pairs come from.

    Args:
        folders: one folder of joined pictures or of inputs, or two: inputs, then wanted pictures.
        pairing: ``joined``: each picture is input and wanted side by side. ``folders``: two, paired
            by name. ``unpaired``: two that have nothing to do with each other. ``inputs``: one
            folder; the teacher makes the pairs. ``auto`` tells by the folders themselves.
        backwards: the wanted picture comes first (BtoA).
        instances: folder of instance maps for label maps with edges, by name; None takes labels.

    Raises:
        BadChoice: the number of folders does not suit the pairing.
    """

    folders: tuple[str, ...]
    pairing: Pairing = "auto"
    backwards: bool = False
    instances: str | None = None

    def __post_init__(self) -> None:
        if self.pairing not in _CHOICES["pairing"]:
            raise BadChoice(f"pairing '{self.pairing}' is none of {', '.join(_CHOICES['pairing'])}")
        accepted = {"joined": (1,), "inputs": (1,), "folders": (2,), "unpaired": (2,)}
        counts = accepted.get(self.pairing, (1, 2))
        if len(self.folders) not in counts:
            wanted = " or ".join(str(n) for n in counts)
            raise BadChoice(
                f"pairing '{self.pairing}' takes {wanted} folder(s) of pictures; "
                f"{len(self.folders)} given"
            )
        if self.pairing == "inputs" and self.backwards:
            raise BadChoice("a folder of inputs alone has no other direction")


def about(name: str) -> About:
    """The words and bounds of one option of training."""
    for field in dataclasses.fields(TrainingOptions):
        if field.name == name:
            found: About = field.metadata["about"]
            return found
    raise KeyError(name)
