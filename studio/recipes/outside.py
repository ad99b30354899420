"""Techniques of other packages as the window knows them: read by processes of their own.

The window runs nobody else's code. For each package that the user has agreed to, a process imports
it and says in JSON what its techniques declare; stand-ins made from that check recipes here
(:mod:`studio.recipes.stand_in`), and jobs run the real ones. A package that hangs, crashes or says
nonsense is an entry that says so. Imports no torch.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, get_args

from studio.places import log_dir
from studio.processes.child import Child, describe_exit
from studio.recipes.contract import VERBS
from studio.recipes.registry import (
    Description,
    Entry,
    Registry,
    State,
    agreed_packages,
    builtin_entries,
    consistent,
    unasked_entries,
)
from studio.recipes.stand_in import StandIn, stand_in

if TYPE_CHECKING:
    from studio.families.info import BaseInfo

MODULE = "studio.recipes.outside_process"
PATIENCE = 30.0
"""Seconds until a package that says nothing is given up."""
LARGEST = 4 << 20  # bytes of what a package may say of itself
_log = logging.getLogger(__name__)


def builtin_registry() -> Registry:
    """Everything but the techniques of packages that were agreed to: these are asked separately."""
    return Registry(consistent([*builtin_entries(), *unasked_entries()]))


def window_registry(info: BaseInfo | None = None, seconds: float = PATIENCE) -> Registry:
    """Every technique, those of other packages as stand-ins. Takes as long as the slowest package,
    at most ``seconds``; none is waited for where nothing was agreed to.

    Args:
        info: a model to ask them about; see :func:`ask`.
    """
    outside = read(agreed_packages(), info, seconds)
    return Registry(consistent([*builtin_entries(), *outside, *unasked_entries()]))


def ask(registry: Registry, info: BaseInfo, seconds: float = PATIENCE) -> dict[str, str | None]:
    """Why each technique of another package does not fit a model, by its name; None for one that
    does, and for one whose package no longer answers."""
    names = {each.name for each in registry if isinstance(each, StandIn)}
    packages = dict.fromkeys(e.package for e in registry.entries if e.name in names and e.package)
    found: dict[str, str | None] = dict.fromkeys(names)
    for entry in read(packages, info, seconds):
        if isinstance(entry.technique, StandIn) and entry.name in names:
            found[entry.name] = entry.technique.reasons.get(info.key)
    return found


def read(
    packages: Iterable[str], info: BaseInfo | None = None, seconds: float = PATIENCE
) -> list[Entry]:
    """The techniques of packages, each asked in a process of its own, all at the same time."""
    asked = [(package, _asked(package, info)) for package in packages]
    deadline = time.monotonic() + seconds
    entries: list[Entry] = []
    for package, child in asked:
        if isinstance(child, str):
            entries.append(Entry(package, package, "failed", problem=child))
        else:
            entries += _answers(package, child, info, deadline, seconds)
    return entries


def _asked(package: str, info: BaseInfo | None) -> Child | str:
    try:
        child = Child(MODULE, log_dir() / "techniques.log")
    except OSError as error:
        return f"its process cannot be started: {error}"
    try:
        child.connection.send((package, info))
    except OSError:  # it has ended already; what that was is told when it is read
        _log.warning("the process that reads %s ended at once", package)
    return child


def _answers(
    package: str, child: Child, info: BaseInfo | None, deadline: float, seconds: float
) -> list[Entry]:
    problem, told = "", b""
    try:
        if child.connection.poll(max(0.0, deadline - time.monotonic())):
            told = child.connection.recv_bytes(LARGEST)
        else:
            problem = f"its package has not answered within {seconds:g} s"
    except (EOFError, OSError):
        problem = "gone"
    finally:
        code = child.end(0.1)
        child.close()
    if problem == "gone":
        problem = f"the process that reads its package {describe_exit(code)}"
    if not problem:
        try:
            return [_entry(package, each, info) for each in json.loads(told)]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            _log.warning("what %s says of its techniques is no use", package, exc_info=error)
            problem = "what its package says of itself cannot be read"
    return [Entry(package, package, "failed", problem=problem)]


def _entry(package: str, told: Mapping[str, Any], info: BaseInfo | None) -> Entry:
    """An entry of what a process said.

    Raises:
        ValueError, TypeError, KeyError: it is not of the form that is promised.
    """
    values = {field.name: told[field.name] for field in fields(Description)}
    for name in ("verbs", "after", "before", "lengths"):
        values[name] = tuple(str(each) for each in values[name])
    for name in ("name", "state", "problem", "title", "summary", "paper", "not_first", "schema"):
        if not isinstance(values[name], str):
            raise TypeError(f"{name} is no text")
    found = replace(Description(**values), package=package)
    if found.state not in get_args(State) or not set(found.verbs) <= set(VERBS):
        raise ValueError("its state or its verbs are unknown")
    if found.state != "ready":
        return Entry(found.name, package, "failed", problem=found.problem or "it cannot be used")
    made = stand_in(found)
    if info is not None:
        reason = told["unfitting"]
        made.reasons[info.key] = None if reason is None else str(reason)
    return Entry(found.name, package, "ready", made)
