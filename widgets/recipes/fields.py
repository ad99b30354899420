"""What a panel needs to know of a technique's parameters, read from their JSON schema. No Qt.

The schema is the one that pydantic writes for a technique's ``Params``. This module reads it as
plain data: the window imports neither pydantic nor a technique.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["number", "integer", "switch", "choice", "text", "list", "json"]


@dataclass(frozen=True)
class FieldSpec:
    """One parameter.

    Args:
        name: as in a recipe. title: for people. description: one sentence, also the tooltip.
        kind: which control it gets; ``json`` for shapes that no control here knows.
        default: its value when nothing is said, as JSON.
        low, high: bounds of a number, None where open; ``above``, ``below``: the bound itself is
            not accepted.
        step: what numbers are multiples of, None for any.
        choices: of a ``choice``, in order; of a ``list``, words that may stand in its place.
        item: of a ``list``, what an entry is.
        search: what its declaration says is worth trying: values, or the ends of a range.
        unit: "px", "%", ...; optional: None is accepted too; advanced: folded away.
        scan: the technique can find out by a scan what its list should be.
    """

    name: str
    title: str
    kind: Kind
    description: str = ""
    default: Any = None
    low: float | None = None
    high: float | None = None
    above: bool = False
    below: bool = False
    step: float | None = None
    choices: tuple[Any, ...] = ()
    item: Kind = "text"
    unit: str = ""
    optional: bool = False
    advanced: bool = False
    scan: bool = False
    search: tuple[Any, ...] = ()

    @property
    def bounded(self) -> bool:
        """Whether a slider can show the whole range."""
        return self.low is not None and self.high is not None and self.low < self.high

    def accepts(self, number: float) -> bool:
        """Whether a number is within the bounds."""
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return (low < number if self.above else low <= number) and (
            number < high if self.below else number <= high
        )


def fields_of(schema: str) -> tuple[FieldSpec, ...]:
    """The parameters of a JSON schema (as text), in its order.

    Raises:
        ValueError: the text is not the schema of an object.
    """
    found = json.loads(schema)
    if not isinstance(found, dict) or not isinstance(found.get("properties", {}), dict):
        raise ValueError("this is not the schema of an object")
    defs = found.get("$defs", {})
    return tuple(_field(n, s, defs) for n, s in found.get("properties", {}).items())


def with_fields(schema: str, names: Sequence[str]) -> str:
    """A JSON schema with these parameters alone, none of them folded away."""
    found = json.loads(schema)
    there = found.get("properties", {})
    found["properties"] = {n: {**there[n], "advanced": False} for n in names if n in there}
    return json.dumps(found)


def for_family(schema: str, family: str) -> str:
    """A JSON schema as it is shown for models of a family: without the parameters that are for
    others (``families``), and with the words that it has for this one (``words``)."""
    found = json.loads(schema)
    there = {}
    for name, each in found.get("properties", {}).items():
        if family in each.get("families", (family,)):
            own = each.get("words", {}).get(family, {})
            there[name] = {**each, **own}
    return json.dumps({**found, "properties": there})


def defaults_of(schema: str) -> dict[str, Any]:
    """Every parameter with its default."""
    return {field.name: field.default for field in fields_of(schema)}


def _field(name: str, schema: Mapping[str, Any], defs: Mapping[str, Any]) -> FieldSpec:
    outer = schema
    schema = _resolved(schema, defs)
    inner, optional = _without_none(schema, defs)
    inner, words = _without_words(inner, defs)
    kind = _kind(inner)
    low, above = _bound(inner, "minimum", "exclusiveMinimum")
    high, below = _bound(inner, "maximum", "exclusiveMaximum")

    def said(key: str, otherwise: Any) -> Any:
        return next((s[key] for s in (outer, schema, inner) if key in s), otherwise)

    return FieldSpec(
        name=name,
        title=_title(name, outer, schema if optional else inner),
        kind=kind,
        description=str(said("description", "")),
        default=said("default", None if optional else _empty(kind, inner, low, high)),
        low=low,
        high=high,
        above=above,
        below=below,
        step=inner.get("multipleOf"),
        choices=words or _choices(inner),
        item=_kind(_resolved(inner["items"], defs)) if kind == "list" else "text",
        unit=str(said("unit", "")),
        optional=optional,
        advanced=bool(said("advanced", False)),
        scan=bool(said("scan", False)),
        search=tuple(said("search", ())),
    )


def _resolved(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema behind a reference; what stands beside the reference counts more."""
    alone = schema.get("allOf")
    if isinstance(alone, list) and len(alone) == 1:
        schema = {**alone[0], **{k: v for k, v in schema.items() if k != "allOf"}}
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    target = defs.get(reference.rpartition("/")[2], {})
    return {**target, **{k: v for k, v in schema.items() if k != "$ref"}}


def _without_none(
    schema: Mapping[str, Any], defs: Mapping[str, Any]
) -> tuple[Mapping[str, Any], bool]:
    """The schema without "or null", and whether it had that."""
    parts = [_resolved(part, defs) for part in schema.get("anyOf", ())]
    others = [part for part in parts if part.get("type") != "null"]
    if len(others) == 1 and len(parts) == 2:
        return others[0], True
    return schema, False


def _without_words(
    schema: Mapping[str, Any], defs: Mapping[str, Any]
) -> tuple[Mapping[str, Any], tuple[Any, ...]]:
    """The list of "a list, or one of these words", and the words."""
    parts = [_resolved(part, defs) for part in schema.get("anyOf", ())]
    lists = [part for part in parts if _kind(part) == "list"]
    words = [word for part in parts for word in _choices(part)]
    if len(lists) == 1 and words and all(part in lists or _choices(part) for part in parts):
        return {**lists[0], **{k: v for k, v in schema.items() if k != "anyOf"}}, tuple(words)
    return schema, ()


def _kind(schema: Mapping[str, Any]) -> Kind:
    if "enum" in schema or "const" in schema:
        return "choice"
    kinds: dict[str, Kind] = {
        "number": "number",
        "integer": "integer",
        "boolean": "switch",
        "string": "text",
    }
    named = schema.get("type")
    if named == "array" and isinstance(schema.get("items"), dict):
        inner = schema["items"].get("type")
        return "list" if inner in ("string", "number", "integer") else "json"
    return kinds.get(named, "json") if isinstance(named, str) else "json"


def _choices(schema: Mapping[str, Any]) -> tuple[Any, ...]:
    if "const" in schema:
        return (schema["const"],)
    return tuple(schema.get("enum", ()))


def _bound(schema: Mapping[str, Any], closed: str, open_: str) -> tuple[float | None, bool]:
    if open_ in schema:
        return float(schema[open_]), True
    return (float(schema[closed]), False) if closed in schema else (None, False)


def _title(name: str, outer: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Its title as the declaration says, else its name."""
    made = name.replace("_", " ")
    said = outer.get("title", schema.get("title"))
    # Pydantic titles a field "Keep First" by itself, and an enumeration by its class.
    return str(said) if said and "$ref" not in outer else made


def _empty(kind: Kind, schema: Mapping[str, Any], low: float | None, high: float | None) -> Any:
    """A value to begin with where the declaration has none."""
    if kind == "choice":
        return _choices(schema)[0]
    if kind in ("number", "integer"):
        return low if low is not None else high if high is not None else 0
    if kind == "json":
        return {"object": {}, "array": []}.get(str(schema.get("type")))
    return {"switch": False, "text": "", "list": []}[kind]
