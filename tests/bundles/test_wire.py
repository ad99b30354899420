"""What the process that opens strange files may say."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

from studio.bundles.wire import Answer, packed, unpacked

GOOD = Answer(
    "onnxruntime",
    "1.2",
    "cpu",
    (
        {"a": np.arange(6, dtype=np.float32).reshape(2, 3)},
        {"a": np.ones((1, 1), np.float32), "b": np.zeros(4, np.float32)},
    ),
    (1.0, 0.5, 2.0, 9),
    int8_layers=("layer0.convolved",),
)


def test_an_answer_comes_back() -> None:
    found = unpacked(packed(GOOD))
    assert (found.runtime, found.version, found.device) == ("onnxruntime", "1.2", "cpu")
    assert found.latency == GOOD.latency
    assert found.int8_layers == GOOD.int8_layers
    for one, two in zip(found.outputs, GOOD.outputs, strict=True):
        assert list(one) == list(two)
        assert all(np.array_equal(one[name], two[name]) for name in two)
    assert unpacked(packed(Answer(refused="no"))).refused == "no"


def header(**changes: object) -> bytes:
    text, _, rest = packed(GOOD).partition(b"\n")
    return json.dumps({**json.loads(text), **changes}).encode() + b"\n" + rest


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}\n",
        b"[]\n",
        b"nothing",
        pickle.dumps(GOOD.refused),
        packed(GOOD)[:-1],
        packed(GOOD) + b"x",
        header(outputs=[{"a": [1 << 40]}]),
        header(outputs=[{"a": [-1, -6]}]),
        header(outputs=[{"a": [1] * 9}]),
        header(outputs=5),
        header(latency=[1]),
        header(latency="fast"),
        header(int8_layers=None),
    ],
)
def test_anything_else_is_none(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpacked(data)
