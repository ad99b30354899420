"""The real converters, in real environments: ``make test-online``.

Fetches about 700 MB of packages and takes minutes, so ``make test`` leaves these out. With
``MAQUETTE_WORKER_WHEELS`` naming a folder of packages nothing is fetched.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.bundles.workers.converters import CONVERTERS, Converter, converter_named
from studio.bundles.workers.environments import agreement, folder_of, look, python_of, remove
from studio.bundles.workers.making import make
from studio.bundles.workers.running import Converted, convert, run
from studio.errors import RuntimeFailed
from studio.families.exportable import exportable
from studio.families.model import Model
from studio.families.opening import open_model
from studio.families.portable import PortableNetwork
from studio.subnets.choice import SubnetChoice
from tests.families.small import factorised_config, small_config, small_model

pytestmark = [pytest.mark.online, pytest.mark.timeout(1800)]

ABSOLUTE, RELATIVE = 1e-4, 1e-5
DATA = "MAQUETTE_DATA_DIR"
CORE_ML = converter_named("coreml")


@pytest.fixture(scope="module", params=CONVERTERS, ids=lambda each: each.name)
def data(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Converter, Path]]:
    """One environment at a time, so that the disk need not hold all of them."""
    converter: Converter = request.param
    folder = tmp_path_factory.mktemp("data")
    wheels = os.environ.get("MAQUETTE_WORKER_WHEELS")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA, str(folder))
        status = make(
            converter,
            agreement(converter),
            wheels=Path(wheels) if wheels else None,
            index=os.environ.get("TORCH_INDEX") or None,
        )
        assert status.ready, status
    yield converter, folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA, str(folder))
        assert remove(converter) > 0


@pytest.fixture
def converter(data: tuple[Converter, Path], monkeypatch: pytest.MonkeyPatch) -> Converter:
    monkeypatch.setenv(DATA, str(data[1]))
    return data[0]


NETWORKS = {
    "small": lambda: (small_model(), SubnetChoice(width=0.5)),
    "classes and clamps": lambda: (
        small_model(small_config(c_dim=3, conv_clamp=0.5)),
        SubnetChoice(),
    ),
    "chains": lambda: (small_model(factorised_config()), SubnetChoice()),
    "clay heads at a quarter": lambda: (open_model("clay-heads"), SubnetChoice(width=0.25)),
}


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest) -> PortableNetwork:
    model: Model
    model, choice = NETWORKS[request.param]()
    return exportable(model, choice).network


def fed(network: PortableNetwork, seed: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    shapes = {port.name: port.fixed(batch=1) for port in network.inputs}
    return {n: random.normal(size=shape).astype(np.float32) for n, shape in shapes.items()}


def expected(network: PortableNetwork, feed: dict[str, np.ndarray]) -> np.ndarray:
    with torch.no_grad():
        made = network.module()(*[torch.from_numpy(feed[port.name]) for port in network.inputs])
    array: np.ndarray = made.numpy()
    return array


def contents(made: Converted) -> dict[str, bytes]:
    if made.path.is_file():
        return {made.path.name: made.path.read_bytes()}
    files = [path for path in made.path.rglob("*") if path.is_file()]
    return {p.relative_to(made.path.parent).as_posix(): p.read_bytes() for p in files}


def test_it_is_what_was_agreed_to(converter: Converter) -> None:
    status = look(converter)
    assert status.ready
    size = status.bytes
    assert 0.5 * converter.disk < size < 1.1 * converter.disk, f"{size / 1e6:.0f} MB"


def test_what_it_makes_is_the_network(
    converter: Converter, network: PortableNetwork, tmp_path: Path
) -> None:
    made = convert(
        converter, network.onnx(), tmp_path / f"made{converter.suffix}",
        sizes={"batch": 1}, precision="f32",
    )  # fmt: skip
    assert made.tools[0] == (converter.packages[0].name, converter.packages[0].version)
    names = [port.name for port in network.inputs]
    feeds = [fed(network, seed) for seed in (1, 2)]
    if why := converter.runs_here():
        with pytest.raises(RuntimeFailed, match="models run on macOS only"):
            run(converter, contents(made), feeds, names, ["picture"])
        assert why.startswith("coremltools converts on ")
        return
    ran = run(converter, contents(made), feeds, names, ["picture"], timed=True)
    assert len(ran.milliseconds) >= 9
    for feed, outputs in zip(feeds, ran.outputs, strict=True):
        wanted = expected(network, feed)
        worst = float(np.abs(outputs["picture"] - wanted).max())
        largest = float(np.abs(wanted).max())
        print(f"{converter.name}: {worst:.2e} of {largest:.3g}")  # noqa: T201 - shown by -rP
        assert worst <= max(ABSOLUTE, RELATIVE * largest)


LOOK = """
import json, sys
import coremltools as ct
spec = ct.models.MLModel(sys.argv[1], skip_model_load=True).get_spec()
ports = lambda each: [(p.name, list(p.type.multiArrayType.shape)) for p in each]
program = spec.mlProgram.functions["main"]
block = program.block_specializations[program.opset]
counted = {}
for operation in block.operations:
    counted[operation.type] = counted.get(operation.type, 0) + 1
print(json.dumps([ports(spec.description.input), ports(spec.description.output), counted]))
"""


@pytest.mark.parametrize("data", [CORE_ML], indirect=True, ids=lambda each: each.name)
@pytest.mark.parametrize("precision", CORE_ML.precisions)
def test_core_mls_package_holds_the_network(
    converter: Converter, network: PortableNetwork, precision: str, tmp_path: Path
) -> None:
    """It cannot be run here, but its inputs, outputs, operators and weights can be counted."""
    made = convert(
        converter, network.onnx(), tmp_path / "made.mlpackage",
        sizes={"batch": 1}, precision=precision,
    )  # fmt: skip
    assert json.loads((made.path / "Manifest.json").read_text())["fileFormatVersion"]
    done = subprocess.run(
        [str(python_of(folder_of(converter))), "-I", "-c", LOOK, str(made.path)],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    inputs, outputs, counted = json.loads(done.stdout.splitlines()[-1])
    assert inputs == [[port.name, list(port.fixed(batch=1))] for port in network.inputs]
    assert [name for name, _ in outputs] == [port.name for port in network.outputs]
    import onnx

    wanted = [node.op_type for node in onnx.load_from_string(network.onnx()).graph.node]
    assert counted["conv_transpose"] == wanted.count("ConvTranspose")
    assert counted["conv"] == wanted.count("Conv")
    assert counted["leaky_relu"] == wanted.count("LeakyRelu")
    (weights,) = made.path.rglob("weight.bin")
    width = 2 if precision == "f16" else 4
    assert weights.stat().st_size > 0.5 * width * network.parameters
