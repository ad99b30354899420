"""Numbers as text, elided labels, folds, cards, switches, notices and progress."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from widgets.controls.card import Card
from widgets.controls.elided import ElidedLabel
from widgets.controls.fold import Fold
from widgets.controls.notice import NoticeBar
from widgets.controls.numbers import MINUS, read, rounded, written
from widgets.controls.progress import JobProgressBar, time_left

LEFT = Qt.MouseButton.LeftButton


# ---- numbers -------------------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_what_is_written_reads_back(value: float, decimals: int) -> None:
    back = read(written(value, decimals))
    assert back is not None
    assert back == pytest.approx(value, rel=1e-8, abs=1e-7)


def test_negative_numbers_have_a_real_minus() -> None:
    assert written(-0.5, 2) == f"{MINUS}0.50"
    assert written(-0.0, 2) == "0.00"


def test_steps_leave_no_dust() -> None:
    assert rounded(0.30000000000000004, 0.1, 0) == 0.3
    assert rounded(0.34, 0.05, 0.02) == 0.32


# ---- elided labels -------------------------------------------------------------------------------


def test_a_label_elides_and_recovers(qtbot: QtBot) -> None:
    label = ElidedLabel("A rather long name of a slider")
    qtbot.addWidget(label)
    label.set_hint("psi")
    label.resize(60, 20)
    label.show()
    assert label.elided()
    assert label.toolTip() == "A rather long name of a slider\npsi"
    label.resize(600, 20)
    assert not label.elided()
    assert label.text() == label.full_text()
    assert label.toolTip() == "psi"
    label.set_text("one\ntwo")
    assert label.text() == "one two"


def test_a_label_takes_text_as_it_is(qtbot: QtBot) -> None:
    label = ElidedLabel("<b>x</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


# ---- folds and cards -----------------------------------------------------------------------------


@pytest.fixture
def fold(qtbot: QtBot) -> Fold:
    made = Fold("More")
    qtbot.addWidget(made)
    made.set_content(QLabel("inside"))
    made.show()
    return made


def test_a_fold_opens_by_click_and_by_keyboard(fold: Fold, qtbot: QtBot) -> None:
    content = fold.content()
    assert content is not None
    assert not content.isVisible()
    with qtbot.waitSignal(fold.toggled) as told:
        qtbot.mouseClick(fold.header, LEFT)
    assert told.args == [True]
    assert content.isVisible()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        before = fold.state()
        qtbot.keyClick(fold.header, key)
        assert fold.state() is not before


def test_the_state_of_a_fold_can_be_kept(fold: Fold) -> None:
    fold.restore(True)
    assert fold.state()
    assert fold.content().isVisible()  # type: ignore[union-attr]
    fold.restore(False)
    assert not fold.content().isVisible()  # type: ignore[union-attr]


def test_content_set_later_obeys_the_fold(fold: Fold) -> None:
    later = QLabel("other")
    fold.set_content(later)
    assert fold.content() is later
    assert not later.isVisible()


def test_a_click_on_a_fold_leaves_the_keyboard_where_it_is(fold: Fold) -> None:
    assert fold.header.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert fold.header.accessibleName() == "More"


def test_a_card_folds_and_switches(qtbot: QtBot) -> None:
    card = Card("Subnet", "Cuts the network.", switchable=True)
    qtbot.addWidget(card)
    body = QLabel("body")
    card.set_content(body)
    card.show()
    assert body.isVisible()
    assert body.isEnabled()
    with qtbot.waitSignal(card.switched) as switched:
        qtbot.mouseClick(card.switch, LEFT)
    assert switched.args == [False]
    assert not card.is_on()
    assert not body.isEnabled()
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(card.header, LEFT)
    assert opened.args == [False]
    assert not body.isVisible()
    qtbot.keyClick(card.switch, Qt.Key.Key_Space)
    assert card.is_on()
    assert card.accessibleName() == "Subnet"


def test_a_card_shows_switch_and_menu_only_where_there_are_any(qtbot: QtBot) -> None:
    card = Card("Subnet")
    qtbot.addWidget(card)
    card.show()
    assert not card.switch.isVisible()
    assert not card.menu_button.isVisible()
    menu = QMenu(card)
    menu.addAction("Move up")
    card.set_menu(menu)
    assert card.menu_button.isVisible()
    assert card.menu_button.menu() is menu
    card.set_menu(None)
    assert not card.menu_button.isVisible()


# ---- notices -------------------------------------------------------------------------------------


@pytest.fixture
def notice(qtbot: QtBot) -> NoticeBar:
    made = NoticeBar()
    qtbot.addWidget(made)
    return made


def test_a_notice_says_its_sentence(notice: NoticeBar, qtbot: QtBot) -> None:
    assert not notice.isVisible()
    notice.set("The file is damaged.", "line 1\nline 2", "error", "Open another")
    assert notice.isVisible()
    assert notice.sentence() == notice.accessibleName() == "The file is damaged."
    assert notice.severity() == "error"
    assert notice.accessibleDescription() == "Error"
    assert notice.fold.isVisible()
    assert not notice._details.isVisible()
    qtbot.mouseClick(notice.fold.header, LEFT)
    assert notice._details.isVisible()
    assert notice.details() == "line 1\nline 2"
    with qtbot.waitSignal(notice.action_clicked):
        notice.action.click()


def test_a_notice_without_more_shows_no_more(notice: NoticeBar) -> None:
    notice.set("Old news.", "details", "error", "Act")
    notice.fold.restore(True)
    notice.set("Started again.")
    assert notice.severity() == "info"
    assert not notice.fold.isVisible()
    assert not notice.action.isVisible()
    notice.set("Once more.", "details")
    assert not notice.fold.state()


def test_a_notice_can_be_dismissed(notice: NoticeBar, qtbot: QtBot) -> None:
    notice.set("Started again.")
    with qtbot.waitSignal(notice.dismissed):
        qtbot.mouseClick(notice.close_button, LEFT)
    assert not notice.isVisible()
    notice.set("Again.")
    with qtbot.assertNotEmitted(notice.dismissed):
        notice.clear()
    assert not notice.isVisible()


@pytest.mark.parametrize(
    "sentence",
    [
        "clay.pkl holds a StyleGAN3 generator, which this version cannot open, " * 3,
        "이 파일에는 열 수 없는 생성기가 들어 있습니다. 다른 파일을 골라 주십시오. " * 4,
    ],
)
@pytest.mark.parametrize("width", [300, 600])
def test_long_sentences_wrap_and_are_not_cut_off(qtbot: QtBot, sentence: str, width: int) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    notice = NoticeBar()
    card = Card("Subnet", sentence)
    card.set_content(QLabel("body"))
    for widget in (notice, card):
        layout.addWidget(widget)
    layout.addStretch()
    window.resize(width, 800)
    window.show()
    notice.set("Short.", "details", "warning", "Open another")
    qtbot.wait(20)
    low = notice.height()
    notice.set(sentence, "details", "warning", "Open another")
    for label, panel in ((notice._sentence, notice), (card._summary, card)):
        qtbot.waitUntil(lambda w=label: w.height() >= w.heightForWidth(w.width()), timeout=1000)
        assert panel.height() <= panel.heightForWidth(panel.width())
    assert notice.height() > low
    assert notice._sentence.geometry().right() < notice.action.geometry().left()


def test_an_unknown_severity_is_refused(notice: NoticeBar) -> None:
    with pytest.raises(ValueError, match="severity 'fatal'"):
        notice.set("x", severity="fatal")


def test_a_notice_alerts_screen_readers(notice: NoticeBar, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda e: told.append(e.type()))
    notice.set("The renderer was started again.", severity="warning")
    assert QAccessible.Event.Alert in told


# ---- progress ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(20, "20 s left"), (0.2, "0 s left"), (61, "2 min left"), (5400, "1.5 h left")],
)
def test_time_left_is_said_shortly(seconds: float, text: str) -> None:
    assert time_left(seconds) == text


def test_progress_shows_what_it_is_told(qtbot: QtBot) -> None:
    job = JobProgressBar()
    qtbot.addWidget(job)
    job.show()
    job.set_progress(0.43, "Measuring, 43%", 20)
    assert job.bar.value() == 430
    assert job.text.full_text() == "Measuring, 43%"
    assert job.left.text() == "20 s left"
    job.set_progress(7.0, "Measuring")
    assert job.bar.value() == 1000
    assert job.left.text() == ""
    with qtbot.waitSignal(job.cancel_clicked):
        qtbot.mouseClick(job.cancel, LEFT)
    job.set_cancelling(True)
    assert not job.cancel.isEnabled()


def test_an_unknown_end_moves_only_on_screen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAQUETTE_REDUCED_MOTION", "0")
    job = JobProgressBar()
    qtbot.addWidget(job)
    job.set_progress(None, "Converting")
    assert not job.bar.moving
    job.show()
    assert job.bar.moving
    job.grab()
    job.hide()
    assert not job.bar.moving
    job.show()
    job.set_progress(0.5, "Converting")
    assert not job.bar.moving


def test_nothing_moves_when_less_motion_is_asked_for(qtbot: QtBot) -> None:
    job = JobProgressBar()
    qtbot.addWidget(job)
    job.set_progress(None, "Converting")
    job.show()
    assert not job.bar.moving
