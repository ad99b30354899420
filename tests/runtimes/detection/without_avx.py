"""A source that meets an instruction its processor does not have."""

import os
import signal


def devices():
    os.kill(os.getpid(), signal.SIGILL)
