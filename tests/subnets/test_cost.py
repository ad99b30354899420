"""The cost of subnets, against published figures and against the real network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode

from studio.checkpoints.factor import Factor
from studio.families.inputs import GanInputs
from studio.families.stylegan import synthesis
from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2
from studio.subnets.choice import Subnet, SubnetChoice, resolve
from studio.subnets.cost import cost
from tests.families.small import factorised_config, small_config, small_model

BY_RESOLUTION = {4: 512, 8: 512, 16: 512, 32: 512, 64: 512, 128: 256, 256: 128, 512: 64, 1024: 32}
CONFIG_F = StyleGanConfig(
    architecture="anycost",
    resolution=1024,
    z_dim=512,
    w_dim=512,
    c_dim=0,
    mapping_layers=8,
    channels=tuple(c for count in BY_RESOLUTION.values() for c in (count, count)),
)


@pytest.mark.parametrize(
    ("width", "resolution", "giga"),
    [(1.0, 1024, 74.0), (0.5, 1024, 22.0), (0.25, 1024, 6.5), (0.25, 256, 4.6)],
)
def test_true_multiplies_of_config_f_under_the_anycost_rule(
    width: float, resolution: int, giga: float
) -> None:
    choice = SubnetChoice(width=width, rule="anycost", resolution=resolution)
    assert cost(CONFIG_F, resolve(choice, CONFIG_F)).macs / 1e9 == pytest.approx(giga, rel=0.04)


def test_the_papers_count_of_config_f() -> None:
    # Lin et al. 2021, section 1: "the StyleGAN2 generator consumes 144G MACs".
    full = cost(CONFIG_F, resolve(SubnetChoice(), CONFIG_F))
    assert full.paper_macs / 1e9 == pytest.approx(144, rel=0.005)


def test_the_literal_rule_shrinks_every_layer() -> None:
    half = cost(CONFIG_F, resolve(SubnetChoice(width=0.5), CONFIG_F))
    assert half.macs / 1e9 == pytest.approx(19.05, rel=0.01)


@pytest.mark.parametrize("make", [small_config, factorised_config])
@pytest.mark.parametrize("c_dim", [0, 3])
def test_parameters_are_those_of_the_network(
    c_dim: int, make: Callable[..., StyleGanConfig]
) -> None:
    config = make(c_dim=c_dim)
    network = StyleGan2(config)
    full = cost(config, Subnet(config.channels, config.resolution))
    assert full.parameters == sum(p.numel() for p in network.parameters())
    assert full.size_bytes == 4 * sum(t.numel() for t in network.state_dict().values())
    assert cost(config, Subnet(config.channels, config.resolution), 2).size_bytes * 2 == (
        full.size_bytes
    )


def test_the_papers_count_charges_every_link_for_its_output() -> None:
    config = small_config()
    chain = replace(config, factors=(None, Factor("tucker2", (3, 5)), *[None] * 5))
    whole_, split = (cost(c, resolve(SubnetChoice(), c)).paper_macs for c in (config, chain))
    # Layer 1 doubles 4 px to 8, 24 to 24 channels: 3x3 to 9x9 pixels, then a 4x4 filter at 8.
    before = 24 * 24 * 9 * 81 + 24 * 16 * 64
    after = 24 * 3 * 16 + 3 * 5 * 9 * 81 + 5 * 16 * 64 + 5 * 24 * 64
    assert whole_ - split == before - after


class _Counter(TorchFunctionMode):
    """Multiplies of convolutions and fully connected layers as they really run."""

    def __init__(self) -> None:
        super().__init__()
        self.macs = 0

    def __torch_function__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
        result = func(*args, **(kwargs or {}))
        if func in (F.conv2d, F.linear):
            weight = args[1]
            self.macs += result.numel() * weight[0].numel()
        elif func is F.conv_transpose2d:
            self.macs += args[0].numel() * args[1][0].numel()
        elif func is torch.Tensor.mul and isinstance(args[1], torch.Tensor):
            self.macs += result.numel()  # modulation, demodulation, squares of styles
        return result


@pytest.mark.parametrize("config", [small_config(), factorised_config()], ids=["plain", "chains"])
@pytest.mark.parametrize(
    "choice",
    [SubnetChoice(), SubnetChoice(width=0.5), SubnetChoice(width=0.3, resolution=16)],
)
def test_true_multiplies_are_those_that_run(
    choice: SubnetChoice, config: StyleGanConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def separable(x: torch.Tensor, taps: torch.Tensor) -> torch.Tensor:
        c = x.shape[1]
        x = F.conv2d(x, taps.view(1, 1, 1, 4).expand(c, 1, 1, 4), padding=(0, 1), groups=c)
        return F.conv2d(x, taps.view(1, 1, 4, 1).expand(c, 1, 4, 1), padding=(1, 0), groups=c)

    model = small_model(config)
    view = model.view(choice)
    (as_run,) = synthesis.synthesise(view, model.styles(GanInputs()))
    monkeypatch.setattr(synthesis, "blur", separable)
    (counted,) = synthesis.synthesise(view, model.styles(GanInputs()))
    assert torch.allclose(as_run, counted, atol=1e-5)
    counter = _Counter()
    with counter:
        w = model.network.map(model.latent(0))
        rows = w[:, None].expand(-1, config.style_count, -1)
        model.picture(rows, choice)
    predicted = cost(config, resolve(choice, config)).macs
    # The counter also sees the normalising of z, which the definition leaves out.
    assert counter.macs == pytest.approx(predicted, rel=1e-3)
