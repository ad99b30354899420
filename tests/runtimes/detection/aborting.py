"""A source whose native loader crashes."""

import os


def devices():
    os.abort()
