"""The parts of the window that can be tried by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from studio.engine.job_messages import ConvertJob
from studio.engine.messages import CloseModel, OpenModel, Rendered, RenderSpec
from studio.families.inputs import GanInputs
from studio.subnets.choice import SubnetChoice
from tests.widgets.fakes import CONFIG, model_info, picture_of
from widgets import captions
from widgets.finishing import default_name
from widgets.fresh import fresh_document
from widgets.opening import converted_path, is_session, reference, sorted_path
from widgets.scene import compose, normal
from widgets.thumbnails import thumbnail_subnet
from widgets.timings import Fidelity, Pictures, Timings

NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(12, "12"), (999, "999"), (1000, "1.0 k"), (803_000, "803 k"), (2_500_000, "2.5 M")],
)
def test_counts(value, text):
    assert captions.count(value) == text


def test_sizes_and_times():
    assert captions.macs(900e6) == "0.9 GMAC"
    assert captions.macs(74e9) == "74.0 GMAC"
    assert captions.macs(14e6) == "14.0 MMAC"
    assert captions.size(20.8e6) == "20.8 MB"
    assert captions.milliseconds(2.74) == "2.7"
    assert captions.milliseconds(18.2) == "18"
    assert captions.milliseconds(1383) == f"1{NARROW}383"


def test_subnets_are_named():
    assert captions.subnet_name(SubnetChoice(width=0.5), CONFIG) == "width 0.5, 64 px"
    anycost = SubnetChoice(width=0.5, rule="anycost", resolution=32)
    assert captions.subnet_name(anycost, CONFIG) == "width 0.5 Anycost, 32 px"
    free = SubnetChoice(widths=(1.0, 1.0, 1.0, 0.5, 0.5))
    assert captions.subnet_name(free, CONFIG) == "widths 0.5\u20131, 64 px"
    assert captions.subnet_name(SubnetChoice(resolution=7), CONFIG) == "not a subnet of this model"


def test_caption_lines_say_what_made_them():
    timings = Timings()
    spec = RenderSpec("m", GanInputs(), SubnetChoice())
    assert captions.speed_line(timings.speed(spec)) == "\u2013"
    for ms in (90, 16, 18, 22):  # the first one warms up
        timings.add(Rendered("x", 1, spec, picture_of(spec), ms / 1000, "PyTorch f32 CPU"))
    assert captions.speed_line(timings.speed(spec)) == "18 ms (16\u201322), PyTorch f32 CPU"
    line = captions.fidelity_line(Fidelity(28.14, 0.951, 0.061))
    assert line == "FLIP 0.06, SSIM 0.95, PSNR 28.1 dB"
    assert captions.fidelity_line(Fidelity(None, 1.0, 0.0)).endswith("PSNR equal")
    assert captions.target_name("openvino:cpu:bf16", 2) == "OpenVINO bf16 CPU, 2 threads"


def test_the_first_render_counts_only_until_the_second():
    timings = Timings()
    spec = RenderSpec("m", GanInputs(), SubnetChoice())
    seen = []
    for ms in (90, 16, 18):
        timings.add(Rendered("x", 1, spec, picture_of(spec), ms / 1000, "PyTorch f32 CPU"))
        speed = timings.speed(spec)
        seen.append((speed.count, round(speed.high), captions.speed_line(speed)))
    made_by = "PyTorch f32 CPU"
    assert seen == [
        (1, 90, f"90 ms at first, {made_by}"),
        (1, 16, f"16 ms, {made_by}"),
        (2, 18, f"16 ms, {made_by}"),
    ]


def test_only_the_last_renders_count():
    timings = Timings()
    spec = RenderSpec("m", GanInputs(), SubnetChoice())
    for seconds in [9.0] * 5 + [0.01] * 20:
        timings.add(Rendered("x", 1, spec, picture_of(spec), seconds, "PyTorch f32 CPU"))
    speed = timings.speed(spec)
    assert (speed.count, speed.high) == (20, pytest.approx(10.0))


def test_pictures_are_forgotten_oldest_first():
    import numpy as np

    pictures = Pictures(limit=300)
    for key in "abc":
        pictures.add(key, np.zeros((10, 10), np.uint8))
    pictures.get("a")
    pictures.add("d", np.zeros((10, 10), np.uint8))
    assert pictures.get("b") is None
    assert pictures.get("a") is not None


def test_equal_subnets_have_one_spelling():
    info = model_info()
    assert normal(SubnetChoice(resolution=64), info) == SubnetChoice()
    assert normal(SubnetChoice(widths=(1.0,) * 5), info) == SubnetChoice()
    assert normal(SubnetChoice(width=0.5, resolution=32), info).resolution == 32


def test_a_model_begins_at_half_where_it_was_trained_for_that():
    from studio.session.document import Document

    info = model_info()
    ref = reference(info, Path("/models/one.safetensors"))
    assert fresh_document(info, ref, Document()).subnet == SubnetChoice(width=0.5)
    plain = model_info(widths=(1.0,))
    assert fresh_document(plain, ref, Document()).subnet == SubnetChoice()


def test_thumbnails_are_cheap_but_trained_for():
    assert thumbnail_subnet(model_info()) == SubnetChoice(width=0.25)
    plain = model_info(widths=(1.0,), resolutions=())
    assert thumbnail_subnet(plain) == SubnetChoice()


def test_unknown_attributes_do_not_reach_the_engine():
    from studio.session.document import Document

    info = model_info()
    inputs = GanInputs(edits=(("smile", 0.0), ("turn", 1.0), ("unheard of", 2.0)), label=3)
    scene = compose(Document(inputs=inputs), info)
    assert scene.full.inputs.edits == (("turn", 1.0),)
    assert scene.full.inputs.label is None


def test_names_of_files(tmp_path):
    path = tmp_path / "a.pt"
    path.write_bytes(b"1")
    first = converted_path(path)
    path.write_bytes(b"12")
    assert converted_path(path) != first
    assert "sorted" in sorted_path(path).name
    assert not is_session(path)
    path.write_bytes(b'\xef\xbb\xbf  {"format"')
    assert is_session(path)
    from studio.session.document import Document, ModelRef

    odd = Document(model=ModelRef("/x", "../weird: name/", "0", "k"))
    assert default_name(odd) == "weird--name-seed-0.png"


def test_a_newer_wish_replaces_an_older_one(stage, qtbot, tmp_path):
    opening, opened = stage.app.opening, []
    for name in ("one.pt", "two.pt"):
        path = tmp_path / name
        path.write_bytes(b"PK")
        opening.open(path, lambda info, ref: opened.append(ref.name))
        count = 1 if name == "one.pt" else 2
        qtbot.waitUntil(lambda n=count: len(stage.runner.handles) == n)
    first, second = stage.runner.handles
    assert first.finished
    assert isinstance(second.job, ConvertJob)
    qtbot.wait(20)
    stage.client.models[second.job.out] = model_info("two", second.job.out)
    from studio.engine.job_messages import JobDone

    second.end(JobDone(path=second.job.out))
    qtbot.waitUntil(lambda: bool(stage.client.of(OpenModel)))
    stage.client.answer_all()
    qtbot.waitUntil(lambda: len(opened) == 1)


def test_only_a_few_models_stay_loaded(stage, qtbot):
    from studio.engine.messages import Opened

    for number in range(4):
        info = model_info(f"key-{number}", f"/m/{number}")
        stage.app.opening.expect(Path(info.path), lambda *_: None)
        stage.app.opening.take(Opened(0, info))
    closed = [r.model for r in stage.client.of(CloseModel)]
    assert closed == ["key-0", "key-1"]


@pytest.fixture
def fields(qapp, qtbot):
    """A number field, a button and a command on R and Space, with the rules in force."""
    from PySide6.QtGui import QKeySequence, QShortcut

    from widgets.controls.field import NumberField
    from widgets.shortcuts import KeyRules

    holder = QWidget()
    holder.field, holder.button = NumberField(), QPushButton("press")
    layout = QHBoxLayout(holder)
    layout.addWidget(holder.field)
    layout.addWidget(holder.button)
    holder.heard = []
    for key in ("R", "Space", "1"):
        shortcut = QShortcut(QKeySequence(key), holder)
        shortcut.activated.connect(lambda k=key: holder.heard.append(k))
    holder.button.clicked.connect(lambda: holder.heard.append("button"))
    rules = KeyRules(holder)
    qapp.installEventFilter(rules)
    holder.show()
    qtbot.waitActive(holder)
    yield holder
    qapp.removeEventFilter(rules)
    holder.close()
    holder.deleteLater()


def test_letters_are_commands_even_in_a_number_field(fields, qtbot):
    fields.field.setFocus()
    fields.field.clear()
    for key in (Qt.Key.Key_1, Qt.Key.Key_R):
        qtbot.keyClick(fields.field, key)
    assert fields.field.text() == "1"
    assert fields.heard == ["R"]


def test_space_presses_the_button_that_has_the_focus(fields, qtbot):
    fields.button.setFocus()
    qtbot.keyClick(fields.button, Qt.Key.Key_Space)
    assert fields.heard == ["button"]
    fields.setFocus()
    qtbot.keyClick(fields, Qt.Key.Key_Space)
    assert fields.heard == ["button", "Space"]
