"""A render process that dies before it is ready. Run as a module by the tests."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    sys.exit("no engine today")
