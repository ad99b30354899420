"""Maquette's own files: what is saved opens again, and what does not fit is refused."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import torch

from studio.checkpoints import is_maquette, open_checkpoint, save_maquette
from studio.errors import BadChoice, RefusedFile, UnsupportedModel
from studio.families.stylegan.network import StyleGan2
from tests.checkpoints.networks import CLASSES, SMALL, config_of, metadata_of, random_network
from tests.fixtures_root import FIXTURES

SOURCE = "ab" * 32


def _saved(folder: Path, network: StyleGan2 | None = None, **options: Any) -> Path:
    network = network or random_network(SMALL)
    path = folder / "model.safetensors"
    metadata = options.pop("metadata", None) or metadata_of(network.config)
    save_maquette(path, network.state_dict(), metadata, options.pop("directions", {}), **options)
    return path


@pytest.mark.parametrize("config", [SMALL, CLASSES], ids=["plain", "classes"])
def test_everything_comes_back(tmp_path: Path, config: Any) -> None:
    network = random_network(config)
    directions = {"smile": torch.randn(8), "тень 1": torch.randn(8)}
    history = json.dumps([{"step": "convert", "detail": "from a snapshot"}])
    metadata = metadata_of(config, source_sha256=SOURCE, licence="CC0-1.0", history=history)
    path = _saved(tmp_path, network, metadata=metadata, directions=directions)
    opened = open_checkpoint(path)
    assert (opened.layout, opened.family) == ("maquette", "stylegan")
    assert (opened.architecture, opened.conv_clamp) == ("stylegan2-ada", config.conv_clamp)
    assert opened.w_avg_known
    assert config_of(opened) == config
    assert opened.source_sha256 == SOURCE
    assert opened.file_sha256 != SOURCE
    assert opened.metadata.items() >= metadata.items()
    assert opened.metadata["format_version"] == "1"
    assert json.loads(opened.metadata["directions"]) == list(directions)
    assert opened.tensors.keys() == network.state_dict().keys()
    for name, tensor in network.state_dict().items():
        assert torch.equal(opened.tensors[name], tensor)
    for name, direction in directions.items():
        assert torch.equal(opened.directions[name], direction)
    assert list(tmp_path.iterdir()) == [path]


def test_half_precision_and_own_hash(tmp_path: Path) -> None:
    network = random_network(SMALL)
    full, half = _saved(tmp_path, network).stat().st_size, _saved(tmp_path, network, dtype="f16")
    opened = open_checkpoint(half)
    assert half.stat().st_size < 0.8 * full
    assert opened.source_sha256 == opened.file_sha256
    for name, tensor in network.state_dict().items():
        assert torch.equal(opened.tensors[name], tensor.half().float())


def test_same_content_gives_the_same_bytes_and_the_library_reads_them(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    network = random_network(SMALL)
    first = _saved(tmp_path, network).read_bytes()
    path = _saved(tmp_path, network)
    assert path.read_bytes() == first
    loaded = load_file(path)
    assert all(torch.equal(loaded[name], t) for name, t in network.state_dict().items())


def test_files_of_the_library_open_too(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    network = random_network(SMALL)
    metadata = metadata_of(SMALL, format="maquette", format_version="1", family="stylegan")
    save_file(network.state_dict(), tmp_path / "a.safetensors", metadata)
    assert is_maquette(tmp_path / "a.safetensors")
    assert open_checkpoint(tmp_path / "a.safetensors").layout == "maquette"


def test_every_layout_survives_saving(tmp_path: Path) -> None:
    opened = open_checkpoint(FIXTURES / "anycost/odd/rosinality.pt")
    metadata = metadata_of(config_of(opened), source_sha256=opened.source_sha256)
    path = tmp_path / "model.safetensors"
    save_maquette(path, opened.tensors, metadata, {})
    again = open_checkpoint(path)
    assert again.architecture == "stylegan2"
    assert again.source_sha256 == opened.source_sha256
    assert all(torch.equal(again.tensors[n], t) for n, t in opened.tensors.items())


def test_a_failed_save_leaves_what_was_there(tmp_path: Path) -> None:
    network = random_network(SMALL)
    path = _saved(tmp_path, network)
    before = path.read_bytes()
    state = network.state_dict()
    bad = {
        "do not agree on const": {k: v for k, v in state.items() if k != "const"},
        r"const has the shape \[5, 4, 3\]": state | {"const": torch.ones(5, 4, 3)},
        "const has numbers that do not fit F16": state | {"const": torch.full((5, 4, 4), 1e6)},
        "const has numbers that do not fit": state | {"const": torch.full((5, 4, 4), torch.nan)},
    }
    for why, tensors in bad.items():
        with pytest.raises(BadChoice, match=rf"model\.safetensors cannot be saved: .*{why}"):
            save_maquette(path, tensors, metadata_of(SMALL), {}, dtype="f16")
    with pytest.raises(BadChoice, match="direction smile"):
        save_maquette(path, state, metadata_of(SMALL), {"smile": torch.ones(3)})
    with pytest.raises(BadChoice, match="no “config”"):
        save_maquette(path, state, {}, {})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def _edited(folder: Path, **changes: str | None) -> Path:
    """A saved file with other metadata; None removes an entry."""
    path = _saved(folder, directions={"smile": torch.ones(8)})
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    metadata = header["__metadata__"] | changes
    header["__metadata__"] = {k: v for k, v in metadata.items() if v is not None}
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])
    return path


def _config(**changes: object) -> str:
    return json.dumps(asdict(SMALL) | changes)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format_version": "3"}, "format version “3”; this version .* reads versions 1 and 2"),
        ({"format_version": None}, "format version “None”"),
        ({"family": "diffusion"}, "unknown family “diffusion”"),
        ({"config": None}, "no “config”"),
        ({"config": "{"}, "config is no valid JSON"),
        ({"config": "[]"}, "config is no JSON object"),
        ({"config": "[" * 1000}, "nested 1000 deep"),
        ({"config": '{"a": 1, "a": 2}'}, "name “a” twice"),
        ({"config": '{"a": NaN}'}, "NaN, which is no JSON"),
        ({"config": _config(architecture="vae")}, "architecture “vae”"),
        ({"config": _config(z_dim=2**40)}, "“1099511627776” for z_dim"),
        ({"config": _config(w_dim=-8)}, "“-8” for w_dim"),
        ({"config": _config(w_dim=8.0)}, "“8.0” for w_dim"),
        ({"config": _config(c_dim=True)}, "“True” for c_dim"),
        ({"config": _config(mapping_layers=10**6)}, "for mapping_layers; accepted is 1 to 64"),
        ({"config": _config(resolution=2**30)}, "“1073741824” for resolution"),
        ({"config": _config(resolution=32)}, "give 16 px, but a resolution of 32"),
        ({"config": _config(channels=[5] * 1000)}, "channel counts"),
        ({"config": _config(channels=[5, 6, 7, 6, 5, 10**9])}, "channel count outside"),
        ({"config": _config(channels=[5, 6, 7, 6, 5, 3])}, "does not fit .* its tensors"),
        ({"config": _config(c_dim=3)}, "lacks 2 tensors: .*label_embed"),
        ({"config": _config(mapping_layers=1)}, "2 tensors that belong to no network"),
        ({"config": _config(conv_clamp=-1)}, "conv_clamp is “-1”"),
        ({"config": '{"conv_clamp": 1e999}'}, "architecture"),
        ({"config": _config(conv_clamp="x")}, "conv_clamp is “x”"),
        ({"source_sha256": "../evil"}, "no SHA-256"),
        ({"directions": "[1]"}, "no list of names"),
        ({"directions": '["a", "a"]'}, "name twice"),
        ({"directions": '["a", "b"]'}, r"directions has the shape \[1, 8\] .*\[2, 8\]"),
        ({"directions": json.dumps([str(i) for i in range(5000)])}, "5000 directions"),
    ],
)
def test_metadata_that_do_not_fit_are_refused(
    tmp_path: Path, changes: dict[str, str | None], why: str
) -> None:
    with pytest.raises(RefusedFile, match=rf"model\.safetensors cannot be opened: .*{why}"):
        open_checkpoint(_edited(tmp_path, **changes))


def test_unknown_version_is_a_sound_file_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedModel):
        open_checkpoint(_edited(tmp_path, format_version="7"))


def test_named_directions_must_be_there(tmp_path: Path) -> None:
    path = _saved(tmp_path)
    data = path.read_bytes().replace(b'"directions":"[]"', b'"directions":"[\\"a\\"]"')
    length = int.from_bytes(data[:8], "little") + 5
    path.write_bytes(length.to_bytes(8, "little") + data[8:])
    with pytest.raises(RefusedFile, match="names 1 directions but holds none"):
        open_checkpoint(path)


def test_sniffing_knows_its_own(tmp_path: Path) -> None:
    path = _saved(tmp_path)
    assert is_maquette(path)
    assert is_maquette(str(path))
    assert not is_maquette(tmp_path)
    assert not is_maquette(tmp_path / "gone")
    assert not is_maquette(FIXTURES / "anycost/odd/generator.pt")
    for length in (0, 5, 8, 9, 20, 200):
        (tmp_path / "cut").write_bytes(path.read_bytes()[:length])
        assert not is_maquette(tmp_path / "cut")


def test_saving_does_not_share_the_path_of_the_model(tmp_path: Path) -> None:
    network = random_network(replace(SMALL, resolution=8, channels=(3, 4, 5, 6)))
    assert open_checkpoint(_saved(tmp_path, network)).path == tmp_path / "model.safetensors"
