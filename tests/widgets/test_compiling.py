"""The ladder in the window: what is compiled when, and what follows when a rung is ready."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.engine.job_messages import CompileJob, JobDone, JobRung
from studio.engine.messages import Adopt, Adopted, Notice, Ready, Render, Unusable
from studio.subnets.choice import SubnetChoice
from tests.widgets.conftest import settle, use
from tests.widgets.fakes import model_info
from widgets.scene import PYTORCH

FAST = "openvino:CPU:f32"
COARSE = "openvino:CPU:bf16"
HALF = SubnetChoice(width=0.5)


def jobs(stage) -> list:
    return [h for h in stage.runner.handles if isinstance(h.job, CompileJob)]


def compiling(stage, qtbot):
    """The job that compiles what is near the sliders now."""
    qtbot.waitUntil(lambda: bool(jobs(stage)) and not stage.app.compiling._settle.isActive())
    return jobs(stage)[-1]


@pytest.fixture
def ready(drawn):
    """The stage with a renderer that has said how many threads it has."""
    drawn.client.mailbox.answer(Ready(1, 2, ()))
    return drawn


def test_the_ladder_is_compiled_nearest_first_and_offered_rung_by_rung(ready, qtbot):
    handle = compiling(ready, qtbot)
    assert handle.job.choices[:2] == (HALF, SubnetChoice())
    assert handle.job.targets == (FAST,)
    assert handle.job.threads == 2
    assert len(ready.client.of(Adopt)) == 1
    assert ready.app.compiling.counts() == (0, len(handle.job.choices))
    handle.say(JobRung(HALF, FAST, 0.3))
    qtbot.waitUntil(lambda: len(ready.client.of(Adopt)) == 2)
    assert ready.client.of(Adopt)[-1] == Adopt("key-one", handle.job.choices, (FAST,))


def test_what_is_on_show_is_drawn_again_once_its_network_is_ready(ready, qtbot, qapp):
    compiling(ready, qtbot)
    settle(ready, qapp)
    before = len(ready.client.of(Render))
    ready.client.mailbox.answer(Adopted("key-one", SubnetChoice(width=0.25), FAST))
    qtbot.wait(20)
    assert len(ready.client.of(Render)) == before
    ready.client.mailbox.answer(Adopted("key-one", HALF, FAST))
    qtbot.waitUntil(lambda: len(ready.client.of(Render)) > before)
    again = ready.client.of(Render)[before:]
    assert [r.spec.subnet for r in again] == [HALF]
    assert ready.app.compiling.counts()[0] == 2
    settle(ready, qapp)
    assert ready.app.renderer.shown["B"] == again[0].spec


def test_moving_the_sliders_tells_the_job_where_they_are(ready, qtbot):
    handle = compiling(ready, qtbot)
    ready.app.controller.set_subnet(SubnetChoice(width=0.33, resolution=32), None)
    qtbot.waitUntil(lambda: bool(handle.told))
    assert handle.told[-1].choices[0] == SubnetChoice(width=0.33, resolution=32)
    assert len(jobs(ready)) == 1
    for choice in handle.job.choices:
        handle.say(JobRung(choice, FAST, 0.1))
    handle.end(JobDone())
    # The job ended before it heard: another one compiles what is missing.
    qtbot.waitUntil(lambda: len(jobs(ready)) == 2)


def test_nothing_is_compiled_while_somebody_drags(ready, qtbot):
    handle = compiling(ready, qtbot)
    ready.app.controller.begin("width")
    assert handle.told[-1].resting
    ready.app.controller.set_subnet(SubnetChoice(width=0.4), "width")
    ready.app.controller.end()
    assert not handle.told[-1].resting
    qtbot.waitUntil(lambda: handle.told[-1].choices[0] == SubnetChoice(width=0.4))
    assert not handle.told[-1].resting
    ready.app.controller.begin("width")
    handle.end(JobDone())  # of what the job had: the rest begins only to rest
    qtbot.waitUntil(lambda: len(jobs(ready)) == 2)
    assert jobs(ready)[-1].told[-1].resting
    ready.app.controller.end()
    assert not jobs(ready)[-1].told[-1].resting


def test_each_side_has_its_own_target(ready, qtbot, qapp):
    handle = compiling(ready, qtbot)
    ready.app.controller.set_target("A", PYTORCH)
    ready.app.controller.set_target("B", COARSE)
    qtbot.waitUntil(lambda: bool(handle.told))
    assert handle.told[-1].targets == (COARSE,)
    settle(ready, qapp)
    shown = ready.app.renderer.shown
    assert (shown["A"].target, shown["B"].target) == (PYTORCH, COARSE)
    scene = ready.app.renderer.scene
    assert ready.app.renderer.fidelities.get(scene.reference(shown["B"]), shown["B"]) is not None
    assert scene.reference(shown["B"]).target == COARSE
    # Its precision is measured too, once a network really runs in it.
    plain = replace(shown["B"], target=PYTORCH)
    assert ready.app.renderer.fidelities.get(plain, shown["B"]) is None
    ready.client.mailbox.answer(Adopted("key-one", HALF, COARSE))
    qtbot.wait(20)
    settle(ready, qapp)
    assert ready.app.renderer.fidelities.get(plain, shown["B"]) is not None
    ready.app.controller.undo()
    ready.app.controller.undo()
    assert ready.app.controller.document.view.target_b == ""


def test_pytorch_alone_compiles_nothing(ready, qtbot):
    handle = compiling(ready, qtbot)
    handle.end(JobDone())
    qtbot.waitUntil(lambda: len(jobs(ready)) == 2)
    ready.app.compiling.cancel_job(jobs(ready)[-1].id)
    ready.app.controller.use_target(PYTORCH)
    qtbot.waitUntil(lambda: ready.app.compiling.counts() == (0, 0))
    assert len(jobs(ready)) == 2


def test_another_model_ends_the_ladder_of_this_one(ready, qtbot, qapp):
    first = compiling(ready, qtbot)
    use(ready, model_info("key-two", "/models/two.safetensors"))
    settle(ready, qapp)
    assert first.finished
    qtbot.waitUntil(lambda: len(jobs(ready)) == 2)
    assert jobs(ready)[-1].job.path == "/models/two.safetensors"
    ready.client.mailbox.answer(Adopted("key-one", HALF, FAST))
    qtbot.wait(20)
    assert ready.app.compiling.counts()[0] == 0


def test_what_cannot_be_compiled_is_said_once_and_not_tried_again(ready, qtbot):
    heard: list[str] = []
    ready.app.compiling.noticed.connect(heard.append)
    handle = compiling(ready, qtbot)
    for choice in handle.job.choices:
        handle.say(JobRung(choice, FAST, None, "OpenVINO is not installed"))
    handle.end(JobDone())
    qtbot.waitUntil(lambda: bool(heard))
    qtbot.wait(50)
    assert heard == ["OpenVINO is not installed"]
    assert len(jobs(ready)) == 1


def test_a_damaged_network_is_compiled_again_once(ready, qtbot):
    heard: list[str] = []
    ready.app.compiling.noticed.connect(heard.append)
    handle = compiling(ready, qtbot)
    for choice in handle.job.choices:
        handle.say(JobRung(choice, FAST, 0.1))
    handle.end(JobDone())
    qtbot.waitUntil(lambda: handle.finished)
    damaged = Unusable("key-one", HALF, FAST, "it is cut short")
    ready.client.mailbox.answer(damaged)
    qtbot.waitUntil(lambda: len(jobs(ready)) == 2)
    jobs(ready)[-1].say(JobRung(HALF, FAST, 0.1))
    jobs(ready)[-1].end(JobDone())
    ready.client.mailbox.answer(damaged)
    qtbot.waitUntil(lambda: len(heard) == 2)
    qtbot.wait(50)
    assert len(jobs(ready)) == 2


def test_cancelling_stays_cancelled_until_another_target_is_chosen(ready, qtbot):
    handle = compiling(ready, qtbot)
    assert ready.app.compiling.cancel_job(handle.id)
    assert not ready.app.compiling.cancel_job(handle.id + 100)
    ready.app.controller.set_subnet(SubnetChoice(width=0.4), None)
    qtbot.wait(400)
    assert len(jobs(ready)) == 1
    ready.app.controller.set_target("B", COARSE)
    qtbot.waitUntil(lambda: len(jobs(ready)) == 2)


def test_a_new_renderer_has_taken_nothing_over_yet(ready, qtbot):
    compiling(ready, qtbot)
    ready.client.mailbox.answer(Adopted("key-one", HALF, FAST))
    qtbot.waitUntil(lambda: ready.app.compiling.counts()[0] == 1)
    ready.client.mailbox.answer(Ready(2, 2, ()))
    qtbot.waitUntil(lambda: ready.app.compiling.counts()[0] == 0)
    assert not ready.app.compiling.draws(ready.app.renderer.scene.sides["B"].spec)
    ready.client.mailbox.answer(Ready(3, 4, ()))  # another number of threads: another ladder
    qtbot.waitUntil(lambda: len(jobs(ready)) == 2)
    assert jobs(ready)[-1].job.threads == 4


def test_the_card_shows_targets_and_how_far_the_ladder_is(window, qtbot):
    card = window.runs
    window.app.client.mailbox.answer(Ready(1, 2, ()))
    handle = compiling_of(window, qtbot)
    wanted = len(handle.job.choices)
    assert card.progress.text() == f"0 of {wanted} subnets compiled"
    for choice in handle.job.choices:
        window.app.client.mailbox.answer(Adopted("key-one", choice, FAST))
    qtbot.waitUntil(lambda: card.progress.text() == f"{wanted} subnets compiled")
    assert card.pickers["A"].target() == card.pickers["B"].target() == FAST
    card.pickers["B"].chosen.emit(PYTORCH)
    assert window.controller.document.view.target_b == PYTORCH
    assert card.pickers["B"].target() == PYTORCH
    window.app.client.mailbox.answer(Notice("The device went away; PyTorch draws instead"))
    qtbot.waitUntil(lambda: "went away" in window.notice.sentence())


def compiling_of(window, qtbot):
    runner = window.app.jobs._make_runner()
    qtbot.waitUntil(lambda: any(isinstance(h.job, CompileJob) for h in runner.handles))
    return next(h for h in runner.handles if isinstance(h.job, CompileJob))
