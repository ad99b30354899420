"""The panel with the real engine: from tiny pictures to a subnet that is open in the window."""

from __future__ import annotations

import pytest

from studio.runtimes.target import PYTORCH_CPU
from studio.session import gan_plan
from tests.training.gan_compression.worlds import joined_folder, quick, tiny_teacher
from tests.widgets.real import opened


@pytest.fixture
def window(qapp, qtbot, tmp_path):
    model = tmp_path / "teacher.safetensors"
    tiny_teacher().save(model)
    with opened(qtbot, model, str(PYTORCH_CPU)) as window:
        yield window


def test_from_pairs_and_a_teacher_to_a_subnet_that_is_open(window, qtbot, tmp_path):
    window.actions_["gan_compression"].trigger()
    panel = window.compression
    forms = panel.forms
    forms.pictures.folder.set_path(str(tmp_path / "work"))
    forms.pictures.first.set_path(str(joined_folder(tmp_path / "pairs", 8)))
    assert forms.teacher.teacher.path() == str(tmp_path / "teacher.safetensors")
    forms.training.show_options(quick(steps=3))
    forms.all.fast.choose(True)
    search = forms.search
    search.unit.choose("macs M")
    search.budget.setValue(0.3)
    search.population.setValue(4)
    search.generations.setValue(2)
    search.pictures.setValue(2)
    looks = []
    window.app.jobs.staged.connect(lambda _job, look: looks.append(look))
    panel.show_page("all")
    panel.begin_.click()
    qtbot.waitUntil(lambda: panel.running or not panel.refusal.isHidden(), timeout=10_000)
    assert panel.refusal.text() == ""
    qtbot.waitUntil(lambda: not panel.running, timeout=240_000)
    progress = panel.progress
    out = gan_plan.out_path(tmp_path / "work", "all")
    assert out.is_file(), progress.says.text() + panel.refusal.text()
    assert {look.stage for look in looks} == {"supernet", "finetune"}
    assert progress.strip.names() == ("input", "full", "wanted")
    assert progress.found.isVisible()
    best = forms.plan().config
    assert best in progress.found.names()
    assert "(done)" in panel.list.currentItem().text()
    progress.buttons.open.click()
    qtbot.waitUntil(lambda: window.controller.info.path == str(out), timeout=60_000)
    assert window.controller.info.config_string == best
    # The search alone goes on with the supernet of the whole, and its results become points.
    progress.found.frontier.click()
    supernet = gan_plan.stages_of_all(tmp_path / "work") / "supernet.safetensors"
    qtbot.waitUntil(lambda: window.controller.info.path == str(supernet), timeout=60_000)
    choices = set(progress.found.choices())
    assert {variant.choice for variant in window.controller.document.kept} == choices

    def measured() -> bool:
        found = {m.measurement.choice for m in window.controller.document.measurements}
        return choices <= found

    qtbot.waitUntil(measured, timeout=240_000)
    kept = {variant.id for variant in window.controller.document.kept}

    def shown() -> bool:
        return kept <= {point.ref for point in window.bottom.frontier._points if point.measured}

    qtbot.waitUntil(shown, timeout=10_000)
