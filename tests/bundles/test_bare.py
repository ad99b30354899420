"""A bundle in an environment that holds its requirements and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.bundles.report import Report
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.subnets.choice import SubnetChoice
from tests.bundles.made import LADDER, bundle, quantised_model, requested

# Made by set-up from the same lines that a bundle's requirements hold.
ENVIRONMENTS = Path(sys.prefix) / "bare"
PYTHON = Path("Scripts/python.exe") if os.name == "nt" else Path("bin/python")
LISTED = """
import importlib.metadata as m, json
print(json.dumps({d.metadata["Name"].lower(): d.version for d in m.distributions()}))
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return quantised_model()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Report:
    formats = (("onnx", "f32"), ("onnx", "int8"), ("openvino", "f32"), ("openvino", "int8"))
    request = requested(model, formats, choices=LADDER)  # type: ignore[arg-type]
    return bundle(tmp_path_factory.mktemp("bare"), request)


@pytest.fixture(params=["onnxruntime", "openvino"])
def runtime(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if not (ENVIRONMENTS / name / PYTHON).exists():
        pytest.skip(f"there is no {ENVIRONMENTS / name}; 'make setup' makes it")
    return name


def run(runtime: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    nowhere = "http://127.0.0.1:9"  # whoever asks the network gets no answer
    return subprocess.run(
        [str(ENVIRONMENTS / runtime / PYTHON), "-I", *arguments],
        cwd=home,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "https_proxy": nowhere},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_has_what_the_requirements_say_and_neither_torch_nor_maquette(
    made: Report, runtime: str, tmp_path: Path
) -> None:
    here = json.loads(run(runtime, tmp_path, "-c", LISTED).stdout)
    asked = (made.folder / f"requirements-{runtime}.txt").read_text().split()
    assert {"numpy", "pillow", runtime} == {line.partition("==")[0] for line in asked}
    for line in asked:
        name, _, version = line.partition("==")
        assert here[name] == version
    assert not {"torch", "maquette", "onnx", "nncf"} & here.keys()


def test_its_pictures_are_those_of_the_app(
    made: Report, model: Model, runtime: str, tmp_path: Path
) -> None:
    program = str(made.folder / "run.py")
    done = run(runtime, tmp_path, program, "--seed", "11", "--width", "0.5", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    (picture,) = tmp_path.glob("*.png")
    drawn = np.asarray(Image.open(picture), np.int64)
    wanted = model.render(GanInputs(seed=11), SubnetChoice(width=0.5)).astype(np.int64)
    assert drawn.shape == wanted.shape
    assert np.abs(drawn - wanted).max() <= 1


def test_it_verifies_itself(made: Report, runtime: str, tmp_path: Path) -> None:
    done = run(runtime, tmp_path, str(made.folder / "run.py"), "--verify")
    assert done.returncode == 0, done.stderr
