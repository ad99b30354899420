"""Runtimes beyond PyTorch for a pipeline in the real window on a fake engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.engine.job_messages import BakedFile, CompileJob, JobDone, JobRung, LayersJob
from studio.engine.layer_table import LayerRow, LayerTable
from studio.engine.messages import Adopt, Adopted, Compare, Ready, Render, Unusable
from studio.families.diffusion.config import LayerCount
from studio.session.document import CURRENT
from studio.session.file import load, save
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse
from studio.subnets.rungs import rungs
from tests.widgets.conftest import settle, use
from tests.widgets.diffusion.conftest import EVERYTHING, info_of
from tests.widgets.diffusion.test_window import BLOCKS, caption_of, step
from widgets.layers import opening
from widgets.measuring import by_target
from widgets.scene import MOST_UNASKED, PYTORCH, compose, suited, usual

FAST, COARSE = "openvino:CPU:f32", "openvino:CPU:bf16"
FULL, HALF = SubnetChoice(), SubnetChoice(0.5)
REUSED = SubnetChoice(denoising=Denoising(reuse=Reuse(interval=2)))
SIZES = (("batch", 2), ("height", 8), ("width", 8))
LAYERS = tuple(
    LayerCount(name, 1000, 64_000)
    for name in (
        "conv_in",
        "down_blocks.0.resnets.0.conv1",
        "mid_block.resnets.0.conv1",
        "up_blocks.0.resnets.0.conv1",
        "up_blocks.0.resnets.1.conv1",
    )
)
ELASTIC = replace(EVERYTHING, layout=BLOCKS, layers=LAYERS)


def jobs(stage) -> list:
    return [h for h in stage.runner.handles if isinstance(h.job, CompileJob)]


@pytest.fixture
def ready(worded, stage, qapp, qtbot):
    """A pipeline that can be narrowed, and a renderer that has said how many threads it has."""
    use(stage, info_of(ELASTIC, "elastic"))
    stage.client.mailbox.answer(Ready(1, 2, ()))
    settle(stage, qapp)
    qtbot.waitUntil(lambda: bool(jobs(stage)) and jobs(stage)[-1].job.path == "/models/elastic")
    return worded


def adopt(stage, qtbot, choice=FULL, target=FAST, sizes=SIZES) -> None:
    stage.client.mailbox.answer(Adopted("elastic", choice, target, sizes))
    qtbot.wait(20)


def test_the_denoiser_is_compiled_for_what_is_drawn(ready, stage, qtbot, qapp) -> None:
    handle = jobs(stage)[-1]
    assert handle.job == CompileJob("/models/elastic", (FULL,), (FAST,), 2, SIZES)
    assert stage.client.of(Adopt)[-1] == Adopt("elastic", (FULL,), (FAST,), SIZES)
    words = ready.runs.progress
    assert words.text() == "0 of 1 denoisers compiled; PyTorch draws the others"
    assert not ready.app.compiling.draws(ready.app.renderer.scene.full)
    before = len(stage.client.of(Render))
    handle.say(JobRung(FULL, FAST, 0.3))
    adopt(stage, qtbot)
    # Both sides are drawn again by it, and a job with nothing left to do ends.
    settle(stage, qapp)
    assert len(stage.client.of(Render)) == before + 2
    assert ready.app.compiling.draws(ready.app.renderer.scene.full)
    assert words.text() == "denoiser compiled"
    assert handle.finished


def test_another_size_or_guidance_is_loaded_and_not_compiled(ready, stage, qtbot, qapp) -> None:
    adopt(stage, qtbot)
    count, compiling = len(jobs(stage)), ready.app.compiling
    ready.controller.set_words("x", None, guidance=1.0)
    alone = (("batch", 1), *SIZES[1:])
    qtbot.waitUntil(lambda: stage.client.of(Adopt)[-1].sizes == alone)
    assert compiling.counts() == (0, 1)
    adopt(stage, qtbot, sizes=SIZES)  # late: what is drawn now is of another size
    assert compiling.counts() == (0, 1)
    assert not compiling.draws(ready.app.renderer.scene.full)
    adopt(stage, qtbot, sizes=alone)
    assert compiling.counts() == (1, 1)
    # That of before is still there.
    ready.controller.undo()
    qtbot.waitUntil(lambda: stage.client.of(Adopt)[-1].sizes == SIZES)
    assert compiling.counts() == (1, 1)
    assert len(jobs(stage)) == count


def test_a_size_that_is_traced_is_compiled_anew(ready, stage, qtbot, qapp) -> None:
    use(stage, info_of(replace(ELASTIC, kind="sd3"), "baked"))
    settle(stage, qapp)
    qtbot.waitUntil(lambda: jobs(stage)[-1].job.path == "/models/baked")
    first = jobs(stage)[-1]
    ready.controller.resize_words("x", None, 96, 64)
    wide = (("batch", 2), ("height", 8), ("width", 12))
    qtbot.waitUntil(lambda: jobs(stage)[-1] is not first)
    assert first.finished
    assert jobs(stage)[-1].job.sizes == wide


def test_a_narrow_denoiser_is_a_network_of_its_own(ready, stage, qtbot) -> None:
    handle = jobs(stage)[-1]
    ready.controller.set_subnet(HALF, None)
    qtbot.waitUntil(lambda: bool(handle.told))
    assert handle.told[-1].choices == (HALF, FULL)
    shallow = SubnetChoice(denoising=Denoising(Elastic(depth=0.5)))
    ready.controller.set_subnet(shallow, None)
    qtbot.waitUntil(lambda: handle.told[-1].choices == (shallow, FULL))
    heard: list[str] = []
    ready.app.compiling.noticed.connect(heard.append)
    handle.say(JobRung(shallow, FAST, None, "it cannot be traced"))
    qtbot.waitUntil(lambda: heard == ["it cannot be traced"])


def test_what_pytorch_alone_runs_says_so(ready, stage, qtbot, qapp) -> None:
    info, card = ready.controller.info, ready.runs
    assert suited(FAST, info, HALF) == FAST
    assert suited(FAST, info, REUSED) == PYTORCH
    assert rungs(info, REUSED, (FULL,)) == (FULL,)
    packed = info_of(replace(ELASTIC, packed="Q4_K"), "packed")
    assert suited(FAST, packed) == PYTORCH
    assert rungs(packed, FULL) == ()
    assert not card.alone.isVisible()
    ready.controller.set_subnet(REUSED, None)
    settle(stage, qapp)
    shown = ready.app.renderer.shown
    assert (shown["A"].target, shown["B"].target) == (FAST, PYTORCH)
    assert card.alone.text() == (
        "B: its steps differ, so it is no single network; PyTorch draws it."
    )
    assert ready.right.reuse.alone.isVisible()
    # It is held against full in PyTorch, not against that of another runtime.
    pair = next(c for c in reversed(stage.client.of(Compare)) if c.candidate == shown["B"])
    assert pair.reference.target == PYTORCH
    ready.controller.set_target("B", PYTORCH)
    assert not card.alone.isVisible()
    assert not ready.right.reuse.alone.isVisible()
    target, choices, others = by_target(info, (FULL, REUSED), FAST)
    assert (target, choices) == (FAST, (FULL,))
    assert others == (BakedFile("/models/elastic", REUSED, "reuse 2", PYTORCH),)
    assert by_target(info, (REUSED,), FAST) == (PYTORCH, (REUSED,), ())
    opening.offer(ready)
    assert "no single table of its layers" in ready.notice.sentence()


def test_a_huge_denoiser_is_compiled_only_when_asked_for(ready, stage, qtbot, qapp) -> None:
    many = MOST_UNASKED // 4 + 1
    huge = info_of(replace(EVERYTHING, layers=(LayerCount("proj", many, 10**12),)), "huge")
    assert usual(FAST, huge) == PYTORCH
    assert usual(FAST, info_of()) == FAST
    count = len(jobs(stage))
    use(stage, huge)
    settle(stage, qapp)
    assert ready.runs.pickers["B"].target() == PYTORCH
    qtbot.wait(300)
    assert len(jobs(stage)) == count
    ready.controller.set_target("B", FAST)
    qtbot.waitUntil(lambda: len(jobs(stage)) == count + 1)
    assert jobs(stage)[-1].job.targets == (FAST,)


def test_a_picture_under_way_begins_anew_once_there_is_a_faster_network(
    ready, stage, qtbot
) -> None:
    stage.client.auto = False
    ready.controller.set_words("x", None, prompt="a face")
    before = stage.client.of(Render, "current")[-1]
    adopt(stage, qtbot)
    after = stage.client.of(Render, "current")[-1]
    assert after.spec == before.spec
    assert after.stamp > before.stamp
    # What the user has stopped stays stopped.
    ready.actions_["stop_drawing"].trigger()
    count = len(stage.client.of(Render))
    adopt(stage, qtbot)
    assert len(stage.client.of(Render)) == count
    assert ready.actions_["stop_drawing"].text() == "Draw again"
    stage.client.auto = True
    stage.client.answer_all()


def test_a_damaged_network_of_another_size_is_compiled_again(ready, stage, qtbot) -> None:
    handle = jobs(stage)[-1]
    handle.say(JobRung(FULL, FAST, 0.3))
    handle.end(JobDone())
    qtbot.waitUntil(lambda: handle.finished)
    stage.client.mailbox.answer(Unusable("elastic", FULL, FAST, "it is cut short", SIZES))
    qtbot.waitUntil(lambda: jobs(stage)[-1] is not handle)


def test_undo_brings_back_the_picture_that_steps_have_covered(ready, stage, qapp) -> None:
    canvas = ready.view.canvas.scene.layers
    whole = canvas["B"].size
    stage.client.auto = False
    ready.controller.set_words("x", None, prompt="a face")
    request = stage.client.of(Render, "current")[-1]
    stage.client.mailbox.answer(step(request, 1, 8, 4.0))
    qapp.processEvents()
    assert canvas["B"].size == (2, 2) != whole
    ready.actions_["stop_drawing"].trigger()
    ready._show_numbers()
    assert caption_of(ready).title() == "draft, 8 steps"
    ready.controller.undo()
    assert canvas["B"].size == whole
    stage.client.auto = True
    stage.client.answer_all()


def test_a_session_keeps_where_each_side_runs(ready, tmp_path) -> None:
    ready.controller.set_target("B", COARSE)
    folder = tmp_path / "pipe"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    ref = replace(ready.controller.document.model, path=str(folder))
    save(replace(ready.controller.document, model=ref), tmp_path / "work.maquette")
    assert load(tmp_path / "work.maquette").view.target_b == COARSE


def test_the_layers_of_a_denoiser(ready, stage, qtbot) -> None:
    assert ready.actions_["layers"].isEnabled()
    opening.offer(ready, CURRENT)
    (handle,) = [h for h in stage.runner.handles if isinstance(h.job, LayersJob)]
    assert (handle.job.path, handle.job.target) == ("/models/elastic", FAST)
    rows = (
        LayerRow("conv_in", 0.5, 2, 3_000_000, 4000, 2000, "bf16", parameters=1000),
        LayerRow("mid_block.attentions.0.transformer_blocks.0.attn1.to_out.0", 1.5, 1, 1_000_000,
                 8000, 4000, "bf16", parameters=2000),
        LayerRow("other", 0.25, 4, 0, 0),
    )  # fmt: skip
    table = LayerTable("current", COARSE, rows, 1.9, "bf16", 1, 2, (64, 64))
    handle.end(JobDone(layers=table))
    dialog = ready.layers
    qtbot.waitUntil(lambda: dialog.table.model().rowCount() == 3)
    assert "1.9 ms a call of the denoiser at 64 \u00d7 64 px, with and without the prompt" in (
        dialog.state.text()
    )
    model = dialog.table.model()
    texts = [[model.index(row, column).data() for column in (3, 4, 5)] for row in (0, 1)]
    assert texts == [["3.0 M", "75.0", "1.0 k"], ["1.0 M", "25.0", "2.0 k"]]
    assert dialog.table.isColumnHidden(4)
    untimed = tuple(replace(row, ms=None) for row in rows)
    dialog._fill(replace(table, rows=untimed))
    assert not dialog.table.isColumnHidden(4)
    dialog._show_state()
    once = replace(table, batch=1)
    assert "px. With every layer timed" in dialog._of_call(once)
    dialog.close()
    qtbot.waitUntil(lambda: not ready.app.layers.busy)


def test_what_is_in_sight_is_compiled_however_large(ready) -> None:
    info = ready.controller.info
    assert rungs(info, HALF, (FULL,), limit=1) == (HALF, FULL)
    trained = replace(info, widths=(0.75, 1.0))
    assert rungs(trained, HALF, (FULL,), limit=1) == (HALF, FULL)
    three = rungs(trained, HALF, (FULL,))
    assert [resolve(c, info.config).denoising and c.width for c in three] == [0.5, None, 0.75]


def test_a_baked_variant_draws_with_what_is_left_to_the_original(ready) -> None:
    document, info = ready.controller.document, ready.controller.info
    steps = Steps((RecipeStep("s1", "int8", 1, "{}"),))
    baked = info_of(replace(ELASTIC, guidance_scale=3.0, steps=5), "baked", quantised=True)
    document = replace(document, recipe=steps)
    scene = compose(document, info, FAST, lambda *_: baked)
    full, draft = scene.sides["A"].spec, scene.sides["B"].spec
    assert (draft.model, draft.target) == ("baked", "openvino:CPU:int8")
    assert (draft.inputs.guidance, draft.inputs.steps) == (7.5, 8)
    assert replace(draft.inputs, steps=24) == full.inputs
    assert scene.reference(draft) == full  # in f32
