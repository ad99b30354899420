"""What a worker reads is the network itself: its module draws what ONNX Runtime draws."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper

from studio.bundles.workers.exchange import OPERATORS, unknown, write_graph
from studio.bundles.workers.scripts import torch_network
from studio.bundles.workers.scripts.arrays import read_arrays, write_arrays
from studio.bundles.workers.scripts.graph import (
    Node,
    NotConverted,
    even_padding,
    read_graph,
)
from studio.bundles.workers.scripts.torch_network import TorchNetwork, run_node
from studio.errors import BadChoice
from studio.families.exportable import exportable
from studio.families.model import Model
from studio.subnets.choice import SubnetChoice
from tests.families.small import factorised_config, small_config, small_model

ONE = {"batch": 1}


@pytest.mark.parametrize(
    "model",
    [
        small_model(),
        small_model(small_config(c_dim=3, conv_clamp=0.5)),
        small_model(factorised_config()),
    ],
    ids=["plain", "classes and clamps", "chains"],
)
def test_the_torch_network_is_the_graph(model: Model, tmp_path: Path) -> None:
    network = exportable(model, SubnetChoice(width=0.5)).network
    data = network.onnx()
    assert unknown(network.operators) == ()
    written = write_graph(data, ONE, tmp_path)
    assert written == sum(path.stat().st_size for path in tmp_path.iterdir())
    graph = read_graph(tmp_path)
    assert graph.inputs == tuple((port.name, port.fixed(batch=1)) for port in network.inputs)
    assert graph.outputs == tuple((port.name, port.fixed(batch=1)) for port in network.outputs)
    random = np.random.default_rng(3)
    feed = {name: random.normal(size=shape).astype(np.float32) for name, shape in graph.inputs}
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    expected = session.run(None, feed)[0]
    with torch.no_grad():
        made = TorchNetwork(graph)(*[torch.from_numpy(feed[name]) for name, _ in graph.inputs])
    assert np.abs(expected).max() > 0.1
    np.testing.assert_allclose(made.numpy(), expected, atol=2e-5)


def test_weights_are_buffers_and_numbers_are_not(tmp_path: Path) -> None:
    """A converter folds what it sees as a number and stores what it sees as a buffer."""
    write_graph(small_model().portable().onnx(), ONE, tmp_path)
    network = TorchNetwork(read_graph(tmp_path))
    assert list(network.parameters()) == []
    assert all(buffer.dtype == torch.float32 for buffer in network.buffers())
    assert network.numbers["spatial_axes"] == [2, 3]


def test_every_operator_can_be_written_by_torch() -> None:
    assert set(torch_network.OPERATORS) == set(OPERATORS)


def test_every_operator_can_be_written_by_core_ml() -> None:
    """Read as text, since coremltools is not here."""
    source = (Path(torch_network.__file__).parent / "to_coreml.py").read_text()
    table = source.partition("OPERATORS: dict[str, Operator] = {")[2].partition("\n}")[0]
    named = {line.split('"')[1] for line in table.splitlines() if line.startswith('    "')}
    assert named == set(OPERATORS)


def test_an_input_without_a_size(tmp_path: Path) -> None:
    with pytest.raises(BadChoice, match="'styles' has a dimension without a size"):
        write_graph(small_model().portable().onnx(), {}, tmp_path)


def test_an_unknown_operator(tmp_path: Path) -> None:
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    other = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Erf", ["x"], ["y"])], "g", [value], [other])
    with pytest.raises(BadChoice, match="do not know the operator Erf"):
        write_graph(onnx.helper.make_model(graph).SerializeToString(), ONE, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("node", "given", "words"),
    [
        (Node("Gemm", (), "y", {"alpha": 2.0}), [torch.ones(1, 2), torch.ones(2, 2)], "Gemm"),
        (Node("Gather", (), "y", {}), [torch.ones(3), [0, 1]], "more than one row"),
        (
            Node("Conv", (), "y", {"pads": [0, 1, 0, 0]}),
            [torch.ones(1, 1, 3, 3), torch.ones(1, 1, 1, 1)],
            "pads its sides differently",
        ),
        (Node("Erf", (), "y", {}), [torch.ones(1)], "Erf is unknown"),
    ],
)
def test_what_no_converter_writes_is_refused(node: Node, given: list[object], words: str) -> None:
    with pytest.raises(NotConverted, match=words):
        run_node(node, given)


def test_padding() -> None:
    assert even_padding({}) == [0, 0]
    assert even_padding({"pads": [1, 2, 1, 2]}) == [1, 2]
    with pytest.raises(NotConverted):
        even_padding({"pads": [0, 0, 0, 0], "output_padding": [1, 0]})


def test_a_graph_of_another_form(tmp_path: Path) -> None:
    write_graph(small_model().portable().onnx(), ONE, tmp_path)
    raw = json.loads((tmp_path / "graph.json").read_text())
    (tmp_path / "graph.json").write_text(json.dumps({**raw, "format": 2}))
    with pytest.raises(NotConverted, match="the graph is of form 2, not 1"):
        read_graph(tmp_path)


def test_arrays_have_any_names(tmp_path: Path) -> None:
    arrays = {"a/b": np.arange(3.0), "../..": np.zeros((0, 2)), "names": np.array(1)}
    write_arrays(tmp_path / "x.npz", arrays)
    found = read_arrays(tmp_path / "x.npz")
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)


def test_arrays_hold_no_objects(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle=False"):
        write_arrays(tmp_path / "x.npz", {"a": np.array([{}], dtype=object)})


def test_the_app_imports_no_torch_for_any_of_this() -> None:
    program = (
        "import sys; import studio.bundles.workers.running, studio.bundles.workers.making;"
        "from studio.bundles.workers.formats import worker_formats as w; w();"
        "bad = {'torch', 'onnx', 'onnxruntime', 'coremltools', 'executorch'} & set(sys.modules);"
        "sys.exit(', '.join(sorted(bad)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
