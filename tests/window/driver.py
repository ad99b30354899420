"""Runs the real window and writes where its named widgets are, so that a test can point at them.

    python -m tests.window.driver STATE.json [arguments of the app]

STATE.json holds, for every visible widget with an object name, its rectangle on the screen in
physical pixels, and is written anew four times a second, aside and then renamed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import widgets.__main__ as app


def _watch(state: Path) -> None:
    from PySide6.QtCore import QPoint, QTimer
    from PySide6.QtWidgets import QApplication

    def write() -> None:
        rectangles = {}
        for widget in QApplication.allWidgets():
            if widget.objectName() and widget.isVisible() and not widget.visibleRegion().isEmpty():
                corner = widget.mapToGlobal(QPoint(0, 0))
                scale = widget.devicePixelRatioF()
                rectangles[widget.objectName()] = [
                    round(v * scale)
                    for v in (corner.x(), corner.y(), widget.width(), widget.height())
                ]
        aside = state.with_suffix(".tmp")
        aside.write_text(json.dumps(rectangles))
        aside.rename(state)

    timer = QTimer(QApplication.instance())
    timer.timeout.connect(write)
    timer.start(250)


def main() -> int:
    state, *rest = sys.argv[1:]
    from PySide6.QtWidgets import QApplication

    # The window is made inside main(); the watcher starts with the event loop.
    execute = QApplication.exec

    def watched() -> int:
        _watch(Path(state))
        return execute()

    QApplication.exec = staticmethod(watched)  # type: ignore[method-assign]
    return app.main(rest)


if __name__ == "__main__":
    sys.exit(main())
