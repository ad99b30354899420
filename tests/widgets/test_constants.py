"""The window outlives tens of thousands of Qt calls on every supported Python."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
import widgets
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
class Bell(QObject):
    rung = Signal(bool)
bell, label = Bell(), QLabel()
for number in range(60_000):
    label.setEnabled(True)
    bell.rung.emit(True)
print("alive")
"""


def test_many_calls_do_not_use_up_none_and_true():
    run = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60)
    assert run.stdout.strip() == "alive", run.stderr
    assert run.returncode == 0, run.stderr
