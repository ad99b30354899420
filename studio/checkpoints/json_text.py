"""JSON of unknown origin, parsed within limits, and what a lone JSON file is refused for."""

from __future__ import annotations

import json
import re

from studio.checkpoints.causes import Cause, NotSupported, shortened
from studio.checkpoints.spans import Span

_MAX_DEPTH = 64
_MAX_FILE = 1_000_000
_MAX_SIZE = 1 << 16
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?+', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


def parse_json(data: bytes, what: str, *, infinities: bool = False) -> object:
    """Parse UTF-8 JSON without NaN, repeated names or deep nesting.

    Args:
        data: the text.
        what: how a sentence calls it, such as "its header".
        infinities: let them pass, as Python writes them.

    Raises:
        Cause: it is none of that.
    """
    depth = nesting(data)
    if depth > _MAX_DEPTH:
        raise Cause(f"{what} is JSON nested {depth} deep, where {_MAX_DEPTH} is the limit")

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        result = dict(items)
        if len(result) != len(items):
            seen: set[str] = set()
            for name, _ in items:
                if name in seen:
                    raise Cause(f"{what} has the name {shortened(name)} twice")
                seen.add(name)
        return result

    def constant(word: str) -> object:
        if infinities and word != "NaN":
            return float(word)
        raise Cause(f"{what} holds {word}, which is no JSON")

    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
        if _SURROGATE.search(text):  # half a character cannot be written or shown anywhere
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except (ValueError, RecursionError) as error:
        raise Cause(f"{what} is no valid JSON") from error


def nesting(data: bytes) -> int:
    """How deep brackets and braces nest outside of strings, whether closed or not."""
    deepest = depth = 0
    for byte in _STRINGS.sub(b"", data).translate(None, _NO_BRACKETS):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def refuse_json(span: Span) -> Cause:
    """The cause for a JSON file that is opened as a model, with what is absurd in it."""
    accepted = "accepted are checkpoints of PyTorch and .safetensors files"
    if span.length > _MAX_FILE:
        return NotSupported(f"it is a JSON file, not a model; {accepted}")
    try:
        content = parse_json(span.read(), "it")
    except Cause as cause:
        return Cause(f"it is a JSON file, not a model, and {str(cause).removeprefix('it ')}")
    problems = list(_problems(content)) if isinstance(content, dict) else []
    if problems:
        return Cause(f"it is a configuration with impossible values: {', '.join(problems[:4])}")
    return NotSupported(
        f"it is a JSON file that describes a model but holds no weights; {accepted}"
    )


def _problems(content: dict[str, object]) -> list[str]:
    found = []
    for name, value in content.items():
        if type(value) is int and not 0 <= value <= _MAX_SIZE:
            found.append(f"{shortened(name)} is {value}")
        elif name == "config_str" and isinstance(value, str):
            bad = [part for part in value.split("_") if not part.isdecimal() or int(part) < 1]
            if bad:
                found.append(f"{shortened(name)} has the channel counts {', '.join(bad[:4])}")
    return found
