"""Pictures on their way between processes. Imports no torch.

numpy is imported by the first picture: a window starts the render process before anything else, and
that must not wait.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.engine.messages import (
    SHARED_MEMORY_PIXELS,
    Answer,
    Compared,
    Failed,
    Finished,
    Picture,
    Rendered,
    Stepped,
)
from studio.processes.blocks import take_block, write_block

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]


class Packer:
    """Turns arrays into pictures to send; block names start with ``prefix``."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._numbers = itertools.count()

    def pack(self, pixels: Pixels) -> Picture:
        """A picture of ``pixels`` (h, w, 3)."""
        import numpy as np

        height, width, _ = pixels.shape
        data = np.ascontiguousarray(pixels)
        if height * width > SHARED_MEMORY_PIXELS:
            name = f"{self._prefix}-{next(self._numbers)}"
            try:
                write_block(name, data.data)
            except OSError:
                pass  # shared memory is full (containers often have 64 MB): the pipe will do
            else:
                return Picture(width, height, shared_memory=name)
        return Picture(width, height, pixels=data.tobytes())


def landed(picture: Picture) -> Picture:
    """The picture with its pixels in this process; its block, if it has one, is removed.

    Raises:
        FileNotFoundError: the block is gone.
    """
    if picture.shared_memory is None:
        return picture
    return Picture(picture.width, picture.height, pixels=take_block(picture.shared_memory))


def landed_answer(answer: Answer) -> Answer:
    """The answer with all its pictures landed; Failed when a block is gone."""
    try:
        if isinstance(answer, Rendered | Finished | Stepped):
            return replace(answer, picture=landed(answer.picture))
        if isinstance(answer, Compared) and answer.map is not None:
            return replace(answer, map=landed(answer.map))
    except OSError as error:
        if isinstance(answer, Stepped):
            return replace(answer, picture=Picture(0, 0, pixels=b""))  # the next one will do
        assert isinstance(answer, Rendered | Finished | Compared)
        sentence = "Rendering failed: the picture was lost on its way"
        return Failed(answer.lane, answer.stamp, sentence, str(error))
    return answer


def decode(picture: Picture) -> Pixels:
    """The pixels as uint8 (height, width, 3), read-only and C-contiguous.

    A picture that an answer of the client carries can be decoded as often as one likes, on any
    thread, at no cost. One that is still in shared memory is taken out of it, so only once.

    Raises:
        FileNotFoundError: the picture's block of shared memory is gone.
    """
    import numpy as np

    data = landed(picture).pixels
    assert data is not None
    return np.frombuffer(data, np.uint8).reshape(picture.height, picture.width, 3)
