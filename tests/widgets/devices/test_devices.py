"""The devices dialog, the picker of targets, and the search behind both."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from studio.errors import MaquetteError
from studio.runtimes.detection import gathering
from studio.runtimes.device import Device
from widgets.devices.dialog import DevicesDialog
from widgets.devices.finder import DeviceFinder
from widgets.devices.picker import TargetPicker
from widgets.devices.words import device_name, reason_text, status_text

TORCH = Device("pytorch", "CPU", "Intel", "Intel(R) Xeon(R)", id="cpu", precisions=("f32", "bf16"))
VINO = Device(
    "openvino", "CPU", "Intel", "Intel(R) Xeon(R)", id="CPU", precisions=("f32", "bf16", "int8")
)
NPU = Device(
    "openvino", "NPU", "Intel", "Intel(R) AI Boost", "1688", "NPU", ("f16",), static_only=True
)
LONG = "this PyTorch (2.13.0+cpu) is built without CUDA; 'pip install --force-reinstall torch' " * 3
GPU = Device("pytorch", "GPU", "NVIDIA", "NVIDIA H200", status="unavailable", reason=LONG.strip())
NONE = Device("system", "NPU", status="unavailable", reason="this host has no NPU")
ALL = (TORCH, VINO, NPU, GPU, NONE)


class Searches:
    """Stands in for the threads and the processes of a search; ends when it is told to."""

    def __init__(self):
        self.asked = []
        self.waiting = []

    def background(self, work, done):
        self.waiting.append((work, done))

    def gather(self, again, stopped):
        assert isinstance(stopped, threading.Event)
        self.asked.append(again)
        return ALL

    def end(self, error=None):
        work, done = self.waiting.pop(0)
        if error is None:
            done(work(), None)
        else:
            done(None, error)


@pytest.fixture
def searches(qapp):
    return Searches()


@pytest.fixture
def finder(searches):
    return DeviceFinder(searches.background, gather=searches.gather)


@pytest.fixture
def dialog(finder, qtbot):
    made = DevicesDialog(finder)
    made.offer()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


def texts(dialog):
    model = dialog.table.model()
    columns = range(model.columnCount())
    return [[model.index(row, c).data() for c in columns] for row in range(model.rowCount())]


# ---- the search --------------------------------------------------------------------------------


def test_a_search_is_begun_once_and_its_result_serves_everybody(finder, searches):
    found, busy = [], []
    finder.found.connect(found.append)
    finder.busy_changed.connect(busy.append)
    finder.look()
    finder.look(again=True)
    assert len(searches.waiting) == 1
    searches.end()
    assert (found, busy, searches.asked) == ([ALL], [True, False], [False])
    finder.look()
    assert found == [ALL, ALL]
    assert searches.waiting == []
    finder.look(again=True)
    searches.end()
    assert searches.asked == [False, True]


def test_a_failure_leaves_what_was_known(finder, searches):
    finder.look()
    searches.end()
    said = []
    finder.failed.connect(said.append)
    finder.look(again=True)
    searches.end(MaquetteError("the folder cannot be made"))
    assert said == ["the folder cannot be made"]
    assert finder.devices == ALL
    assert not finder.busy


def test_nothing_is_begun_after_the_end(finder, searches):
    finder.close()
    finder.look()
    assert searches.waiting == []


def test_the_search_of_an_app_is_stopped_with_it(stage):
    stopped = []

    def gather(_again, asked_to_stop):
        asked_to_stop.wait(20)
        stopped.append(asked_to_stop.is_set())
        return ()

    stage.app.devices._gather = gather
    stage.app.devices.look()
    stage.app.close()
    assert stopped == [True]


def test_a_real_search_in_a_process_of_its_own(stage, qtbot, monkeypatch):
    source = gathering.Source("pytorch", "tests.runtimes.detection.printing")
    monkeypatch.setattr(gathering, "SOURCES", (source,))
    monkeypatch.setattr(gathering, "_kept", None)
    with qtbot.waitSignal(stage.app.devices.found, timeout=60_000) as found:
        stage.app.devices.look()
    (devices,) = found.args
    assert [(d.kind, d.name) for d in devices if d.status == "ready"] == [("CPU", "one")]


# ---- the dialog --------------------------------------------------------------------------------


def test_it_says_that_it_looks_and_then_what_it_found(dialog, searches):
    assert dialog.note.text() == "Looking for devices…"
    assert not dialog.again.isEnabled()
    searches.end()
    assert dialog.again.isEnabled()
    assert dialog.note.text() == "Ready: 3"
    rows = texts(dialog)
    assert rows[0] == ["PyTorch", "CPU", "Intel(R) Xeon(R)", "f32, bf16", "Ready", "\u2013"]
    assert rows[2][2:5] == ["Intel(R) AI Boost, driver 1688", "f16", "Ready, for fixed sizes only"]
    assert rows[3][4] == "Not usable"
    assert rows[3][5].startswith("This PyTorch (2.13.0+cpu) is built without CUDA")
    assert rows[4] == [
        "The system",
        "NPU",
        "\u2013",
        "\u2013",
        "Not present",
        "This computer has no NPU.",
    ]


def test_long_reasons_wrap(dialog, searches, qtbot):
    searches.end()
    table = dialog.table
    qtbot.waitUntil(lambda: table.rowHeight(3) > 2 * table.fontMetrics().height())
    assert table.rowHeight(0) < 2 * table.fontMetrics().height()
    header = table.horizontalHeader()
    assert header.length() <= table.viewport().width(), "nothing is scrolled sideways"
    high = table.rowHeight(3)
    dialog.resize(dialog.width() + 600, dialog.height())
    qtbot.waitUntil(lambda: table.rowHeight(3) < high)


def test_detect_again_by_keyboard(dialog, searches, qtbot):
    searches.end()
    assert dialog.table.hasFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Tab)
    assert dialog.again.hasFocus()
    qtbot.keyClick(dialog.again, Qt.Key.Key_Space)
    assert dialog.note.text() == "Looking for devices…"
    searches.end()
    assert searches.asked == [False, True]
    assert dialog.again.hasFocus(), "to be pressed once more"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_failure_is_said(dialog, searches):
    searches.end(MaquetteError("the folder cannot be made"))
    assert dialog.note.text() == "the folder cannot be made"
    assert dialog.again.isEnabled()


def test_the_window_offers_it_in_a_menu(window, monkeypatch):
    looked = []
    monkeypatch.setattr(
        window.app.devices, "_gather", lambda again, stopped: looked.append(again) or ALL
    )
    window.actions_["devices"].trigger()
    assert window.devices.isVisible()
    menus = [m.menu() for m in window.menuBar().actions()]
    assert any(window.actions_["devices"] in menu.actions() for menu in menus)


# ---- words -------------------------------------------------------------------------------------


def test_words():
    assert device_name(NONE) is None
    assert device_name(Device("system", "GPU", "AMD")) == "AMD"
    assert status_text(GPU) == "Not usable"
    assert reason_text(TORCH) is None


# ---- the picker --------------------------------------------------------------------------------


@pytest.fixture
def picker(qtbot):
    made = TargetPicker()
    qtbot.addWidget(made)
    made.chosen_ones = []
    made.chosen.connect(made.chosen_ones.append)
    return made


def choose(picker, row):
    """What a click or Enter on a row of the open list does."""
    picker.setCurrentIndex(row)
    picker.activated.emit(row)


def test_the_picker_offers_what_is_ready(picker):
    picker.set_devices(ALL)
    assert picker.targets() == (
        "pytorch:cpu:f32",
        "pytorch:cpu:bf16",
        "openvino:CPU:f32",
        "openvino:CPU:bf16",
        "openvino:NPU:f16",
    )
    assert picker.itemText(3) == "OpenVINO bf16 CPU"
    assert picker.itemData(4, Qt.ItemDataRole.ToolTipRole) == (
        "Intel(R) AI Boost, driver 1688\nReady, for fixed sizes only"
    )


def test_what_is_not_ready_is_greyed_out_with_its_reason(picker):
    picker.set_devices(ALL)
    gpu = picker.findText("PyTorch GPU NVIDIA H200")
    assert not picker._items.item(gpu).isEnabled()
    assert picker.itemData(gpu, Qt.ItemDataRole.ToolTipRole) == reason_text(GPU)
    picker.set_target("openvino:CPU:f32")
    choose(picker, gpu)
    assert picker.target() == "openvino:CPU:f32"
    assert picker.currentText() == "OpenVINO f32 CPU"
    assert picker.chosen_ones == []


def test_what_a_runtime_and_the_system_speak_of_is_listed_once(picker):
    seen = Device("system", "GPU", "NVIDIA", "NVIDIA H200", status="unavailable", reason="none")
    picker.set_devices((TORCH, GPU, seen, NONE))
    rows = [picker.itemText(row) for row in range(picker.count())]
    assert rows[2:] == ["PyTorch GPU NVIDIA H200", "NPU"]


def test_only_the_users_own_choice_is_said(picker):
    picker.set_devices(ALL)
    assert picker.currentIndex() == -1
    picker.set_target("OpenVINO:cpu:BF16".lower())
    assert picker.currentText() == "OpenVINO bf16 CPU"
    assert picker.chosen_ones == []
    choose(picker, 0)
    choose(picker, 0)
    assert picker.chosen_ones == ["pytorch:cpu:f32"]
    assert picker.target() == "pytorch:cpu:f32"


def test_a_choice_survives_another_detection_and_a_device_that_went(picker):
    picker.set_target("openvino:NPU:f16")
    assert picker.currentText() == "OpenVINO f16 NPU"
    picker.set_devices(ALL)
    assert picker.count() == 7
    picker.set_devices((TORCH,))
    assert picker.target() == "openvino:NPU:f16"
    assert picker.currentText() == "OpenVINO f16 NPU"
    assert "not among what is ready" in picker.toolTip()
    assert picker.targets() == ("pytorch:cpu:f32", "pytorch:cpu:bf16")
    choose(picker, 0)
    assert picker.chosen_ones == ["pytorch:cpu:f32"]
    assert picker.count() == 2


def test_a_target_of_another_time_is_shown_as_it_is_written(picker):
    picker.set_devices((TORCH,))
    picker.set_target("warp:9")
    assert picker.currentText() == "warp:9"


def test_precisions_can_be_chosen(qtbot):
    picker = TargetPicker(precisions=("int8",))
    qtbot.addWidget(picker)
    picker.set_devices(ALL)
    assert picker.targets() == ("openvino:CPU:int8",)


def test_the_wheel_leaves_it_alone_and_the_keyboard_reaches_it(picker):
    assert picker.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert picker.accessibleName() == "Where it runs"
