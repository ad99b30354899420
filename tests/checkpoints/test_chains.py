"""Files of factorised networks: version 2, checked as strictly as any other."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import torch

from studio.checkpoints import open_checkpoint, save_maquette
from studio.checkpoints.factor import Factor
from studio.errors import BadChoice, RefusedFile
from studio.families.stylegan.network import StyleGan2
from tests.checkpoints.networks import SMALL, metadata_of, random_network

CHAINS = replace(
    SMALL,
    factors=(Factor("tucker2", (3, 2)), None, Factor("cp", (4,)), Factor("svd", (2,)), None),
    mapping_ranks=(0, 3),
)


def _saved(folder: Path, network: StyleGan2, metadata: dict[str, str] | None = None) -> Path:
    path = folder / "model.safetensors"
    save_maquette(path, network.state_dict(), metadata or metadata_of(network.config), {})
    return path


def _edited(folder: Path, **changes: str) -> Path:
    path = _saved(folder, random_network(CHAINS))
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header["__metadata__"] |= changes
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])
    return path


def test_everything_comes_back(tmp_path: Path) -> None:
    network = random_network(CHAINS)
    opened = open_checkpoint(_saved(tmp_path, network))
    assert opened.metadata["format_version"] == "2"
    assert opened.chains.factors == CHAINS.factors
    assert opened.chains.mapping_ranks == (0, 3)
    assert opened.tensors.keys() == network.state_dict().keys()
    for name, tensor in network.state_dict().items():
        assert torch.equal(opened.tensors[name], tensor)


def test_a_plain_network_keeps_version_1(tmp_path: Path) -> None:
    opened = open_checkpoint(_saved(tmp_path, random_network(SMALL)))
    assert opened.metadata["format_version"] == "1"
    assert not opened.chains


def _config(**changes: Any) -> str:
    return json.dumps(asdict(CHAINS) | changes)


def _with_factor(factor: object) -> str:
    return _config(factors=[factor, None, None, None, None])


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format_version": "1"}, "factorised layers, which format version 1 has not"),
        ({"config": _config(factors=3)}, "no list of 5 factors"),
        ({"config": _config(factors=[None] * 400)}, "no list of 5 factors"),
        ({"config": _with_factor(7)}, r"no form \(svd, tucker2, cp\)"),
        ({"config": _with_factor({"form": "qr", "ranks": [3]})}, "no form"),
        ({"config": _with_factor({"form": ["cp"], "ranks": [3]})}, "no form"),
        ({"config": _with_factor({"form": "cp", "ranks": 3})}, "no form .* with its ranks"),
        ({"config": _with_factor({"form": "cp", "ranks": [3] * 1000})}, "with its ranks"),
        ({"config": _with_factor({"form": "cp", "ranks": [0]})}, "a rank outside 1 to 65536"),
        ({"config": _with_factor({"form": "cp", "ranks": [2**40]})}, "a rank outside"),
        ({"config": _with_factor({"form": "cp", "ranks": [True]})}, "a rank outside"),
        ({"config": _with_factor({"form": "cp", "ranks": [3, 3]})}, "cp takes 1 ranks"),
        ({"config": _config(mapping_ranks="x")}, "no list of 2 ranks"),
        ({"config": _config(mapping_ranks=[1.5, 0])}, "mapping layer outside 0 to 65536"),
        ({"config": _config(mapping_ranks=[0, -1])}, "mapping layer outside"),
        ({"config": _config(factors=[])}, "5 tensors that belong to no network"),
        (
            {"config": _config(mapping_ranks=[3, 3])},
            r"lacks the tensor .mapping\.0\.reduce",
        ),
        ({"config": _config(mapping_ranks=[0, 4])}, r"mapping\.1\.reduce has the shape \[3, 8\]"),
    ],
)
def test_chains_that_do_not_fit_are_refused(
    tmp_path: Path, changes: dict[str, str], why: str
) -> None:
    with pytest.raises(RefusedFile, match=rf"model\.safetensors cannot be opened: .*{why}"):
        open_checkpoint(_edited(tmp_path, **changes))


def test_a_link_of_another_rank_is_named(tmp_path: Path) -> None:
    ranks = list(asdict(CHAINS)["factors"])
    ranks[0] = {"form": "tucker2", "ranks": [3, 3]}
    with pytest.raises(RefusedFile, match=r"layers\.0\.weight has the shape \[2, 3, 3, 3\]"):
        open_checkpoint(_edited(tmp_path, config=_config(factors=ranks)))


def test_what_would_not_open_again_is_not_saved(tmp_path: Path) -> None:
    network = random_network(CHAINS)
    with pytest.raises(BadChoice, match="do not agree on"):
        _saved(tmp_path, network, metadata_of(SMALL))
    tensors = network.state_dict() | {"layers.0.reduce": torch.ones(4, 5)}
    with pytest.raises(BadChoice, match=r"layers\.0\.reduce has the shape \[4, 5\]"):
        save_maquette(tmp_path / "a.safetensors", tensors, metadata_of(CHAINS), {})
    assert not list(tmp_path.iterdir())
