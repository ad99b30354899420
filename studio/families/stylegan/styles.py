"""From latents to the style inputs w+ of a generator: mapping, truncation, mixing, edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from studio.errors import BadChoice
from studio.families.directions import found_direction
from studio.families.inputs import MAX_SEED, MAX_STRENGTH, GanInputs
from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.stages import second_rows, stages_in

AVERAGE_SEED = 20210304  # any fixed number: every opening of a file must find the same average
AVERAGE_LATENTS = 4096
LARGEST_PIECE = 1 << 23  # numbers of latents and styles that are held at a time


def latent(seed: int, z_dim: int) -> Tensor:
    """The latent (1, z_dim) of a seed, equal on every machine: drawn on the CPU in float32.

    Raises:
        BadChoice: the seed is outside 0 to 2**32 - 1.
    """
    if not 0 <= seed <= MAX_SEED:
        raise BadChoice(f"seed {seed} is not within 0 and {MAX_SEED}")
    return torch.randn(1, z_dim, generator=torch.Generator().manual_seed(seed))


def check_inputs(inputs: GanInputs, config: StyleGanConfig, directions: tuple[str, ...]) -> None:
    """Refuse inputs that this generator cannot draw.

    Raises:
        BadChoice: names the value and what would be accepted.
    """
    _within("truncation", inputs.truncation, 2)
    _within("noise", inputs.noise, 2)
    rows = config.style_count
    cutoff, mix_from = inputs.truncation_cutoff, inputs.mix_from
    for name, row in (("truncation cutoff", cutoff), ("mix_from", mix_from)):
        if row is not None and not 0 <= row <= rows:
            raise BadChoice(f"{name} {row} is not within 0 and {rows}")
    if inputs.label is not None:
        if config.c_dim == 0:
            raise BadChoice(f"class {inputs.label} was given, but this model has no classes")
        if not 0 <= inputs.label < config.c_dim:
            raise BadChoice(f"class {inputs.label} is not within 0 and {config.c_dim - 1}")
    second_rows(inputs, config)
    for name, strength in inputs.edits:
        if name not in directions:
            _check_found(name, config, directions)
        if not abs(strength) <= MAX_STRENGTH:
            raise BadChoice(
                f"the strength {strength:g} of '{name}' is not within "
                f"{-MAX_STRENGTH:g} and {MAX_STRENGTH:g}"
            )


def _check_found(name: str, config: StyleGanConfig, directions: tuple[str, ...]) -> None:
    """Refuse a name that is no direction found in the weights either."""
    found = found_direction(name)
    if found is None:
        known = f"has {', '.join(directions)}" if directions else "comes with none"
        raise BadChoice(
            f"'{name}' is not an edit direction; this model {known}, "
            f"and sefa1 to sefa{config.w_dim} are found in its weights"
        )
    if found.number > config.w_dim:
        raise BadChoice(f"'{name}' does not exist; this model has sefa1 to sefa{config.w_dim}")
    if not stages_in(found.stages, config):
        raise BadChoice(f"'{name}' does not exist; this model has no {found.stages} stages")


def _within(name: str, value: float, most: float) -> None:
    if not 0 <= value <= most:
        raise BadChoice(f"{name} {value:g} is not within 0 and {most:g}")


def one_hot(label: int | None, config: StyleGanConfig) -> Tensor | None:
    """A class as label vector (1, c_dim); None for an unconditional model."""
    if config.c_dim == 0:
        return None
    vector = torch.zeros(1, config.c_dim)
    vector[0, label or 0] = 1.0
    return vector


def truncate(w: Tensor, average: Tensor, psi: float, cutoff: int | None = None) -> Tensor:
    """Pull style rows (n, rows, w_dim) towards the average w (w_dim,): the truncation trick.

    Rows from ``cutoff`` on stay as they are. Karras et al. 2019, appendix B.
    """
    if psi == 1:
        return w
    rows = w.shape[1] if cutoff is None else cutoff
    return torch.cat([torch.lerp(average.to(w), w[:, :rows], psi), w[:, rows:]], dim=1)


def mixed(first: Tensor, second: Tensor, mix_from: int) -> Tensor:
    """Rows before ``mix_from`` of the first w+ (n, rows, w_dim), the others of the second."""
    return torch.cat([first[:, :mix_from], second[:, mix_from:]], dim=1)


def mixed_at(first: Tensor, second: Tensor, rows: Sequence[int]) -> Tensor:
    """The first w+ (n, rows, w_dim) with ``rows`` of the second."""
    taken = torch.zeros(first.shape[1], dtype=torch.bool, device=first.device)
    taken[list(rows)] = True
    return torch.where(taken[:, None], second, first)


def average_style(network: StyleGan2, count: int = AVERAGE_LATENTS) -> Tensor:
    """The mean w (w_dim,) over ``count`` latents of a fixed seed, classes in equal parts."""
    config = network.config
    # A file of sizes that no published network has must not ask for gigabytes.
    rows = max(1, min(count, LARGEST_PIECE // (config.z_dim + config.w_dim)))
    total = torch.zeros(config.w_dim)
    with torch.no_grad():
        for z, labels in latent_pieces(config, count, AVERAGE_SEED, rows):
            total += network.map(z, labels).sum(dim=0)
    return total / count


def sample_latents(config: StyleGanConfig, count: int, seed: int) -> tuple[Tensor, Tensor | None]:
    """Latents (count, z_dim) of one generator seed, and label vectors that take turns."""
    return next(latent_pieces(config, count, seed, count))


def latent_pieces(
    config: StyleGanConfig, count: int, seed: int, rows: int
) -> Iterator[tuple[Tensor, Tensor | None]]:
    """``count`` latents (n, z_dim) of one generator seed, at most ``rows`` at a time, each piece
    with label vectors (n, c_dim) that take turns, or None."""
    generator = torch.Generator().manual_seed(seed)
    classes = torch.eye(config.c_dim) if config.c_dim else None
    for start in range(0, count, rows):
        number = torch.arange(start, min(start + rows, count))
        z = torch.randn(len(number), config.z_dim, generator=generator)
        yield z, None if classes is None else classes[number % config.c_dim]
