"""Decompositions with known answers, apart from any network."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from plugins.lowrank.canonical import cp, largest_rank, relative_error, whole
from plugins.lowrank.chains import NotSmaller, convolution_chain, matrix_chain
from plugins.lowrank.params import LowRankParams
from plugins.lowrank.singular import Wanted, leading
from plugins.lowrank.tucker import tucker2
from studio.families.stylegan.factors import whole_kernel


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=seeded(seed), dtype=torch.float64)


def planted_cp(o: int, i: int, rank: int) -> Tensor:
    return whole((drawn(o, rank, seed=1), drawn(i, rank, seed=2), drawn(9, rank, seed=3)))


def planted_tucker(o: int, i: int, inputs: int, outputs: int) -> Tensor:
    core, first, last = drawn(outputs, inputs, 3, 3), drawn(inputs, i), drawn(o, outputs)
    return whole_kernel(core, first, last)


@pytest.mark.parametrize("exact", [False, True])
def test_a_planted_rank_is_found_by_energy(exact: bool) -> None:
    matrix = drawn(120, 7, seed=1) @ drawn(7, 300, seed=2)
    found = leading(matrix, Wanted(seeded(), exact=exact))
    assert len(found.values) == 7
    assert torch.allclose(found.left @ found.rows, matrix, atol=1e-10)


def test_a_sketch_finds_what_the_exact_way_finds() -> None:
    # Singular values 1, 1/2, 1/3, ...: the kind of spectrum that sketches are made for.
    left, right = torch.linalg.qr(drawn(200, 200)).Q, torch.linalg.qr(drawn(300, 200, seed=1)).Q
    matrix = (left / torch.arange(1, 201, dtype=torch.float64)) @ right.T
    for energy in (0.9, 0.97):
        exact = leading(matrix, Wanted(seeded(), energy=energy, exact=True))
        quick = leading(matrix, Wanted(seeded(), energy=energy))
        assert len(quick.values) == len(exact.values)
        assert torch.allclose(quick.values, exact.values, rtol=1e-3)
        kept = float(quick.values.square().sum() / matrix.square().sum())
        assert energy <= kept < energy + 0.03
    few = leading(matrix, Wanted(seeded(), rank=5))
    assert torch.allclose(few.values, 1 / torch.arange(1, 6, dtype=torch.float64), rtol=1e-4)


def test_the_same_seed_gives_the_same_vectors_and_no_other_randomness_is_used() -> None:
    matrix = drawn(80, 90)
    before = torch.get_rng_state()
    first, second = (leading(matrix, Wanted(seeded(4), rank=6)) for _ in range(2))
    assert torch.equal(first.left, second.left)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_rank_beyond_the_matrix_gives_all_of_it() -> None:
    matrix = drawn(5, 8)
    found = leading(matrix, Wanted(seeded(), rank=50))
    assert torch.allclose(found.left @ found.rows, matrix, atol=1e-12)
    assert len(leading(torch.zeros(4, 4, dtype=torch.float64), Wanted(seeded())).values) == 1


def test_planted_tucker_ranks_are_found() -> None:
    kernel = planted_tucker(40, 50, inputs=6, outputs=4)
    reduce, core, expand = tucker2(kernel, Wanted(seeded()), Wanted(seeded()), 20)
    assert (reduce.shape, core.shape, expand.shape) == ((6, 50), (4, 6, 3, 3), (40, 4))
    assert torch.allclose(whole_kernel(core, reduce, expand), kernel, atol=1e-9)


def test_tucker_keeps_at_least_the_energy_and_refining_never_loses() -> None:
    kernel = drawn(20, 24, 3, 3)
    wanted = Wanted(seeded(), energy=0.8)
    made = [tucker2(kernel, wanted, wanted, sweeps) for sweeps in (1, 30)]
    errors = []
    for reduce, core, expand in made:
        missing = (whole_kernel(core, reduce, expand) - kernel).square().sum()
        errors.append(float(missing / kernel.square().sum()))
    assert errors[1] <= errors[0] + 1e-12
    assert errors[0] <= 0.2


@pytest.mark.parametrize(("o", "i", "rank"), [(20, 16, 5), (12, 14, 12), (30, 30, 1), (6, 8, 10)])
def test_a_planted_cp_tensor_is_recovered(o: int, i: int, rank: int) -> None:
    kernel = planted_cp(o, i, rank)
    terms = cp(kernel, rank, 500, seeded(5))
    assert [t.shape for t in terms] == [(o, rank), (i, rank), (9, rank)]
    assert relative_error(kernel, terms) < 1e-5


def test_more_terms_come_nearer() -> None:
    kernel = drawn(10, 12, 9)
    errors = [relative_error(kernel, cp(kernel, r, 40, seeded())) for r in (2, 8, 24)]
    assert errors[0] > errors[1] > errors[2]


def test_the_largest_rank_of_a_budget() -> None:
    rank = largest_rank(64, 32, 0.5)
    assert rank * (64 + 32 + 9) <= 0.5 * 64 * 32 * 9 < (rank + 1) * (64 + 32 + 9)


@pytest.mark.parametrize("method", ["svd", "tucker2", "cp"])
@pytest.mark.parametrize("budget", [0.2, 0.5, 0.9])
def test_a_budget_is_kept(method: str, budget: float) -> None:
    kernel = drawn(24, 32, 3, 3).float()
    params = LowRankParams(method=method, budget=budget, sweeps=3)  # type: ignore[arg-type]
    chain = convolution_chain(kernel, params, seeded())
    held = sum(tensor.numel() for tensor in chain.tensors.values())
    assert 0.8 * budget * kernel.numel() < held <= budget * kernel.numel()
    assert chain.factor is not None
    assert held == chain.factor.weights(32, 24)
    assert 0 < chain.error < 1
    matrix = matrix_chain(drawn(30, 40).float(), params, seeded())
    assert sum(t.numel() for t in matrix.tensors.values()) <= budget * 1200


@pytest.mark.parametrize("method", ["svd", "tucker2", "cp"])
def test_no_chain_is_larger_than_its_layer(method: str) -> None:
    params = LowRankParams(method=method, rank_by="energy", energy=1.0, sweeps=2)  # type: ignore[arg-type]
    with pytest.raises(NotSmaller, match=r"weights|terms"):
        convolution_chain(drawn(6, 6, 3, 3).float(), params, seeded())
    with pytest.raises(NotSmaller, match="at rank 6 its chain has 72 weights, the layer 36"):
        matrix_chain(drawn(6, 6).float(), params, seeded())
