"""FID and LPIPS with weights on disk: random ones, against plain computations written out here."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from studio.errors import BadChoice, RefusedFile
from studio.fidelity.inception import LAYERS, load_inception, wanted_tensors
from studio.fidelity.perceptual import ALEX, NETWORKS, VGG, load_perceptual


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something wants the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def pictures(seed: int, side: int = 64) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    shape = (side, side, 3)
    return tuple(chance.integers(0, 256, shape, dtype=np.uint8) for _ in range(2))  # type: ignore[return-value]


def backbone(layers: object, seed: int = 0) -> dict[str, Tensor]:
    chance = torch.Generator().manual_seed(seed)
    found = {}
    for layer in layers:  # type: ignore[attr-defined]
        shape = (layer.outputs, layer.inputs, layer.kernel, layer.kernel)
        size = (layer.inputs * layer.kernel**2) ** -0.5
        found[f"features.{layer.number}.weight"] = torch.randn(shape, generator=chance) * size
        found[f"features.{layer.number}.bias"] = torch.randn(layer.outputs, generator=chance) * 0.1
    return found


def torchvision_list(name: str) -> torch.nn.Sequential:
    """The ``features`` of AlexNet and VGG16, module by module."""
    nn = torch.nn
    if name == "alex":
        return nn.Sequential(
            nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
        )  # fmt: skip
    made, inputs = [], 3
    for entry in (
        64,
        64,
        "M",
        128,
        128,
        "M",
        256,
        256,
        256,
        "M",
        512,
        512,
        512,
        "M",
        512,
        512,
        512,
    ):
        if entry == "M":
            made.append(nn.MaxPool2d(2, 2))
        else:
            made += [nn.Conv2d(inputs, int(entry), 3, padding=1), nn.ReLU()]
            inputs = int(entry)
    return nn.Sequential(*made)


TAPS = {"alex": (1, 4, 7, 9, 11), "vgg": (3, 8, 15, 22, 29)}


def plain_lpips(name: str, weights: dict[str, Tensor], heads: list[Tensor], a, b) -> float:
    network = torchvision_list(name)
    network.load_state_dict({k.removeprefix("features."): v for k, v in weights.items()})
    shift = torch.tensor([-0.030, -0.088, -0.188]).view(1, 3, 1, 1)
    scale = torch.tensor([0.458, 0.448, 0.450]).view(1, 3, 1, 1)
    seen = []
    for picture in (a, b):
        x = torch.from_numpy(picture).permute(2, 0, 1)[None] / 255.0 * 2 - 1
        x, taken = (x - shift) / scale, []
        with torch.no_grad():
            for number, module in enumerate(network):
                x = module(x)
                if number in TAPS[name]:
                    taken.append(functional.normalize(x, dim=1, eps=1e-10))
        seen.append(taken)
    total = 0.0
    for one, two, head in zip(*seen, heads, strict=True):
        squares = ((one - two) ** 2)[0].double()
        for channel, weight in enumerate(head.flatten().tolist()):
            total += weight * float(squares[channel].mean())
    return total


@pytest.mark.parametrize(("name", "layers"), [("alex", ALEX), ("vgg", VGG)])
def test_lpips_with_the_heads_that_torchmetrics_carries(
    name: str, layers: object, tmp_path: Path
) -> None:
    weights, file = backbone(layers), tmp_path / f"{name}.safetensors"
    save_file(weights, file)
    network = load_perceptual(file)
    assert network.name == name
    assert [len(head) for head in network.heads] == {
        "alex": [64, 192, 384, 256, 256],
        "vgg": [64, 128, 256, 512, 512],
    }[name]
    assert all(float(head.min()) >= 0 for head in network.heads)  # as they were trained to be
    a, b = pictures(1)
    assert network.distance(a, a) == 0.0
    expected = plain_lpips(name, weights, list(network.heads), a, b)
    assert network.distance(a, b) == pytest.approx(expected, rel=1e-4)
    assert expected > 0.001


def test_lpips_of_a_whole_network_in_a_file_of_torchs(tmp_path: Path) -> None:
    weights = backbone(ALEX, seed=3)
    whole = {
        f"net.slice{layer.slice}.{layer.number}.{kind}": weights[f"features.{layer.number}.{kind}"]
        for layer in ALEX
        for kind in ("weight", "bias")
    }
    heads = [torch.rand(1, layer.outputs, 1, 1) for layer in ALEX]
    whole |= {f"lin{n}.model.1.weight": head for n, head in enumerate(heads)}
    whole["scaling_layer.shift"] = torch.zeros(1, 3, 1, 1)
    file = tmp_path / "lpips.pth"
    torch.save(whole, file)
    a, b = pictures(2)
    expected = plain_lpips("alex", weights, heads, a, b)
    assert load_perceptual(file).distance(a, b) == pytest.approx(expected, rel=1e-4)


def test_pictures_too_small_for_lpips_are_refused(tmp_path: Path) -> None:
    save_file(backbone(ALEX), tmp_path / "alex.safetensors")
    network = load_perceptual(tmp_path / "alex.safetensors")
    with pytest.raises(BadChoice, match="32 pixels or more; these have 16"):
        network.distance(*pictures(1, side=16))


def inception_weights(seed: int = 0) -> dict[str, Tensor]:
    chance = torch.Generator().manual_seed(seed)
    found = {}
    for name, shape in wanted_tensors().items():
        value = torch.randn(shape, generator=chance)
        if name.endswith("conv.weight"):
            value *= (2.0 / (shape[1] * shape[2] * shape[3])) ** 0.5
        elif name.endswith(("running_var", "bn.weight")):
            value = 1.0 + 0.1 * value.clamp(-3, 3)
        else:
            value *= 0.1
        found[name] = value
    return found


def plain_inception(t: dict[str, Tensor], x: Tensor) -> Tensor:
    """The network written out once more, its batch norms not folded."""
    f = functional

    def run(name: str, x: Tensor) -> Tensor:
        layer = LAYERS[name]
        kernel = t[f"{name}.conv.weight"]
        x = f.conv2d(x, kernel, None, layer.stride, layer.padding)
        norm = [t[f"{name}.bn.{n}"] for n in ("running_mean", "running_var", "weight", "bias")]
        return f.relu(f.batch_norm(x, *norm, False, 0.0, 0.001))

    def chain(block: str, names: str, x: Tensor) -> Tensor:
        for name in names.split():
            x = run(f"{block}.{name}", x)
        return x

    def mean(x: Tensor) -> Tensor:
        return f.avg_pool2d(x, 3, 1, 1, count_include_pad=False)

    x = f.interpolate(x, (299, 299), mode="bilinear") * 2 - 1
    x = run("Conv2d_2b_3x3", run("Conv2d_2a_3x3", run("Conv2d_1a_3x3", x)))
    x = run("Conv2d_4a_3x3", run("Conv2d_3b_1x1", f.max_pool2d(x, 3, 2)))
    x = f.max_pool2d(x, 3, 2)
    triple = "branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3"
    for b in ("Mixed_5b", "Mixed_5c", "Mixed_5d"):
        x = torch.cat([chain(b, "branch1x1", x), chain(b, "branch5x5_1 branch5x5_2", x),
                       chain(b, triple, x), chain(b, "branch_pool", mean(x))], 1)  # fmt: skip
    assert x.shape[1:] == (288, 35, 35)
    b = "Mixed_6a"
    x = torch.cat([chain(b, "branch3x3", x), chain(b, triple, x), f.max_pool2d(x, 3, 2)], 1)
    seven = "branch7x7_1 branch7x7_2 branch7x7_3"
    five = " ".join(f"branch7x7dbl_{n}" for n in range(1, 6))
    for b in ("Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"):
        x = torch.cat([chain(b, "branch1x1", x), chain(b, seven, x), chain(b, five, x),
                       chain(b, "branch_pool", mean(x))], 1)  # fmt: skip
    assert x.shape[1:] == (768, 17, 17)
    b, four = "Mixed_7a", " ".join(f"branch7x7x3_{n}" for n in range(1, 5))
    x = torch.cat([chain(b, "branch3x3_1 branch3x3_2", x), chain(b, four, x),
                   f.max_pool2d(x, 3, 2)], 1)  # fmt: skip
    for b in ("Mixed_7b", "Mixed_7c"):
        one = chain(b, "branch3x3_1", x)
        two = chain(b, "branch3x3dbl_1 branch3x3dbl_2", x)
        pooled = mean(x) if b == "Mixed_7b" else f.max_pool2d(x, 3, 1, 1)
        x = torch.cat([chain(b, "branch1x1", x),
                       chain(b, "branch3x3_2a", one), chain(b, "branch3x3_2b", one),
                       chain(b, "branch3x3dbl_3a", two), chain(b, "branch3x3dbl_3b", two),
                       chain(b, "branch_pool", pooled)], 1)  # fmt: skip
    return f.adaptive_avg_pool2d(x, 1).flatten(1)


def test_inception_is_the_network_that_is_written_out_here(tmp_path: Path) -> None:
    weights, file = inception_weights(), tmp_path / "inception.safetensors"
    save_file({**weights, "fc.bias": torch.zeros(1008)}, file)
    x = torch.rand(2, 3, 40, 40, generator=torch.Generator().manual_seed(5))
    made = load_inception(file).features(x)
    with torch.no_grad():
        expected = plain_inception(weights, x)
    assert made.shape == (2, 2048)
    assert float(expected.std()) > 0.01
    torch.testing.assert_close(made, expected, rtol=1e-3, atol=1e-3 * float(expected.abs().max()))


def test_wrong_files_are_refused_with_one_sentence(tmp_path: Path) -> None:
    alex = backbone(ALEX)
    save_file(alex, tmp_path / "alex.safetensors")
    with pytest.raises(RefusedFile, match=r"lacks the tensors .*accepted for FID is its Inception"):
        load_inception(tmp_path / "alex.safetensors")
    save_file({"features.0.weight": torch.zeros(8, 3, 3, 3)}, tmp_path / "small.safetensors")
    with pytest.raises(RefusedFile, match="accepted are the weights of AlexNet or VGG16"):
        load_perceptual(tmp_path / "small.safetensors")
    del alex["features.10.bias"]
    save_file(alex, tmp_path / "cut.safetensors")
    with pytest.raises(RefusedFile, match=r"lacks the tensors .*features.10.bias"):
        load_perceptual(tmp_path / "cut.safetensors")
    (tmp_path / "text.pth").write_text("no weights")
    for load in (load_perceptual, load_inception):
        with pytest.raises(RefusedFile, match=r"text\.pth cannot be opened"):
            load(tmp_path / "text.pth")
        with pytest.raises(RefusedFile, match="no such file"):
            load(tmp_path / "none.pth")


class _Runs:
    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("this must not run",))


def test_weights_that_run_code_are_refused(tmp_path: Path, capsys) -> None:
    torch.save({"features.0.weight": _Runs()}, tmp_path / "evil.pth")
    with pytest.raises(RefusedFile, match=r"evil\.pth cannot be opened"):
        load_perceptual(tmp_path / "evil.pth")
    assert "must not run" not in capsys.readouterr().out


def test_every_network_has_its_five_slices() -> None:
    assert all({layer.slice for layer in each} == {1, 2, 3, 4, 5} for each in NETWORKS.values())
