"""A virtual display with a window manager: type, drag and photograph, as a user would."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil
from PIL import Image

T = TypeVar("T")
TOOLS = ("Xvfb", "openbox", "xdotool", "import")


def missing_tools() -> list[str]:
    """The programs that a desk needs and this machine lacks."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


class Desk:
    """One virtual display. Use :func:`desk` to make one."""

    def __init__(self, display: str, folder: Path) -> None:
        self.folder = folder
        self.env = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self.env.pop("WAYLAND_DISPLAY", None)
        self._apps: list[subprocess.Popen[bytes]] = []
        self._shots = 0

    def start(self, command: list[str], **env: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"app-{len(self._apps)}.log").open("wb")
        with log:
            app = subprocess.Popen(
                command, env={**self.env, **env}, stdout=log, stderr=subprocess.STDOUT
            )
        self._apps.append(app)
        return app

    def start_window(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start Maquette's window with its widgets' places written to ``state.json``."""
        module = [sys.executable, "-m", "tests.window.driver", str(self.folder / "state.json")]
        return self.start([*module, *arguments])

    def log(self, index: int = -1) -> str:
        return (self.folder / f"app-{index % len(self._apps)}.log").read_text()

    def place(self, name: str, timeout: float = 60.0) -> tuple[int, int, int, int]:
        """Rectangle (x, y, width, height) of the visible widget so named, once it is there."""

        def there() -> tuple[int, int, int, int] | None:
            with contextlib.suppress(FileNotFoundError):
                found = json.loads((self.folder / "state.json").read_text()).get(name)
                return tuple(found) if found else None
            return None

        return wait_for(there, f"a widget named {name}", timeout)

    def xdotool(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True, timeout=20)

    def drag(self, start: tuple[int, int], end: tuple[int, int], steps: int = 12) -> None:
        (x0, y0), (x1, y1) = start, end
        self.xdotool("mousemove", x0, y0, "mousedown", 1)
        for step in range(1, steps + 1):
            x, y = x0 + (x1 - x0) * step // steps, y0 + (y1 - y0) * step // steps
            self.xdotool("mousemove", x, y)
        self.xdotool("mouseup", 1)

    def picture(self) -> np.ndarray:
        """The whole display now, uint8 (height, width, 3)."""
        self._shots += 1
        path = self.folder / f"shot-{self._shots}.png"
        subprocess.run(
            ["import", "-window", "root", str(path)], env=self.env, check=True, timeout=30
        )
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB"))

    def close(self) -> None:
        for app in self._apps:
            _end(app)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        for child in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    if process.poll() is None:
        process.kill()
    process.wait(10)


def wait_for(check: Callable[[], T | None], what: str, timeout: float = 60.0) -> T:
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        found = check()
        if found is not None and found is not False:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {timeout:g} s for {what}")


@contextlib.contextmanager
def desk(folder: Path, size: str = "1280x800") -> Iterator[Desk]:
    """A display of ``size`` with openbox on it; everything ends with the block."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        assert select.select([read], [], [], 20)[0], "Xvfb did not start"
        with os.fdopen(read, closefd=True) as pipe:
            number = pipe.readline().strip()
        here = Desk(f":{number}", folder)
        manager = subprocess.Popen(
            ["openbox"], env=here.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield here
        finally:
            here.close()
            _end(manager)
    finally:
        _end(server)
