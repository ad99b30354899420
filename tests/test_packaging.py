"""The wheel holds what the app needs and nothing of the tests, and starts from where it lands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps"]
    command += ["--no-index", "-q", "-w", str(out), str(ROOT)]
    subprocess.run(command, check=True, timeout=120)
    (built,) = out.glob("*.whl")
    return built


def test_wheel_ships_code_and_assets_but_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "studio/_assets/models/clay-heads.safetensors" in names
    assert "studio/_assets/models/sketch-to-clay.safetensors" in names
    assert "studio/_assets/models/clay-words/model_index.json" in names
    assert "studio/_assets/models/clay-words/unet/diffusion_pytorch_model.safetensors" in names
    assert "studio/_assets/metrics/clay-heads-judge.safetensors" in names
    assert "studio/_assets/translations/maquette_ko.qm" in names
    assert "studio/_assets/recipes/draft.yaml" in names
    assert "studio/_assets/samples/head-1-lines.png" in names
    assert {"plugins/subnet/params.py", "plugins/subnet/technique.py"} <= set(names)
    assert "widgets/__main__.py" in names
    workers = "studio/bundles/workers"
    assert {f"{workers}/requirements/coreml.txt", f"{workers}/scripts/to_coreml.py"} <= set(names)
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"studio", "widgets", "plugins"}


def test_installed_wheel_starts(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "-q"]
    subprocess.run([*command, "--target", str(site), str(wheel)], check=True, timeout=120)
    program = (
        "import json, studio, studio.cli, studio.places as p;"
        "m = studio.open_model('clay-heads');"
        "from studio.recipes.registry import load_registry as r; from studio.recipes.shipped import"
        " find_recipe as f; assert f('draft').steps[0].technique in r();"
        "print(json.dumps([studio.__file__, str(p.assets_dir()), m.info.name]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    module, assets, name = json.loads(done.stdout)
    assert Path(module).is_relative_to(site)
    assert Path(assets).is_relative_to(site)
    assert name == "clay-heads"
