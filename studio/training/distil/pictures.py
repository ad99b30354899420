"""The pupil of networks from pictures to pictures: inputs of a folder, or drawn by us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from studio.errors import BadChoice
from studio.families.inputs import PictureInputs
from studio.families.model import to_pixels
from studio.families.translation.model import TranslationModel
from studio.families.translation.network import TranslationNetwork
from studio.families.translation.reading import prepared
from studio.families.translation.run import run
from studio.families.translation.sampling import gathered, pictures_in
from studio.families.translation.scenes import SAID, drawn_inputs
from studio.families.translation.steps import Step
from studio.training.distil.looking import REPORTED_SEED, WATCHED_SEED, Plain, held_count
from studio.training.distil.pupil import Drawing, Held, Lesson, Pixels
from studio.training.gan_compression.distilling import mapped_values
from studio.training.gan_compression.memory import bytes_needed
from studio.training.gan_compression.trainer import idle_biases

MOST_PICTURES = 10_000  # of a folder
FEWEST_INPUTS = 48  # out of a folder; where its pictures are fewer, crops of them too
LARGEST_SEED = 2**31 - 1


class PicturePupil(Plain):
    """A smaller network that is to make of a picture what full makes of it.

    Batch norms keep the statistics that they have, and biases that a norm takes away again stay as
    they are.

    Args:
        student, full: neither is changed.
        folder: the user's pictures, or None for test pictures that Maquette draws.

    Raises:
        RefusedFile: the folder cannot be read, or holds no pictures.
        BadChoice: its pictures do not suit the model, or the two networks take or make other
            pictures.
    """

    def __init__(self, student: TranslationModel, full: TranslationModel, folder: str | None):
        self._network, self._full = student.network, full.network
        self.config = student.info.config
        _check_alike(student, full)
        names = set(_names(self._network.steps)) & set(_names(self._full.steps))
        compared = mapped_values(self.config.sizes)
        self._compared = tuple(name for name in compared if name in names)
        self._idle = idle_biases(self._network.steps)
        self._inputs: tuple[PictureInputs, ...] = ()
        self._held: dict[Held, tuple[PictureInputs, ...]] = {}
        what = "label maps" if self.config.takes_labels else "pictures"
        self.said = f"test {what} {SAID}"
        if folder is not None:
            self._read(folder)

    def _read(self, folder: str) -> None:
        """Part the inputs of a folder: some to learn from, some to look at."""
        there = min(len(pictures_in(Path(folder))), MOST_PICTURES)
        found = gathered(folder, max(there, FEWEST_INPUTS), self.config)
        self.said = found.said
        every = found.inputs
        # Evenly out of the whole, a fifth at most: a folder is often in an order.
        count = min(self._count("watched"), max(1, len(every) // 10))
        places = torch.linspace(0, len(every) - 1, 2 * count).round().long().tolist()
        self._held["watched"] = tuple(every[n] for n in places[::2])
        self._held["reported"] = tuple(every[n] for n in places[1::2])
        self._inputs = tuple(each for n, each in enumerate(every) if n not in set(places))

    def _count(self, which: Held) -> int:
        settings = self.config.settings
        return held_count(settings.height, settings.width, which)

    def copy(self) -> TranslationNetwork:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        tensors = {name: t.detach().clone() for name, t in self._network.tensors().items()}
        made = TranslationNetwork.from_tensors(self.config, tensors)
        for name, parameter in made.named_parameters():
            parameter.requires_grad_(name not in self._idle)
        return made.train()

    def inputs(self, count: int, random: torch.Generator, piece: int) -> tuple[Tensor, ...]:
        """See :class:`studio.training.distil.pupil.Pupil`; half of the inputs are mirrored."""
        found = []
        for _ in range(count):
            x = prepared(self._drawn(random), self.config)
            turn = bool(torch.randint(2, (), generator=random))
            found.append(x.flip(3) if turn else x)
        return torch.split(torch.cat(found), piece)

    def _drawn(self, random: torch.Generator) -> PictureInputs:
        if self._inputs:
            return self._inputs[int(torch.randint(len(self._inputs), (), generator=random))]
        seed = int(torch.randint(LARGEST_SEED, (), generator=random))
        return drawn_inputs(self.config, 1, seed)[0]

    def held(self, which: Held) -> tuple[Lesson, ...]:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        seed = WATCHED_SEED if which == "watched" else REPORTED_SEED
        inputs = self._held.get(which) or drawn_inputs(self.config, self._count(which), seed)
        return tuple(self.lesson(prepared(each, self.config), False) for each in inputs)

    @torch.no_grad()
    def lesson(self, inputs: Tensor, values: bool) -> Lesson:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        # One by one: a norm over each picture is the same, and the teacher's memory stays small.
        found = [self._run(self._full, x, values) for x in torch.split(inputs, 1)]
        picture = torch.cat([each.pictures[0] for each in found])
        kept = {name: torch.cat([each.values[name] for each in found]) for name in found[0].values}
        return Lesson(inputs, Drawing((picture,), kept))

    def draw(self, network: nn.Module, inputs: Tensor, values: bool) -> Drawing:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        assert isinstance(network, TranslationNetwork)
        return self._run(network, inputs, values)

    def _run(self, network: TranslationNetwork, x: Tensor, values: bool) -> Drawing:
        made: dict[str, Tensor] = {}

        def into(name: str) -> Callable[[Tensor], None]:
            return lambda value: made.update({name: value})

        keep = {name: into(name) for name in self._compared} if values else None
        return Drawing((run(network.steps, network.tensors(), x, keep=keep),), made)

    def pixels(self, pictures: Tensor) -> Pixels:
        """See :class:`studio.training.distil.pupil.Pupil`; of other numbers of channels than one
        and three, those are shown that are there."""
        shown = pictures[:, : 3 if pictures.shape[1] >= 3 else 1]
        return to_pixels(shown.expand(-1, 3, -1, -1))

    def memory(self, pictures: int) -> float:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        return bytes_needed(self.config, None, pictures)


def _check_alike(student: TranslationModel, full: TranslationModel) -> None:
    mine, theirs = student.info.config, full.info.config
    for what in ("inputs", "outputs"):
        if getattr(mine.sizes, what) != getattr(theirs.sizes, what):
            raise BadChoice(f"its {what} are others than those of the model that it learns from")


def _names(steps: Sequence[Step]) -> tuple[str, ...]:
    return tuple(step.name for step in steps)
