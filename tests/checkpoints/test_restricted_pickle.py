"""The pickle reader: plain data comes out as it went in, and nothing else comes out at all."""

from __future__ import annotations

import collections
import pickle
import pickletools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.checkpoints.causes import Cause
from studio.checkpoints.spans import Span
from studio.checkpoints.stored import Record
from studio.checkpoints.torch_legacy import read_plain

KEYS = st.text() | st.integers(-(2**60), 2**60) | st.booleans() | st.none()
PLAIN = st.recursive(
    KEYS | st.floats(allow_nan=False) | st.binary(max_size=200),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(KEYS, inner, max_size=5)
        | st.tuples(inner, inner)
        | st.sets(KEYS, max_size=4)
    ),
    max_leaves=30,
)


def _read(data: bytes) -> Any:
    return read_plain(Span.of(data))


@given(PLAIN, st.integers(2, 5))
@settings(deadline=None, max_examples=60, derandomize=True)
def test_plain_data_comes_back(value: object, protocol: int) -> None:
    if protocol == 2:
        # Bytes have no form of their own there; only those of single numbers are read.
        value = repr(value)
    assert _read(pickle.dumps(value, protocol=protocol)) == value


def test_long_bytes_stay_in_the_file() -> None:
    data = _read(pickle.dumps({"a": b"x" * 9000, "b": 1}, protocol=4))
    assert isinstance(data["a"], Span)
    assert data["a"].read() == b"x" * 9000
    assert data["b"] == 1


def test_usual_objects_become_plain() -> None:
    value = collections.OrderedDict(a=np.float64(1.5), b={3, 4}, c=np.int64(7))
    for protocol in (2, 3, 4):
        read = _read(pickle.dumps(value, protocol=protocol))
        assert read == {"a": 1.5, "b": {3, 4}, "c": 7}
        assert type(read) is dict
    array = _read(pickle.dumps(np.ones(3), protocol=4))
    assert isinstance(array, Record)
    assert _read(pickle.dumps(collections.defaultdict(dict, {"a": 1}), protocol=4)) == {"a": 1}


class _Reduced:
    def __init__(self, callee: Any, *arguments: object) -> None:
        self.answer = (callee, arguments)

    def __reduce__(self) -> Any:
        return self.answer


@pytest.mark.parametrize(
    "value",
    [
        print,
        _Reduced(eval, "1"),
        _Reduced(getattr, {}, "clear"),
        _Reduced(bytearray, 10**12),
        _Reduced(Path, "x"),
        _Reduced(np.dtype, "O"),
        np.array([{}], dtype=object),
        collections.Counter(a=1),
        range(5),
        slice(1),
        1j,
    ],
    ids=repr,
)
@pytest.mark.parametrize("protocol", [2, 4])
def test_other_names_are_refused(value: object, protocol: int) -> None:
    with pytest.raises(Cause, match="not allowed"):
        _read(pickle.dumps(value, protocol=protocol))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x80\x02(lp0\n0.", "damaged"),
        (b"\x80\x02N", "ends early"),
        (b"\x80\x02e.", "mark is missing"),
        (b"\x80\x02NNs.", "damaged|missing"),
        (b"\x80\x02}(Nu.", "key without a value"),
        (b"\x80\x02}]Ns.", "neither text nor a number"),
        (b"\x80\x02}((((ttttNs.", "neither text nor a number"),
        (b"\x80\x02h\x05.", "not stored"),
        (b"\x80\x02NNR.", "no function"),
        (b"\x80\x02NNb.", "no checkpoint|has none"),
        (b"\x80\x02]NR.", "no function"),
        (b"\x80\x02NQ.", "outside itself"),
        (b"\x80\x02P1\n.", "instruction"),
        (b"\x80\x02(i__main__\nx\n.", "asks for “__main__.x”"),
        (b"\x80\x02(X\1\0\0\0aios\nsystem\n.", "calls “os.system”"),
        (b"\x80\x02(icollections\nOrderedDict\n.", "in a way that no checkpoint needs"),
        (b"\x80\x02\x82\x01.", "instruction"),
        (b"\x80\x02\x8b\xff\xff\xff\x7f.", "whole number of 2147483647 bytes"),
        (b"\x80\x02\x8b\xff\xff\xff\xff.", "whole number of -1 bytes"),
        (b"\x80\x04\x8d" + b"\xff" * 8 + b".", "text"),
        (b"\x80\x04\x8e" + b"\xff" * 8 + b".", "ends early"),
        (b"\x80\x04X\xff\xff\xff\x03.", "ends early|text"),
        (b"\x80\x02L" + b"9" * 100 + b"L\n.", "too long"),
        (b"\x80\x02Ix\n.", "not written in digits"),
        (b"\x80\x02ccollections\nOrderedDict\n)R}X\1\0\0\0aNsb.", "sets the attribute “a”"),
        (b"\x80\x02ctorch\nFloatStorage\n)R.", "calls torch.FloatStorage, which is not allowed"),
        (b"\x80\x04]\x94h\0a" * 1 + b"N" * 3, "ends early"),
    ],
)
def test_damaged_and_tricky_pickles_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(Cause, match=why):
        _read(data)


def _memo_bomb(head: bytes, repeat: bytes, times: int) -> bytes:
    return b"\x80\x04" + head + repeat * times + b"."


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x04" + b"\x8f" * 400_000 + b".",
        # One list of pairs, made into a dictionary again and again.
        _memo_bomb(
            b"](" + b"".join(b"X\4\0\0\0%04dN\x86" % i for i in range(5000)) + b"e\x94",
            b"ccollections\nOrderedDict\nh\0\x85R",
            5000,
        ),
        # One state, given to many objects.
        _memo_bomb(
            b"}(" + b"".join(b"X\4\0\0\0%04dN" % i for i in range(5000)) + b"u\x94",
            b"cargparse\nNamespace\n)\x81h\0b",
            5000,
        ),
        # One inner file, read again and again.
        _memo_bomb(
            b"B" + (4000).to_bytes(4, "little") + (b"\x80\x02" + b"N0" * 1999)[:4000] + b"\x94",
            b"ctorch.storage\n_load_from_bytes\nh\0\x85R",
            1,
        ),
    ],
    ids=["sets", "dictionaries", "states", "inner files"],
)
def test_work_that_multiplies_is_stopped(data: bytes) -> None:
    with pytest.raises(Cause):
        _read(data)


def test_inner_files_share_one_budget() -> None:
    import torch

    operations = pickletools.genops(pickle.dumps(torch.ones(2), protocol=3))
    inner = next(argument for _, argument, _ in operations if isinstance(argument, bytes))
    head = b"B" + len(inner).to_bytes(4, "little") + inner + b"\x94"
    call = b"ctorch.storage\n_load_from_bytes\nh\0\x85R0"
    few = _read(_memo_bomb(head, call, 3)[:-1] + b"N.")
    assert few is None
    with pytest.raises(Cause, match="far more steps"):
        _read(_memo_bomb(head, call, 20_000))
