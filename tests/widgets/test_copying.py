"""Copy as command where the actions are: menus of buttons, cards, rows and dialogs."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QWidget

from studio.engine.job_messages import WalkJob
from studio.families.inputs import GanInputs
from studio.recipes.recipe import from_text, to_line
from studio.recipes.registry import load_registry
from studio.session.document import Variant
from studio.session.pin_text import pin_text
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice
from tests.widgets.fakes import model_info
from widgets import choosers
from widgets.recipes.baking import BakedVariant

MODEL = "/models/one.safetensors"
PRUNED = Steps((RecipeStep("s1", "prune", 1, '{"ratio": 0.5}'),), 0)
INT8 = Steps((*PRUNED.steps, RecipeStep("s2", "int8", 1, '{"samples": 8, "wanted": 36.5}')), 0)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def here(request: pytest.FixtureRequest) -> None:
    if "window" in request.fixturenames:
        request.getfixturevalue("window").controller.use_target("pytorch:cpu:f32")
        QGuiApplication.clipboard().clear()


@pytest.fixture
def known(window):
    """The window with the techniques that come with Maquette."""
    found = load_registry(outside=False)
    window.app.techniques.registry, window.app.techniques.complete = found, True
    window.app.techniques._known = {d.name: d for d in found.descriptions()}
    window.app.techniques.changed.emit()
    return window


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def words() -> list[str]:
    return shlex.split(clipboard())


def with_recipe(window, steps: Steps, choice: SubnetChoice = SubnetChoice(width=0.5)) -> None:
    document = window.controller.document
    window.controller.edit("x", replace(document, recipe=steps, subnet=choice, next_id=9))


def command_of(widget: QWidget) -> None:
    """Choose "Copy as command" in the context menu of ``widget``."""
    widget.customContextMenuRequested.emit(QPoint(2, 2))
    menu = next(m for m in widget.findChildren(QMenu) if m.objectName() == "command menu")
    (entry,) = menu.actions()
    assert entry.text() == "Copy as command"
    entry.trigger()
    menu.close()


def buttons(window, action: str) -> Iterator[QToolButton]:
    for found in window.findChildren(QToolButton):
        if found.defaultAction() is window.actions_[action]:
            yield found


def test_every_button_of_an_action_offers_its_command(window):
    finish, *_ = buttons(window, "finish")
    command_of(finish)
    seed = str(window.controller.document.inputs.seed)
    assert words()[:3] == ["maquette", "render", MODEL]
    assert words()[-2:] == ["--seed", seed]  # full, whatever is on the sliders
    for measure in buttons(window, "measure"):
        QGuiApplication.clipboard().clear()
        command_of(measure)
        assert words() == ["maquette", "compare", MODEL, "--width", "0.5", "--seed", seed]
    window.left.show_walk()
    (save,) = buttons(window, "save_walk")
    command_of(save)
    assert "Pin two pictures" in window.notice.sentence()
    command_of(window.left.section.found_fold.header)
    assert words()[:3] == ["maquette", "directions", MODEL]


def test_the_menus_of_cards_and_rows(known):
    (sort,) = [a for a in known.right.menu.actions() if a.objectName() == "menu copy sort"]
    sort.trigger()
    assert words() == ["maquette", "convert", MODEL, "--output", "one-sorted.safetensors", "--sort"]
    with_recipe(known, INT8)
    apply = next(a for a in known.recipe_menu.menu.actions() if a.objectName() == "menu copy apply")
    apply.trigger()
    assert words()[:4] == ["maquette", "compress", MODEL, "--recipe"]
    recipe = from_text(words()[4])
    assert [(s.technique, dict(s.params)) for s in recipe.steps] == [
        ("subnet", {"width": 0.5}), ("prune", {"ratio": 0.5}),
        ("int8", {"samples": 8, "wanted": 36.5}),
    ]  # fmt: skip
    QGuiApplication.clipboard().clear()
    command_of(known.stack.apply)
    assert words()[4] == to_line(recipe)
    prune, int8 = (known.stack.cards[ref] for ref in ("s1", "s2"))
    assert not prune.scan_command.isVisible()
    assert int8.scan_command.isVisible()
    int8.scan_command.trigger()
    assert words() == [
        "maquette", "sensitivity", MODEL, "--recipe", to_line(recipe), "--wanted", "36.5",
        "--samples", "8",
    ]  # fmt: skip
    menu = known.bottom.table.menu_for("full")
    next(a for a in menu.actions() if a.text() == "Copy as command").trigger()
    assert words()[3:5] == ["--width", "1"]


def test_a_variant_that_quantises_is_drawn_in_int8(known):
    with_recipe(known, INT8)
    known.copying.copy("picture")
    assert "--target" not in words()  # PyTorch has no int8
    known.controller.use_target("openvino:CPU:bf16")
    known.copying.copy("picture")
    assert words()[-2:] == ["--target", "openvino:CPU:int8"]
    known.copying.copy("finish")
    assert words()[-2:] == ["--target", "openvino:CPU:f32"]
    assert "--recipe" not in words()
    with_recipe(known, PRUNED)
    known.copying.copy("compare")
    assert words()[-2:] == ["--target", "openvino:CPU:bf16"]


def test_what_is_off_does_not_leave(known):
    off = replace(PRUNED, steps=(replace(PRUNED.steps[0], on=False),))
    with_recipe(known, off)
    known.copying.copy("picture")
    assert "--recipe" not in words()
    known.copying.copy("apply")
    assert [s.technique for s in from_text(words()[4]).steps] == ["subnet"]


def test_a_kept_variant_keeps_its_recipe_in_comparison_and_report(known):
    with_recipe(known, PRUNED)
    known.controller.keep()
    (kept,) = known.controller.document.kept
    with_recipe(known, Steps(), SubnetChoice(width=0.25, resolution=32))
    known.controller.set_view("x", side_a=kept.id)
    known.copying.copy("compare")
    recipes = [w for w in words() if w.startswith("{")]
    assert [from_text(r).name for r in recipes] == [kept.name]
    assert words()[3:5] == ["--width", "0.25"]
    known.copying.copy("report")
    (line,) = clipboard().splitlines()
    found = [from_text(w) for w in shlex.split(line) if w.startswith("{")]
    assert {r.name for r in found} == {kept.name, "current"}
    assert shlex.split(line)[-2:] == ["--html", "one-report.html"]


def test_variants_that_nobody_keeps(known):
    narrow = SubnetChoice(width=0.25)
    known.copying.copy_variants(
        (Variant("", "pruned", narrow, PRUNED), Variant("", "plain", narrow))
    )
    assert words()[3:6:2] == ["--width", "--recipe"]
    (line,) = [word for word in words() if word.startswith("{")]
    recipe = from_text(line)
    assert (recipe.name, recipe.steps[0].params) == ("pruned", {"width": 0.25})
    assert known.controller.document.kept == ()


def test_pins_and_walks(window):
    controller = window.controller
    controller.set_inputs("x", None, seed=4)
    controller.pin()
    controller.set_inputs("x", None, truncation=0.5)
    controller.pin()
    window.copying.copy("pins")
    names = [shlex.split(line)[4] for line in clipboard().splitlines()]
    assert names == ["one-seed-4.png", "one-seed-4-2.png"]
    window.copying.copy("walk")
    assert "--there-and-back" in words()
    pins = [word for word in words() if word.startswith("{")]
    assert pins == [pin_text(GanInputs(4)), pin_text(GanInputs(4, truncation=0.5))]
    assert words()[-2:] == ["--width", "0.5"]


def test_the_sweep_and_the_training_have_a_button(window, qtbot):
    window.actions_["sweep"].trigger()
    qtbot.waitUntil(window.sweep.isVisible)
    qtbot.mouseClick(window.sweep.copy, LEFT)
    widths = [w for before, w in zip(words(), words()[1:], strict=False) if before == "--width"]
    assert widths == ["0.25", "0.5", "0.75"]
    assert window.sweep.isVisible()
    for box in window.sweep.pixels.values():
        box.setChecked(False)
    assert not window.sweep.copy.isEnabled()
    window.actions_["make_elastic"].trigger()
    form = window.elastic.form
    form.minutes.setValue(7.5)
    QGuiApplication.clipboard().clear()
    qtbot.mouseClick(form.copy, LEFT)
    out = str(form.out_path())
    assert words() == [
        "maquette", "train", "elastic", MODEL, "--output", out, "--minutes", "7.5",
    ]  # fmt: skip
    form.widths.setText("half")
    QGuiApplication.clipboard().clear()
    qtbot.mouseClick(form.copy, LEFT)
    assert clipboard() == ""
    assert "half" in form.refusal.text()


def test_a_walk_is_saved_with_the_variant_that_is_on_show(known, tmp_path, monkeypatch):
    controller = known.controller
    controller.pin()
    controller.set_inputs("x", None, seed=4)
    controller.pin()
    with_recipe(known, PRUNED)
    out = tmp_path / "walk.gif"
    monkeypatch.setattr(choosers, "save_walk", lambda *_: out)
    known.actions_["save_walk"].trigger()
    assert "Apply the recipe first" in known.notice.sentence()
    assert known.app.jobs._runner is None  # no job was ever started
    baking = known.app.baking
    variant = model_info("baked-key", "/cache/model.safetensors")
    key = baking.key(PRUNED, SubnetChoice(width=0.5))
    baking._open[key] = BakedVariant(variant, ())
    known.actions_["save_walk"].trigger()
    job = next(h.job for h in known.app.jobs._runner.handles if isinstance(h.job, WalkJob))
    assert (job.path, job.choice) == (variant.path, SubnetChoice())
    assert [s.technique for s in from_text(job.recipe).steps] == ["subnet", "prune"]


def test_without_a_model_nothing_is_copied(window):
    window.controller.info = None
    window.copying.copy("picture")
    QApplication.processEvents()
    assert clipboard() == ""
