"""Plain values that never change: what the parameters of a recipe's step are made of."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST = 8  # levels of lists and mappings inside each other
LONGEST = 60  # characters of a value that a sentence shows


class Values(Mapping[str, Any]):
    """A mapping that cannot be changed and can be compared, hashed and pickled.

    Values are None, booleans, finite numbers, texts, tuples (lists become those) and ``Values``.

    Raises:
        ValueError: a value is of another kind; the words say which.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = {_name(key): frozen(value) for key, value in (items or {}).items()}

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"Values({self._items!r})"

    def __reduce__(self) -> tuple[type[Values], tuple[dict[str, Any]]]:
        return Values, (dict(self._items),)


def frozen(value: Any, depth: int = 0) -> Any:
    """``value`` as it stands in :class:`Values`.

    Raises:
        ValueError: it is not one of the kinds that a recipe can hold.
    """
    if depth > DEEPEST:
        raise ValueError(f"lists stand inside each other more than {DEEPEST} levels deep")
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a finite number")
        return value
    if isinstance(value, list | tuple):
        return tuple(frozen(each, depth + 1) for each in value)
    if isinstance(value, Mapping):
        return Values({_name(key): frozen(each, depth + 1) for key, each in value.items()})
    raise ValueError(f"a {type(value).__name__} is not a value that a recipe can hold")


def thawed(value: Any) -> Any:
    """``value`` as lists, dictionaries and plain values, for JSON and YAML."""
    if isinstance(value, Mapping):
        return {key: thawed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [thawed(each) for each in value]
    return value


def canonical(value: Any) -> str:
    """The one JSON text of plain values: equal values give equal texts."""
    return json.dumps(thawed(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def short(text: object) -> str:
    """Text of a file as sentences show it: in one line, cut where it is long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError(f"{short(key)} is not the name of a field")
    return key
