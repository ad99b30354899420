"""The discriminator that came with a model, ready to compare pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.checkpoints import open_discriminator
from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.discriminator import Discriminator, DiscriminatorConfig


@dataclass(frozen=True)
class FoundCritic:
    """A frozen discriminator, or None, and what there is to say of it in a few words."""

    critic: Discriminator | None
    words: str


def critic_of(path: str | Path, config: StyleGanConfig) -> FoundCritic:
    """The discriminator in the file of a model, where it has one for pictures of this size.

    Raises:
        RefusedFile: the file cannot be read.
    """
    found = open_discriminator(path)
    if not found.tensors:
        return FoundCritic(None, found.words)
    sizes = DiscriminatorConfig(
        found.channels, (4 << (len(found.channels) - 1),), conv_clamp=found.conv_clamp
    )
    if sizes.resolution != config.resolution:
        return FoundCritic(
            None,
            f"the discriminator of the file is not used: it is for {sizes.resolution} px, "
            f"the generator for {config.resolution} px",
        )
    critic = Discriminator(sizes).load(found.tensors)
    return FoundCritic(critic.requires_grad_(False).eval(), found.words)
