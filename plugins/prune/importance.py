"""How much each channel matters: one score per channel for every entry of the channel list.

A channel is judged by those who read it, the next convolution and, at the end of a stage, ToRGB.
The usual norm of the filter that *makes* a channel (Li et al. 2017, "Pruning Filters for Efficient
ConvNets", section 3.1) says nothing here: demodulation divides it out again.

* ``l1``, ``l2``: norm of the weights that read the channel, times the mean (l2: root mean square)
  style that scales it. l1 is the rule by which Anycost GAN orders channels (Lin et al. 2021,
  section 3.2).
* ``activation``: the same L1 norm times the mean absolute activation that these weights read, with
  its style (Sun et al. 2024, "A Simple and Effective Pruning Approach for Large Language Models",
  section 3: weight times size of its input).
* ``taylor``: let a gate g scale the style of a channel wherever it is read, so that g = 0 removes
  it, demodulation included. The loss ``|G(g) - G(1)|^2`` has no slope at g = 1, where the network
  equals itself; its curvature there is ``|dG/dg|^2`` (Gauss-Newton), and removing the channel costs
  about half of that (LeCun et al. 1990, "Optimal Brain Damage"). Perturbing the target by white
  noise v makes the slope ``-v . dG/dg``, that is gradient times activation as in Molchanov et al.
  2019, "Importance Estimation for Neural Network Pruning", equation 8, and the mean of its square
  over v is exactly that curvature (Hutchinson 1990). One backward pass serves all channels.

Taylor scores of different layers compare as they are: all are changes of one picture. The others
are shares of what a reader takes in, 1 on average, so that layers of any size can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import Tensor

from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.stylegan.styles import sample_latents
from studio.families.stylegan.synthesis import (
    BLUR_TAPS,
    Layer,
    SynthesisView,
    ToRgb,
    run_layer,
    synthesise,
)

PROBES = 2  # perturbations of each picture
Progress = Callable[[float, str], None]
Reader = Layer | ToRgb


def scores(model: Model, kind: str, samples: int, seed: int, progress: Progress) -> list[Tensor]:
    """Scores (c,) of every entry of the channel list, at least 0; 0 for a channel nobody reads.

    Args:
        kind: ``l1``, ``l2``, ``taylor`` or ``activation``.
        samples: latents of ``seed``; classes take turns.
        progress: told a fraction and a line of text; may raise to stop.
    """
    z, labels = sample_latents(model.info.config, samples, seed)
    styles = model.styles_of(z, GanInputs(), labels=labels)
    view = model.view()
    if kind == "taylor":
        return _taylor(view, styles, seed, progress)
    totals: list[list[Tensor]] = [[] for _ in view.channels]
    for n, part in enumerate(styles.split(1)):
        progress(n / len(styles), f"looking at picture {n + 1} of {len(styles)}")
        for entry, sizes in enumerate(_sizes(view, part, kind)):
            totals[entry].append(sizes)
    means = [torch.stack(parts).mean(dim=0) for parts in totals]
    return [_shares(readers(view, entry), mean, kind) for entry, mean in enumerate(means)]


def readers(view: SynthesisView, entry: int) -> tuple[Reader, ...]:
    """Who reads the channels of an entry: the next convolution, a ToRGB, or both."""
    found: list[Reader] = list(view.layers[entry : entry + 1])
    if entry % 2:
        found.append(view.rgb[entry // 2])
    return tuple(found)


def kernel_of(reader: Reader) -> Tensor:
    """The weights (o, i, k, k) of a reader, put together where it is a chain."""
    return reader.kernel() if isinstance(reader, Layer) else reader.weight


def _sizes(view: SynthesisView, styles: Tensor, kind: str) -> Iterator[Tensor]:
    """For each entry and each of its readers (readers, c): how large the channel is that it reads,
    by its style alone or by activation and style."""
    taps = torch.tensor(BLUR_TAPS)
    with torch.no_grad():
        x = view.const.expand(len(styles), *view.const.shape)
        for entry in range(len(view.channels)):
            if kind == "activation" and entry:
                row = entry - 1
                layer = view.layers[row]
                x = run_layer(x, styles[:, row], layer, layer.noise, taps)
            found = []
            # Both readers of an entry are fed by the row of w+ with its number.
            for reader in readers(view, entry):
                style = styles[:, entry] @ reader.style_weight.T + reader.style_bias
                size = style.square() if kind == "l2" else style.abs()
                if kind == "activation":
                    size = size * x.abs().mean(dim=(2, 3))
                found.append(size.mean(dim=0))
            yield torch.stack(found)


def _shares(found: tuple[Reader, ...], sizes: Tensor, kind: str) -> Tensor:
    """Scores (c,) from the sizes (readers, c) of what is read."""
    total = torch.zeros(sizes.shape[1])
    for reader, size in zip(found, sizes, strict=True):
        weight = kernel_of(reader)
        if kind == "l2":
            taken = (weight.square().sum(dim=(0, 2, 3)) * size).sqrt()
        else:
            taken = weight.abs().sum(dim=(0, 2, 3)) * size
        total += taken / taken.mean().clamp(min=1e-30)
    return total / len(found)


def _taylor(view: SynthesisView, styles: Tensor, seed: int, progress: Progress) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    totals = [torch.zeros(count) for count in view.channels]
    for n, part in enumerate(styles.split(1)):
        progress(n / len(styles), f"looking at picture {n + 1} of {len(styles)}")
        with torch.enable_grad():
            gates = [torch.ones(count, requires_grad=True) for count in view.channels]
            (picture,) = synthesise(_gated(view, gates), part)
            for probe in range(PROBES):
                v = torch.randn(picture.shape, generator=generator)
                kept = probe + 1 < PROBES
                slopes = torch.autograd.grad((picture * v).sum(), gates, retain_graph=kept)
                for total, slope in zip(totals, slopes, strict=True):
                    total += slope.square()
    return [total / (PROBES * len(styles)) for total in totals]


def _gated(view: SynthesisView, gates: list[Tensor]) -> SynthesisView:
    """The network with the style of every channel scaled by its gate, wherever it is read."""
    layers = tuple(
        replace(
            layer,
            style_weight=layer.style_weight * gates[k][:, None],
            style_bias=layer.style_bias * gates[k],
        )
        for k, layer in enumerate(view.layers)
    )
    rgb = tuple(
        replace(
            head,
            style_weight=head.style_weight * gates[2 * s + 1][:, None],
            style_bias=head.style_bias * gates[2 * s + 1],
        )
        for s, head in enumerate(view.rgb)
    )
    return SynthesisView(view.const, layers, rgb)
