"""The adversarial part of clay heads: pictures of every width must pass for drawn ones.

The discriminator is that of elastic training: several resolutions, and it is told which subnet drew
a picture (Lin et al. 2021, "Anycost GANs", sections 3.1 and 3.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from studio.families.stylegan.network import StyleGan2
from studio.training.clay_heads.data import DrawnSet
from studio.training.elastic.adversary import Adversary, critic_for
from studio.training.elastic.data import Reals

LEARNS_FIRST = 150  # steps in which the discriminator learns alone: what it says then is noise


class Rivalry:
    """A discriminator of drawn busts, and how far it has come.

    Args:
        drawn: the busts that it takes for real. weight: of what it teaches the generator.
    """

    def __init__(self, model: StyleGan2, drawn: DrawnSet, weight: float, seed: int) -> None:
        reals = Reals(drawn.planes[:, :3].transpose(0, 2, 3, 1))
        critic = critic_for(model.config, None, seed)
        random = torch.Generator().manual_seed(seed)
        self.adversary = Adversary(critic, reals, random, weight)
        self.step = 0

    def teach(self, model: StyleGan2, z: Tensor, widths: Sequence[float]) -> None:
        """Train the discriminator on one of ``widths``; add what it teaches to the gradients."""
        styles = model.map(z)[:, None].expand(-1, model.config.style_count, -1)
        listens = self.step >= LEARNS_FIRST
        self.adversary.teach(model, styles, widths, self.step, float(listens))
        self.step += 1

    def state(self) -> dict[str, Any]:
        """What :meth:`load` takes to go on."""
        return {
            "critic": self.adversary.critic.state_dict(),
            "adam": self.adversary.optimiser.state_dict(),
            "random": self.adversary.random.get_state(),
            "step": self.step,
        }

    def load(self, state: dict[str, Any]) -> None:
        """Go on from :meth:`state`."""
        self.adversary.critic.load_state_dict(state["critic"])
        self.adversary.optimiser.load_state_dict(state["adam"])
        self.adversary.random.set_state(state["random"].cpu())
        self.step = state["step"]
