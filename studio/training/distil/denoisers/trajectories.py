"""What a denoiser is asked along a run of its pipeline, and what the teacher answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from studio.families.diffusion.denoiser import named, standing_in
from studio.families.diffusion.signatures import TIMESTEP

if TYPE_CHECKING:
    from studio.families.diffusion.inputs import DiffusionInputs
    from studio.families.diffusion.model import DiffusionModel, Pixels
    from studio.families.diffusion.sampling import Step

SHARED = ("img_ids", "txt_ids")
"""What does not differ between samples of one size and has no batch in its shape."""
Between = Callable[[], None]


@dataclass(frozen=True, eq=False)
class Moment:
    """One step of a run.

    Args:
        tensors: what the denoiser is called with, by name; with guidance two rows of one latent.
        wanted: what the teacher answers, (rows, ...).
    """

    tensors: Mapping[str, Tensor]
    wanted: Tensor


@dataclass(frozen=True, eq=False)
class Batch:
    """Moments together, the rows of each beside each other.

    Args:
        tensors: as a denoiser takes them, the timestep (rows,). wanted: (rows, ...).
        weights: of each moment, (n,). rows: of a moment, 2 where guidance runs both.
    """

    tensors: Mapping[str, Tensor]
    wanted: Tensor
    weights: Tensor
    rows: int

    def pieces(self, piece: int) -> tuple[Batch, ...]:
        """The same in pieces of at most so many moments."""
        found = []
        for start in range(0, len(self.weights), piece):
            rows = slice(start * self.rows, (start + piece) * self.rows)
            tensors = {n: t if n in SHARED else t[rows] for n, t in self.tensors.items()}
            weights = self.weights[start : start + piece]
            found.append(Batch(tensors, self.wanted[rows], weights, self.rows))
        return tuple(found)


class _Over(Exception):
    """The last step of a run is done; the picture itself is not needed."""


@dataclass(frozen=True, eq=False)
class Run:
    """One run of the teacher; ``picture``: that it makes, None where it was not asked for."""

    moments: tuple[Moment, ...]
    picture: Pixels | None = None


@torch.no_grad()
def run_of(
    teacher: DiffusionModel,
    inputs: DiffusionInputs,
    *,
    half: AbstractContextManager[object] | None = None,
    between: Between | None = None,
    whole: bool = False,
) -> Run:
    """One run of the teacher.

    Args:
        half: within which the teacher answers, such as automatic half precision.
        between: called before every layer; may raise to stop.
        whole: to the picture; else it ends with the last step.

    Raises:
        MaquetteError: the run fails.
    """
    found: list[Moment] = []
    network, kind = teacher.running_network, teacher.info.config.kind

    def run(tensors: dict[str, Tensor]) -> Tensor:
        with half or nullcontext():
            answered: Tensor = named(network, tensors)(*tensors.values())[0]
        known = found[-1].tensors if found else {}
        kept = {name: _kept(tensor, known.get(name)) for name, tensor in tensors.items()}
        found.append(Moment(kept, _own(answered.float())))
        return answered.to(network.dtype)

    def over(step: Step) -> None:
        if not whole and step.index + 1 >= step.count:
            raise _Over

    picture = None
    with suppress(_Over):
        stand_in = standing_in(kind, run)
        picture = teacher.render(inputs, denoiser=stand_in, between=between, on_step=over)
    return Run(tuple(found), picture)


def _kept(tensor: Tensor, known: Tensor | None) -> Tensor:
    """A copy; texts, which stay the same through a run, are kept once."""
    if known is not None and known.shape == tensor.shape and torch.equal(known, tensor):
        return known
    return _own(tensor.float() if tensor.is_floating_point() else tensor)


def _own(tensor: Tensor) -> Tensor:
    """A copy that gradients may be taken with: runs are drawn in inference mode."""
    with torch.inference_mode(False):
        return tensor.detach().clone()


def together(moments: Sequence[Moment], weights: Tensor) -> Batch:
    """Moments as one batch; ``weights``: (n,)."""
    rows = len(moments[0].wanted)
    tensors: dict[str, Tensor] = {}
    for name in moments[0].tensors:
        every = [moment.tensors[name] for moment in moments]
        if name in SHARED:
            tensors[name] = every[0]
        elif name == TIMESTEP:
            tensors[name] = timesteps(moments).repeat_interleave(rows)
        else:
            tensors[name] = torch.cat(every)
    return Batch(tensors, torch.cat([m.wanted for m in moments]), weights, rows)


def timesteps(moments: Sequence[Moment]) -> Tensor:
    """Of each moment, (n,)."""
    return torch.cat([moment.tensors[TIMESTEP].reshape(-1)[:1] for moment in moments])


def answered(network: nn.Module, batch: Batch) -> Tensor:
    """What a network answers to a batch, (rows, ...); gradients pass."""
    made: Tensor = named(network, batch.tensors)(*batch.tensors.values())[0]
    return made


@dataclass(frozen=True, eq=False)
class HeldRun:
    """A run that is not learnt from: its moments, and the picture that full makes of it."""

    inputs: DiffusionInputs
    batches: tuple[Batch, ...]
    picture: Pixels
