"""Sessions as files: JSON, versioned, written aside and renamed, read with suspicion."""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from studio import places
from studio.errors import BadChoice, RefusedFile
from studio.runtimes.target import Target
from studio.session.checks import check_choice, check_inputs
from studio.session.diffusion_source import check_diffusion
from studio.session.document import CURRENT, FULL, MODES, Document, ModelRef
from studio.session.playing import MOST_FOUND, check_plan
from studio.session.source import check_source
from studio.session.steps import check_steps

if TYPE_CHECKING:
    from pydantic import ValidationError

FORMAT = "maquette-session"
VERSION = 9
"""Version 1 knew no mixing by stages, no found directions and no walks, version 2 no targets,
version 3 no baked steps of a recipe, version 4 no spread, channels, memory and realism of what was
measured, version 5 no pictures, drawings and answers of translation models, version 6 no label maps
that drawings paint over, version 7 no prompts and what else diffusion pipelines draw from, version
8 no steps, guidance and scheduler of a variant's own and no words of pins. What is missing in such
a file has the defaults, which say just that."""
SUFFIX = ".maquette"
MAX_BYTES = 32 * 1024 * 1024
MAX_ITEMS = 10_000


def save(document: Document, path: Path, *, belongs_to: Path | None = None) -> None:
    """Write ``document`` at ``path``, whole or not at all.

    Args:
        belongs_to: the session file of which an autosave holds the unsaved changes.

    Raises:
        RefusedFile: the folder cannot be written.
    """
    content = {
        "format": FORMAT,
        "version": VERSION,
        "model_relative": _relative(document.model, path),
        **({} if belongs_to is None else {"belongs_to": str(belongs_to)}),
        "document": asdict(document),
    }
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("w", encoding="utf-8") as stream:
            json.dump(content, stream, indent=1, allow_nan=False, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise RefusedFile(f"{path.name} cannot be saved: {error.strerror or error}") from error


def load(path: Path) -> Document:
    """Read a session. The model's path in it is where the model is now (see :func:`locate`).

    Raises:
        RefusedFile: with one sentence that names the file and the cause.
    """
    name = path.name
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise RefusedFile(
                f"{name} is {size / 1e6:.0f} MB; a session has at most {MAX_BYTES / 1e6:.0f} MB"
            )
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedFile(f"{name} is not a session: it is not text") from error
    except OSError as error:
        raise RefusedFile(f"{name} cannot be read: {error.strerror or error}") from error
    envelope = _envelope(text, name)
    document = _document(envelope.get("document"), name)
    if document.model is None:
        return document
    relative = envelope.get("model_relative")
    beside = relative if isinstance(relative, str) else None
    return replace(document, model=locate(document.model, beside, path))


@dataclass(frozen=True)
class Peek:
    """What a session says of itself at a glance: the name of its model, and the file that it holds
    the unsaved changes of."""

    model: str = ""
    home: Path | None = None


def peek(path: Path) -> Peek:
    """A glance at a session, which may be damaged: then nothing is known."""
    try:
        found = json.loads(path.read_bytes()[:MAX_BYTES])
        model = found["document"]["model"]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return Peek()
    name = model.get("name") if isinstance(model, dict) else None
    home = found.get("belongs_to")
    return Peek(
        name if isinstance(name, str) else "",
        Path(home) if isinstance(home, str) and home and "\0" not in home else None,
    )


def locate(model: ModelRef, relative: str | None, session: Path) -> ModelRef:
    """Find a model's file: where it was, beside the session, or among the embedded ones.

    Raises:
        RefusedFile: it is at none of these places.
    """
    candidates = [Path(model.path)]
    if relative:
        candidates.append(session.absolute().parent / relative)
    if model.embedded:
        own = places.embedded_model(model.embedded)
        candidates += [own] if own else []
    for candidate in candidates:
        try:
            if candidate.is_file() or (candidate / places.PIPELINE_INDEX).is_file():
                return replace(model, path=os.path.normpath(candidate.absolute()))
        except (OSError, ValueError):
            continue
    raise RefusedFile(
        f"{session.name} needs the model {Path(model.path).name}, which is no longer at "
        f"{Path(model.path).parent}; put it back there or beside the session"
    )


def changed(model: ModelRef, source_sha256: str, key: str) -> str | None:
    """A sentence when the model file is not the one the session was saved with, else None."""
    if model.source_sha256 == source_sha256 and model.key == key:
        return None
    return (
        f"{Path(model.path).name} has changed since this session was saved "
        f"(its hash is {source_sha256[:12]}, not {model.source_sha256[:12]}); "
        "pictures will differ"
    )


def _relative(model: ModelRef | None, session: Path) -> str | None:
    if model is None:
        return None
    try:
        return os.path.relpath(model.path, session.absolute().parent)
    except ValueError:  # another drive on Windows
        return None


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is too large a number")
    return value


def _envelope(text: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except RecursionError as error:
        raise RefusedFile(f"{name} is not a session: it is nested too deeply") from error
    except ValueError as error:
        raise RefusedFile(f"{name} is not a session: it is not JSON ({error})") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise RefusedFile(f'{name} is not a session: it lacks "format": "{FORMAT}"')
    version = found.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise RefusedFile(f"{name} is not a session: its version is not a number from 1 up")
    if version > VERSION:
        raise RefusedFile(
            f"{name} was saved by a newer Maquette (session version {version}; "
            f"this one reads up to {VERSION})"
        )
    if "document" not in found:
        raise RefusedFile(f'{name} is not a whole session: it lacks "document"')
    return found


def _document(found: Any, name: str) -> Document:
    # pydantic takes a tenth of a second to import, which the start of the window cannot spare.
    from pydantic import TypeAdapter, ValidationError

    try:
        document = TypeAdapter(Document).validate_python(found)
        _check(document)
    except ValidationError as error:
        raise RefusedFile(f"{name} is not a whole session: {_first(error)}") from error
    except (ValueError, BadChoice, RecursionError) as error:
        raise RefusedFile(f"{name} is not a whole session: {error}") from error
    return document


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "document"
    return f"{place}: {first['msg']}"[:300]


def _check(document: Document) -> None:
    """What types alone do not say. Raises ValueError."""
    for what in ("kept", "pins", "measurements"):
        if len(getattr(document, what)) > MAX_ITEMS:
            raise ValueError(f"{what} has more than {MAX_ITEMS} entries")
    for inputs in (document.inputs, *(pin.inputs for pin in document.pins)):
        check_inputs(inputs)
    if not 1 <= document.found.count <= MOST_FOUND:
        raise ValueError(f"{document.found.count} directions are not within 1 and {MOST_FOUND}")
    check_plan(document.walk)
    check_source(document.source)
    for words in (document.words, *(pin.words for pin in document.pins)):
        if words is not None:
            check_diffusion(words)
    for choice in (document.subnet, *(v.choice for v in document.kept)):
        check_choice(choice)
    for steps in (document.recipe, *(v.recipe for v in document.kept)):
        check_steps(steps)
    ids = [v.id for v in document.kept] + [p.id for p in document.pins]
    if len(set(ids)) != len(ids) or {FULL, CURRENT} & set(ids):
        raise ValueError("two kept subnets or pins have one id")
    view = document.view
    if view.mode not in MODES:
        raise ValueError(f"mode '{view.mode[:40]}' is not one of {', '.join(MODES)}")
    known = {FULL, CURRENT, *(v.id for v in document.kept)}
    if not {view.side_a, view.side_b} <= known:
        raise ValueError("a side shows a subnet that is not kept")
    if view.zoom is not None and not 0.001 <= view.zoom <= 10_000:
        raise ValueError(f"zoom {view.zoom:g} is out of range")
    for target in (view.target_a, view.target_b):
        if target:
            Target.parse(target)
    for item in document.measurements:
        Target.parse(item.measurement.target, measured=True)
    if not 0 <= view.divider <= 1:
        raise ValueError(f"divider {view.divider:g} is not within 0 and 1")
