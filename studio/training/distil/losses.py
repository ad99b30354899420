"""Three ways to be like the teacher: in what is drawn, in what lies between layers, in what a
discriminator can tell.

* output: pixels and edges of every stage, the last over a pyramid
  (:func:`studio.training.elastic.losses.agreement`).
* feature: values between layers. Widths differ, so a 1x1 convolution brings the student's to the
  teacher's channels (Li et al. 2020, "GAN Compression", section 3.1). It begins as the solution of
  least squares over the first batch, so that the student is not sent after what a random one asks.
* adversarial: a discriminator of patches that is told full's pictures from the student's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.training.gan_compression.options import GanMode
from studio.training.gan_compression.patches import PatchCritic, critic_loss, passing_loss

RIDGE = 1e-3  # of the mean square of a channel
MODE: GanMode = "hinge"
FIRST_CHANNELS = 32  # of the discriminator
RATE = 1e-3  # Adam's, of adaptors and discriminator
BETAS = (0.5, 0.99)


class Adaptors:
    """One 1x1 convolution with bias for every compared value, made at the first batch."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Tensor, Tensor]] = {}
        self._optimiser: torch.optim.Adam | None = None

    def __call__(self, mine: Mapping[str, Tensor], theirs: Mapping[str, Tensor]) -> Tensor:
        """The mean over the compared values of the share of the teacher's variance that the
        student's values do not explain."""
        names = [name for name in theirs if name in mine and _alike(mine[name], theirs[name])]
        if not self._made:
            self._made = {name: _fitted(mine[name].detach(), theirs[name]) for name in names}
            every = list(self._numbers())
            self._optimiser = torch.optim.Adam(every, RATE, BETAS) if every else None
        total = next(iter(mine.values())).new_zeros(()) if mine else torch.zeros(())
        for name in names:
            weight, bias = self._made[name]
            error = F.conv2d(mine[name], weight[:, :, None, None], bias) - theirs[name]
            total = total + error.square().mean() / (theirs[name].var() + 1e-6)
        return total / max(1, len(names))

    def _numbers(self) -> Iterator[Tensor]:
        for weight, bias in self._made.values():
            yield weight
            yield bias

    def clear(self) -> None:
        """Forget the gradients."""
        for each in self._numbers():
            each.grad = None

    def step(self, share: float) -> None:
        """Move, at ``share`` of the learning rate."""
        if self._optimiser is not None:
            self._optimiser.param_groups[0]["lr"] = RATE * share
            self._optimiser.step()


class Alike:
    """Values of equal width, compared as they are; the shape of :class:`Adaptors`."""

    def __call__(self, mine: Mapping[str, Tensor], theirs: Mapping[str, Tensor]) -> Tensor:
        """The mean over the compared values of the error as a share of the teacher's variance."""
        names = [n for n in theirs if n in mine and mine[n].shape == theirs[n].shape]
        total = next(iter(mine.values())).new_zeros(()) if mine else torch.zeros(())
        for name in names:
            wanted = theirs[name].float()
            total = total + (mine[name] - wanted).square().mean() / (wanted.var() + 1e-6)
        return total / max(1, len(names))

    def clear(self) -> None:
        """There is nothing to forget."""

    def step(self, share: float) -> None:
        """Nothing moves."""


class Judge:
    """A discriminator in training.

    Args:
        channels, side: of the pictures, and their shorter side in px.
    """

    def __init__(self, channels: int, side: int, seed: int) -> None:
        self._critic = PatchCritic(channels, FIRST_CHANNELS, side, seed)
        self._optimiser = torch.optim.Adam(self._critic.parameters(), RATE, BETAS)

    def passing(self, pictures: Tensor) -> Tensor:
        """What the student learns from."""
        self._critic.requires_grad_(False)
        return passing_loss(MODE, self._critic(pictures))

    def learn(self, drawn: Tensor, wanted: Tensor, share: float) -> Tensor:
        """Add to its own gradients, ``share`` times; its loss."""
        self._critic.requires_grad_(True)
        loss = critic_loss(MODE, self._critic(wanted), self._critic(drawn.detach()))
        (share * loss).backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def clear(self) -> None:
        """Forget the gradients."""
        self._optimiser.zero_grad(set_to_none=True)

    def step(self, share: float) -> None:
        """Move, at ``share`` of the learning rate."""
        self._optimiser.param_groups[0]["lr"] = RATE * share
        self._optimiser.step()


def _alike(mine: Tensor, theirs: Tensor) -> bool:
    return mine.ndim == theirs.ndim == 4 and mine.shape[2:] == theirs.shape[2:]


@torch.no_grad()
def _fitted(mine: Tensor, theirs: Tensor) -> tuple[Tensor, Tensor]:
    """Weight (theirs, mine) and bias (theirs,) of the least-squares solution."""
    x, y = (each.transpose(0, 1).flatten(1) for each in (mine, theirs))
    middle, aim = x.mean(1, keepdim=True), y.mean(1, keepdim=True)
    x, y = x - middle, y - aim
    square = x @ x.T
    square += (RIDGE * square.diagonal().mean() + 1e-12) * torch.eye(len(square))
    weight = torch.linalg.solve(square, x @ y.T).T.contiguous()
    bias = (aim - weight @ middle)[:, 0]
    return weight.requires_grad_(), bias.requires_grad_()
