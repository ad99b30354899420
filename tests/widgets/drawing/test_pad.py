"""The drawing pad: what hand and pen do becomes strokes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication

from studio.session.source import Drawing, Stroke
from widgets.drawing.colours import label_colour
from widgets.drawing.pad import LEAST_PRESSURE, Pad, image_of


@pytest.fixture
def pad(qtbot):
    made = Pad()
    made.set_drawing(Drawing(128, 64))
    qtbot.addWidget(made)
    made.resize(256, 128)
    made.show()
    qtbot.waitExposed(made)
    told = []
    made.stroke_began.connect(lambda stroke: told.append(("began", stroke)))
    made.stroke_grew.connect(lambda stroke: told.append(("grew", stroke)))
    made.stroke_ended.connect(lambda: told.append(("ended", None)))
    made.told = told
    return made


def tablet(pad, kind, x, y, pressure, pointer=QPointingDevice.PointerType.Pen):
    device = QPointingDevice(
        "pen", 1, QInputDevice.DeviceType.Stylus, pointer,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 3,
    )  # fmt: skip
    left = Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else left
    at = QPointF(x, y)
    event = QTabletEvent(
        kind, device, at, pad.mapToGlobal(at), pressure, 0, 0, 0.0, 0.0, 0.0,
        Qt.KeyboardModifier.NoModifier, left, held,
    )  # fmt: skip
    QApplication.sendEvent(pad, event)


def test_the_pad_is_as_tall_as_its_sheet_wants(pad) -> None:
    assert (pad.width(), pad.height()) == (256, 128)
    assert pad.at(QPointF(128, 64)) == (64.0, 32.0)
    pad.set_drawing(Drawing(64, 128))
    assert pad.height() == 512


def test_a_drag_is_one_stroke(pad, qtbot) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(pad, left, pos=QPoint(20, 40))
    for x in (40, 60, 300):  # the last one lies outside of the sheet
        qtbot.mouseMove(pad, QPoint(x, 40))
    qtbot.mouseRelease(pad, left, pos=QPoint(300, 40))
    assert [kind for kind, _ in pad.told] == ["began", "grew", "grew", "grew", "ended"]
    stroke = pad.told[-2][1]
    assert stroke == Stroke(
        "pen",
        ((10.0, 20.0, 1.0), (20.0, 20.0, 1.0), (30.0, 20.0, 1.0), (150.0, 20.0, 1.0)),
        3.0,
        0,
    )


def test_moving_without_a_button_draws_nothing(pad, qtbot) -> None:
    qtbot.mouseMove(pad, QPoint(20, 40))
    qtbot.mouseMove(pad, QPoint(60, 40))
    assert pad.told == []


def test_pressure_and_the_other_end_of_a_pen(pad) -> None:
    tablet(pad, QEvent.Type.TabletPress, 20, 40, 0.25)
    tablet(pad, QEvent.Type.TabletMove, 60, 40, 0.75)
    tablet(pad, QEvent.Type.TabletMove, 90, 40, 0.0)
    tablet(pad, QEvent.Type.TabletRelease, 90, 40, 0.0)
    stroke = pad.told[-2][1]
    assert [point[2] for point in stroke.points] == [0.25, 0.75, LEAST_PRESSURE]
    assert pad.told[-1][0] == "ended"
    pad.told.clear()
    pad.pressing = False
    tablet(pad, QEvent.Type.TabletPress, 20, 40, 0.25, QPointingDevice.PointerType.Eraser)
    tablet(pad, QEvent.Type.TabletRelease, 20, 40, 0.0, QPointingDevice.PointerType.Eraser)
    assert pad.told[0][1].tool == "eraser"
    assert pad.told[0][1].points == ((10.0, 20.0, 1.0),)


def test_a_fill_is_whole_at_once(pad, qtbot) -> None:
    pad.tool = "fill"
    qtbot.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 40))
    assert [kind for kind, _ in pad.told] == ["began", "ended"]
    assert pad.told[0][1].points == ((10.0, 20.0, 1.0),)


def test_the_right_button_takes_up_a_label(pad, qtbot) -> None:
    fill = Stroke("fill", ((1.0, 1.0, 1.0),), value=6)
    pad.set_drawing(Drawing(128, 64, (fill,), paper=0, labels=True))
    with qtbot.waitSignal(pad.picked) as picked:
        qtbot.mouseClick(pad, Qt.MouseButton.RightButton, pos=QPoint(20, 40))
    assert picked.args == [6]
    assert pad.told == []


def test_labels_have_their_colours_on_the_sheet(pad) -> None:
    fill = Stroke("fill", ((1.0, 1.0, 1.0),), value=6)
    image = image_of(Drawing(8, 4, (fill,), paper=0, labels=True))
    assert image.pixelColor(3, 2).rgb() == label_colour(6).rgb()
    assert image_of(Drawing(8, 4)).pixelColor(3, 2) == QColor(255, 255, 255)


def test_labels_are_told_apart() -> None:
    colours = {label_colour(n).rgb() for n in range(35)}
    assert len(colours) == 35


def test_an_empty_sheet_says_what_to_do(pad) -> None:
    blank = pad.grab().toImage()
    pad.set_hint("Draw here.")
    assert pad.grab().toImage() != blank
    pad.set_drawing(Drawing(128, 64, (Stroke("eraser", ((1.0, 1.0, 1.0),)),)))
    assert pad.grab().toImage() == blank
