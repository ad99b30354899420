"""The manifest: its published schema, and that it serves other families than the first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.bundles import imported, manifest
from studio.bundles.manifest import Manifest, parse_manifest
from studio.errors import RefusedFile

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "assets" / "schemas"


@pytest.mark.parametrize("module", [manifest, imported])
def test_the_published_schema_is_in_step(module: object) -> None:
    name, text = module.SCHEMA, module.schema_text()  # type: ignore[attr-defined]
    assert (SCHEMAS / name).read_text("utf-8") == text, (
        f"write the new one: python -c 'from {module.__name__} import *; "  # type: ignore[attr-defined]
        f'print(schema_text(), end="")\' > assets/schemas/{name}'
    )
    assert json.loads(text)["additionalProperties"] is False


def test_image_to_image_and_pipelines_fit_without_a_change() -> None:
    digest = "0" * 64
    paths = [f"reference/{n}.npy" for n in ("x", "y", "t", "c", "z", "e")]
    ports = {"name": "x", "dtype": "float32"}
    common = {
        "title": "t",
        "format": "onnx",
        "precision": "f32",
        "subnet": {},
        "pixels": 256,
        "parameters": 1,
        "macs": 1,
        "paper_macs": 1,
        "tolerance": {"absolute": 1e-4},
    }
    picture = {
        **common,
        "id": "edges-to-shoes",
        "main": "models/a.onnx",
        "inputs": [{**ports, "shape": [1, 3, 256, 256], "fill": {"kind": "picture"}}],
        "outputs": [{"name": "y", "shape": [1, 3, 256, 256], "picture": [-1, 1]}],
        "reference": "a",
    }
    step = {
        **common,
        "id": "unet",
        "main": "models/a.onnx",
        "inputs": [
            {"name": "z", "shape": [2, 4, 64, 64], "fill": {"kind": "latent"}},
            {"name": "t", "shape": [1], "fill": {"kind": "given", "title": "the time of the step"}},
            {
                "name": "c",
                "shape": [2, 77, 768],
                "fill": {"kind": "output", "network": "text", "output": "states"},
            },
        ],
        "outputs": [{"name": "e", "shape": [2, 4, 64, 64]}],
        "reference": "b",
    }
    files = [{"path": p, "bytes": 1, "sha256": digest} for p in [*paths, "models/a.onnx"]]
    content = {
        "format": "maquette-bundle",
        "version": 1,
        "model": dict.fromkeys(("name", "title", "family", "layout", "licence", "base_model"), "x")
        | {"source_sha256": digest, "key": "k"},
        "tools": {"maquette": "1"},
        "networks": [picture, step],
        "references": [
            {"id": "a", "seeds": [0], "inputs": {"x": paths[0]}, "per_seed": ["x"]}
            | {"outputs": {"y": paths[1]}},
            {"id": "b", "seeds": [0], "per_seed": ["z"], "outputs": {"e": paths[5]}}
            | {"inputs": {"t": paths[2], "c": paths[3], "z": paths[4]}},
        ],
        "files": files,
    }
    made = parse_manifest(json.dumps(content).encode(), "it")
    assert [port.fill.kind for port in made.networks[1].inputs] == ["latent", "given", "output"]
    assert Manifest.model_validate_json(made.to_bytes()) == made


def test_the_place_is_named() -> None:
    with pytest.raises(RefusedFile, match=r"^there is not a sound manifest: model: Field required"):
        parse_manifest(b'{"format": "maquette-bundle", "version": 1}', "there")
