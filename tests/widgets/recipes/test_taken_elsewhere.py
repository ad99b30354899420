"""A recipe leaves the real window in pictures and commands, and comes back. The real engine."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from typer.testing import CliRunner

from studio import places
from studio.commands import app as commands
from studio.families.inputs import GanInputs
from studio.families.opening import open_model
from studio.fidelity import measure as measuring
from studio.session.document import NO_STEPS
from studio.session.picture_record import read_record
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_config, small_model
from tests.widgets.real import opened
from widgets import choosers, saving

HALF = SubnetChoice(width=0.5)
WANTED = GanInputs(seed=421, truncation=0.7, edits=(("age", 1.5),))
PRUNED = Steps((RecipeStep("s1", "prune", 1, '{"ratio": 0.5}'),), 0)


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    folder = tmp_path / "my models"
    folder.mkdir()
    path = folder / "it's tiny.safetensors"
    small_model(small_config(), directions=("age",)).save(path)
    return path


@pytest.fixture
def window(qapp, qtbot, model_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(measuring, "SECONDS", 0.0)
    with opened(qtbot, model_file) as window:
        yield window


def with_recipe(window, qtbot, recipe: Steps = PRUNED) -> None:
    controller = window.controller
    made = replace(controller.document, inputs=WANTED, subnet=HALF, recipe=recipe, next_id=9)
    controller.edit("x", made)
    window.stack.apply.click()
    qtbot.waitUntil(lambda: is_baked(window), timeout=90_000)


def is_baked(window) -> bool:
    """The picture of side B is of the applied recipe, at rest."""
    renderer = window.app.renderer
    shown = renderer.shown.get("B")
    return (
        shown is not None
        and shown.model != renderer.scene.info.key
        and shown == renderer.scene.sides["B"].spec
    )


def elsewhere(window, qtbot) -> None:
    """Another seed, subnet and no recipe."""
    controller = window.controller
    other = replace(
        controller.document, inputs=GanInputs(5), subnet=SubnetChoice(), recipe=NO_STEPS
    )
    controller.edit("y", other)
    qtbot.waitUntil(lambda: not is_baked(window), timeout=60_000)


def drop(window, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(
            QPointF(50, 50), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip


def copied(window, qtbot, name: str) -> str:
    QGuiApplication.clipboard().clear()
    window.copying.copy(name)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != "", timeout=30_000)
    return QGuiApplication.clipboard().text()


def run(text: str) -> str:
    """Run every line of a text, and say what they printed."""
    said = ""
    for line in text.splitlines():
        program, *words = shlex.split(line)
        assert program == "maquette"
        result = CliRunner().invoke(commands, words)
        assert result.exit_code == 0, (line, result.output)
        said += result.output
    return said


def pixels(path: str | Path) -> np.ndarray:
    return np.asarray(Image.open(path))


def same(first: np.ndarray, second: np.ndarray) -> bool:
    """Equal but for rounding: threads differ between the window and a command."""
    return first.shape == second.shape and bool(
        (np.abs(first.astype(int) - second.astype(int)) <= 1).all()
    )


def test_a_picture_brings_its_recipe_back(window, qtbot, tmp_path, monkeypatch):
    controller, renderer = window.controller, window.app.renderer
    with_recipe(window, qtbot)
    variant = renderer.pixels("B").copy()
    saved = tmp_path / "shown.png"
    controller.show_mode("current")
    monkeypatch.setattr(choosers, "save_picture", lambda *_: saved)
    window.commands.save_shown()
    qtbot.waitUntil(saved.is_file, timeout=30_000)
    assert (pixels(saved) == variant).all()
    # Dragged out while the cards already say something else, it tells what made it all the same.
    dragged = tmp_path / "dragged.png"
    meanwhile = saving.one(renderer, replace(controller.document, recipe=NO_STEPS), "B",
                           window.app.baking.made_by)  # fmt: skip
    saving.write(meanwhile, dragged)
    assert read_record(dragged).recipe == read_record(saved).recipe
    assert read_record(dragged).current_recipe == ()
    window.app.finishing._folder = tmp_path
    window.commands.finish(ask=False)
    qtbot.waitUntil(lambda: any(tmp_path.glob("*seed-421.png")), timeout=60_000)
    (finished,) = tmp_path.glob("*seed-421.png")
    # What made the picture, and what was on the cards meanwhile, are two things.
    assert [s["technique"] for s in read_record(saved).recipe] == ["subnet", "prune"]
    assert read_record(finished).recipe == ()
    titles: list[str] = []
    window.app.jobs.progressed.connect(lambda _, title, __: titles.append(title))
    for path in (saved, finished):
        elsewhere(window, qtbot)
        drop(window, path)
        qtbot.waitUntil(lambda: is_baked(window), timeout=90_000)
        document = controller.document
        assert (document.inputs, document.subnet) == (WANTED, HALF)
        assert [s.content for s in document.recipe.steps] == [s.content for s in PRUNED.steps]
        assert document.recipe.cut_at == 0
        assert len(window.stack.cards) == 1
        assert (renderer.pixels("B") == variant).all()
        assert "seed 421" in window.notice.sentence()
        controller.undo()
        assert controller.document.recipe == NO_STEPS
    assert "Apply the recipe" not in titles  # both times it was in the cache
    # Where the cache is gone it is baked again, without a click.
    window.app.baking.use_model(None)
    window.app.baking.use_model(controller.info)
    shutil.rmtree(places.cache_dir() / "variants")
    drop(window, saved)
    qtbot.waitUntil(lambda: is_baked(window), timeout=90_000)
    assert "Apply the recipe" in titles
    assert same(renderer.pixels("B"), variant)


def test_a_picture_of_a_kept_variant_brings_that_back(window, qtbot, tmp_path):
    controller, renderer = window.controller, window.app.renderer
    with_recipe(window, qtbot)
    dragged = tmp_path / "dragged.png"
    controller.keep()
    (kept,) = controller.document.kept
    elsewhere(window, qtbot)
    controller.set_view("x", side_b=kept.id)
    qtbot.waitUntil(lambda: is_baked(window), timeout=60_000)
    of_kept = saving.one(renderer, controller.document, "B", window.app.baking.made_by)
    saving.write(of_kept, dragged)
    assert [s["technique"] for s in read_record(dragged).current_recipe] == ["subnet", "prune"]
    assert read_record(dragged).current == HALF


def test_a_picture_whose_technique_is_missing_brings_back_the_rest(window, qtbot, tmp_path):
    from studio.families.picture_file import write_png
    from studio.subnets.describe import picture_metadata

    steps = [
        {"technique": "subnet", "version": 1, "params": {"width": 0.25}},
        {"technique": "melt", "version": 1, "params": {"heat": 3}},
    ]
    info = window.controller.info
    text = picture_metadata(info, WANTED, SubnetChoice(), steps)
    path = tmp_path / "melted.png"
    write_png(path, np.zeros((4, 4, 3), np.uint8), dict(text))
    drop(window, path)
    qtbot.waitUntil(lambda: "without its recipe" in window.notice.sentence(), timeout=30_000)
    assert "there is no technique melt" in window.notice.sentence()
    document = window.controller.document
    assert (document.inputs, document.subnet) == (WANTED, SubnetChoice(width=0.25))
    assert document.recipe == NO_STEPS
    assert not window.app.baking.busy


def test_the_commands_of_a_variant_draw_the_same(window, qtbot, tmp_path):
    controller = window.controller
    with_recipe(window, qtbot)
    seen = window.app.renderer.pixels("B").copy()
    line = copied(window, qtbot, "picture")
    assert "'{maquette_recipe: 1, " in line
    run(line)
    (drawn,) = tmp_path.glob("*seed-421.png")
    assert same(pixels(drawn), seen)
    assert [s["technique"] for s in read_record(drawn).recipe] == ["subnet", "prune"]
    # The picture that a copied command makes brings the recipe back as the window's own does.
    elsewhere(window, qtbot)
    drop(window, drawn)
    qtbot.waitUntil(lambda: is_baked(window), timeout=90_000)
    assert (controller.document.inputs, controller.document.subnet) == (WANTED, HALF)
    # Applied by the command line it is the same network.
    run(copied(window, qtbot, "apply"))
    (file,) = tmp_path.glob("*-variant.safetensors")
    assert same(open_model(file).render(WANTED, SubnetChoice()), seen)
    # A real shell takes the line apart as Python does.
    out = tmp_path / "shell"
    out.mkdir()
    maquette = f'maquette() {{ "{sys.executable}" -m studio.cli "$@"; }}'
    root = str(Path(__file__).parents[3])
    subprocess.run(
        ["sh", "-ec", f"{maquette}\n{line}"], cwd=out, check=True, timeout=120,
        env={"PYTHONPATH": root, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert same(pixels(next(out.glob("*.png"))), seen)


def test_every_command_runs(window, qtbot, tmp_path):
    controller = window.controller
    with_recipe(window, qtbot, replace(PRUNED, steps=(*PRUNED.steps, RecipeStep("s2", "int8"))))
    controller.keep()
    controller.edit("x", replace(controller.document, subnet=SubnetChoice(resolution=16)))
    controller.pin()
    controller.set_inputs("x", None, seed=7, truncation=0.5)
    controller.pin()
    plan = replace(controller.document.walk, frames=4, seconds=0.5)
    controller.edit("x", replace(controller.document, walk=plan))
    skipped = {"elastic", "devices", "diagnostics"}  # long, or of this machine; parsed below
    for name in window.copying.entries.keys() - skipped:
        run(copied(window, qtbot, name))
    made = {path.name for path in tmp_path.iterdir()}
    stem = next(name for name in made if name.endswith("-report.html")).partition("-report")[0]
    assert {
        f"{stem}-seed-421.png", f"{stem}-seed-7.png", f"{stem}-walk.gif", f"{stem}.safetensors",
        f"{stem}-sorted.safetensors", f"{stem}-variant.safetensors",
    } <= made  # fmt: skip
    page = (tmp_path / f"{stem}-report.html").read_text("utf-8")
    assert page.count("<h3>") == 2
    assert "technique: prune" in page
    assert "technique: int8" in page
    for name in skipped:
        words = shlex.split(copied(window, qtbot, name))[1:]
        assert CliRunner().invoke(commands, [*words, "--help"]).exit_code == 0
