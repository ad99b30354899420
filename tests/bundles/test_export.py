"""What an export writes: every format, opened by the very runtimes, beside PyTorch's pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import openvino
import pytest
import torch
import yaml
from PIL import Image

from studio.bundles.exporting import export
from studio.bundles.folder import read_manifest, record_of
from studio.bundles.manifest import Network
from studio.bundles.report import ExportRefused, Report, report_path
from studio.bundles.request import Limits, planned
from studio.errors import BadChoice, MaquetteError
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.opening import open_model
from studio.fidelity.compare import compare_pictures
from studio.subnets.choice import SubnetChoice
from tests.bundles.made import EVERY, LADDER, bundle, hashes, quantised_model, requested
from tests.families.small import small_config, small_model


@pytest.fixture(scope="module")
def model() -> Model:
    return quantised_model()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Report:
    request = requested(model, EVERY, choices=LADDER, supernet=True, measure=True)
    return bundle(tmp_path_factory.mktemp("export"), request)


def network(made: Report, ident: str) -> Network:
    return next(each for each in made.manifest.networks if each.id == ident)


def test_all_that_was_asked_for_is_there(made: Report) -> None:
    wanted = [f"{s}.{f}-{p}" for s in ("width-0.5", "full") for f, p in EVERY]
    assert [each.id for each in made.manifest.networks] == [*wanted, "supernet.safetensors-f32"]
    assert read_manifest(made.folder) == made.manifest
    listed = {each.path for each in made.manifest.files}
    assert listed | {"manifest.json"} == set(hashes(made.folder))
    for each in made.manifest.files:
        assert record_of(made.folder, each.path) == each
    assert not list(made.folder.parent.glob(".maquette-*"))


def test_every_network_was_run_and_is_as_near_as_its_precision_allows(made: Report) -> None:
    for each in made.manifest.networks:
        assert each.parity is not None
        assert each.verified_on[0].version
        assert each.measurements[0].latency_ms.median > 0
        if each.precision == "f32":
            assert each.parity.max_abs <= max(1e-4, 1e-5 * each.parity.largest)
            assert (each.tolerance.absolute, each.tolerance.relative) == (1e-4, 1e-5)
        else:
            assert each.parity.psnr is not None
            floor = {"f16": 40, "int8": 20}[each.precision]
            assert each.tolerance.psnr is not None
            assert floor <= each.tolerance.psnr <= max(floor, each.parity.psnr)


def test_fidelity_is_of_the_file_itself_to_full(made: Report, model: Model) -> None:
    each = network(made, "width-0.5.onnx-int8")
    assert each.quality is not None
    assert each.quality.seeds == tuple(range(8))
    session = onnxruntime.InferenceSession(
        made.folder / each.main, providers=["CPUExecutionProvider"]
    )
    flips = []
    for seed in each.quality.seeds:
        picture = session.run(["picture"], feed(each, model, seed))[0][0]
        pixels = ((picture.clip(-1, 1) + 1) * 127.5 + 0.5).astype(np.uint8).transpose(1, 2, 0)
        full = model.render(GanInputs(seed=seed))
        flips.append(compare_pictures(full, np.ascontiguousarray(pixels)).flip)
    assert each.quality.flip == pytest.approx(float(np.median(flips)), abs=1e-3)
    full_one = network(made, "full.onnx-f32").quality
    assert full_one is not None
    assert full_one.flip < 0.001 < each.quality.flip


def feed(each: Network, model: Model, seed: int) -> dict[str, Any]:
    values = {"z": model.latent(seed).numpy()}
    return {p.name: values.get(p.name, np.ones(1, np.float32)) for p in each.inputs}


@pytest.mark.parametrize("ident", ["onnx-f32", "onnx-f16", "onnx-int8", "onnx-npu-f16"])
def test_onnx_files_are_sound_and_draw(made: Report, model: Model, ident: str) -> None:
    each = network(made, f"width-0.5.{ident}")
    loaded = onnx.load(made.folder / each.main)
    onnx.checker.check_model(loaded, full_check=True)
    assert each.opset == next(o.version for o in loaded.opset_import if o.domain == "")
    kinds = {node.op_type for node in loaded.graph.node}
    assert ("QuantizeLinear" in kinds) == (each.precision == "int8")
    types = {tensor.data_type for tensor in loaded.graph.initializer}
    assert (onnx.TensorProto.FLOAT16 in types) == (each.precision == "f16")
    session = onnxruntime.InferenceSession(
        made.folder / each.main, providers=["CPUExecutionProvider"]
    )
    picture = session.run(["picture"], feed(each, model, 4))[0]
    wanted = model.picture(model.styles(GanInputs(seed=4)), LADDER[0]).numpy()
    allowed = {"f32": 1e-4, "f16": 0.02, "int8": 0.3}[each.precision]
    assert float(np.abs(picture - wanted).max()) < allowed


@pytest.mark.parametrize("ident", ["openvino-f32", "openvino-f16", "openvino-int8"])
def test_openvino_reads_and_draws(made: Report, model: Model, ident: str) -> None:
    each = network(made, f"width-0.5.{ident}")
    core = openvino.Core()
    read = core.read_model(made.folder / each.main)
    compiled = core.compile_model(read, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    picture = request.infer(feed(each, model, 4))["picture"]
    wanted = model.picture(model.styles(GanInputs(seed=4)), LADDER[0]).numpy()
    allowed = {"f32": 1e-4, "f16": 0.02, "int8": 0.3}[each.precision]
    assert float(np.abs(picture - wanted).max()) < allowed
    kinds = {node.get_type_name() for node in read.get_ordered_ops()}
    assert ("FakeQuantize" in kinds) == (each.precision == "int8")


def test_files_for_npus_have_fixed_shapes_and_constant_weights(made: Report) -> None:
    for ident in ("full.onnx-npu-f16", "full.onnx-npu-int8"):
        each = network(made, ident)
        assert [port.shape for port in each.inputs] == [(1, 16), (1,), (1,)]
        assert each.outputs[0].shape == (1, 3, 32, 32)
        graph = onnx.load(made.folder / each.main).graph
        sides = [d for v in (*graph.input, *graph.output) for d in v.type.tensor_type.shape.dim]
        assert all(side.HasField("dim_value") for side in sides)
        made_by = {name: node for node in graph.node for name in node.output}
        constants = {tensor.name for tensor in graph.initializer}
        for node in graph.node:
            if node.op_type in ("Conv", "ConvTranspose"):
                weight = node.input[1]
                source = made_by.get(weight)
                if source is not None:  # a quantised constant behind its scale
                    assert source.op_type == "DequantizeLinear"
                    weight = source.input[0]
                assert weight in constants
    core = openvino.Core()
    for ident in ("full.openvino-npu-f16", "full.openvino-npu-int8"):
        read = core.read_model(made.folder / network(made, ident).main)
        assert not read.is_dynamic()


def test_pytorch_runs_the_program_at_any_batch(made: Report, model: Model) -> None:
    each = network(made, "width-0.5.pt2-f32")
    module = torch.export.load(made.folder / each.main).module()
    z = torch.cat([model.latent(seed) for seed in range(3)])
    with torch.no_grad():
        pictures = module(z, torch.ones(1), torch.ones(1))
    for seed in range(3):
        wanted = model.picture(model.styles(GanInputs(seed=seed)), LADDER[0])
        assert float((pictures[seed] - wanted[0]).abs().max()) < 1e-4


def test_no_folder_of_this_machine_is_named_anywhere(made: Report) -> None:
    here = (str(Path(__file__).parents[2]), str(made.folder.parent))
    for file in made.folder.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        for path in here:
            assert path.encode() not in data, file


def test_maquette_opens_what_is_for_it(made: Report, model: Model) -> None:
    whole = open_model(made.folder / network(made, "supernet.safetensors-f32").main)
    assert whole.info.config == model.info.config
    assert whole.plan == model.plan
    cut = open_model(made.folder / network(made, "width-0.5.safetensors-f32").main)
    assert cut.info.config.channels == (8,) * 8
    picture = cut.render(GanInputs(seed=5))
    assert np.array_equal(picture, model.render(GanInputs(seed=5), LADDER[0]))


def test_reference_holds_inputs_outputs_and_pictures(made: Report, model: Model) -> None:
    reference = next(each for each in made.manifest.references if each.id == "width-0.5")
    assert reference.seeds == (0, 1)
    z = np.load(made.folder / reference.inputs["z"], allow_pickle=False)
    assert np.array_equal(z, torch.cat([model.latent(0), model.latent(1)]).numpy())
    outputs = np.load(made.folder / reference.outputs["picture"], allow_pickle=False)
    wanted = model.picture(model.styles(GanInputs(seed=1)), LADDER[0]).numpy()
    np.testing.assert_allclose(outputs[1:], wanted, atol=1e-5)
    picture = np.asarray(Image.open(made.folder / reference.pictures[1]))
    assert np.array_equal(picture, model.render(GanInputs(seed=1), LADDER[0]))


def test_card_has_the_head_that_hugging_face_reads(made: Report) -> None:
    text = (made.folder / "README.md").read_text("utf-8")
    _, head, body = text.split("---\n", 2)
    found = yaml.safe_load(head)
    assert found["license"] == "apache-2.0"
    assert found["base_model"] == "small"
    assert found["library_name"] == "onnx"
    assert {"maquette", "stylegan", "onnx", "openvino"} <= set(found["tags"])
    each = network(made, "width-0.5.onnx-int8")
    assert each.quality is not None
    assert f"{each.quality.flip:.4f}" in body
    assert "python run.py --seed" in body
    for picture in (p for r in made.manifest.references for p in r.pictures):
        assert f"({picture})" in body


def test_what_really_ran_in_int8_is_told(made: Report, model: Model) -> None:
    names = [layer.name for layer in model.portable().layers]
    upwards = [f"layer{n}.convolved" for n in (1, 3, 5)]
    heads = [name for name in names if name.startswith("rgb")]
    one, two = network(made, "full.onnx-int8"), network(made, "full.openvino-int8")
    assert set(one.left) == {*upwards, *heads}  # it has no transposed convolution in int8
    assert set(two.left) == set(heads)  # which the plan leaves in float
    assert one.int8 is not None
    assert two.int8 is not None
    assert 0.2 < one.int8 < 0.9 < two.int8 < 1
    assert network(made, "full.onnx-f32").int8 is None
    text = (made.folder / "README.md").read_text("utf-8")
    assert f"`{two.id}`: {two.int8:.0%} of its multiplies ran in int8" in text


def test_requirements_pin_what_verified(made: Report) -> None:
    lines = (made.folder / "requirements-onnxruntime.txt").read_text("utf-8").splitlines()
    assert f"onnxruntime=={onnxruntime.__version__}" in lines
    assert f"numpy=={np.__version__}" in lines
    assert {line.partition("==")[0] for line in lines} == {"numpy", "pillow", "onnxruntime"}
    torch_lines = (made.folder / "requirements-pytorch.txt").read_text("utf-8").splitlines()
    assert f"torch=={torch.__version__.partition('+')[0]}" in torch_lines


def test_estimates_are_near(made: Report, model: Model) -> None:
    request = requested(model, EVERY, choices=LADDER)
    for item in planned(request):
        size = made.size_of(network(made, item.id))
        # A network this small is mostly what stands around its weights.
        assert abs(item.plan.bytes - size) < max(0.25 * size, 500_000)


def test_equal_subnets_are_written_once(tmp_path: Path) -> None:
    model = small_model()
    choices = (SubnetChoice(), SubnetChoice(width=1.0), SubnetChoice(resolution=32))
    assert len(planned(requested(model, choices=choices))) == 1


def test_int8_without_a_plan_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(BadChoice, match="int8 needs a quantised network"):
        export(requested(small_model(), (("openvino", "int8"),)), tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_conditional_model_takes_a_class(tmp_path: Path) -> None:
    model = small_model(small_config(c_dim=3))
    made = export(requested(model, (("onnx", "f32"), ("pt2", "f32"))), tmp_path / "b")
    label = next(port for port in made.manifest.networks[0].inputs if port.name == "label")
    assert label.fill.kind == "class"
    assert made.manifest.networks[0].quality is not None
    assert made.manifest.networks[0].quality.flip < 0.001


def test_beyond_a_limit_nothing_is_kept_but_the_report(tmp_path: Path, model: Model) -> None:
    target = tmp_path / "b"
    request = requested(model, choices=LADDER, limits=Limits(flip=0.0005))
    with pytest.raises(ExportRefused, match="beyond the limit: FLIP") as caught:
        export(request, target)
    assert str(report_path(target)) in str(caught.value)
    assert list(tmp_path.iterdir()) == [report_path(target)]
    report = json.loads(report_path(target).read_text("utf-8"))
    assert report["networks"][0]["quality"]["flip"] > 0.0005
    assert "FLIP" in report["refused"]
    forced = export(requested(model, choices=LADDER, limits=Limits(0.0005), force=True), target)
    assert len(forced.manifest.networks) == 2
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_draws_something_else_is_not_kept(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.bundles.formats.onnx_file import OnnxFormat

    other = small_model(model.info.config)
    whole = OnnxFormat.graph

    def wrong(self: OnnxFormat, subject: Any, precision: Any, folder: Path) -> bytes:
        from dataclasses import replace

        from studio.families.exportable import exportable

        return whole(self, replace(subject, parts=exportable(other, subject.choice)), "f32", folder)

    target = tmp_path / "b"
    export(requested(model), target)
    before = hashes(target)
    monkeypatch.setattr(OnnxFormat, "graph", wrong)
    with pytest.raises(ExportRefused, match=r"full\.onnx-f32 differs from the reference by"):
        export(requested(model), target)
    assert hashes(target) == before
    assert sorted(tmp_path.iterdir()) == [target, report_path(target)]


def test_limits_must_make_sense() -> None:
    with pytest.raises(BadChoice, match="FLIP 2 is not within 0 and 1"):
        Limits(flip=2)


@pytest.mark.parametrize("name", ["notes.txt", "models/mine.onnx"])
def test_a_folder_with_something_of_ones_own_is_not_replaced(
    tmp_path: Path, model: Model, name: str
) -> None:
    target = tmp_path / "b"
    export(requested(model), target)
    (target / name).write_text("mine")
    with pytest.raises(MaquetteError, match="is not of the bundle; move it elsewhere first"):
        export(requested(model), target)
    assert (target / name).read_text() == "mine"


def test_a_folder_that_is_no_bundle_is_not_touched(tmp_path: Path, model: Model) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(MaquetteError, match="it holds something that is not a bundle"):
        export(requested(model), tmp_path)
    with pytest.raises(MaquetteError, match="it is not a folder"):
        export(requested(model), tmp_path / "letter.txt")
    with pytest.raises(MaquetteError, match="does not exist"):
        export(requested(model), tmp_path / "a" / "b")
