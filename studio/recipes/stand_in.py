"""A technique of another package as it describes itself: enough to check recipes, nothing to run.

Values are checked against the JSON schema that the package gave. What a schema has no word for
(validators, migrations, what fits together) only the package knows, so a job checks again before it
begins. Imports no torch.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, create_model

from studio.errors import MaquetteError
from studio.families.info import BaseInfo
from studio.recipes.contract import Params, Technique, Verb
from studio.recipes.registry import Description, checked_technique
from studio.subnets.choice import SubnetChoice

_BOUNDS = {
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "pattern": "pattern",
}
_PLAIN: dict[str, Any] = {"integer": int, "number": float, "boolean": bool, "string": str}


class StandIn(Technique):
    """Says what the real one says. ``reasons``: by the key of a model why it does not fit, None
    where it does; a model that nobody has asked about yet is taken to fit."""

    told: ClassVar[tuple[Verb, ...]]

    def __init__(self) -> None:
        self.reasons: dict[str, str | None] = {}

    @classmethod
    def verbs(cls) -> tuple[Verb, ...]:
        return cls.told

    def applies_to(self, info: BaseInfo) -> str | None:
        return self.reasons.get(info.key)

    def select(self, info: BaseInfo, params: Any, choice: SubnetChoice) -> SubnetChoice:
        """The choice as it is: what it becomes, the job finds out."""
        return choice


class _Open(Params):
    model_config = ConfigDict(extra="ignore")


def stand_in(found: Description) -> StandIn:
    """A stand-in for a technique that is ready.

    Raises:
        MaquetteError: what it says of itself is no technique.
        ValueError: its schema is none.
    """
    kind = type(
        "".join(c for c in found.name.title() if c.isalnum()) or "Outside",
        (StandIn,),
        {
            "name": found.name,
            "version": found.version,
            "title": found.title,
            "summary": found.summary,
            "paper": found.paper,
            "after": found.after,
            "before": found.before,
            "not_first": found.not_first,
            "lengths": found.lengths,
            "told": found.verbs,
            "params": params_of(found.schema),
        },
    )
    made = checked_technique(kind)
    if not isinstance(made, StandIn):
        raise MaquetteError(f"{found.name} is no technique")
    return made


def params_of(schema: str) -> type[Params]:
    """A declaration that accepts what the JSON schema (text) accepts, and gives it back as it is.

    Raises:
        ValueError: it is not the schema of an object.
    """
    whole = json.loads(schema)
    if not isinstance(whole, dict) or not isinstance(whole.get("properties", {}), dict):
        raise ValueError("this is not the schema of an object")
    base = Params if whole.get("additionalProperties") is False else _Open
    try:
        declared: type[Params] = create_model("Params", __base__=base, **_fields(whole))
    except Exception:  # noqa: BLE001 - names or patterns that only the package can use
        declared = create_model("Params", __base__=_Open)
    schema_of = classmethod(lambda cls, *args, **kwargs: json.loads(schema))
    return type("Params", (declared,), {"model_json_schema": schema_of, "__module__": __name__})


def _fields(whole: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, each in whole.get("properties", {}).items():
        kind = _kind(each, whole)
        if name in whole.get("required", ()):
            made[name] = (kind, ...)
        elif "default" in each:
            made[name] = (kind, each["default"])
        else:
            made[name] = (kind | None, None)
    return made


def _kind(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """A type that accepts what ``schema`` accepts; Any for what is not known here."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        target = root.get("$defs", {}).get(name, {})
        return Any if "$ref" in target else _kind(target, {**root, "$defs": {}})
    alone = schema.get("allOf")
    if isinstance(alone, list) and len(alone) == 1:
        return _kind(alone[0], root)
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return reduce(or_, (_kind(each, root) for each in options))
    if "const" in schema:
        return Literal[schema["const"]]
    if "enum" in schema:
        return Literal[tuple(schema["enum"])]
    kind = schema.get("type")
    if kind == "null":
        return types.NoneType
    if kind == "array":
        items = schema.get("items")
        inner = _kind(items, root) if isinstance(items, dict) else Any
        return _bounded(types.GenericAlias(list, (inner,)), schema)
    return _bounded(_PLAIN[kind], schema) if kind in _PLAIN else Any


def _bounded(kind: Any, schema: Mapping[str, Any]) -> Any:
    bounds = {ours: schema[theirs] for theirs, ours in _BOUNDS.items() if theirs in schema}
    return Annotated[kind, Field(**bounds)] if bounds else kind
