"""What is wrong with a step, in words. Imports no torch."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from studio.recipes.contract import Params
from studio.recipes.values import short


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Args:
        step: its number, counted from 1; 0 where no single step is meant.
        technique: of the step. field: of its parameters; empty where none is meant.
        text: what is wrong and what would be accepted, to be read after the step and the field.
    """

    step: int
    technique: str
    field: str
    text: str

    @property
    def sentence(self) -> str:
        """The whole sentence."""
        if not self.step:
            return self.text
        where = f"step {self.step} ({self.technique})"
        return f"{where}, {self.field}: {self.text}" if self.field else f"{where}: {self.text}"


def parameter_problems(
    number: int, technique: str, params: type[Params], error: ValidationError
) -> tuple[Problem, ...]:
    """A validation error as problems, one for each field that is wrong."""
    schema = params.model_json_schema()
    found: dict[str, Problem] = {}
    for each in error.errors():
        field = str(each["loc"][0]) if each["loc"] else ""
        if field not in found:
            text = _text(field, each, schema)
            found[field] = Problem(number, technique, field, text)
    return tuple(found.values())


def accepted(schema: Mapping[str, Any], root: Mapping[str, Any] | None = None) -> str:
    """What a field accepts, in words, from its JSON schema.

    Args:
        root: the schema that references point into; the schema itself when None.
    """
    top = schema if root is None else root
    if "$ref" in schema:
        return accepted(top.get("$defs", {}).get(str(schema["$ref"]).rpartition("/")[2], {}), top)
    if "anyOf" in schema or "oneOf" in schema:
        options = schema.get("anyOf") or schema["oneOf"]
        return " or ".join(dict.fromkeys(accepted(each, top) for each in options))
    if "enum" in schema:
        return f"one of: {', '.join(map(shown, schema['enum']))}"
    if "const" in schema:
        return shown(schema["const"])
    kind = schema.get("type")
    if kind in ("integer", "number"):
        return _number(schema, "whole number" if kind == "integer" else "number")
    if kind == "array":
        return _list(schema, top)
    words = {"boolean": "true or false", "null": "null", "object": "names with values"}
    if kind == "string" and "pattern" in schema:
        return f"a text of the form {schema['pattern']}"
    return words.get(str(kind), "a text" if kind == "string" else "another value")


def shown(value: Any) -> str:
    """A value as it would be written in a recipe, cut where it is long."""
    plain = {True: "true", False: "false", None: "null"}
    if value is None or isinstance(value, bool):
        return plain[value]
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        text = f"[{', '.join(map(shown, value))}]"
    elif isinstance(value, Mapping):
        text = f"{{{', '.join(f'{key}: {shown(each)}' for key, each in value.items())}}}"
    else:
        text = str(value)
    return short(text)


def _text(field: str, each: ErrorDetails, schema: Mapping[str, Any]) -> str:
    properties = schema.get("properties", {})
    if each["type"] == "extra_forbidden":
        near = difflib.get_close_matches(field, properties, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        fields = ", ".join(properties) or "none at all"
        return f"there is no such field; accepted are {fields}{meant}"
    if each["type"] in ("value_error", "assertion_error"):
        return each["msg"].partition(", ")[2] or each["msg"]
    takes = accepted(properties.get(field, {}), schema)
    if each["type"] == "missing":
        return f"it is missing; accepted is {takes}"
    place = [str(part) for part in each["loc"][1:] if isinstance(part, int)]
    entry = f" (entry {int(place[-1]) + 1})" if place else ""
    return f"{shown(each['input'])}{entry} is not accepted; accepted is {takes}"


def _number(schema: Mapping[str, Any], kind: str) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"a {kind} from {low:g} to {high:g}"
    parts = [
        f"above {above:g}" if above is not None else "",
        f"of at least {low:g}" if low is not None else "",
        f"below {below:g}" if below is not None else "",
        f"at most {high:g}" if high is not None else "",
    ]
    bounds = " and ".join(part for part in parts if part)
    return f"a {kind} {bounds}".strip()


def _list(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    if "prefixItems" in schema:
        items = "; ".join(accepted(each, root) for each in schema["prefixItems"])
        return f"a list of {len(schema['prefixItems'])} entries ({items})"
    low, high = schema.get("minItems"), schema.get("maxItems")
    count = f" of at least {low}" if low else ""
    if high is not None:
        count = f" of {low or 0} to {high}"
    each = schema.get("items")
    return f"a list{count}" + (f", each {accepted(each, root)}" if each else "")
