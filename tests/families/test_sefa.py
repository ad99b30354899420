"""SeFa finds what was planted, says it in one unit for every model, and acts where it was found."""

from __future__ import annotations

import pytest
import torch

from studio.errors import BadChoice
from studio.families.directions import FoundDirection, found_direction
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.stylegan import sefa
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.stages import rows_of, stages_in
from tests.families.small import small_config, small_model, small_network


def planted(direction: torch.Tensor, strength: float, rows: tuple[int, ...]) -> StyleGan2:
    """A random network whose affines in ``rows`` respond to ``direction`` far more than to others.

    Every affine becomes A + strength * u v^T with a u of its own, so that v is the top eigenvector
    of the sum of A^T A up to what the random part adds.
    """
    network = small_network(small_config())
    tensors = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    generator = torch.Generator().manual_seed(3)
    for name, tensor in tensors.items():
        if not name.endswith("style_weight"):
            continue
        kind, index, _ = name.split(".")
        row = int(index) if kind == "layers" else 2 * int(index) + 1
        if row in rows:
            u = torch.randn(tensor.shape[0], generator=generator)
            tensors[name] = tensor + strength * torch.outer(u, direction)
    return StyleGan2.from_tensors(network.config, tensors)


def model_of(network: StyleGan2) -> Model:
    return Model(small_model().info, network)


def test_a_planted_direction_is_found() -> None:
    direction = torch.nn.functional.normalize(torch.arange(1.0, 19.0), dim=0)
    model = model_of(planted(direction, 30.0, tuple(range(8))))
    step = model.found_directions().steps[0]
    assert torch.cosine_similarity(step, direction, dim=0).abs() > 0.999
    shares = model.found_directions().shares
    assert shares[0] > 0.9
    assert shares.sum().item() == pytest.approx(1.0, abs=1e-5)
    assert (shares[:-1] >= shares[1:]).all()


def test_two_planted_directions_come_in_the_order_of_their_strength() -> None:
    first, second = torch.eye(18)[4], torch.eye(18)[9]
    generator = torch.Generator().manual_seed(1)
    u, v = torch.randn(40, generator=generator), torch.randn(40, generator=generator)
    v = v - u * (u @ v) / (u @ u)
    factors = sefa.factorise([3 * torch.outer(u, second), 2 * torch.outer(v, first)])
    strengths = (9 * (u @ u), 4 * (v @ v))
    order = [second, first] if strengths[0] > strengths[1] else [first, second]
    assert torch.allclose(factors.directions[:2], torch.stack(order), atol=1e-5)
    assert torch.allclose(factors.energies[:2], torch.tensor(sorted(strengths, reverse=True)))
    assert factors.energies[2:].abs().max() < 1e-3


def test_a_direction_planted_in_fine_stages_is_not_found_in_coarse_ones() -> None:
    direction = torch.eye(18)[2]
    config = small_config()
    network = planted(direction, 30.0, rows_of(stages_in("fine", config), config))
    model = model_of(network)
    found = {name: model.found_directions(name).steps[0] for name in ("fine", "coarse")}
    assert torch.cosine_similarity(found["fine"], direction, dim=0).abs() > 0.99
    assert torch.cosine_similarity(found["coarse"], direction, dim=0).abs() < 0.9


def test_one_unit_is_one_standard_deviation_of_w() -> None:
    model = small_model()
    z = torch.randn(20_000, 16, generator=torch.Generator().manual_seed(9))
    w = model.network.map(z)
    found = model.found_directions()
    for step, deviation in list(zip(found.steps, found.deviations, strict=True))[:5]:
        along = w @ (step / step.norm())
        assert along.std().item() == pytest.approx(deviation.item(), rel=0.05)
        assert step.norm().item() == pytest.approx(deviation.item(), rel=1e-4)


def test_directions_are_orthogonal_and_always_the_same() -> None:
    first, second = (small_model().found_directions("middle") for _ in range(2))
    assert torch.equal(first.steps, second.steps)
    unit = torch.nn.functional.normalize(first.steps, dim=1)
    assert torch.allclose(unit @ unit.T, torch.eye(18), atol=1e-4)


def test_an_edit_moves_only_the_rows_of_its_stages() -> None:
    model = small_model(directions=("age",))
    plain = model.styles(GanInputs(seed=1))
    moved = model.styles(GanInputs(seed=1, edits=(("sefa2.coarse", 1.5),)))
    rows = list(rows_of(stages_in("coarse", model.info.config), model.info.config))
    step = model.found_directions("coarse").steps[1]
    expected = plain.clone()
    expected[:, rows] += 1.5 * step
    assert torch.allclose(moved, expected, atol=1e-5)
    everywhere = model.styles(GanInputs(seed=1, edits=(("sefa1", 1.0), ("age", 2.0))))
    step = model.found_directions().steps[0] + 2 * model.directions[0]
    assert torch.allclose(everywhere, plain + step, atol=1e-5)


def test_a_direction_of_the_model_comes_before_a_found_one_of_the_same_name() -> None:
    model = small_model(directions=("sefa1",))
    assert torch.equal(model.direction("sefa1"), model.directions[0])


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("sefa1", FoundDirection(1)),
        ("sefa12.fine", FoundDirection(12, "fine")),
        ("sefa3.all", FoundDirection(3)),
        ("sefa", None),
        ("sefa0", None),
        ("sefa01", None),
        ("sefa1.rough", None),
        ("sefa1.", None),
        ("sefa999999", None),
        ("smile", None),
    ],
)
def test_names(name: str, direction: FoundDirection | None) -> None:
    assert found_direction(name) == direction
    if direction is not None:
        assert found_direction(direction.name) == direction


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (("grin", 1.0), "sefa1 to sefa18"),
        (("sefa19", 1.0), "sefa1 to sefa18"),
        (("age", 1e308), "-100 and 100"),
        (("sefa1", -100.5), "-100 and 100"),
        (("age", float("nan")), "-100 and 100"),
    ],
)
def test_what_is_no_edit_is_refused(edit: tuple[str, float], words: str) -> None:
    with pytest.raises(BadChoice, match=words):
        small_model(directions=("age",)).render(GanInputs(edits=(edit,)))


def test_a_model_without_middle_stages_says_so() -> None:
    model = small_model(small_config((8, 8, 8, 8)))
    with pytest.raises(BadChoice, match="no middle stages"):
        model.render(GanInputs(edits=(("sefa1.middle", 1.0),)))
    with pytest.raises(BadChoice, match="no middle stages"):
        model.found_directions("middle")


def test_ranges_follow_the_paper_and_share_small_models_out() -> None:
    def of(resolution: int) -> list[tuple[int, ...]]:
        count = 2 * (resolution.bit_length() - 1) - 2
        config = small_config((4,) * count)
        return [stages_in(name, config) for name in ("coarse", "middle", "fine")]

    assert of(1024) == [(4, 8), (16, 32), (64, 128, 256, 512, 1024)]
    assert of(64) == [(4, 8), (16, 32), (64,)]
    assert of(32) == [(4,), (8, 16), (32,)]
    assert of(8) == [(4,), (), (8,)]
