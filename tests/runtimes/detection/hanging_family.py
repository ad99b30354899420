"""A source that starts a process of its own, names it, and hangs."""

import subprocess
import sys
import time


def devices():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print("offspring", child.pid, flush=True)  # noqa: T201
    time.sleep(60)
