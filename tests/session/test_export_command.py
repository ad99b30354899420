"""An export as a command line: what the program understands is what was ordered."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from studio.bundles import exporting
from studio.bundles.request import Request
from studio.commands import app
from studio.engine.bundle_messages import ExportJob
from studio.errors import MaquetteError
from studio.recipes.recipe import Recipe, Step, from_text, to_text
from studio.recipes.values import Values
from studio.session.document import ModelRef
from studio.session.export_command import export_command
from studio.subnets.choice import SubnetChoice, resolve
from tests.families.quantised import tame_model

SORTED = to_text(Recipe("sorted", (Step("subnet", 1, True, Values({"sort": True})),)))
ONNX = (("onnx", "f32"),)


@pytest.fixture
def model(tmp_path: Path) -> ModelRef:
    path = tmp_path / "작은 model.safetensors"
    tame_model().save(path)
    return ModelRef(str(path), "small", "0" * 64, "small")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Request, Path]]:
    orders: list[tuple[Request, Path]] = []

    def hear(request: Request, target: Path, *_: object) -> None:
        orders.append((request, target))
        raise MaquetteError("heard")

    monkeypatch.setattr(exporting, "export", hear)
    return orders


def understood(
    command: str, heard: list[tuple[Request, Path]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Request, Path]:
    """Do what a shell would: write the file of the lines before the last one, run that one."""
    monkeypatch.chdir(folder)
    *before, line = command.splitlines()
    if before:
        head, *text, end = before
        assert (head, end) == ("cat > recipe.yaml <<'END'", "END")
        (folder / "recipe.yaml").write_text("\n".join(text) + "\n", encoding="utf-8")
    words = shlex.split(line)
    assert words[0] == "maquette"
    result = CliRunner().invoke(app, words[1:])
    assert "heard" in result.stderr, result.output
    return heard.pop()


@pytest.mark.parametrize(
    "choices",
    [
        (SubnetChoice(),),
        (SubnetChoice(0.25), SubnetChoice(0.5), SubnetChoice()),
        (SubnetChoice(0.5, "anycost", resolution=16),),
        (SubnetChoice(resolution=8),),
    ],
)
def test_choices_formats_and_limits_come_back(model, heard, tmp_path, monkeypatch, choices):
    formats = (("onnx", "f16"), ("openvino", "f32"))
    job = ExportJob(
        model.path, str(tmp_path / "a 'b'"), formats, choices, supernet=True,
        limit_flip=0.0625, limit_psnr=27.5, measure=True,
    )  # fmt: skip
    request, out = understood(export_command(model, job), heard, tmp_path, monkeypatch)
    assert (str(out), request.formats, request.choices) == (job.out, formats, choices)
    limits = request.limits
    assert (limits.flip, limits.psnr, limits.ssim) == (0.0625, 27.5, None)
    assert (request.supernet, request.measure, request.recipe) == (True, True, None)


def test_a_recipe_comes_with_the_lines(model, heard, tmp_path, monkeypatch):
    job = ExportJob(model.path, str(tmp_path / "out"), ONNX, (SubnetChoice(0.5),), SORTED)
    request, _ = understood(export_command(model, job), heard, tmp_path, monkeypatch)
    assert request.recipe == from_text(SORTED)
    assert (request.choices, request.measure) == ((SubnetChoice(0.5),), False)


@pytest.mark.parametrize("recipe", ["", SORTED])
def test_free_widths_are_a_step_of_the_recipe(model, heard, tmp_path, monkeypatch, recipe):
    config = tame_model().info.config
    widths = tuple(0.5 if n % 2 else 0.75 for n in range(len(config.channels)))
    choice = SubnetChoice(widths=widths)
    job = ExportJob(model.path, str(tmp_path / "out"), ONNX, (choice,), recipe)
    request, _ = understood(export_command(model, job), heard, tmp_path, monkeypatch)
    (found,) = request.choices
    assert resolve(found, config) == resolve(choice, config)


def test_an_embedded_model_goes_by_its_name(model):
    ref = ModelRef("/app/clay-heads.safetensors", "clay-heads", "", "", embedded="clay-heads")
    job = ExportJob("/app/clay-heads.safetensors", "-out", ONNX)
    line = export_command(ref, job)
    assert line == "maquette export clay-heads --output ./-out --format onnx:f32 --no-measure"


def test_fewer_blocks_of_a_denoiser_go_into_a_recipe() -> None:
    from studio.subnets.denoisers.choice import Denoising, Elastic

    choice = SubnetChoice(width=0.5, denoising=Denoising(Elastic(depth=0.75)))
    job = ExportJob("/m/words", "/out", ONNX, (choice,))
    command = export_command(ModelRef("/m/words", "words", "0" * 64, "words"), job)
    text, line = command.split("\nEND\n")
    (step,) = from_text(text.partition("\n")[2]).steps
    assert (step.technique, dict(step.params)) == (
        "elastic_denoiser", {"width": 0.5, "depth": 0.75, "order": False},
    )  # fmt: skip
    assert line.endswith("--format onnx:f32 --recipe recipe.yaml --no-measure")
