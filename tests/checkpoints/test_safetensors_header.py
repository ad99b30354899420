"""The safetensors header: everything that the format does not allow is refused with its reason."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from studio.checkpoints.causes import Cause
from studio.checkpoints.safetensors_file import MAX_HEADER, read_safetensors
from studio.checkpoints.spans import Span


def _read(header: Any, data: bytes = b"\0" * 16) -> Any:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return read_safetensors(Span.of(len(text).to_bytes(8, "little") + text + data))


def _tensor(
    shape: Any = (4,), offsets: Any = (0, 16), dtype: Any = "F32", **more: Any
) -> dict[str, Any]:
    return {"a": {"dtype": dtype, "shape": shape, "data_offsets": offsets} | more}


def test_a_sound_header_is_read() -> None:
    content = _read(_tensor(shape=[2, 2]) | {"__metadata__": {"format": "pt"}})
    assert content.metadata == {"format": "pt"}
    assert content.tensors["a"].shape == (2, 2)
    assert content.tensors["a"].strides == (2, 1)


def test_pairs_of_surrogates_are_one_character() -> None:
    assert _read({"__metadata__": {"name": "\N{FACE WITH TEARS OF JOY}"}}, b"").metadata == {
        "name": "\N{FACE WITH TEARS OF JOY}"
    }


def test_empty_tensors_and_odd_types_are_allowed() -> None:
    content = _read(
        _tensor(shape=[0, 7], offsets=[0, 0])
        | {"b": {"dtype": "I64", "shape": [2], "data_offsets": [0, 16]}}
    )
    assert {name: t.dtype for name, t in content.tensors.items()} == {"a": "float32", "b": "int64"}


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (b"{", "no valid JSON"),
        (b"\xff\xfe{}", "no valid JSON"),
        (b"[]", "no JSON object"),
        ({"__metadata__": []}, "metadata"),
        ({"__metadata__": {"a": 1}}, "metadata"),
        ({"a": 3}, "not described"),
        ({"a": {"dtype": "F32"}}, "not described"),
        (_tensor(extra=1), "not described"),
        (_tensor(dtype="F31"), "unknown type “F31”"),
        (_tensor(dtype=[]), "unknown type"),
        (_tensor(shape="4"), "no short list"),
        (_tensor(shape=[4.0]), "no short list"),
        (_tensor(shape=[True, 4]), "no short list"),
        (_tensor(shape=[1] * 99), "no short list"),
        (_tensor(shape=[-4]), "negative sizes"),
        (_tensor(shape=[2**40, 2**40]), "more than any file holds"),
        (_tensor(shape=[10**400] * 8), "no file can hold"),
        (b'{"\\ud800": 1}', "no valid JSON"),
        ({f"t{i}": 1 for i in range(20_001)}, "lists 20001 tensors"),
        (_tensor(offsets=[0]), "offsets"),
        (_tensor(offsets=[16, 0]), "offsets"),
        (_tensor(offsets=[-16, 0]), "offsets"),
        (_tensor(shape=[3]), "needs 12 bytes, but its offsets hold 16"),
        (_tensor(shape=[5], offsets=[0, 20]), "beyond the end"),
        (_tensor(shape=[3], offsets=[4, 16]), "4 bytes before .* belong to none"),
        (_tensor(shape=[3], offsets=[0, 12]), "4 bytes after .* belong to none"),
        (
            b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":'
            b'{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}',
            "“b” overlaps",
        ),
        (b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}", "nested 71 deep"),
        (b'{"a": ' + b"9" * 5000 + b"}", "no valid JSON"),
    ],
)
def test_other_headers_are_refused(header: Any, why: str) -> None:
    with pytest.raises(Cause, match=why):
        _read(header)


def test_header_length_is_checked_before_anything_is_read() -> None:
    class Watched(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1) -> bytes:
            self.most = max(self.most, size or 0)
            return super().read(size)

    file = Watched((2**62).to_bytes(8, "little") + b"{}")
    with pytest.raises(Cause, match="header length of 4611686018427387904"):
        read_safetensors(Span(file, 0, 10))
    # A sparse file can be as long as it says.
    file = Watched((MAX_HEADER + 1).to_bytes(8, "little"))
    with pytest.raises(Cause, match="limit"):
        read_safetensors(Span(file, 0, 1 << 40))
    assert file.most <= 8


def test_brackets_in_names_do_not_count_as_nesting() -> None:
    name = "[{" * 500 + '\\"'
    text = json.dumps({name: _tensor()["a"]}).encode()
    assert _read(text).tensors.keys() == {name}
