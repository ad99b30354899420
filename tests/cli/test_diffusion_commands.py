"""The commands for diffusion pipelines."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from studio.commands import app
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.picture_file import read_text
from studio.subnets.choice import SubnetChoice
from tests.families.diffusion.tiny import shared_folder, shared_model
from tests.families.small import small_model

SD = "StableDiffusionPipeline"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def done(*arguments: str) -> Result:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    return " ".join(result.stderr.split())


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.fixture
def picture(tmp_path: Path) -> str:
    pixels = np.random.default_rng(2).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "in.png")
    return str(tmp_path / "in.png")


def test_inspect_says_what_a_pipeline_is() -> None:
    record = json.loads(done("inspect", str(shared_folder(SD)), "--json").stdout)
    assert record["architecture"] == SD
    assert record["family"] == "diffusion"
    assert record["size"] == [16, 16]
    assert record["multiple_of"] == 8
    assert record["latents"] == [4, 8, 8]
    assert record["prompt_tokens"] == 77
    assert record["denoiser"] == "unet"
    assert [part["name"] for part in record["components"]] == ["text_encoder", "unet", "vae"]
    assert sum(part["parameters"] for part in record["components"]) == record["parameters"]
    assert "dpm++ 2m karras" in record["schedulers"]
    assert record["macs"] == sum(each.macs for each in shared_model(SD).info.config.layers) > 0
    assert "classifier-free" in done("inspect", str(shared_folder(SD))).stdout


def test_render_draws_what_the_model_draws(tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    options = ["--prompt", "a green head", "--negative", "dull", "--seed", "5", "--steps", "3"]
    options += ["--guidance", "4", "--scheduler", "dpm++ 2m karras", "--size", "32x16"]
    said = done(
        "render", str(shared_folder(SD)), *options, "-o", str(out), "--frames", str(tmp_path / "f")
    )
    assert "seed 5, 3 steps of dpm++ 2m karras, 32 x 16" in said.stdout
    inputs = DiffusionInputs("a green head", "dull", 5, 3, 4.0, "dpm++ 2m karras", 16, 32)
    expected = shared_model(SD).render(inputs)
    assert np.array_equal(pixels(out), expected)
    text = read_text(out)
    record = json.loads(text["maquette"])
    assert record["family"] == "diffusion"
    assert record["seed"] == 5
    assert record["key"] == shared_model(SD).info.key
    assert DiffusionInputs(**record["inputs"]) == inputs
    frames = sorted((tmp_path / "f").iterdir())
    assert [frame.name for frame in frames] == [f"step000{n}.png" for n in (1, 2, 3)]
    assert pixels(frames[0]).shape == (8, 16, 3)  # in latents


def test_render_from_a_picture_and_inside_a_mask(picture: str, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    common = [
        "render",
        str(shared_folder(SD)),
        "--prompt",
        "a head",
        "--steps",
        "2",
        "-o",
        str(out),
    ]
    done(*common, "--input", picture, "--strength", "0.5")
    content = Path(picture).read_bytes()
    inputs = DiffusionInputs("a head", steps=2, picture=content, strength=0.5)
    assert np.array_equal(pixels(out), shared_model(SD).render(inputs))
    done(*common, "--input", picture, "--mask", picture)
    inputs = DiffusionInputs("a head", steps=2, picture=content, mask=content)
    assert np.array_equal(pixels(out), shared_model(SD).render(inputs))
    assert len(json.loads(read_text(out)["maquette"])["inputs"]["mask"]) == 64  # its hash


def test_a_long_prompt_is_told(tmp_path: Path) -> None:
    words = "a green head " * 10
    said = done(
        "render",
        str(shared_folder(SD)),
        "--prompt",
        words,
        "--steps",
        "1",
        "-o",
        str(tmp_path / "a.png"),
    )
    assert "the prompt has 102 tokens and this model reads 77; the end is cut off" in said.stderr


def test_refusals(picture: str, tmp_path: Path) -> None:
    out = ("-o", str(tmp_path / "out.png"))
    sd = ("render", str(shared_folder(SD)), "--prompt", "a head")
    assert "0 steps cannot be run" in refused(*sd, "--steps", "0", *out)
    assert "'elur' is not one for this model" in refused(*sd, "--scheduler", "elur", *out)
    assert "multiples of 8 px" in refused(*sd, "--size", "33x32", *out)
    text = tmp_path / "text.png"
    text.write_text("no picture")
    assert "no picture that can be read" in refused(*sd, "--input", str(text), *out)
    assert "cannot read" in refused(*sd, "--input", str(tmp_path / "gone.png"), *out)
    assert "a mask goes with a picture" in refused(*sd, "--mask", picture, *out)
    assert "must end in .png" in refused(*sd, "-o", str(tmp_path / "out.jpg"))
    assert "truncation, noise, edits" in refused(*sd, "--truncation", "0.5", *out)
    assert "--answer and --instances" in refused(*sd, "--answer", "a=b", *out)
    assert "takes nothing but a seed" in refused(
        "render", str(shared_folder("DDPMPipeline")), "--prompt", "a", *out
    )
    assert not (tmp_path / "out.png").exists()
    other = tmp_path / "gan.safetensors"
    small_model().save(other)
    assert "is no diffusion pipeline; --prompt" in refused(
        "render", str(other), "--prompt", "a", *out
    )
    assert "cannot be opened: it is a folder without model_index.json" in refused(
        "inspect", str(tmp_path)
    )


ELASTIC = """
maquette_recipe: 1
name: half
steps:
  - technique: elastic_denoiser
    version: 1
    params: {width: 0.5, runs: 1, calls: 2}
"""


def test_render_draws_a_width_and_a_recipe(tmp_path: Path) -> None:
    out, name = tmp_path / "out.png", "DiTPipeline"
    recipe = tmp_path / "r.yaml"
    options = ["render", str(shared_folder(name)), "--class", "7", "--steps", "2", "-o", str(out)]
    said = done(*options, "--width", "0.5")
    assert "width 0.5, seed 0, 2 steps" in said.stdout
    inputs = DiffusionInputs(label=7, steps=2)
    assert np.array_equal(pixels(out), shared_model(name).render(inputs, SubnetChoice(0.5)))
    assert json.loads(read_text(out)["maquette"])["subnet"]["width"] == 0.5
    recipe.write_text(
        ELASTIC + "  - technique: reuse\n    version: 1\n    params: {interval: 2}\n", "utf-8"
    )
    said = done(*options, "--recipe", str(recipe))
    assert "half, seed 0" in said.stdout
    record = json.loads(read_text(out)["maquette"])
    assert [step["technique"] for step in record["recipe"]] == ["elastic_denoiser", "reuse"]
    assert record["subnet"]["denoising"]["reuse"]["interval"] == 2
    assert "resolution" in refused(*options, "--resolution", "8")


def test_render_takes_depth_and_reuse(tmp_path: Path) -> None:
    file, out = str(shared_folder(SD)), tmp_path / "p.png"
    options = ["render", file, "--prompt", "a head", "--steps", "3", "-o", str(out)]
    said = done(*options, "--depth", "0.5", "--reuse", "2", "--width", "0.5").stdout
    assert "width 0.5, depth 0.5, reuse 2, seed 0, 3 steps" in said
    subnet = json.loads(read_text(out)["maquette"])["subnet"]
    assert subnet["denoising"]["elastic"]["depth"] == 0.5
    assert subnet["denoising"]["reuse"]["interval"] == 2
    assert "depth 2 is not within" in refused(*options, "--depth", "2")
    assert "--depth" in run(*options, "--depth", "0.5", "--recipe", "x").output
    gan = tmp_path / "gan.safetensors"
    small_model().save(gan)
    words = refused("render", str(gan), "--depth", "0.5", "-o", str(out))
    assert "for diffusion pipelines" in words


REUSE = """
maquette_recipe: 1
name: again
steps:
  - technique: reuse
    version: 1
    params: {interval: 2}
"""


def test_another_runtime_draws_the_same(tmp_path: Path) -> None:
    out, recipe = tmp_path / "out.png", tmp_path / "r.yaml"
    options = ["--prompt", "a green head", "--steps", "2", "--size", "32x16"]
    start = ["render", str(shared_folder(SD)), *options, "-o", str(out)]
    done(*start, "--target", "onnxruntime")
    inputs = DiffusionInputs("a green head", steps=2, height=16, width=32)
    drawn, expected = pixels(out).astype(int), shared_model(SD).render(inputs)
    assert np.abs(drawn - expected).max() <= 1
    # What is no single network is PyTorch's alone, and compared where full is in f32 too.
    recipe.write_text(REUSE, "utf-8")
    again = ("--recipe", str(recipe))
    assert "is no single network" in refused(*start, *again, "--target", "onnxruntime")
    compare = ("compare", str(shared_folder(SD)), *options, *again)
    said = refused(*compare, "--target", "openvino:CPU:bf16")
    assert "PyTorch alone runs what again makes, in f32" in said
    assert "such as openvino:CPU:f32" in said
    found = done(*compare, "--seeds", "1", "--target", "onnxruntime", "--json").stdout
    rows = json.loads(found)
    assert [(row["name"], row["target"]) for row in rows] == [
        ("full", "onnxruntime:cpu:f32"),
        ("again", "pytorch:cpu:f32"),
    ]
    assert [row["steps"] for row in rows] == [2, 2]
    assert all(0 < row["step_ms"] < row["latency_ms"]["median"] for row in rows)


def test_compress_writes_a_pipeline_with_a_smaller_denoiser(tmp_path: Path) -> None:
    name, out, recipe = "DiTPipeline", tmp_path / "half", tmp_path / "r.yaml"
    recipe.write_text(ELASTIC, "utf-8")
    options = ["compress", str(shared_folder(name)), "--recipe", str(recipe), "--json"]
    record = json.loads(done(*options, "-o", str(out)).stdout)
    assert [step["verb"] for step in record["steps"]] == ["prepare", "select", "cut"]
    assert record["parameters"] < record["parameters_before"]
    assert "denoiser cut to" in record["steps"][2]["summary"]
    done("render", str(out), "--class", "7", "--steps", "2", "-o", str(tmp_path / "p.png"))
    assert "something stands there" in refused(*options, "-o", str(out))
    assert "as a folder" in refused(*options, "-o", str(tmp_path / "x.safetensors"))
    recipe.write_text(
        "maquette_recipe: 1\nname: again\nsteps:\n  - technique: reuse\n    version: 1\n", "utf-8"
    )
    assert "no single network" in refused(*options, "-o", str(tmp_path / "other"))


def test_other_techniques_say_why_they_do_not_fit(tmp_path: Path) -> None:
    recipe = tmp_path / "r.yaml"
    recipe.write_text(
        "maquette_recipe: 1\nname: s\nsteps:\n  - technique: subnet\n    version: 1\n", "utf-8"
    )
    options = ["--recipe", str(recipe), "-o", str(tmp_path / "out.png")]
    said = refused("render", str(shared_folder("DiTPipeline")), *options)
    assert "the step elastic_denoiser cuts widths of those" in said


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Timings of a few runs only."""
    from studio.fidelity import measure

    monkeypatch.setattr(measure, "SECONDS", 0.0)


def test_compare_measures_a_pipeline(soon: None, tmp_path: Path) -> None:
    file = str(shared_folder(SD))
    options = ["--prompt", "a head", "--steps", "2", "--seeds", "2", "--json"]
    (record,) = json.loads(done("compare", file, *options).stdout)
    assert (record["name"], record["psnr"], record["ssim"]) == ("full", None, 1.0)
    assert record["macs"] == sum(each.macs for each in shared_model(SD).info.config.layers)
    # Of a whole picture, and of a step of its denoiser.
    assert record["steps"] == 2
    assert record["step_ms"] > 0
    full, half = json.loads(done("compare", file, *options, "--width", "0.5").stdout)
    assert half["name"] == "width 0.5"
    assert half["macs"] < full["macs"] == record["macs"]
    assert 0 < half["psnr"] < 60
    _, reused = json.loads(done("compare", file, *options, "--reuse", "2").stdout)
    assert reused["name"] == "reuse 2"
    assert reused["macs"] < full["macs"]
    step = "{technique: fewer_steps, version: 1, params: {steps: 1}}"
    fewer = f"{{maquette_recipe: 1, name: one, steps: [{step}]}}"
    _, one = json.loads(done("compare", file, *options, "--recipe", fewer).stdout)
    assert (one["name"], one["steps"], one["macs"]) == ("one", 1, full["macs"])
    assert "truncation, noise" in refused("compare", file, "--noise", "0")
    other = tmp_path / "gan.safetensors"
    small_model().save(other)
    assert "is no diffusion pipeline" in refused("compare", str(other), "--steps", "2")


def test_a_measuring_job_takes_a_pipeline(soon: None) -> None:
    from studio.engine.job_messages import MeasureJob
    from studio.engine.measuring import measure_all
    from studio.engine.progress import ProgressReporter
    from studio.errors import BadChoice
    from studio.families.inputs import EncodedPicture

    folder = str(shared_folder("DDPMPipeline"))
    quiet = ProgressReporter(lambda news: None)
    job = MeasureJob(folder, (), DiffusionInputs(steps=1, seed=4), seeds=1)
    made = measure_all(job, quiet)
    assert [one.name for one in made.measurements] == ["full"]
    assert made.info == shared_model("DDPMPipeline").info
    with pytest.raises(BadChoice, match="of another family"):
        measure_all(MeasureJob(folder, (), EncodedPicture(b"")), quiet)
