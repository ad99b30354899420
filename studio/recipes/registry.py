"""Every technique there is: the built-in ones, and those of packages that the user agreed to.

Built-in ones are found as ``plugins/*/technique.py``, others through the entry-point group
``maquette.techniques``. Whatever is wrong with one (it fails to import, is no technique, has a name
that is taken, contradicts the order rules of others) stands in its entry and harms nothing else.
Imports no torch, and no technique may when it is imported: windows read their declarations.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from itertools import pairwise
from typing import Any, Literal

import plugins
from studio.errors import BadRecipe, MaquetteError
from studio.recipes import consent
from studio.recipes.contract import Params, Technique, Verb

GROUP = "maquette.techniques"
EXPORT = "TECHNIQUE"
State = Literal["ready", "failed", "unasked"]
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One technique that was found.

    Args:
        name: of the technique, or what stands for it while it could not be read.
        package: the distribution that brings it, as it calls itself; empty for a built-in one.
        state: ``ready``; ``failed``, with the reason in ``problem``; ``unasked`` while the user has
            not agreed to run its package's code, which then was not touched.
        technique: there when ready.
    """

    name: str
    package: str
    state: State
    technique: Technique | None = None
    problem: str = ""


@dataclass(frozen=True)
class Description:
    """A technique as plain data, for lists, panels and JSON. ``schema`` is JSON Schema as text."""

    name: str
    package: str
    state: State
    problem: str = ""
    version: int = 0
    title: str = ""
    summary: str = ""
    paper: str = ""
    verbs: tuple[Verb, ...] = ()
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    not_first: str = ""
    schema: str = "{}"
    lengths: tuple[str, ...] = ()


class Registry:
    """What was found. Look techniques up by name with :meth:`get`."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._ready: dict[str, Technique] = {
            entry.name: entry.technique for entry in self.entries if entry.technique is not None
        }

    def __iter__(self) -> Iterator[Technique]:
        return iter(self._ready.values())

    def __contains__(self, name: object) -> bool:
        return name in self._ready

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the techniques that can be used, built-in ones first."""
        return tuple(self._ready)

    def get(self, name: str) -> Technique:
        """The technique of that name.

        Raises:
            BadRecipe: there is none that can be used; the sentence says why or which there are.
        """
        if name in self._ready:
            return self._ready[name]
        raise BadRecipe(self.why_not(name))

    def why_not(self, name: str) -> str:
        """Why there is no such technique, as a sentence."""
        for entry in self.entries:
            if entry.name == name and entry.state == "failed":
                return f"the technique {name} cannot be used: {entry.problem}"
            if entry.name == name and entry.state == "unasked":
                return (
                    f"the technique {name} belongs to the package {entry.package}, whose code may "
                    f"not run yet; maquette techniques --allow {entry.package} agrees to it"
                )
        known = f"there is no technique {name}; there are {', '.join(self.names) or 'none'}"
        unasked = sorted({entry.package for entry in self.entries if entry.state == "unasked"})
        if not unasked:
            return known
        return (
            f"{known}; packages whose code may not run yet (maquette techniques --allow) bring "
            f"more: {', '.join(unasked)}"
        )

    def params(self, name: str) -> type[Params]:
        """The declaration of a technique's parameters.

        Raises:
            BadRecipe: there is no such technique.
        """
        return self.get(name).params

    def descriptions(self) -> tuple[Description, ...]:
        """Every entry as plain data."""
        return tuple(described(entry) for entry in self.entries)


def described(entry: Entry) -> Description:
    """An entry as plain data."""
    made = entry.technique
    if made is None:
        return Description(entry.name, entry.package, entry.state, entry.problem)
    return Description(
        entry.name,
        entry.package,
        entry.state,
        version=made.version,
        title=made.title,
        summary=made.summary,
        paper=made.paper,
        verbs=made.verbs(),
        after=made.after,
        before=made.before,
        not_first=made.not_first,
        schema=json.dumps(made.params.model_json_schema()),
        lengths=made.lengths,
    )


def load_registry(*, outside: bool = True) -> Registry:
    """Find every technique.

    Args:
        outside: also look for those of other packages.
    """
    found = [*builtin_entries()]
    if outside:
        found += outside_entries(consent.allowed())
    return Registry(consistent(found))


def builtin_entries() -> list[Entry]:
    """Techniques of the folder ``plugins``, by name of their folders."""
    entries = []
    for module in sorted(pkgutil.iter_modules(plugins.__path__), key=lambda each: each.name):
        where = f"{plugins.__name__}.{module.name}.technique"
        if module.ispkg and _exists(where):
            entries.append(_entry(module.name, "", partial(_exported, where)))
    return entries


def outside_entries(agreed: Iterable[str]) -> list[Entry]:
    """Techniques of other packages; those of packages not among ``agreed`` are only named."""
    names = {consent.normal_name(each) for each in agreed}
    entries = []
    for point in _points():
        package = point.dist.name if point.dist is not None else "?"
        if consent.normal_name(package) in names:
            entries.append(_entry(point.name, package, point.load))
        else:
            entries.append(Entry(point.name, package, "unasked"))
    return entries


def allow(package: str) -> str:
    """Agree to run the code of an installed package that brings techniques; returns its name.

    Raises:
        MaquetteError: no installed package of that name brings any, or it cannot be remembered.
    """
    brings = {consent.normal_name(p.dist.name): p.dist.name for p in _points() if p.dist}
    name = brings.get(consent.normal_name(package))
    if name is None:
        known = ", ".join(sorted(brings.values())) or "none"
        raise MaquetteError(
            f"no installed package called {package} brings techniques; those that do: {known}"
        )
    consent.allow(name)
    return name


def agreed_packages() -> tuple[str, ...]:
    """The installed packages that bring techniques and whose code may run; runs none of it."""
    agreed = consent.allowed()
    names = dict.fromkeys(p.dist.name for p in _points() if p.dist is not None)
    return tuple(name for name in names if consent.normal_name(name) in agreed)


def unasked_entries() -> list[Entry]:
    """The techniques of packages that the user has not agreed to, by name alone."""
    agreed = set(agreed_packages())
    found = [(p.name, p.dist.name if p.dist is not None else "?") for p in _points()]
    return [Entry(name, package, "unasked") for name, package in found if package not in agreed]


def _points() -> list[metadata.EntryPoint]:
    try:
        return sorted(metadata.entry_points(group=GROUP), key=lambda p: (p.name, p.value))
    except Exception:  # noqa: BLE001 - metadata that some package has damaged
        _log.warning("the installed packages could not be searched for techniques", exc_info=True)
        return []


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except Exception:  # noqa: BLE001 - its package fails to import; the entry is to say so
        return True


def _exported(module: str) -> object:
    return getattr(importlib.import_module(module), EXPORT)


def _entry(name: str, package: str, load: Callable[[], object]) -> Entry:
    # What runs here is somebody else's code, so that anything may be raised, SystemExit too.
    try:
        kind = load()
        technique = checked_technique(kind)
    except KeyboardInterrupt:
        raise
    except MaquetteError as error:
        return Entry(name, package, "failed", problem=str(error))
    except BaseException as error:  # noqa: BLE001
        _log.warning("the technique %s cannot be imported", name, exc_info=True)
        words = " ".join(str(error).split()) or "no more is known"
        return Entry(name, package, "failed", problem=f"{type(error).__name__}: {words}")
    return Entry(technique.name, package, "ready", technique)


def checked_technique(kind: object) -> Technique:
    """An instance of a class that says all that a technique must say.

    Raises:
        MaquetteError: it does not; the sentence names what is missing.
    """
    if not isinstance(kind, type) or not issubclass(kind, Technique):
        raise MaquetteError(f"{kind!r} is not a subclass of Technique")
    for name in ("name", "title", "summary"):
        if not isinstance(getattr(kind, name, None), str) or not getattr(kind, name).strip():
            raise MaquetteError(f"{kind.__name__} does not say its {name}")
    if not _NAME.fullmatch(kind.name):
        raise MaquetteError(
            f"the name {kind.name!r} is not made of lower-case letters, digits, - and _"
        )
    if type(kind.version) is not int or kind.version < 1:
        raise MaquetteError(f"the version of {kind.name} is not a whole number from 1")
    if not isinstance(kind.not_first, str):
        raise MaquetteError(f"why {kind.name} cannot come first is no text")
    params = getattr(kind, "params", None)
    if not isinstance(params, type) or not issubclass(params, Params):
        raise MaquetteError(f"the params of {kind.name} are not a subclass of Params")
    if not kind.verbs():
        raise MaquetteError(f"{kind.name} implements none of the verbs")
    for rule in ("after", "before"):
        names: Any = getattr(kind, rule)
        if not isinstance(names, tuple) or not all(isinstance(each, str) for each in names):
            raise MaquetteError(f"the rule {rule} of {kind.name} is not a tuple of names")
    json.dumps(params.model_json_schema())
    return kind()


def consistent(entries: Iterable[Entry]) -> list[Entry]:
    """Entries of which each that is ready has a name of its own, and order rules that can hold."""
    kept: list[Entry] = []
    ready: dict[str, Technique] = {}
    owners: dict[str, str] = {}
    for entry in entries:
        made = entry.technique
        if made is None:
            kept.append(entry)
            continue
        problem = ""
        if made.name in ready:
            problem = f"the name {made.name} is taken by {owners[made.name]}"
        elif cycle := _cycle({**ready, made.name: made}, made.name):
            problem = _cycle_sentence(cycle)
        if problem:
            kept.append(Entry(made.name, entry.package, "failed", problem=problem))
            continue
        ready[made.name] = made
        owners[made.name] = entry.package or "Maquette itself"
        kept.append(entry)
    return kept


def _later(techniques: Mapping[str, Technique]) -> dict[str, set[str]]:
    """For each technique those that must come after it."""
    edges: dict[str, set[str]] = {name: set() for name in techniques}
    for name, technique in techniques.items():
        for earlier in technique.after:
            edges.setdefault(earlier, set()).add(name)
        edges[name].update(technique.before)
    return edges


def _cycle(techniques: Mapping[str, Technique], start: str) -> tuple[str, ...]:
    """Names from ``start`` over later and later ones back to it; empty when no way leads back."""
    edges = _later(techniques)
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for following in sorted(edges.get(way[-1], ())):
            if following == start:
                return (*way, start)
            if following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return ()


def _cycle_sentence(cycle: tuple[str, ...]) -> str:
    if len(cycle) == 2:
        return f"its order rules say that {cycle[0]} comes before itself"
    steps = ", ".join(f"{a} before {b}" for a, b in pairwise(cycle))
    return f"its order rules and those of {cycle[-2]} contradict each other: {steps}"
