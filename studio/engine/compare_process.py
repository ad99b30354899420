"""The process that compares pictures for the render process.

FLIP and SSIM of a 1024 px picture take seconds, and FLIP keeps Python's interpreter lock all the
while; in the render process no slider would move. Run as
``python -m studio.engine.compare_process`` by :class:`studio.engine.comparing.Comparer`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from studio.processes.child import lower_priority, parent_connection


def main(arguments: Sequence[str]) -> None:
    """Answer (reference, candidate, with_map) with a Fidelity, or with the words of an error."""
    connection = parent_connection(arguments)
    lower_priority()
    import numpy as np

    from studio.fidelity.compare import compare_pictures

    # The libraries are imported by the first comparison: let that not be the user's.
    black = np.zeros((16, 16, 3), np.uint8)
    compare_pictures(black, black + 1)
    while True:
        try:
            reference, candidate, with_map = connection.recv()
        except (EOFError, OSError):
            return  # the render process is gone
        try:
            answer: object = compare_pictures(reference, candidate, with_map=with_map)
        except ValueError as error:
            answer = str(error)
        connection.send(answer)


if __name__ == "__main__":
    main(sys.argv[1:])
