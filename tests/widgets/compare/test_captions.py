"""Captions: in place, never overlapping, readable in full."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont

from widgets.compare.caption import columns
from widgets.compare.view import CompareView, Mode

LONG = "5.1 ms (4.8 to 6.0), PyTorch f32 CPU, 2 threads, median of the last 20 renders"


def fill(view: CompareView) -> None:
    view.set_caption("A", "full", ["128 px", LONG])
    view.set_caption(
        "B", "너비 0.5, 아주 긴 이름을 가진 부분 신경망, 32 px", ["32 px", LONG, "FLIP 0.06"]
    )


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("width", [400, 600, 1400])
def test_captions_never_overlap_nor_leave_the_view(
    view: CompareView, mode: Mode, width: int
) -> None:
    fill(view)
    view.set_mode(mode)
    view.resize(width, 480)
    shown = [c for c in view._captions.captions.values() if c.isVisible()]
    assert len(shown) == (1 if mode in (Mode.FULL, Mode.CURRENT) else 2)
    for caption in shown:
        assert caption.geometry().left() >= 0
        assert caption.geometry().right() <= view._captions.width()
        assert caption.geometry().bottom() <= view._captions.height()
    if len(shown) == 2:
        assert not shown[0].geometry().intersects(shown[1].geometry())


def test_a_line_more_has_room_at_once(view: CompareView) -> None:
    fill(view)
    before = view._captions.captions["B"].height()
    view.set_caption("B", "width 0.5", ["1", "2", "3", "4", "5"])
    caption = view._captions.captions["B"]
    assert caption.line_count() == 5
    assert caption.height() > before
    assert caption.height() == caption.sizeHint().height()
    assert view._captions.sizeHint().height() > caption.height()


def test_what_does_not_fit_is_elided_and_told_in_the_tooltip(view: CompareView) -> None:
    fill(view)
    view.set_mode(Mode.SIDE)
    label = view._captions.captions["A"]._lines[1]
    assert label.elided()
    assert label.text().endswith("…")
    assert label.toolTip() == LONG
    assert label.accessibleName() == LONG
    assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()


def test_lines_can_be_selected_and_figures_have_one_width(view: CompareView) -> None:
    fill(view)
    for caption in view._captions.captions.values():
        for label in [caption._title, *caption._lines]:
            assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
            assert label.font().featureValue(QFont.Tag("tnum")) == 1
    assert caption._title.font().bold()
    assert caption._lines[0].font().pointSizeF() < view.font().pointSizeF()


def test_height_stays_when_lines_come_and_go(view: CompareView) -> None:
    fill(view)
    view.layout().activate()
    height = view._captions.height()
    view.set_caption("A", "full", [])
    view.set_caption("B", "current", ["32 px"])
    view.layout().activate()
    assert view._captions.height() == height
    assert view._captions.captions["A"].height() == view._captions.captions["B"].height()


def test_a_caption_starts_where_its_picture_does() -> None:
    assert columns(["A"], [200], [100], 800) == {"A": (200, 592)}
    assert columns(["A", "B"], [150, 550], [100, 100], 800) == {"A": (150, 242), "B": (550, 242)}
    # Too far right for its text: it moves left, but no further than its part of the row.
    assert columns(["A"], [700], [300], 800)["A"][0] == 492
    assert columns(["A", "B"], [390, 790], [900, 900], 800) == {"A": (8, 384), "B": (408, 384)}


def test_titles_are_told_to_screen_readers(view: CompareView) -> None:
    fill(view)
    view.set_mode(Mode.WIPE)
    assert "full" in view.canvas.accessibleDescription()
    assert view.canvas.accessibleName()
    assert view._captions.captions["A"].accessibleName() == "full"


def test_zooming_and_panning_do_not_move_captions(view: CompareView) -> None:
    fill(view)
    view.resize(1400, 480)
    before = [caption.geometry() for caption in view._captions.captions.values()]
    view.zoom_at(6, QPointF(300, 100))
    assert [caption.geometry() for caption in view._captions.captions.values()] == before
