"""The real window with a watch on it: ``python -m tests.bench.probe OUT.json still|drag``.

Writes when the window was painted for the first time and when its first picture was, on the
system's monotonic clock; with ``drag`` also the milliseconds from a slider's new value to the
paint that shows its picture, and the gaps between beats of the event loop while dragging,
finishing, saving and opening.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from tests.fixtures_root import FIXTURES

BEAT = 5  # milliseconds
MOVES = 200


class Watch:
    """What was seen, and a script that is taken a step further by what happens."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.seen: dict[str, Any] = {"latency": [], "stalls": {}}
        self.phase = "starting"
        self.arrived: Callable[[], None] | None = None
        self.beat = time.perf_counter()

    def note(self, name: str) -> None:
        self.seen.setdefault(name, time.monotonic())

    def tick(self) -> None:
        now = time.perf_counter()
        gap = (now - self.beat) * 1e3 - BEAT
        stalls = self.seen["stalls"]
        stalls[self.phase] = max(stalls.get(self.phase, 0.0), gap)
        self.beat = now

    def write(self) -> None:
        aside = self.out.with_suffix(".tmp")
        aside.write_text(json.dumps(self.seen))
        aside.rename(self.out)


def main() -> int:
    out, task = Path(sys.argv[1]), sys.argv[2]
    watch = Watch(out)

    import widgets.__main__ as app

    # As in the app, the render process starts before Qt is imported: the watch hooks in later.
    start = sys.modules["widgets.__main__"].EngineClient.start

    def started(client: Any) -> None:
        start(client)
        _hook(watch, task)

    sys.modules["widgets.__main__"].EngineClient.start = started
    return app.main([])


def _hook(watch: Watch, task: str) -> None:
    from widgets.compare.gestures import InteractiveCanvas
    from widgets.compare.view import CompareView

    paint, put = InteractiveCanvas.paintEvent, CompareView.set_picture
    waiting = {"B": False}

    def painted(canvas: Any, event: Any) -> None:
        paint(canvas, event)
        watch.note("visible")
        if waiting["B"]:
            waiting["B"] = False
            watch.note("first_picture")
            if watch.arrived is not None:
                watch.arrived()
            elif task == "still":
                watch.write()
                os._exit(0)
            elif watch.phase == "starting":
                watch.phase = "settling"
                _later(1500, lambda: _begin(watch))

    def placed(view: Any, side: str, pixels: Any) -> None:
        put(view, side, pixels)
        if side == "B" and pixels is not None:
            waiting["B"] = True

    InteractiveCanvas.paintEvent = painted  # type: ignore[method-assign]
    CompareView.set_picture = placed  # type: ignore[method-assign]


def _later(ms: int, call: Callable[[], object]) -> None:
    from PySide6.QtCore import QTimer

    QTimer.singleShot(ms, call)


def _begin(watch: Watch) -> None:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from widgets.main_window import MainWindow

    (window,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
    timer = QTimer(window, interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(watch.tick)
    watch.beat = time.perf_counter()
    timer.start()
    script = _script(watch, window)
    next(script)

    def go_on() -> None:
        try:
            next(script)
        except StopIteration:
            watch.write()
            os._exit(0)

    watch.arrived = None
    window._bench_go_on = go_on
    go_on()


def _script(watch: Watch, window: Any) -> Generator[None, None, None]:
    """Drag, finish, save, open; each ``yield`` waits until ``go_on`` is called."""
    from widgets.controls.slider import ValueSlider

    yield
    slider = window.findChild(ValueSlider, "width")
    watch.phase = "dragging"
    slider.set_value(0.25, notify=True)
    yield from _pause(window, 1000)
    for index in range(MOVES):
        # No value twice: a picture that was shown before would come from memory.
        value = 0.25 + 0.001 * ((index + 2) // 2) * (-1 if index % 2 else 1)
        start = time.perf_counter()
        watch.arrived = lambda: window._bench_go_on()
        slider.set_value(value, notify=True)
        yield
        watch.arrived = None
        watch.seen["latency"].append((time.perf_counter() - start) * 1e3)
        yield from _pause(window, 8)
    slider.finish_editing()
    for phase, command in (("rendering", "new_seed"), ("comparing", "mode_difference")):
        watch.phase = phase
        for _ in range(4):
            window.actions_[command].trigger()
            yield from _pause(window, 500)
    watch.phase = "saving"
    window.app.finishing._folder = watch.out.parent  # in place of the file dialog
    window.actions_["finish"].trigger()
    yield from _pause(window, 1500)
    window.app.sessions.save(watch.out.parent / "bench.maquette")
    yield from _pause(window, 500)
    watch.phase = "opening another layout"
    window.commands.open_path(FIXTURES / "stylegan2_ada/conditional/network-snapshot.pkl")
    for _ in range(120):
        yield from _pause(window, 500)
        if window.controller.info.config.architecture == "stylegan2-ada":
            break
    yield from _pause(window, 1000)
    watch.seen["model"] = window.controller.info.config.architecture


def _pause(window: Any, ms: int) -> Generator[None, None, None]:
    _later(ms, lambda: window._bench_go_on())
    yield


if __name__ == "__main__":
    sys.exit(main())
