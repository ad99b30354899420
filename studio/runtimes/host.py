"""The name of this host in measurements. Imports no runtime."""

from __future__ import annotations

from functools import cache

from studio.runtimes.detection.processor import processor


@cache
def host_name() -> str:
    """The processor, e.g. "Intel(R) Xeon(R) Processor": what decides how fast a CPU target is."""
    return processor().name
