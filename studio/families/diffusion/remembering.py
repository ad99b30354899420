"""What one picture has needed and the next one needs again: texts and pictures, encoded.

While somebody drags a slider the words stay the same, and a text encoder takes longer than some
steps of the denoiser; so does a VAE with the picture that is drawn from. What is kept are results
of networks that never change, so pictures stay the same to the bit.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import torch
from torch import Tensor

from studio.families.diffusion.elastic import shallow

MOST_TEXTS, MOST_PICTURES = 8, 4


class Remembered:
    """The last results by what they are of; the oldest goes when there are more than ``most``."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, Any] = OrderedDict()

    def __call__(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is known under ``key``, made if it is not."""
        if key not in self._known:
            made = make()  # may be stopped: then nothing is kept
            self._known[key] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]


class Encodings:
    """Stands before the text encoders and the VAE's encoder of one model's pipelines."""

    def __init__(self) -> None:
        self._texts = Remembered(MOST_TEXTS)
        self._pictures = Remembered(MOST_PICTURES)

    def vae(self, vae: Any) -> Any:
        """The same VAE, which does not encode again what it has encoded."""
        made = shallow(vae)
        made.__dict__["encode"] = self._before(vae.encode, self._pictures)
        return made

    def texts_of(self, pipeline: Any) -> None:
        """Have a pipeline of diffusers not encode again what it has encoded; one that has no such
        step of its own (LDM) stays as it is."""
        encode = getattr(pipeline, "encode_prompt", None)
        if encode is not None:
            pipeline.encode_prompt = self._before(encode, self._texts)

    def _before(self, encode: Callable[..., Any], known: Remembered) -> Callable[..., Any]:
        def encoded(*args: Any, **kwargs: Any) -> Any:
            key = tuple(map(_key, args)), tuple((n, _key(v)) for n, v in kwargs.items())
            try:
                hash(key)
            except TypeError:  # something that cannot be told from others
                return encode(*args, **kwargs)
            return known(key, lambda: encode(*args, **kwargs))

        return encoded


def _key(value: object) -> object:
    """What tells a value from others: itself, a list's entries, a tensor's content."""
    if isinstance(value, Tensor):
        content = value.detach().cpu().contiguous().view(torch.uint8).numpy()
        return str(value.dtype), tuple(value.shape), hashlib.sha256(content.data).digest()
    return tuple(map(_key, value)) if isinstance(value, list) else value
