"""A model of pictures in the real window on a fake engine."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from studio.engine.job_messages import ConvertJob, FolderJob, JobDone, MeasureJob
from studio.engine.messages import Finish, Render
from studio.families.inputs import EncodedPicture
from studio.session.file import load, save
from studio.subnets.choice import SubnetChoice
from tests.widgets.conftest import settle, use
from tests.widgets.translation.conftest import SUPER, info_of


def asked(stage) -> EncodedPicture:
    """What the newest picture was asked of."""
    found = stage.client.of(Render)[-1].spec.inputs
    assert isinstance(found, EncodedPicture)
    return found


def plane(inputs: EncodedPicture) -> np.ndarray:
    with Image.open(BytesIO(inputs.data)) as image:
        return np.asarray(image.convert("L"))


def stroke(qtbot, pad, *points: tuple[int, int]) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(pad, left, pos=QPoint(*points[0]))
    for point in points[1:]:
        qtbot.mouseMove(pad, QPoint(*point))
    qtbot.mouseRelease(pad, left, pos=QPoint(*points[-1]))


def test_the_left_side_belongs_to_the_family(pictured, stage, qapp) -> None:
    sides = pictured.sides
    assert sides.pictured
    assert not sides.stylegan.isVisible()
    assert sides.translation.picture.name.full_text() == "head-1-lines.png, 256 \u00d7 256 px"
    assert asked(stage).data.startswith(b"\x89PNG")
    assert set(pictured.app.renderer.shown) == {"A", "B"}
    from tests.widgets.fakes import model_info

    use(stage, model_info())
    settle(stage, qapp)
    assert not sides.pictured
    assert sides.stylegan.isVisible()


def test_a_stroke_is_one_step_and_drives_the_subnet_first(pictured, stage, qtbot, qapp) -> None:
    panel, controller = pictured.sides.translation, pictured.controller
    controller.set_subnet(SubnetChoice(width=0.5), None)
    panel.kinds["drawing"].click()
    settle(stage, qapp)
    assert (plane(asked(stage)) == 255).all()
    steps, pad = len(controller.history), panel.drawing.pad
    stage.client.auto = False
    stage.client.requests.clear()
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(pad, left, pos=QPoint(40, 40))
    qtbot.mouseMove(pad, QPoint(90, 40))
    # Under the hand only the subnet is asked for; full follows when it rests.
    assert {r.spec.subnet.width for r in stage.client.of(Render)} == {0.5}
    qtbot.mouseRelease(pad, left, pos=QPoint(90, 40))
    assert {r.spec.subnet.width for r in stage.client.of(Render)} == {0.5, 1.0}
    assert (plane(asked(stage)) < 128).sum() > 100
    assert len(controller.history) == steps + 1
    assert controller.history.undo_label == "Draw"
    controller.undo()
    assert controller.document.source.drawing.empty
    controller.redo()
    assert len(controller.document.source.drawing.strokes) == 1
    stage.client.answer_all()


def test_tools_clear_and_back_to_the_picture(pictured, qtbot) -> None:
    panel, controller = pictured.sides.translation, pictured.controller
    panel.kinds["drawing"].click()
    drawing = panel.drawing
    assert not drawing.clear.isEnabled()
    stroke(qtbot, drawing.pad, (30, 30), (60, 60))
    drawing.tools["eraser"].click()
    stroke(qtbot, drawing.pad, (30, 30), (60, 60))
    drawing.tools["fill"].click()
    qtbot.mouseClick(drawing.pad, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    tools = [s.tool for s in controller.document.source.drawing.strokes]
    assert tools == ["pen", "eraser", "fill"]
    drawing.clear.click()
    assert controller.document.source.drawing.empty
    controller.undo()
    assert len(controller.document.source.drawing.strokes) == 3
    panel.kinds["picture"].click()
    assert controller.document.source.kind == "picture"
    # The drawing is kept, to be gone back to.
    panel.kinds["drawing"].click()
    assert len(controller.document.source.drawing.strokes) == 3


def test_labels_are_chosen_and_painted(labelled, stage, qtbot) -> None:
    drawing = labelled.sides.translation.drawing
    assert labelled.controller.document.source.kind == "drawing"
    assert drawing.labels.list.count() == labelled.controller.info.config.labels
    assert drawing.labels.list.item(3).text() == "class 3"
    assert not drawing.pressure.isVisible()
    drawing.labels.list.setCurrentRow(3)
    stroke(qtbot, drawing.pad, (40, 40), (80, 80))
    assert set(np.unique(plane(asked(stage)))) == {0, 3}
    qtbot.mouseClick(drawing.pad, Qt.MouseButton.RightButton, pos=QPoint(2, 2))
    assert drawing.pad.value == 0


def test_the_session_keeps_the_drawing(pictured, qtbot, tmp_path) -> None:
    panel, controller = pictured.sides.translation, pictured.controller
    panel.kinds["drawing"].click()
    stroke(qtbot, panel.drawing.pad, (30, 30), (60, 60))
    model = tmp_path / "m.safetensors"
    model.write_bytes(b"x")
    ref = replace(controller.document.model, path=str(model))
    path = tmp_path / "work.maquette"
    save(replace(controller.document, model=ref), path)
    assert load(path).source == controller.document.source
    assert load(path).model.family == "translation"


def test_the_size_goes_to_what_the_model_allows(pictured, stage) -> None:
    size, controller = pictured.sides.translation.size, pictured.controller
    assert size.rule.text() == "Multiples of 4 px from 8 px, also unequal."
    size.across.setValue(301)
    assert (asked(stage).width, asked(stage).height) == (300, 256)
    assert size.across.value() == 300
    size.own.click()
    assert (controller.document.source.width, controller.document.source.height) == (256, 256)


def test_pictures_come_by_file_drop_and_clipboard(pictured, stage, qtbot, tmp_path) -> None:
    controller, panel = pictured.controller, pictured.sides.translation
    path = tmp_path / "wide.jpg"
    Image.new("RGB", (640, 320), (10, 120, 30)).save(path)
    pictured.commands.open_path(path)
    qtbot.waitUntil(lambda: controller.document.source.picture.name == "wide.jpg", timeout=5000)
    assert asked(stage).data == path.read_bytes()
    assert (asked(stage).width, asked(stage).height) == (256, 128)
    qtbot.waitUntil(lambda: f"file {path}" in panel.picture.strip.keys(), timeout=5000)  # noqa: SIM118
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    panel.picture.paste.click()
    assert controller.document.source.picture.name == "clipboard"
    assert controller.document.source.size == (20, 10)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    QGuiApplication.clipboard().setMimeData(data)
    panel.picture.paste.click()
    qtbot.waitUntil(lambda: controller.document.source.picture.name == "wide.jpg", timeout=5000)
    controller.undo()
    assert controller.document.source.picture.name == "clipboard"


def test_what_is_no_picture_changes_nothing(pictured, labelled, qtbot, tmp_path) -> None:
    controller = labelled.controller
    before = controller.document
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"\x89PNG but not really")
    labelled.sides.translation.take(bad)
    qtbot.waitUntil(lambda: "bad.png is no picture" in labelled.notice.sentence(), timeout=5000)
    colours = tmp_path / "colours.png"
    Image.new("RGB", (16, 16)).save(colours)
    labelled.sides.translation.take(colours)
    qtbot.waitUntil(lambda: "takes a label map" in labelled.notice.sentence(), timeout=5000)
    QGuiApplication.clipboard().clear()
    labelled.sides.translation.picture.paste_picture()
    assert "no picture on the clipboard" in labelled.notice.sentence()
    assert controller.document == before


def test_the_configuration_string_is_shown_and_typed(pictured, qtbot) -> None:
    config, controller = pictured.right.config, pictured.controller
    assert config.isVisible()
    assert not pictured.right.resolution.isVisible()
    assert config.field.text() == "16_16_16_16_16_16"
    config.field.setFocus()
    config.field.selectAll()
    qtbot.keyClicks(config.field, "8_8_8_8_16_8_8_8")
    qtbot.keyClick(config.field, Qt.Key.Key_Return)
    assert controller.document.subnet.widths == (8, 16, 32, 32, 64, 32, 16, 8)
    config.field.selectAll()
    qtbot.keyClicks(config.field, "8_8_8_99_16_8_8_8")
    qtbot.keyClick(config.field, Qt.Key.Key_Return)
    assert "has 64 channels; 396" in pictured.notice.sentence()
    assert config.field.text() == "8_8_8_8_16_8_8_8"
    config.copy.click()
    assert QGuiApplication.clipboard().text() == "8_8_8_8_16_8_8_8"


def test_every_stage_has_a_width(pictured) -> None:
    pictured.right.more.restore(True)
    stages, controller = pictured.right.stages, pictured.controller
    names = [slider.label.full_text() for slider in stages.sliders]
    assert names == [
        "first", "down 1", "down 2", "blocks 1", "blocks 2", "blocks 3", "up 1", "up 2",
    ]  # fmt: skip
    stages.sliders[4].track.jumped.emit(stages.sliders[4]._position_of(0.5))
    assert controller.document.subnet.widths == (1.0,) * 4 + (0.5,) + (1.0,) * 3
    assert pictured.right.config.field.text() == "16_16_16_16_8_16_16_16"
    assert "as papers count, at 256 \u00d7 256 px" in pictured.right.summary.text()


def test_questions_are_asked_once_and_answers_change_the_model(window, stage, qapp, qtbot) -> None:
    from tests.families.translation.projects import SPADE

    info = info_of(replace(SPADE, inputs=8), "spade")
    use(stage, info)
    settle(stage, qapp)
    about = window.sides.translation.about
    assert about.asking
    assert about.state()
    assert about.chosen() == dict(info.answers)
    answer = next(a for a in about.answers if a.question.name == "last_channel")
    answer.box.setCurrentIndex(answer.box.findData("edges"))
    size = next(a for a in about.answers if a.question.name == "size")
    size.box.setEditText("384 x 256 px")
    assert about.chosen()["size"] == "384x256"
    # The file is read again under the answers, in a job.
    import widgets.opening as opening

    wanted = []
    window.app.opening.open = lambda path, done, **more: wanted.append((path, done, more))
    about.use.click()
    path, done, more = wanted[0]
    assert dict(more["answers"]) == about.chosen()
    after = replace(info, key="answered", answers=more["answers"], assumed=())
    stage.client.models[after.path] = after
    done(after, opening.reference(after, path, more["answers"]))
    settle(stage, qapp)
    assert window.controller.document.model.answers == more["answers"]
    assert not window.sides.translation.about.asking
    assert window.controller.history.undo_label == "Change what is known about spade"


def test_a_file_with_answers_is_converted_anew(stage, qtbot, tmp_path) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(b"\x00" * 64)
    stage.app.opening.open(path, lambda *_: None, answers=(("size", "512x256"),))
    qtbot.waitUntil(lambda: bool(stage.runner.handles), timeout=5000)
    job = stage.runner.handles[0].job
    assert isinstance(job, ConvertJob)
    assert job.answers == (("size", "512x256"),)
    from widgets.opening import converted_path

    assert job.out == str(converted_path(path, job.answers))
    assert converted_path(path) != converted_path(path, job.answers)


def test_no_command_of_the_window_fails_on_it(pictured, stage, qapp, monkeypatch) -> None:
    from widgets import choosers

    for name in dir(choosers):
        if name.startswith(("open_", "save_", "pictures_into", "picture_folders")):
            monkeypatch.setattr(choosers, name, lambda *_: None)
    dialogs = ("preferences", "keys", "unsaved", "devices", "log", "diagnostics", "gallery")
    skipped = {"quit", "verify_bundle", *dialogs}
    for name in pictured.actions_.commands:
        if name not in skipped:
            pictured.actions_[name].trigger()
            settle(stage, qapp)
    for entry in pictured.copying.entries.values():
        entry.trigger()
        qapp.processEvents()
    assert pictured.controller.info.family == "translation"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("new_seed", "it has no seeds"),
        ("pin", "Pins keep seeds"),
        ("blind_test", "this model draws one picture"),
        ("make_elastic", "GAN Compression trains supernets"),
    ],
)
def test_what_does_not_work_yet_says_why(pictured, command, words) -> None:
    pictured.actions_[command].trigger()
    assert words in pictured.notice.sentence()


def test_finish_says_what_it_was_drawn_from(pictured, stage, tmp_path) -> None:
    stage.answer_path = tmp_path / "done.png"
    stage.client.auto = False
    pictured.actions_["finish"].trigger()
    assert stage.asked[-1].name == "trans-head-1-lines.png"
    order = stage.client.of(Finish)[-1]
    text = dict(order.text)["maquette"]
    assert '"family": "translation"' in text
    assert '"seed"' not in text
    stage.client.answer_all()


def test_measuring_and_folders_take_what_is_drawn_from(pictured, stage, monkeypatch, tmp_path):
    pictured.actions_["measure"].trigger()
    job = stage.runner.handles[-1].job
    assert isinstance(job, MeasureJob)
    assert job.inputs == asked(stage)
    from widgets import choosers

    folders = (tmp_path / "in", tmp_path / "out")
    monkeypatch.setattr(choosers, "picture_folders", lambda _: folders)
    pictured.sides.translation.picture.folder.menu().actions()[0].trigger()
    handle = stage.runner.handles[-1]
    subnet = pictured.controller.document.subnet
    assert handle.job == FolderJob(
        "/models/trans.safetensors", str(folders[0]), str(folders[1]), subnet
    )
    handle.end(JobDone(path=str(folders[1] / "a.png"), left_out=("b.png was not drawn: no",)))
    assert "1. b.png was not drawn" in pictured.notice.sentence()


def test_undo_between_families_brings_the_left_side_along(window, stage, qapp) -> None:
    before = window.controller.info
    stage.app.opening._open[before.key] = before  # still loaded, as it would be
    use(stage, info_of(SUPER))
    settle(stage, qapp)
    assert window.sides.pictured
    window.actions_["undo"].trigger()
    settle(stage, qapp)
    assert window.controller.info.family == "stylegan"
    assert not window.sides.pictured


def test_every_text_of_a_question_can_be_translated() -> None:
    from studio.families.translation.questions import questions
    from tests.families.translation.projects import RESNET, SPADE, UNET
    from widgets.translation.question_words import _known

    texts = set()
    layouts = ("gan-compression", "cyclegan", "pix2pix", "spade")
    sizes = [RESNET, UNET, SUPER, *(replace(SPADE, inputs=n) for n in (8, 36, 151, 184))]
    sizes += [replace(SPADE, separable=True, inner_norm="none"), replace(RESNET, separable=True)]
    for size in sizes:
        for layout in layouts:
            for question in questions(size, layout):
                texts |= {question.sentence, question.reason}
                if question.name != "size":
                    texts |= {option.title for option in question.options}
    assert texts <= _known().keys()
    assert len(texts) > 15


def test_layers_and_reports_take_models_of_pictures(pictured, stage, monkeypatch, tmp_path):
    from studio.engine.job_messages import LayersJob, ReportJob
    from studio.fidelity.measurement import Latency, Measurement
    from studio.runtimes.host import host_name
    from widgets import choosers

    pictured.actions_["layers"].trigger()
    assert isinstance(stage.runner.handles[-1].job, LayersJob)
    controller = pictured.controller
    half = SubnetChoice(0.5)
    found = Measurement(
        "half", half, 20.0, 0.9, 0.1, 1, 2, 3, 4, Latency(2.0, 1.0, 3.0), "pytorch:cpu:f32", 2,
        host_name(),
    )  # fmt: skip
    controller.add_measurements(controller.info.key, (found,))
    monkeypatch.setattr(choosers, "save_report", lambda *_: tmp_path / "report.html")
    pictured.actions_["report"].trigger()
    job = stage.runner.handles[-1].job
    assert isinstance(job, ReportJob)
    assert (job.inputs, job.measurements) == (asked(stage), (found,))


def label_picture(highest: int, side: int = 64):
    from studio.session.raster import encoded
    from studio.session.source import StoredPicture

    plane = np.zeros((side, side), np.uint8)
    plane[:, side // 2 :] = highest
    return StoredPicture.of("map.png", side, side, encoded(plane))


def test_an_opened_label_map_is_painted_over(labelled, tmp_path) -> None:
    from studio.session.raster import pixels

    panel = labelled.sides.translation
    panel.kinds["drawing"].click()
    drawing, controller = panel.drawing, labelled.controller
    assert drawing.over.isVisible()
    assert not drawing.over.isEnabled()  # nothing was opened
    controller.set_source("x", None, kind="picture", picture=label_picture(7))
    panel.kinds["drawing"].click()
    drawing.over.click()
    sheet = controller.document.source.drawing
    assert controller.document.source.kind == "drawing"
    assert controller.history.undo_label == "Paint over map.png"
    found = pixels(sheet)
    assert set(np.unique(found)) == {0, 7}
    assert (found[:, : sheet.width // 2] == 0).all()
    assert not drawing.over.isEnabled()
    path = tmp_path / "s.maquette"
    model = tmp_path / "m.safetensors"
    model.write_bytes(b"x")
    ref = replace(controller.document.model, path=str(model))
    save(replace(controller.document, model=ref), path)
    assert load(path).source == controller.document.source
    drawing.clear_sheet()
    assert controller.document.source.drawing.below is None
    assert drawing.over.isEnabled()


def test_a_map_with_labels_outside_of_the_palette_is_not_painted_over(labelled) -> None:
    controller, drawing = labelled.controller, labelled.sides.translation.drawing
    controller.set_source("x", None, kind="picture", picture=label_picture(8))
    before = controller.document
    drawing.paint_over()
    assert controller.document == before
    assert labelled.notice.sentence() == "map.png has the label 8, and the model has 0 to 7."
