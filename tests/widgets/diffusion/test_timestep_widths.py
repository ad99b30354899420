"""Width by timestep in the window: the slider, its curve, the session and the command."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication

from studio.families.diffusion.config import LayerCount
from studio.session.file import load, save
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Denoising, Elastic
from studio.subnets.denoisers.scheduling import Ordered, Sensitivity
from studio.subnets.denoisers.sites import Layout, Part, Site
from tests.widgets.conftest import settle, use
from tests.widgets.diffusion.conftest import EVERYTHING, info_of
from widgets.captions import cost_line, subnet_cost

LAYOUT = Layout(
    (Site("block", "units", 100, 1, (Part("in", False), Part("out", True)), ""),), (), ()
)
LAYERS = tuple(LayerCount(name, 1000, 100_000) for name in ("in", "out"))
# The second half of a run suffers four times as much.
FOUND = Sensitivity(2, (1.0, 0.5, 0.25), ((0.0, 0.1, 0.2), (0.0, 0.4, 0.8)))
PLAIN = replace(EVERYTHING, layout=LAYOUT, layers=LAYERS)
ORDERED = replace(PLAIN, ordered=Ordered((), FOUND))


@pytest.fixture
def ordered(worded, stage, qapp):
    """The window with a pipeline that was measured by timestep, at width 0.6."""
    use(stage, info_of(ORDERED, "ordered"))
    worded.right.width_slider.set_value(0.6, notify=True)
    settle(stage, qapp)
    return worded


def test_the_draft_follows_the_steps(ordered, stage, qapp) -> None:
    panel = ordered.right.timesteps
    assert panel.share.isEnabled()
    assert panel.curve.values == (0.6,) * 8  # the steps of the draft
    panel.share.set_value(1.0, notify=True)
    settle(stage, qapp)
    drawn = ordered.app.renderer.shown["B"].subnet
    assert drawn == SubnetChoice(0.6, denoising=Denoising(Elastic(by_timestep=1.0)))
    first, second = panel.curve.values[:4], panel.curve.values[4:]
    assert len(set(first)) == len(set(second)) == 1
    assert first[0] < 0.6 < second[0]
    assert sum(panel.curve.values) / 8 <= 0.6 + 1e-9  # costs here go with the width
    ordered._show_numbers()
    caption = ordered.view._captions.captions["B"]
    assert caption.title() == "draft, 8 steps, width 0.6, by timestep"
    # Another width takes the steps with it, and nothing of full changes.
    ordered.right.width_slider.set_value(0.8, notify=True)
    settle(stage, qapp)
    assert panel.curve.values[0] > first[0]
    assert ordered.app.renderer.shown["A"].subnet == SubnetChoice()
    for _ in range(2):
        ordered.controller.undo()
    assert panel.share.value() == 0
    assert panel.curve.values == (0.6,) * 8


def test_the_curve_is_stairs_from_nothing_to_the_whole_width(ordered) -> None:
    curve = ordered.right.timesteps.curve
    curve.show_values((0.25, 1.0))
    found = [(p.x(), p.y()) for p in curve.points(QRectF(10, 0, 40, 20))]
    assert found == [(10, 15), (30, 15), (30, 0), (50, 0)]


def test_it_says_why_it_waits(worded, stage, qapp) -> None:
    use(stage, info_of(PLAIN, "plain"))
    settle(stage, qapp)
    panel = worded.right.timesteps
    assert not panel.share.isEnabled()
    assert not panel.curve.isVisible()
    assert "measured when the insides are ordered" in panel.why.text()
    # What a session says of it is drawn with one width until then, and named so.
    worded.controller.set_subnet(
        SubnetChoice(0.6, denoising=Denoising(Elastic(by_timestep=0.5))), None
    )
    settle(stage, qapp)
    worded._show_numbers()
    assert worded.view._captions.captions["B"].title() == "draft, 8 steps, width 0.6"
    # Once the ordered variant is at hand, it is what counts.
    worded.controller.baked = lambda steps, choice: info_of(ORDERED, "baked")
    worded.app.baking.changed.emit()
    assert panel.share.isEnabled()
    assert panel.share.value() == 0.5
    assert len(set(panel.curve.values)) == 2
    # It is asked the same as the pipeline itself, and its cost is the one that is told.
    other = replace(ORDERED, guidance_scale=2.0, steps=50)
    worded.controller.baked = lambda steps, choice: info_of(other, "baked")
    document = worded.controller.document.adding_step(0, "elastic_denoiser", 1, "{}")[0]
    worded.controller.edit("x", document)
    settle(stage, qapp)
    shown = worded.app.renderer.shown
    assert shown["B"].model == "baked"
    assert (shown["B"].inputs.guidance, shown["B"].inputs.steps) == (7.5, 8)
    told = cost_line(subnet_cost(worded.controller.document.subnet, other))
    assert worded.right.summary.text() == told
    use(stage, info_of(ORDERED, "ordered"))
    assert worded.right.width_slider.value() == 1
    assert panel.why.text() == "Counts once the width is below 1."
    worded.right.width_slider.set_value(0.1, notify=True)
    settle(stage, qapp)
    assert "nothing was measured below width 0.25" in panel.why.text()
    use(stage, info_of())  # nothing to narrow
    assert not panel.isVisible()


def test_the_session_and_the_command_have_it(ordered, stage, qapp, tmp_path) -> None:
    ordered.right.timesteps.share.set_value(0.5, notify=True)
    settle(stage, qapp)
    folder = tmp_path / "pipe"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    path, document = tmp_path / "work.maquette", ordered.controller.document
    save(replace(document, model=replace(document.model, path=str(folder))), path)
    assert load(path).subnet == ordered.controller.document.subnet
    ordered.copying.copy("picture")
    words = shlex.split(QGuiApplication.clipboard().text())
    assert "by_timestep: 0.5" in words[words.index("--recipe") + 1]
    ordered.controller.set_subnet(SubnetChoice(0.6), None)
    ordered.copying.copy("picture")
    assert "by_timestep" not in QGuiApplication.clipboard().text()


def test_a_recipe_says_what_has_no_option(ordered, stage, qapp) -> None:
    from studio.recipes.recipe import from_text
    from studio.recipes.registry import load_registry
    from studio.session.recipes import taken

    denoising = Denoising(Elastic(depth=0.5, by_timestep=0.5))
    ordered.controller.set_subnet(SubnetChoice(0.6, denoising=denoising), None)
    settle(stage, qapp)
    ordered.copying.copy("picture")
    words = shlex.split(QGuiApplication.clipboard().text())
    assert "--width" not in words
    recipe = from_text(words[words.index("--recipe") + 1])
    info = info_of(ORDERED, "ordered")
    back = taken(recipe, load_registry(outside=False), info, 1)
    assert back.subnet == SubnetChoice(0.6, denoising=denoising)
    assert not back.recipe.steps
