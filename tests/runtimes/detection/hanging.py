"""A source that hangs and takes no hint to end."""

import signal
import time


def devices():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)
