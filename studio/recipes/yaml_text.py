"""YAML as recipes use it: plain values, no tags, no anchors, no surprises. Imports no torch.

The reader builds on PyYAML's safe loader and takes less: whatever names a tag, an anchor or an
alias is refused, and of plain words only ``true``, ``false`` and ``null`` mean something, as in
YAML 1.2, so that a field called ``on`` stays a name, and ``1e-3`` is a number.
"""

from __future__ import annotations

import math
import re
from typing import Any

import yaml

from studio.recipes.values import short

DEEPEST = 12  # levels of lists and mappings inside each other
LONGEST_NUMBER = 40  # characters

_KINDS = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+0123456789.",
    ),
)
_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
for _kind, _pattern, _firsts in _KINDS:
    for _first in _firsts:
        _rule = (f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"))
        _RESOLVERS.setdefault(_first, []).append(_rule)


class NotPlain(ValueError):
    """The text is not YAML that a recipe can be made of. The words say what and where."""


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = _RESOLVERS

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        where = f"line {event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise NotPlain(f"{where}: anchors and aliases (& and *) are not accepted")
        if event.tag is not None:
            raise NotPlain(
                f"{where}: the tag {short(event.tag)} is not accepted; only plain values are"
            )
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotPlain(f"{where}: values stand more than {DEEPEST} levels deep")
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            where = f"line {key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                raise NotPlain(f"{where}: a name was expected before the colon")
            if key.value in seen:
                raise NotPlain(f"{where}: the name {short(key.value)} stands there twice")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _whole(loader: _Loader, node: yaml.ScalarNode) -> int:
    if len(node.value) > LONGEST_NUMBER:
        raise NotPlain(f"line {node.start_mark.line + 1}: a number has too many digits")
    return int(node.value)


def _real(loader: _Loader, node: yaml.ScalarNode) -> float:
    return float(node.value.lower().replace(".inf", "inf").replace(".nan", "nan"))


_Loader.add_constructor("tag:yaml.org,2002:int", _whole)
_Loader.add_constructor("tag:yaml.org,2002:float", _real)


class _Dumper(yaml.SafeDumper):
    yaml_implicit_resolvers = _RESOLVERS

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def _float_text(dumper: _Dumper, value: float) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", repr(value))


def _list_text(dumper: _Dumper, value: list[Any]) -> yaml.SequenceNode:
    flat = not any(isinstance(each, list | dict) for each in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flat)


_Dumper.add_representer(float, _float_text)
_Dumper.add_representer(list, _list_text)


def read_plain(text: str) -> Any:
    """The one document in ``text``, as dictionaries, lists and plain values.

    Raises:
        NotPlain: it is not YAML, or YAML that is not accepted here.
    """
    try:
        loader = _Loader(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = "" if mark is None else f"line {mark.line + 1}: "
        raise NotPlain(f"{where}{error.problem or error.context or 'it is not YAML'}") from error
    except yaml.reader.ReaderError as error:
        raise NotPlain("it holds characters that no text has") from error
    except yaml.YAMLError as error:
        raise NotPlain("it is not YAML") from error
    except RecursionError as error:
        raise NotPlain("values stand too deep inside each other") from error


def write_plain(value: Any) -> str:
    """``value`` as YAML: one way of writing it, in the order of its keys."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, indent=2
    )
    return text


def write_line(value: Any) -> str:
    """``value`` as YAML in one line, for a command line: without quotes where YAML can do without,
    with single ones where it must, with double ones for what cannot be seen."""
    text: str = yaml.dump(
        value,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=math.inf,
        default_flow_style=True,
    )
    return text.strip()
