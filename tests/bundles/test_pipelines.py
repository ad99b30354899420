"""Pipelines as bundles: all classes, every format, what runs without the app and what verifies."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.bundles.exporting import export
from studio.bundles.folder import array_bytes, read_manifest
from studio.bundles.imported import imported
from studio.bundles.pipelines.planning import pipelines_planned
from studio.bundles.report import ExportRefused, Report
from studio.bundles.request import Limits, Request
from studio.bundles.verifying import verify
from studio.errors import BadChoice, MaquetteError, RefusedFile
from studio.families.quantization import QuantPlan
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse
from tests.bundles.made import folders, hashes, rehash, rewrite
from tests.bundles.test_run_py import PROGRAM
from tests.families.diffusion.tiny import CLASSES, shared_model, small_inputs

SD = "StableDiffusionPipeline"
ONNX: Any = (("onnx", "f32"),)


def requested(model: Any, formats: Any = ONNX, **changes: Any) -> Request:
    return Request(model, model, formats=formats, **{"measure": False, "seeds": 2, **changes})


def made_in(base: Path, request: Request) -> Report:
    with folders(base):
        return export(request, base / "bundle")


def layers_of(model: Any) -> tuple[str, ...]:
    """Those of the denoiser that are quantised here."""
    attention = [each.name for each in model.portable().layers if "to_" in each.name]
    return (*attention, "mid_block.resnets.0.conv1", "up_blocks.0.resnets.0.conv1")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Stable Diffusion in float, and with its denoiser in int8 for two runtimes."""
    model = shared_model(SD)
    plan = QuantPlan(layers=layers_of(model), samples=4, activations="asymmetric")
    formats: Any = (*ONNX, ("onnx", "int8"), ("openvino", "int8"))
    request = requested(model, formats)
    request = replace(request, model=model.quantised(plan))
    return made_in(tmp_path_factory.mktemp("pipelines"), request)


@pytest.fixture
def folder(bundle: Report) -> Iterator[Path]:
    """The bundle, of which a test may change files that it then is given back."""
    before = {p: p.read_bytes() for p in bundle.folder.rglob("*") if p.stat().st_size < 1e5
              and p.is_file()}  # fmt: skip
    yield bundle.folder
    for path, data in before.items():
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)


def ran(folder: Path, *arguments: str, runtime: str = "onnxruntime") -> Any:
    """run.py with nothing at hand but what its requirements name."""
    allowed = f"numpy,tokenizers,{runtime}"
    return subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, allowed, str(folder / "run.py"), *arguments],
        cwd=folder.parent,
        env={"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "HOME": str(folder.parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_is_laid_out_as_programs_expect_and_one_manifest_says_so(bundle: Report) -> None:
    for name in ("text_encoder", "unet", "vae_decoder", "vae_encoder"):
        assert (bundle.folder / name / "model.onnx").is_file()
        assert (bundle.folder / name / "openvino_model.xml").is_file()
        assert json.loads((bundle.folder / name / "config.json").read_text())
    for name in ("model_index.json", "tokenizer/tokenizer.json", "scheduler/scheduler_config.json"):
        assert (bundle.folder / name).is_file()
    manifest = read_manifest(bundle.folder)
    assert manifest == bundle.manifest
    assert {each.role for each in manifest.networks} == {"component"}
    full, onnx, openvino = manifest.pipelines
    assert [each.id for each in manifest.pipelines] == [
        "full.onnx-f32", "full.onnx-int8", "full.openvino-int8",
    ]  # fmt: skip
    assert full.parity is not None
    assert full.parity.max_abs < 1e-3
    assert full.quality is not None
    assert full.quality.flip < 1e-3
    # Int8 says what it costs, and shares what stays in float.
    assert onnx.components["vae_decoder"] == full.components["vae_decoder"]
    assert onnx.components["unet"] != full.components["unet"]
    for each in (onnx, openvino):
        assert each.parity is not None
        assert each.parity.max_abs > full.parity.max_abs
        assert each.int8 is not None
        assert 0 < each.int8 < 1
        assert (each.tolerance.absolute, each.tolerance.psnr is None) == (None, False)
        assert set(each.left).isdisjoint(layers_of(shared_model(SD)))
    names = sorted(p.name for p in (bundle.folder / "unet").iterdir() if p.suffix != ".json")
    assert names == [
        "model.onnx", "model.onnx_data", "model_int8.onnx", "model_int8.onnx_data",
        "openvino_model.bin", "openvino_model.xml",
    ]  # fmt: skip
    card = (bundle.folder / "README.md").read_text("utf-8")
    assert "pipeline_tag: text-to-image" in card
    assert "`full.onnx-f32`" in card
    needed = (bundle.folder / "requirements-onnxruntime.txt").read_text()
    assert [line.partition("=")[0] for line in needed.split()] == [
        "numpy", "onnxruntime", "tokenizers",
    ]  # fmt: skip


def test_it_draws_the_picture_of_the_app(folder: Path, tmp_path: Path) -> None:
    inputs = small_inputs(SD, scheduler="ddim", negative="a hat")
    done = ran(
        folder, inputs.prompt, "--negative", "a hat", "--seed", str(inputs.seed), "--steps",
        str(inputs.steps), "--scheduler", "ddim", "--height", str(inputs.height), "--width",
        str(inputs.width), "--out", str(tmp_path),
    )  # fmt: skip
    assert not done.returncode, done.stderr
    (path,) = tmp_path.glob("*.png")
    wanted = shared_model(SD).render(inputs).astype(np.int16)
    assert np.abs(np.asarray(Image.open(path), np.int16) - wanted).max() <= 1


def test_it_verifies_itself_and_names_what_was_changed(folder: Path) -> None:
    done = ran(folder, "--verify", runtime="openvino")
    assert not done.returncode, done.stderr
    assert "full.onnx-f32: not run, onnxruntime is not here" in done.stdout
    assert "full.openvino-int8: 4 steps agree with the reference" in done.stdout
    assert not list(folder.rglob("__pycache__"))
    refused = ran(folder, "a head", "--width", "13")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("the width 13 is no multiple of 8 pixels")
    config = folder / "unet" / "config.json"
    config.write_bytes(config.read_bytes() + b" ")
    refused = ran(folder, "--verify")
    assert refused.returncode == 1
    assert refused.stderr.startswith("unet/config.json was changed")


def test_maquette_verifies_networks_and_drawings(folder: Path, bundle: Report) -> None:
    found = verify(folder)
    assert len(found.checked) == len(bundle.manifest.shown) == 12
    assert all(each.parity is not None for each in found.checked)
    picture = "reference/drawing/output-picture.npy"
    wrong = np.load(folder / picture) + np.float32(0.01)
    (folder / picture).write_bytes(array_bytes(wrong))
    rehash(folder, picture)
    with pytest.raises(RefusedFile, match=r"full.onnx-f32 differs from the reference by 0.01"):
        verify(folder)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw["pipelines"][0].update(denoiser="vae"), "names a denoiser that is not"),
        (lambda raw: raw["pipelines"][0]["components"].update(unet="x"), "names a network that is"),
        (lambda raw: raw["pipelines"][0].update(scheduler="x"), "names a scheduler that is not"),
        (lambda raw: raw.update(version=1), "it holds what version 1 has not"),
        (lambda raw: raw.update(version=3), "reads versions 1 and 2"),
        (
            lambda raw: raw["pipelines"][0]["tokenizers"]["text_encoder"].update(file="run.py"),
            "run.py is no tokenizer",
        ),
    ],
)
def test_manifests_that_do_not_hold_together(folder: Path, change: Any, words: str) -> None:
    def only_one(raw: dict[str, Any]) -> None:
        raw["networks"] = [n for n in raw["networks"] if n["format"] == "onnx"]
        raw["pipelines"] = raw["pipelines"][:1]
        change(raw)

    rewrite(folder, only_one)
    with pytest.raises(RefusedFile, match=words):
        verify(folder)


def test_what_it_measures_comes_back(folder: Path, bundle: Report, tmp_path: Path) -> None:
    done = ran(
        folder,
        "--benchmark",
        "--steps",
        "2",
        "--network",
        "full.onnx-f32",
        "--threads",
        "1",
        "--out",
        str(tmp_path),
    )
    assert not done.returncode, done.stderr
    sha256 = shared_model(SD).info.source_sha256
    (found,) = imported(tmp_path / "measurement.json", source_sha256=sha256)
    assert (found.choice, found.steps) == (SubnetChoice(), 2)
    assert found.target == "onnxruntime:cpu:f32"
    assert found.step_ms is not None
    assert 0 < found.step_ms < found.latency_ms.median
    assert found.size_bytes == bundle.size_of(bundle.manifest.pipelines[0])


@pytest.mark.parametrize("name", [each for each in CLASSES if each not in (SD, "DDPMPipeline")])
def test_every_class_agrees_with_pytorch(name: str, tmp_path: Path) -> None:
    """Network by network, and four steps drawn by what stands in bundles."""
    model = shared_model(name)
    report = made_in(tmp_path, requested(model, seeds=1))
    (pipeline,) = report.manifest.pipelines
    assert pipeline.class_name == name
    assert pipeline.parity is not None
    assert pipeline.parity.max_abs < 1e-3
    assert pipeline.quality is not None
    assert pipeline.quality.flip < 1e-3
    texts = sorted(n for n, c in model.components.folder.components.items() if c.part == "text")
    assert sum(each.startswith("text_encoder") for each in pipeline.components) == len(texts)
    assert pipeline.denoiser in ("unet", "transformer")
    assert "vae_decoder" in pipeline.components
    if name == "PixArtSigmaPipeline":  # whose scheduler says of itself what no JSON can hold
        assert (pipeline.scheduler, model.info.config.scheduler) == ("dpm++ 2m", "dpm++ 2m")


def test_npus_get_fixed_shapes(tmp_path: Path) -> None:
    """And the denoiser may be a narrower one."""
    half = SubnetChoice(width=0.5)
    request = requested(shared_model(SD), (("openvino-npu", "f16"),), seeds=1, choices=(half,))
    report = made_in(tmp_path, request)
    (pipeline,) = report.manifest.pipelines
    assert pipeline.subnet.width == 0.5
    assert pipeline.quality is not None
    assert pipeline.quality.psnr is not None
    assert pipeline.quality.psnr < 60  # of half the width, so not that of full
    assert pipeline.fixed
    shapes = {n.id.partition(".")[0]: n.inputs[0].shape for n in report.manifest.networks}
    assert shapes["unet"] == (1, 4, 8, 8)
    assert shapes["text_encoder"] == (1, 77)
    refused = ran(report.folder, "a head", "--width", "32", runtime="openvino")
    assert "these files are made for 16 x 16" in refused.stderr


def test_what_cannot_be_exported_says_why(tmp_path: Path) -> None:
    model = shared_model(SD)
    reused = SubnetChoice(denoising=Denoising(Elastic(), Reuse(interval=2)))
    for request, words in (
        (requested(model, (("pt2", "f32"),)), "'pt2' is for models of one network"),
        (requested(model, (("onnx", "int8"),)), "int8 needs a quantised network"),
        (requested(model, (("onnx-npu", "int8"),)), "no NPU's execution provider takes"),
        (requested(model, choices=(SubnetChoice(), SubnetChoice(width=0.5))), "one denoiser"),
        (requested(model, choices=(reused,)), "is no single network"),
        (requested(model, pictures=(1,)), "draws from words"),
    ):
        with pytest.raises(BadChoice, match=words):
            export(request, tmp_path / "b")
    assert not list(tmp_path.iterdir())


def test_space_is_told_before(bundle: Report) -> None:
    (whole,) = pipelines_planned(requested(shared_model(SD)))
    assert whole.contents == tuple(
        f"{name} f32" for name in ("text_encoder", "unet", "vae_decoder", "vae_encoder")
    )
    own = bundle.size_of(bundle.manifest.pipelines[0])
    assert own / 2 < whole.plan.bytes < 4 * own  # of these tiny ones the graphs are most
    assert whole.plan.runs_here == ("onnxruntime:cpu:f32",)


def test_an_export_that_ends_early_leaves_the_old_bundle(folder: Path, bundle: Report) -> None:
    class Stopped(Exception):
        pass

    before = hashes(folder)

    def stop(share: float, text: str) -> None:
        if "drawing with" in text:
            raise Stopped

    request = requested(shared_model("DDPMPipeline"), seeds=1)
    with folders(folder.parent), pytest.raises(Stopped):
        export(request, folder, stop)
    assert hashes(folder) == before
    strict = requested(shared_model(SD), choices=(SubnetChoice(width=0.25),), seeds=1,
                       limits=Limits(psnr=199.0))  # fmt: skip
    with folders(folder.parent), pytest.raises(ExportRefused, match=r"PSNR .* is below 199 dB"):
        export(strict, folder)
    assert hashes(folder) == before
    report = json.loads(folder.with_name("bundle.report.json").read_text())
    assert report["networks"][-1]["id"] == "width-0.25.onnx-f32"
    assert [p.name for p in folder.parent.glob(".maquette-export-*")] == []


def test_a_full_disk_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from studio.families.traced_graph import TracedGraph

    before = hashes(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TracedGraph, "write", full)
    with folders(folder.parent), pytest.raises(MaquetteError, match="no space left"):
        export(requested(shared_model("DDPMPipeline"), seeds=1), folder)
    assert hashes(folder) == before
