"""The pupil of the StyleGAN family: latents of its own, and pictures of every stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.errors import BadChoice
from studio.families.model import Model, to_pixels
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.styles import mixed, sample_latents
from studio.families.stylegan.synthesis import synthesise
from studio.training.distil.looking import REPORTED_SEED, WATCHED_SEED, Plain, held_count
from studio.training.distil.pupil import Drawing, Held, Lesson, Pixels
from studio.training.elastic.memory import bytes_needed
from studio.training.elastic.teacher import MIXED, trained_resolutions

MAPPING = ("mapping.", "label_embed.")


@dataclass(frozen=True)
class Latents:
    """Latents z (n, z_dim) and labels (n, c_dim) of a style; the rows from ``mix_from`` are fed by
    the second style, where there is one."""

    z: Tensor
    labels: Tensor | None
    second: Latents | None = None
    mix_from: int = 0

    def pieces(self, piece: int) -> tuple[Latents, ...]:
        """The same in pieces of at most so many."""
        found = []
        for start in range(0, len(self.z), piece):
            rows = slice(start, start + piece)
            labels = None if self.labels is None else self.labels[rows]
            found.append(Latents(self.z[rows], labels, None, self.mix_from))
        if self.second is not None:
            pairs = zip(found, self.second.pieces(piece), strict=True)
            found = [replace(first, second=second) for first, second in pairs]
        return tuple(found)


class GeneratorPupil(Plain):
    """A smaller generator that is to draw what full draws of the same latents.

    The mapping network, the average w and the noise stay as they are, so that edit directions and
    truncation keep their meaning; only where the mapping network is not full's any more, it learns.

    Args:
        student, full: neither is changed.

    Raises:
        BadChoice: they take other latents, or the student draws larger pictures.
    """

    def __init__(self, student: Model, full: Model) -> None:
        self._network, self._full = student.network, full.network
        self.config = student.info.config
        mine, theirs = self.config, full.info.config
        if (mine.z_dim, mine.c_dim) != (theirs.z_dim, theirs.c_dim):
            raise BadChoice("it takes other latents than the model that it should learn from")
        if mine.resolution > theirs.resolution:
            raise BadChoice("it draws larger pictures than the model that it should learn from")
        self._shown = trained_resolutions(mine)
        self._maps = not _same_mapping(self._network, self._full)

    @property
    def maps(self) -> bool:
        """The mapping network learns too."""
        return self._maps

    def copy(self) -> StyleGan2:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        tensors = {name: tensor.clone() for name, tensor in self._network.state_dict().items()}
        made = StyleGan2.from_tensors(self.config, tensors)
        for name, parameter in made.named_parameters():
            fixed = name.startswith(MAPPING) and not self._maps
            parameter.requires_grad_(not fixed and not name.endswith("noise_strength"))
        return made.train()

    def inputs(self, count: int, random: torch.Generator, piece: int) -> tuple[Latents, ...]:
        """See :class:`studio.training.distil.pupil.Pupil`; some batches mix two styles."""
        latents = Latents(*self._latents(count, random))
        if torch.rand((), generator=random) < MIXED:
            at = int(torch.randint(1, self.config.style_count, (), generator=random))
            latents = replace(latents, second=Latents(*self._latents(count, random)), mix_from=at)
        return latents.pieces(piece)

    def held(self, which: Held) -> tuple[Lesson, ...]:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        size = self.config.resolution
        seed = WATCHED_SEED if which == "watched" else REPORTED_SEED
        latents = Latents(*sample_latents(self.config, held_count(size, size, which), seed))
        return tuple(self.lesson(each, False) for each in latents.pieces(1))

    def _latents(self, count: int, random: torch.Generator) -> tuple[Tensor, Tensor | None]:
        z = torch.randn(count, self.config.z_dim, generator=random)
        if not self.config.c_dim:
            return z, None
        classes = torch.randint(self.config.c_dim, (count,), generator=random)
        return z, F.one_hot(classes, self.config.c_dim).float()

    @torch.no_grad()
    def lesson(self, inputs: Latents, values: bool) -> Lesson:
        """See :class:`studio.training.distil.pupil.Pupil`. At resolutions where people stop, the
        student should show the full picture made smaller; below them what full's own stage shows.
        """
        found = _drawn(self._full, inputs, values)
        whole, pictures = found.pictures[-1], []
        for picture in found.pictures[: len(self.config.resolutions)]:
            size = picture.shape[-1]
            shown = size in self._shown
            pictures.append(F.avg_pool2d(whole, whole.shape[-1] // size) if shown else picture)
        return Lesson(inputs, Drawing(tuple(pictures), found.values))

    def draw(self, network: nn.Module, inputs: Latents, values: bool) -> Drawing:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        assert isinstance(network, StyleGan2)
        return _drawn(network, inputs, values)

    def pixels(self, pictures: Tensor) -> Pixels:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        return to_pixels(pictures)

    def memory(self, pictures: int) -> float:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        return bytes_needed(self.config, pictures)


def _drawn(network: StyleGan2, latents: Latents, values: bool) -> Drawing:
    """Pictures of every stage, and of every resolution what its last layer makes."""
    config = network.config
    styles = _rows(network, latents)
    if latents.second is not None:
        styles = mixed(styles, _rows(network, latents.second), latents.mix_from)
    made: dict[str, Tensor] = {}

    def keep(index: int, value: Tensor) -> None:
        if index % 2 == 0:
            made[f"layers.{index}"] = value

    view = network.view()
    pictures = synthesise(view, styles, every_stage=True, keep=keep if values else None)
    assert len(pictures) == len(config.resolutions)
    return Drawing(tuple(pictures), made)


def _rows(network: StyleGan2, latents: Latents) -> Tensor:
    """Style rows (n, rows, w_dim) of the first style."""
    return network.map(latents.z, latents.labels)[:, None].expand(
        -1, network.config.style_count, -1
    )


def _same_mapping(a: StyleGan2, b: StyleGan2) -> bool:
    mine, theirs = _mapping(a), _mapping(b)
    return mine.keys() == theirs.keys() and all(torch.equal(mine[n], theirs[n]) for n in mine)


def _mapping(network: StyleGan2) -> Mapping[str, Tensor]:
    return {n: t for n, t in network.state_dict().items() if n.startswith(MAPPING)}
