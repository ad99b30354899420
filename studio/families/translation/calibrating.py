"""Calibration inputs of a translation model as a text that travels in a quantisation plan.

Pictures are kept as 8-bit numbers, label maps as bits, so that nothing of them is lost; both are
deflated.
"""

from __future__ import annotations

import base64
import binascii
import math
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from studio.families.translation.config import TranslationConfig

_HEAD = struct.Struct("<HHH")  # count, height, width
MOST_BYTES = 64 << 20  # of unpacked numbers


def packed_pictures(inputs: Sequence[Tensor], config: TranslationConfig) -> str:
    """What goes into the network, (1, inputs, h, w) each and of one size, as a text.

    Raises:
        ValueError: there are none, or they differ in size.
    """
    if len({tuple(each.shape) for each in inputs}) != 1:
        raise ValueError("calibration inputs must be there, and of one size")
    values = torch.cat(list(inputs)).numpy()
    if config.takes_labels:
        raw = np.packbits(values > 0.5).tobytes()
    else:
        raw = np.rint((values + 1) * 127.5).clip(0, 255).astype(np.uint8).tobytes()
    count, _, height, width = values.shape
    return base64.b64encode(_HEAD.pack(count, height, width) + zlib.compress(raw)).decode("ascii")


def unpacked_pictures(text: str, config: TranslationConfig) -> Tensor:
    """The inputs (n, inputs, h, w) that :func:`packed_pictures` made a text of.

    Raises:
        ValueError: it is damaged, or not for a network of these sizes.
    """
    try:
        data = base64.b64decode(text, validate=True)
        count, height, width = _HEAD.unpack_from(data)
        shape = (count, config.sizes.inputs, height, width)
        numbers = math.prod(shape)
        size = -(-numbers // 8) if config.takes_labels else numbers
        if not count or numbers > MOST_BYTES or config.refusal(height, width):
            raise ValueError("its calibration pictures do not suit the network")
        # One byte more than is wanted tells that there is more, and no more is ever made.
        raw = zlib.decompressobj().decompress(data[_HEAD.size :], size + 1)
    except (binascii.Error, struct.error, zlib.error) as error:
        raise ValueError("its calibration pictures are damaged") from error
    if len(raw) != size:
        raise ValueError("its calibration pictures do not suit the network")
    found = np.frombuffer(raw, np.uint8)
    if config.takes_labels:
        bits = np.unpackbits(found)[:numbers].reshape(shape)
        return torch.from_numpy(bits.astype(np.float32))
    return torch.from_numpy(found.reshape(shape).astype(np.float32) / 127.5 - 1)
