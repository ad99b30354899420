"""The adversarial part: narrow subnets must also pass for real pictures.

Non-saturating loss (Goodfellow et al. 2014) with a gradient penalty on real pictures (Mescheder et
al. 2018), taken every sixteenth step (Karras et al. 2020, section 4.1); pictures of several
resolutions, and a discriminator that is told which subnet drew them (Lin et al. 2021, sections 3.1
and 3.2).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.discriminator import Discriminator, new_discriminator
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.synthesis import synthesise
from studio.subnets.choice import Subnet, SubnetChoice, resolve
from studio.training.elastic.data import Reals
from studio.training.elastic.teacher import trained_resolutions

WEIGHT = 0.05  # beside the agreement with the original, which is of the order of 0.1 to 0.5
BEGIN = 0.05  # share of the run before a subnet listens to a discriminator
RATE = 2e-3
BETAS = (0.0, 0.99)
PENALTY_EVERY = 16
PENALTY = 2e-4  # times pixels over the batch: the rule of Karras et al. 2020 (ADA), appendix C


def critic_for(config: StyleGanConfig, loaded: Discriminator | None, seed: int) -> Discriminator:
    """A discriminator for every trained resolution, told the generator's shape; to be trained.

    Args:
        loaded: one from a file, whose weights it starts from; None starts from nothing.
    """
    heads = trained_resolutions(config)
    if loaded is None:
        channels: Sequence[int] = config.channels[-1::-2]
    else:
        channels = loaded.config.channels
        heads = tuple(r for r in heads if r <= loaded.config.resolution)
    critic = new_discriminator(channels, heads, len(config.channels), seed)
    if loaded is not None:
        critic.load(loaded.state_dict())
    return critic


class Adversary:
    """A discriminator in training, and what it teaches.

    Args:
        critic: from :func:`critic_for`. reals: pictures of the model's full resolution.
        random: draws widths, resolutions and pictures. weight: of what it teaches.
    """

    def __init__(
        self,
        critic: Discriminator,
        reals: Reals,
        random: torch.Generator,
        weight: float = WEIGHT,
    ) -> None:
        self.critic = critic
        self.reals = reals
        self.random = random
        self.weight = weight
        groups: list[dict[str, object]] = []
        for parameter in critic.parameters():
            fan_in = parameter[0].numel() if parameter.ndim in (2, 4) else 1
            groups.append({"params": [parameter], "lr": RATE * fan_in**-0.5})
        self.optimiser = torch.optim.Adam(groups, betas=BETAS)

    def teach(
        self, student: StyleGan2, styles: Tensor, widths: Sequence[float], step: int, done: float
    ) -> None:
        """Train the discriminator on one of ``widths``; add what it teaches to the gradients.

        Args:
            styles: w+ (n, rows, w_dim). step: of the run, from 0. done: share of it, 0 to 1.
        """
        width = widths[self._pick(len(widths))]
        heads = self.critic.config.heads
        subnet = resolve(
            SubnetChoice(width=width, resolution=heads[self._pick(len(heads))]), student.config
        )
        shape = _shape(subnet, student.config)
        listens = done >= BEGIN
        with torch.set_grad_enabled(listens):
            view = student.view(subnet.channels, subnet.resolution)
            fakes = synthesise(view, styles)[-1]
        self._learn(fakes.detach(), shape, step)
        if listens:
            self.critic.requires_grad_(False)
            loss = self.weight * F.softplus(-self.critic(fakes, shape)).mean()
            loss.backward()  # type: ignore[no-untyped-call]
            self.critic.requires_grad_(True)

    def _learn(self, fakes: Tensor, shape: Tensor, step: int) -> None:
        penalised = step % PENALTY_EVERY == 0
        size = fakes.shape[-1]
        reals = self.reals.batch(len(fakes), size, self.random).requires_grad_(penalised)
        scores = self.critic(reals, shape)
        loss = F.softplus(-scores).mean() + F.softplus(self.critic(fakes, shape)).mean()
        if penalised:
            (slope,) = torch.autograd.grad(scores.sum(), reals, create_graph=True)
            gamma = PENALTY * size * size / len(fakes)
            penalty = slope.square().sum(dim=(1, 2, 3)).mean()
            loss = loss + PENALTY_EVERY * gamma / 2 * penalty
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()

    def _pick(self, count: int) -> int:
        return int(torch.randint(count, (), generator=self.random))


def _shape(subnet: Subnet, config: StyleGanConfig) -> Tensor:
    """The share of full width of every layer, 0 for those beyond the resolution, (1, entries)."""
    used = config.entries_up_to(subnet.resolution)
    shares = [
        count / full if k < used else 0.0
        for k, (count, full) in enumerate(zip(subnet.channels, config.channels, strict=True))
    ]
    return torch.tensor([shares])
