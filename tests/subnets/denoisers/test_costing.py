"""What choices cost by the counts of layers, against running them on tensors without content."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from torch import nn

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import example
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse, resolve
from studio.subnets.denoisers.conductor import Conductor
from studio.subnets.denoisers.cost import cost_table, counted, multiplies
from studio.subnets.denoisers.costing import branch_layers, branches, element_costs, layer_parts
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.reuse import branches as real_branches
from studio.subnets.denoisers.slicing import view
from tests.subnets.denoisers import tiny


def _config(kind: str, **more: Any) -> Any:
    """What a description of a pipeline says of its denoiser."""
    network = tiny.shared(kind)
    call = example(network, **tiny.size(kind))
    found = counted(network, call)
    layers: dict[str, Any] = {}
    for name, module in network.named_modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            weights = sum(tensor.numel() for tensor in module.parameters())
            layers[name] = SimpleNamespace(name=name, weights=weights, macs=found.get(name, 0))
    for name, module in network.named_modules():
        if type(module).__name__ in ("Attention", "FluxAttention"):
            inside = sum(each.macs for each in layers.values() if each.name.startswith(f"{name}."))
            readers = (f"{name}.to_add_out", f"{name}.to_out.0")
            alone = f"{name.rpartition('.')[0]}.proj_out"
            reader = next((each for each in readers if each in layers), alone)
            layers[reader].macs += found[name] - inside
    return SimpleNamespace(
        layers=tuple(layers.values()),
        layout=find_layout(network),
        ordered=None,
        steps=10,
        guidance="none",
        **more,
    )


@pytest.mark.parametrize("kind", ["sd", "ldm", "pixart", "sd3", "flux"])
def test_layers_add_up_to_what_runs(kind: str) -> None:
    network, config = tiny.shared(kind), _config(kind)
    call = example(network, **tiny.size(kind))
    for elastic in (Elastic(), Elastic(width=0.5, depth=0.6), Elastic(heads=0.3, units=0.8)):
        parts = layer_parts(config, Denoising(elastic))
        narrow = view(network, config.layout, resolve(elastic, config.layout))
        assert abs(sum(part.macs for part in parts) - multiplies(narrow, call)) < len(parts)
    assert sum(part.weights for part in layer_parts(config, Denoising())) == sum(
        layer.weights for layer in config.layers
    )


@pytest.mark.parametrize("kind", ["sd", "ddpm", "sd3", "flux"])
def test_steps_between_cost_what_they_run(kind: str) -> None:
    network, config = tiny.shared(kind), _config(kind)
    call = example(network, **tiny.size(kind))
    conductor = Conductor(network, config.layout)
    assert branches(config.layers) == real_branches(network)
    for interval, branch in ((2, 0), (5, branches(config.layers) - 1)):
        reuse = Reuse(interval=interval, branch=branch)
        conductor.choose(reuse=reuse)
        parts = layer_parts(config, Denoising(reuse=reuse))
        wanted = conductor.multiplies(call, 10)
        assert abs(sum(part.macs for part in parts) - wanted) < len(parts)


def test_a_schedule_costs_the_mean_of_its_steps() -> None:
    config = _config("sd")
    half, full = (
        sum(part.macs for part in layer_parts(config, Denoising(Elastic(width=width))))
        for width in (0.5, 1.0)
    )
    mixed = layer_parts(config, Denoising(Elastic(schedule=(0.5, 1.0))))
    assert abs(sum(part.macs for part in mixed) - (half + full) / 2) < len(mixed)
    assert sum(part.weights for part in mixed) == sum(layer.weights for layer in config.layers)


def test_guidance_on_half_of_the_steps_saves_a_quarter() -> None:
    config = _config("sd")
    config.guidance = "classifier-free"
    parts = layer_parts(config, Denoising(reuse=Reuse(guided=(0.0, 0.5))))
    full = sum(layer.macs for layer in config.layers)
    assert abs(sum(part.macs for part in parts) - 0.75 * full) < len(parts)


def test_branches_that_are_not_there() -> None:
    config = _config("sd")
    with pytest.raises(BadChoice, match="branch 7 is not within 0 and 3"):
        branch_layers(config.layers, 7)
    with pytest.raises(BadChoice, match="cannot be used again"):
        branch_layers((), 0)


@pytest.mark.parametrize("kind", ["sd", "pixart", "sd3", "flux"])
def test_elements_cost_a_part_of_their_site(kind: str) -> None:
    network, config = tiny.shared(kind), _config(kind)
    table = cost_table(network, config.layout, example(network, **tiny.size(kind)))
    found = element_costs(config)
    for site in config.layout.sites:
        assert found[site.key].macs * site.count == pytest.approx(table.sites[site.key])
        numbers = 0
        for part in site.parts:
            weight = network.get_submodule(part.layer).weight
            if weight.ndim == 1:
                continue  # norms are counted with no layer
            own = site.size * part.runs * weight.numel() / weight.shape[1 if part.inputs else 0]
            numbers += own
        # Biases are shared out by what is kept of a layer's weights.
        assert found[site.key].weights == pytest.approx(numbers, rel=0.2)
