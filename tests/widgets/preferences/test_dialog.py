"""The preferences as a user meets them: looked at, changed, refused, cancelled."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication

from studio.places import CACHE_FOLDER, CACHE_LIMIT
from studio.processes.child import THREADS
from studio.runtimes.device import Device
from studio.session import preferences
from studio.session.preferences import Preferences
from widgets.preferences.dialog import PreferencesDialog
from widgets.preferences.store import PreferenceStore
from widgets.style.theme import current_scheme


def press(qtbot, window, key):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.view.setFocus()
    qtbot.keyClick(window.view.canvas, key)
    qtbot.wait(5)


def choose(box, data):
    box.setCurrentIndex(box.findData(data))


def test_ok_takes_everything_over_and_tells_the_processes(dialog, window, drawn, tmp_path, qtbot):
    folder = tmp_path / "elsewhere"
    choose(dialog.general.language, "ko")
    choose(dialog.general.theme, "dark")
    dialog.speed.threads.setValue(3)
    dialog.speed.folder.setText(str(folder))
    dialog.speed.limit.setValue(0.5)
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    kept = preferences.load().preferences
    assert kept == Preferences(
        threads=3, cache_folder=str(folder), cache_gb=0.5, language="ko", theme="dark"
    )
    assert window.app.preferences.value == kept
    assert (os.environ[THREADS], os.environ[CACHE_LIMIT]) == ("3", "0.5")
    assert os.environ[CACHE_FOLDER] == str(folder)
    assert drawn.client.renewals == 1
    assert current_scheme() == "dark"
    assert window.notice.sentence() == "The language changes when Maquette is started again."


def test_what_no_process_needs_renews_none(dialog, drawn):
    choose(dialog.general.theme, "light")
    dialog.speed.limit.setValue(9.0)
    dialog.accept()
    assert drawn.client.renewals == 0
    assert preferences.load().preferences.cache_gb == 9.0


@pytest.mark.parametrize("leave", ["reject", "close"])
def test_cancel_brings_everything_back(dialog, window, leave):
    before = window.app.preferences.value
    choose(dialog.general.theme, "dark")
    assert current_scheme() == "dark"  # it is seen at once
    dialog.speed.threads.setValue(7)
    assert dialog.keys.change("new_seed", "Z")
    getattr(dialog, leave)()
    assert current_scheme() == "light"
    assert window.app.preferences.value == before
    assert not preferences.path().exists()
    assert window.actions_.keys("new_seed") == ("R",)
    dialog.offer()
    assert dialog.filled_in() == before


def test_escape_cancels(dialog, qtbot):
    choose(dialog.general.theme, "dark")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert current_scheme() == "light"


def test_a_folder_that_cannot_be_used_is_refused_and_the_dialog_stays(dialog, tmp_path, drawn):
    (tmp_path / "file").touch()
    dialog.speed.folder.setText(str(tmp_path / "file" / "cache"))
    dialog.accept()
    assert dialog.isVisible()
    assert "cannot be used" in dialog.sentence.text()
    dialog.speed.folder.setText("not/whole")
    dialog.accept()
    assert "is not a whole path" in dialog.sentence.text()
    assert not preferences.path().exists()
    assert drawn.client.renewals == 0


def test_one_page_is_brought_back_at_a_time(dialog):
    dialog.speed.threads.setValue(5)
    choose(dialog.general.language, "ko")
    dialog.pages.setCurrentWidget(dialog.speed)
    dialog.defaults.click()
    assert dialog.filled_in() == Preferences(language="ko")
    assert dialog.keys.change("pin", "")
    dialog.pages.setCurrentWidget(dialog.keys)
    dialog.defaults.click()
    assert dialog.filled_in() == Preferences(language="ko")


def test_the_cache_says_how_large_it_is(dialog, qtbot):
    dialog.speed.show_usage(3_400_000)
    assert "The cache holds 3 MB now." in dialog.speed.limit_hint.text()
    dialog.speed.show_usage(1_440_000_000)
    assert "The cache holds 1.4 GB now." in dialog.speed.limit_hint.text()


def test_what_the_environment_fixes_is_greyed_and_says_so(monkeypatch, window, qtbot):
    monkeypatch.setenv(THREADS, "2")
    window.preferences.offer()
    page = window.preferences.speed
    assert not page.threads.isEnabled()
    assert THREADS in page.threads_hint.text()
    assert page.limit.isEnabled()


def test_a_target_of_another_machine_is_not_lost(window):
    store = window.app.preferences
    store.keep(Preferences(target="openvino:NPU:f16"))
    window.preferences.offer()
    assert window.preferences.general.target.currentText() == "OpenVINO f16 NPU"
    assert window.preferences.filled_in().target == "openvino:NPU:f16"


def test_the_targets_are_those_that_are_ready(dialog, window, qtbot):
    ready = Device("openvino", "CPU", name="A processor", id="CPU", precisions=("f32", "bf16"))
    window.app.devices.found.emit((ready,))
    box = dialog.general.target
    assert box.targets() == ("openvino:CPU:f32", "openvino:CPU:bf16")
    box.activated.emit(1)
    dialog.accept()
    assert preferences.load().preferences.target == "openvino:CPU:bf16"


# ---- keys ----------------------------------------------------------------------------------------


def test_question_mark_lists_the_keys(window, qtbot):
    press(qtbot, window, Qt.Key.Key_Question)
    assert window.preferences.isVisible()
    assert window.preferences.pages.currentWidget() is window.preferences.keys


def test_keys_can_be_changed_and_brought_back(dialog, window, qtbot):
    assert dialog.keys.change("pin", "")
    assert dialog.keys.change("new_seed", "P")
    dialog.accept()
    seed = window.controller.document.inputs.seed
    press(qtbot, window, Qt.Key.Key_P)
    assert window.controller.document.inputs.seed != seed
    assert window.controller.document.pins == ()
    dialog.offer(dialog.keys)
    dialog.defaults.click()
    dialog.accept()
    assert preferences.load().preferences == Preferences()
    press(qtbot, window, Qt.Key.Key_P)
    assert len(window.controller.document.pins) == 1


def test_a_key_that_is_taken_is_refused_with_a_sentence(dialog, qtbot):
    field = dialog.keys.fields["new_seed"]
    dialog.pages.setCurrentWidget(dialog.keys)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_P)
    assert dialog.sentence.text() == "P belongs to “Pin what is drawn”; take it away there first."
    assert dialog.sentence.isVisible()
    assert field.keySequence() == QKeySequence("R")
    qtbot.keyClick(field, Qt.Key.Key_Z)
    assert dialog.sentence.text() == ""
    assert dialog.filled_in().key_of("new_seed") == "Z"
    # A modifier alone is no key, and the button beside the key takes it away.
    qtbot.keyClick(field, Qt.Key.Key_Control)
    field.editingFinished.emit()
    assert dialog.filled_in().key_of("new_seed") == "Z"
    field.findChild(QAction, "_q_qlineeditclearaction").trigger()
    assert dialog.filled_in().key_of("new_seed") == ""
    assert dialog.keys.change("new_seed", "Z")
    # Its own key has gone to another meanwhile: it does not come back by force.
    assert dialog.keys.change("pin", "R")
    dialog.keys.resets["new_seed"].click()
    assert dialog.sentence.text().startswith("R belongs to")
    dialog.keys.resets["pin"].click()
    dialog.keys.resets["new_seed"].click()
    assert dialog.filled_in().keys == ()


@pytest.mark.parametrize("key", ["Tab", "Esc", "Return"])
def test_keys_that_move_about_are_not_given_away(dialog, key):
    assert not dialog.keys.change("new_seed", key)
    assert "moves about" in dialog.sentence.text()


def test_a_second_key_of_a_command_cannot_be_taken_either(dialog):
    assert not dialog.keys.change("new_seed", "Ctrl+Y")
    assert "“Redo”" in dialog.sentence.text()


def test_commands_are_found_by_name_and_by_key(dialog):
    dialog.pages.setCurrentWidget(dialog.keys)
    dialog.keys.search.setText("save the")
    shown = {name for name, field in dialog.keys.fields.items() if field.isVisible()}
    assert shown == {"save_shown", "save_walk", "save_table"}
    dialog.keys.search.setText("f1")
    assert not [name for name, field in dialog.keys.fields.items() if field.isVisible()]
    dialog.keys.search.setText("ctrl+s")
    assert [n for n, field in dialog.keys.fields.items() if field.isVisible()] == ["save"]
    dialog.keys.search.clear()
    assert all(field.isVisible() for field in dialog.keys.fields.values())


# ---- the keyboard, long words, the menu ----------------------------------------------------------


def test_everything_is_reached_by_tab(dialog, qtbot):
    for page, wanted in (
        (dialog.general, {dialog.general.language, dialog.general.theme, dialog.general.target}),
        (dialog.speed, {dialog.speed.threads, dialog.speed.folder, dialog.speed.limit}),
        (dialog.keys, {dialog.keys.search, *dialog.keys.fields.values()}),
    ):
        dialog.pages.setCurrentWidget(page)
        dialog.pages.tabBar().setFocus()
        reached = set()
        for _ in range(200):
            focused = QApplication.focusWidget()
            reached.add(focused)
            reached.add(focused.parentWidget())
            if dialog.cancel in reached and wanted <= reached:
                break
            qtbot.keyClick(focused, Qt.Key.Key_Tab)
        assert wanted <= reached
        assert {dialog.ok, dialog.cancel} <= reached


def test_long_words_fit_a_small_screen(qapp, window):
    from PySide6.QtCore import QTranslator

    from studio import places

    translator = QTranslator()
    assert translator.load(str(places.assets_dir() / "translations" / "maquette_ko.qm"))
    qapp.installTranslator(translator)
    try:
        dialog = PreferencesDialog(
            PreferenceStore(),
            window.actions_,
            window.app.bridge.background,
            window.app.devices,
            2,
            window,
        )
        assert dialog.windowTitle() == "환경 설정"
        least = dialog.minimumSizeHint()
        assert least.width() <= dialog.width() <= 1280
        assert least.height() <= dialog.height() <= 800 - 64
    finally:
        qapp.removeTranslator(translator)
        dialog.deleteLater()


def test_the_menu_has_it_where_the_platform_wants_it(window):
    action = window.actions_["preferences"]
    assert action.menuRole() == QAction.MenuRole.PreferencesRole
    assert action.shortcut().toString() == "Ctrl+,"
    action.trigger()
    assert window.preferences.isVisible()


def test_a_file_of_no_use_is_told_at_the_start(qapp):
    preferences.path().write_text("{")
    store = PreferenceStore()
    assert "kept as preferences-set-aside.json" in store.problem
    assert store.value == Preferences()
