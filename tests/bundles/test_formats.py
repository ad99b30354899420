"""What formats plan and refuse, and one that is made here and not run here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import onnx
import pytest

from studio.bundles import request as requesting
from studio.bundles import verifying
from studio.bundles.card import card
from studio.bundles.exporting import export
from studio.bundles.formats.all import format_named, formats, parse_format
from studio.bundles.formats.contract import Format, FormatPlan, Opened, Subject, Written
from studio.bundles.formats.npu import npu_providers, opset_for
from studio.bundles.formats.onnx_shaping import at_opset, in_order
from studio.bundles.manifest import Network, Precision, Role
from studio.bundles.request import planned, slug, unique
from studio.bundles.verifying import verify
from studio.errors import BadChoice
from studio.subnets.choice import SubnetChoice
from tests.bundles.made import quantised_model, requested
from tests.families.small import small_model
from tests.runtimes.networks import small_network


def test_every_format_says_what_it_is_for() -> None:
    names = [each.name for each in formats()]
    assert names == [
        *("onnx", "openvino", "pt2", "safetensors", "onnx-npu", "openvino-npu"),
        *("coreml", "litert", "executorch"),
    ]
    for each in formats():
        assert each.title
        assert each.good_for
        assert each.precisions


def test_names_on_the_command_line() -> None:
    form, precision = parse_format("ONNX:F16")
    assert (form.name, precision) == ("onnx", "f16")
    assert parse_format("openvino-npu")[1] == "f16"
    with pytest.raises(BadChoice, match="'tflight' is no format to export to; there are onnx"):
        parse_format("tflight:int8")
    with pytest.raises(BadChoice, match="PyTorch program is not written in 'int8'; there are f32"):
        parse_format("pt2:int8")
    with pytest.raises(BadChoice, match="is not written in ''"):
        parse_format("onnx:")


def test_int8_is_refused_without_a_plan_and_not_with_one() -> None:
    formats_ = (("onnx", "int8"), ("openvino", "int8"), ("onnx-npu", "int8"))
    plain = planned(requested(small_model(), formats_))  # type: ignore[arg-type]
    assert all("int8 needs a quantised network" in each.plan.refusals[0] for each in plain)
    ready = planned(requested(quantised_model(), formats_))  # type: ignore[arg-type]
    assert all(each.plan.refusals == () for each in ready)


def test_a_plan_that_a_runtime_cannot_emit_is_refused() -> None:
    model = quantised_model()
    assert model.plan is not None
    plan = replace(model.plan, estimator="entropy")
    other = quantised_model().quantised(plan)
    (onnx_one, openvino_one) = planned(
        requested(other, (("onnx", "int8"), ("openvino", "int8")))  # type: ignore[arg-type]
    )
    assert onnx_one.plan.refusals == ()
    assert "has no entropy ranges" in openvino_one.plan.refusals[0]


def test_four_pixels_are_no_model_of_their_own() -> None:
    request = requested(
        small_model(),
        (("safetensors", "f32"), ("onnx", "f32")),
        choices=(SubnetChoice(resolution=4),),
    )
    found = {each.format.name: each.plan for each in planned(request)}
    assert "a subnet of 4 px cannot be a model of its own" in found["safetensors"].refusals[0]
    assert found["onnx"].refusals == ()


def test_what_npus_do_not_take_is_told() -> None:
    (item,) = planned(requested(small_model(), (("onnx-npu", "f16"),)))
    assert "made for NPUs, and run here on the CPU" in item.plan.notes
    assert any("Core ML takes no" in note for note in item.plan.notes)


def test_the_oldest_reader_decides_the_opset() -> None:
    assert opset_for(npu_providers()) == 18
    old = replace(npu_providers()[0], opset=17)
    assert opset_for((*npu_providers(), old)) == 17
    data = small_network().onnx()
    assert at_opset(data, 18) == data
    older = onnx.load_from_string(at_opset(data, 17))
    assert older.opset_import[0].version == 17
    onnx.checker.check_model(older, full_check=True)


def test_nodes_are_brought_into_order() -> None:
    model = onnx.load_from_string(small_network().onnx())
    names = [node.output[0] for node in model.graph.node]
    nodes = [onnx.NodeProto.FromString(n.SerializeToString()) for n in model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(reversed(nodes))
    with pytest.raises(onnx.checker.ValidationError):
        onnx.checker.check_model(model)
    sorted_ = onnx.load_from_string(in_order(model.SerializeToString()))
    onnx.checker.check_model(sorted_, full_check=True)
    assert {node.output[0] for node in sorted_.graph.node} == set(names)
    ring = onnx.load_from_string(small_network().onnx())
    ring.graph.node[0].input[0] = "y"
    with pytest.raises(ValueError, match="reads what no node before it makes"):
        in_order(ring.SerializeToString())


ORDER = """
from pathlib import Path
import sys
from studio.bundles.formats.onnx_file import OnnxFormat
from studio.bundles.request import subjects
from tests.bundles.made import quantised_model, requested
(subject,) = subjects(requested(quantised_model()))
for precision in ("f16", "int8", "f16"):
    assert OnnxFormat().graph(subject, precision, Path(sys.argv[1]))
"""


def test_f16_before_int8_in_one_process(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-P", "-c", ORDER, str(tmp_path)],
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_ids_are_fit_for_files() -> None:
    assert slug("Width 0.5 (anycost rule), 64 px") == "width-0.5-anycost-rule-64-px"
    assert slug("widths 8/16/32") == "widths-8-16-32"
    assert slug("…") == "network"
    assert unique("a", ["a", "a-2"]) == "a-3"


class Cassette:
    """A format of another world: written here, run elsewhere."""

    name = "cassette"
    title = "Cassette"
    good_for = "home computers"
    precisions: tuple[Precision, ...] = ("f16",)
    role: Role = "network"
    requirements: tuple[str, ...] = ("datasette",)
    target = "datasette:tape"

    def plan(self, subject: Subject, precision: Precision) -> FormatPlan:
        return FormatPlan(100, notes=("rewind it first",))

    def missing(self) -> str:
        return "this host has no recorder"

    def write(
        self,
        subject: Subject,
        precision: Precision,
        folder: Path,
        stem: str,
        progress: Callable[[float, str], None],
    ) -> Written:
        (folder / f"{stem}.tap").write_bytes(b"beep")
        return Written(f"{stem}.tap", sizes={"batch": 1})

    def open(self, network: Network, files: Mapping[str, bytes]) -> Opened:
        raise AssertionError("nothing here runs it")


def test_made_here_and_not_run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every: tuple[Format, ...] = (*formats(), Cassette())
    for module in (requesting, verifying):
        monkeypatch.setattr(module, "formats", lambda: every)
    monkeypatch.setattr("studio.bundles.card.format_named", lambda name: Cassette())
    made = export(requested(small_model(), (("cassette", "f16"),)), tmp_path / "b")
    (network,) = made.manifest.networks
    assert network.not_run == "made here, not run here: this host has no recorder"
    assert network.verified_on == ()
    assert network.parity is None
    assert network.quality is None
    assert network.tolerance.psnr == 40
    assert (
        (tmp_path / "b" / "requirements-datasette.txt").read_text("utf-8").endswith("datasette\n")
    )
    assert "made here, not run here" in card(made.manifest)
    (checked,) = verify(tmp_path / "b").checked
    assert checked.not_run == "this host has no recorder"


def test_a_format_is_found_by_name() -> None:
    assert format_named("pt2").title == "PyTorch program"
