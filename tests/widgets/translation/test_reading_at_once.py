"""Pictures are read on several threads at once, and none waits for another for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[3]
# A thread that reads from memory lent by Python, and one that asks Qt what a file is: Qt holds a
# lock of its own while it reads, and must not need Python meanwhile.
PROGRAM = """
import sys, threading
from pathlib import Path
from tests.widgets.translation.conftest import info_of
from widgets.translation.pictures import read_picture, thumbnail

path, config = Path(sys.argv[1]), info_of().config
data = path.read_bytes()

def small():
    for _ in range(400):
        image = thumbnail(data, 32)
        assert (image.width(), image.height()) == (32, 16)

def whole():
    for _ in range(400):
        assert read_picture(path, config).size == (64, 32)

threads = [threading.Thread(target=each, daemon=True) for each in (small, whole, small, whole)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print("read")
"""


def test_threads_that_read_pictures_do_not_lock_each_other_out(tmp_path: Path) -> None:
    path = tmp_path / "wide.jpg"
    Image.new("RGB", (64, 32), (10, 120, 30)).save(path)
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.stdout == "read\n", done.stderr
