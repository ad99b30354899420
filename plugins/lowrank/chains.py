"""One layer at a time: its kernel or matrix as a chain, with the ranks that the parameters ask."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from plugins.lowrank.canonical import cp, largest_rank, relative_error
from plugins.lowrank.params import LowRankParams
from plugins.lowrank.singular import Wanted, leading
from plugins.lowrank.tucker import tucker2
from studio.checkpoints.factor import TAPS, Factor
from studio.families.stylegan.factors import whole_kernel

ERROR_OF_ROUNDING = 1e-5  # relative; a chain of float32 does not come nearer


@dataclass(frozen=True)
class Chain:
    """What a layer becomes: tensors by the last part of their names, float32, and its ranks."""

    tensors: dict[str, Tensor]
    ranks: tuple[int, ...]
    error: float
    factor: Factor | None = None


class NotSmaller(Exception):
    """A chain with the ranks asked for has no fewer weights. ``str`` says with which."""


def convolution_chain(kernel: Tensor, params: LowRankParams, generator: torch.Generator) -> Chain:
    """The chain of a 3x3 kernel (o, i, 3, 3).

    Raises:
        NotSmaller: there is no smaller chain with these parameters.
    """
    exact = kernel.detach().double()
    wanted = Wanted(generator, energy=params.energy, exact=params.exact)
    make = {"svd": _svd, "tucker2": _tucker2, "cp": _cp}[params.method]
    factor, tensors = make(exact, params, wanted)
    o, i = kernel.shape[:2]
    _require_smaller(factor.ranks, factor.weights(i, o), kernel.numel())
    tensors = {name: tensor.float().contiguous() for name, tensor in tensors.items()}
    made = whole_kernel(tensors["weight"], tensors["reduce"], tensors.get("expand"))
    return Chain(tensors, factor.ranks, _apart(made, kernel), factor)


def matrix_chain(weight: Tensor, params: LowRankParams, generator: torch.Generator) -> Chain:
    """The two matrices of a fully connected layer's weight (outputs, inputs).

    Raises:
        NotSmaller: as above.
    """
    o, i = weight.shape
    wanted = Wanted(generator, energy=params.energy, exact=params.exact)
    if params.rank_by != "energy":
        wanted = replace(wanted, rank=_whole_rank(params.budget * o * i / (o + i)))
    found = leading(weight.detach().double(), wanted)
    rank = len(found.values)
    _require_smaller((rank,), rank * (o + i), weight.numel())
    tensors = {
        "reduce": found.rows.float().contiguous(),
        "weight": found.left.float().contiguous(),
    }
    return Chain(tensors, (rank,), _apart(tensors["weight"] @ tensors["reduce"], weight))


def _svd(kernel: Tensor, params: LowRankParams, wanted: Wanted) -> tuple[Factor, dict[str, Tensor]]:
    o, i = kernel.shape[:2]
    if params.rank_by != "energy":
        wanted = replace(wanted, rank=_whole_rank(params.budget * TAPS * o * i / (i + TAPS * o)))
    found = leading(kernel.transpose(0, 1).reshape(i, -1), wanted)
    core = found.rows.reshape(-1, o, *kernel.shape[2:]).transpose(0, 1)
    return Factor("svd", (len(found.values),)), {"reduce": found.left.T, "weight": core}


def _tucker2(
    kernel: Tensor, params: LowRankParams, wanted: Wanted
) -> tuple[Factor, dict[str, Tensor]]:
    o, i = kernel.shape[:2]
    first = last = wanted
    if params.rank_by != "energy":
        # The same share t of both axes: 9 o i t^2 + (o^2 + i^2) t = budget * 9 o i.
        square, linear = TAPS * o * i, o * o + i * i
        root = (linear**2 + 4 * square * square * params.budget) ** 0.5
        share = (root - linear) / (2 * square)
        first = replace(wanted, rank=_whole_rank(share * i))
        last = replace(wanted, rank=_whole_rank(share * o))
    reduce, core, expand = tucker2(kernel, first, last, params.sweeps)
    ranks = (core.shape[1], core.shape[0])
    return Factor("tucker2", ranks), {"reduce": reduce, "weight": core, "expand": expand}


def _cp(kernel: Tensor, params: LowRankParams, wanted: Wanted) -> tuple[Factor, dict[str, Tensor]]:
    o, i = kernel.shape[:2]
    flat = kernel.reshape(o, i, -1)
    if params.rank_by != "energy":
        rank = max(1, largest_rank(i, o, params.budget))
        terms = cp(flat, rank, params.sweeps, wanted.generator)
    else:
        terms = _cp_by_energy(flat, params, wanted)
    a, b, c = terms
    middle = c.T.reshape(-1, 1, *kernel.shape[2:])
    return Factor("cp", (a.shape[1],)), {"reduce": b.T, "weight": middle, "expand": a}


def _cp_by_energy(
    kernel: Tensor, params: LowRankParams, wanted: Wanted
) -> tuple[Tensor, Tensor, Tensor]:
    """The fewest terms that keep the energy, to within a sixteenth of their number."""
    o, i, _ = kernel.shape
    most = largest_rank(i, o, 1.0)
    allowed = max((1 - params.energy) ** 0.5, ERROR_OF_ROUNDING)
    # No sum of r terms comes nearer than the best matrix of rank r along any one axis.
    unfolded = kernel.reshape(o, -1), kernel.transpose(0, 1).reshape(i, -1)
    low = max(len(leading(matrix, wanted).values) for matrix in unfolded)

    def at(rank: int) -> tuple[Tensor, Tensor, Tensor] | None:
        terms = cp(kernel, rank, params.sweeps, wanted.generator)
        return terms if relative_error(kernel, terms) <= allowed else None

    best, high = None, low
    while best is None:
        if high > most:
            raise NotSmaller(f"{most} terms, the most that are smaller, do not keep that energy")
        best = at(high)
        if best is None:
            low, high = high + 1, max(high + 1, min(2 * high, most))
    while high - low > high // 16:
        middle = (low + high) // 2
        found = at(middle)
        if found is None:
            low = middle + 1
        else:
            best, high = found, middle
    return best


def _whole_rank(rank: float) -> int:
    return max(1, int(rank + 1e-9))


def _require_smaller(ranks: tuple[int, ...], weights: int, before: int) -> None:
    if weights >= before:
        said = " and ".join(map(str, ranks))
        raise NotSmaller(f"at rank {said} its chain has {weights} weights, the layer {before}")


def _apart(made: Tensor, wanted: Tensor) -> float:
    return float((made - wanted).norm() / wanted.norm().clamp(min=1e-30))
