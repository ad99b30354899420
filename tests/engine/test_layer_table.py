"""Layer by layer: rows by name, sums that agree with the whole, and the job that times them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.engine.job_messages import JobDone, JobFailed, LayersJob
from studio.engine.jobs import run_job
from studio.engine.layer_table import OTHER, LayerRow, layer_of, layer_table, traced_layer_of
from studio.engine.layer_timing import time_layers
from studio.engine.progress import ProgressReporter
from studio.families.model import Model
from studio.recipes.recipe import Recipe, Step, to_text
from studio.recipes.scan import LayerDamage, Proposal, Scan, Sensitivity
from studio.recipes.scan_store import keep_scan
from studio.runtimes.benchmark import Bounds
from studio.runtimes.contract import LayerTime
from studio.runtimes.timing_record import BatchTiming, Spread, TimingRecord
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost, costs
from tests.families.diffusion.tiny import shared_folder, shared_model
from tests.families.quantised import plan_of, tame_model
from tests.families.small import factorised_config, small_model

MODEL = tame_model()
QUICK = Bounds(warm_up=1, least=2, most=2, seconds=0.0, few=2)
CHOICES = (SubnetChoice(), SubnetChoice(width=0.5, resolution=16))


@pytest.mark.parametrize(
    ("node", "layer"),
    [
        ("layer3.convolved/WithoutBiases", "layer3"),
        ("layer12.modulated/fq_output_0_abcd_acdb_layer13.convolved", "layer12"),
        ("rgb1.convolved_nchwc", "rgb1"),
        ("layers.4.conv_transpose2d", "layer4"),
        ("rgb.0.linear", "rgb0"),
        ("ReorderInput_token_26", OTHER),
        ("styles_f32_bf16_w0", OTHER),
        ("Multiply_49498", OTHER),
        ("w7/GatherSliceToSplitFusion", OTHER),
        ("", OTHER),
    ],
)
def test_which_layer_a_node_belongs_to(node: str, layer: str) -> None:
    assert layer_of(node) == layer


TRACED = ("conv_in", "mid_block.resnets.0.conv1", "up.attn1.to_q", "up.attn1.to_out.0")


@pytest.mark.parametrize(
    ("node", "layer"),
    [
        ("conv_in", "conv_in"),
        ("conv_in#2", "conv_in"),
        ("__module.network.mid_block.resnets.0.conv1/aten::_convolution/Add", TRACED[1]),
        ("/network/mid_block/resnets.0/conv1/Conv_output_0_nchwc", TRACED[1]),
        ("network.up.attn1.to_q.linear", "up.attn1.to_q"),
        ("up.attn1.to_q/MatMulAddFusion", "up.attn1.to_q"),
        ("__module.network.up.attn1/aten::scaled_dot_product_attention/SDPA", TRACED[3]),
        ("__module.network.mid_block.resnets.0.norm1/aten::group_norm/MVN", OTHER),
        ("conv_in_2/Reorder", OTHER),
        ("Gelu", OTHER),
    ],
)
def test_which_layer_a_node_of_a_traced_network_belongs_to(node: str, layer: str) -> None:
    assert traced_layer_of(node, TRACED) == layer


def test_the_layers_of_a_denoiser_are_timed_in_one_call() -> None:
    name = "StableDiffusionPipeline"
    job = LayersJob(str(shared_folder(name)), target="onnxruntime:cpu:f32", name="mine")
    table = time_layers(job, ProgressReporter(lambda event: None), QUICK).layers
    assert table is not None
    assert (table.variant, table.target, table.precision) == ("mine", "onnxruntime:cpu:f32", "f32")
    assert (table.batch, table.pixels) == (2, (16, 16))  # with and without the prompt
    config = shared_model(name).info.config
    each = {layer.name: layer for layer in config.layers}
    found = {row.name: row for row in table.rows}
    assert sum(row.macs for row in table.rows) == sum(layer.macs for layer in config.layers)
    assert found["conv_in"].macs == each["conv_in"].macs
    assert found["conv_in"].parameters == each["conv_in"].weights == 4 * 8 * 9 + 8
    assert found["conv_in"].ms
    assert found["conv_in"].precision == "f32"
    timed = [row for row in table.rows if row.ms]
    assert len(timed) > 0.8 * len(each)
    assert table.counted_ms == pytest.approx(sum(row.ms or 0 for row in timed))
    assert table.latency_ms


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("model", [MODEL, small_model(factorised_config())])
def test_costs_of_layers_add_up_to_those_of_the_network(model: Model, choice: SubnetChoice) -> None:
    config, subnet = model.info.config, resolve(choice, model.info.config)
    each, whole = costs(config, subnet), cost(config, subnet)
    assert sum(layer.cost.macs for layer in each) == whole.macs == model.portable(choice).macs
    assert sum(layer.cost.size_bytes for layer in each) == whole.size_bytes
    assert sum(layer.cost.parameters for layer in each) == whole.parameters
    assert sum(layer.cost.paper_macs for layer in each) == whole.paper_macs
    by_name = {layer.name: layer.cost for layer in each}
    assert list(by_name)[:3] == ["mapping", "layer0", "rgb0"]
    for part in model.portable(choice).layers:  # convolutions are a part of their layer
        assert 0 < part.macs < by_name[layer_of(part.name)].macs


def record(**fields: object) -> TimingRecord:
    values = {
        "network": "n",
        "key": "k",
        "parameters": 1,
        "macs": MODEL.portable().macs,
        "target": "openvino:CPU:int8",
        "title": "",
        "precision": "int8",
        "batches": (BatchTiming(1, Spread(0.9, 0.8, 1.0, 9), 1.0, 1),),
    }
    return TimingRecord(**{**values, **fields})  # type: ignore[arg-type]


def rows(made: TimingRecord, errors: dict[str, float] | None = None) -> dict[str, LayerRow]:
    config = MODEL.info.config
    each = costs(config, resolve(SubnetChoice(), config))
    table = layer_table("v", made, MODEL.portable(), each, errors)
    return {row.name: row for row in table.rows}


def test_known_times_precisions_and_errors() -> None:
    found = rows(
        record(
            layers=(
                LayerTime("Reorder_1", "Reorder", 0.25, "f32"),
                LayerTime("layer0.modulated", "Subgraph", 0.5, "f32"),
                LayerTime("layer0.convolved/WithoutBiases", "Convolution", 1.0, "int8"),
                LayerTime("rgb0.convolved", "Convolution", 0.125, "bf16"),
                LayerTime("rgb0.convolved_a_b_c", "Reorder", 0.125, "f32"),
            ),
            int8=0.9,
            left=("rgb0.convolved", "layer2.convolved"),
        ),
        {"layer0.convolved": 0.04},
    )
    assert (found["layer0"].ms, found["layer0"].nodes) == (1.5, 2)
    assert (found["layer0"].precision, found["rgb0"].precision) == ("int8", "bf16")
    assert (found["rgb0"].ms, found[OTHER].ms, found[OTHER].macs) == (0.25, 0.25, 0)
    assert found["layer2"].precision == ""  # left in float, and the runtime told no time of it
    assert found["layer1"].ms is None
    weights = next(p.weights for p in MODEL.portable().layers if p.name == "layer0.convolved")
    assert found["layer0"].weight_bytes == weights
    assert found["rgb0"].weight_bytes == 2 * 3 * MODEL.info.config.channels[1]
    assert found["layer0"].sensitivity == pytest.approx(20)
    assert found["layer1"].sensitivity is None
    assert (found["mapping"].ms, found["mapping"].weight_bytes) == (None, None)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "tame.safetensors"
    MODEL.quantised(plan_of(MODEL)).save(path)
    return str(path)


TARGETS = ("openvino:CPU:int8", "openvino:CPU:f32", "onnxruntime:cpu:int8", "pytorch:cpu:f32")


@pytest.mark.parametrize("target", TARGETS)
def test_a_real_run_adds_up(target: str, file: str) -> None:
    job = LayersJob(file, SubnetChoice(), target, "mine")
    end = time_layers(job, ProgressReporter(lambda event: None), QUICK)
    table = end.layers
    assert table is not None
    assert (table.variant, table.target) == ("mine", target)
    assert sum(row.macs for row in table.rows) == MODEL.portable().macs
    by_name = {row.name: row for row in table.rows}
    assert table.counted_ms == pytest.approx(sum(r.ms or 0 for r in table.rows))
    for name in ("layer0", "layer6", "rgb3"):
        assert by_name[name].ms
        assert by_name[name].precision
    wanted = {"openvino:CPU:int8": "int8", "onnxruntime:cpu:int8": "int8"}.get(target, "f32")
    assert by_name["layer0"].precision == wanted
    if target == "onnxruntime:cpu:int8":  # it has no transposed convolution in int8
        assert by_name["layer1"].precision == "f32"
    assert by_name["rgb0"].precision != "int8"
    assert json.loads(json.dumps(table.as_json()))["rows"][1]["name"] == "layer0"


def test_the_job_finds_the_scan_of_what_made_the_variant(file: str) -> None:
    recipe = Recipe("r", (Step("int8"),))
    layers = (LayerDamage("layer0.convolved", 20.0, 0.04, 0.1),)
    scan = Scan(Sensitivity(layers, 20.0, 8), Proposal((), 20.0, 1.0, True), 15.0)
    keep_scan("original", recipe, scan)
    job = LayersJob(file, target="pytorch:cpu:f32", model="original", recipe=to_text(recipe))
    end = run_job(job, "token", lambda event: None)
    assert isinstance(end, JobDone)
    assert end.layers is not None
    assert end.layers.rows[1].sensitivity == pytest.approx(20)


def test_what_cannot_run_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "plain.safetensors"
    MODEL.save(path)
    end = run_job(LayersJob(str(path), target="openvino:CPU:int8"), "token", lambda event: None)
    assert isinstance(end, JobFailed)
    assert "int8 needs a quantised network" in end.sentence
