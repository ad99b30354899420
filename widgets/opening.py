"""Opening files: recognise, convert in a job when needed, then load in the render process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio import places
from studio.checkpoints import is_maquette
from studio.engine.job_messages import ConvertJob, JobDone, JobFailed, SortJob
from studio.engine.messages import CloseModel, Failed, Opened, OpenModel
from studio.errors import MaquetteError, RefusedFile
from studio.families.diffusion.pairing import is_pair
from studio.families.info import ModelInfo
from studio.session.document import ModelRef
from widgets import choosers
from widgets.bridge import Bridge
from widgets.jobs import Jobs

LANE = "open"
Answers = tuple[tuple[str, str], ...]
KEEP_OPEN = 2
MANIFEST = "manifest.json"
SINGLE_FILE = "model.diffusion_model."
"""How the denoiser's tensors are called in a Stable Diffusion of one file."""
LARGEST_RECORD = 2_000_000  # bytes of a manifest or a measurement


@dataclass(frozen=True)
class Wanted:
    """One file on its way to being open, and what follows."""

    request: int
    path: Path
    done: Callable[[ModelInfo, ModelRef], None]
    failed: Callable[[], None] = lambda: None
    keep: str = ""
    answers: Answers = ()


def is_session(path: Path) -> bool:
    """A session is JSON; no model layout begins with a brace. Reads a few bytes."""
    if path.is_dir() or is_pair(path):
        return False
    with path.open("rb") as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def is_pipeline(path: Path) -> bool:
    """A folder as diffusers writes it."""
    return path.is_dir() and (path / places.PIPELINE_INDEX).is_file()


def holds_pipeline(path: Path) -> bool:
    """A whole Stable Diffusion in one file, by the names in its header. What is wrong with another
    file is for its own reader to say."""
    if path.suffix.lower() != ".safetensors" or not path.is_file():
        return False
    from studio.checkpoints.causes import Cause
    from studio.checkpoints.safetensors_file import read_header
    from studio.checkpoints.spans import Span

    try:
        with path.open("rb") as stream:
            names = read_header(Span(stream, 0, path.stat().st_size))
    except (Cause, OSError):
        return False
    return any(name.startswith(SINGLE_FILE) for name in names)


def is_bundle(path: Path) -> bool:
    """A folder with a manifest."""
    return path.is_dir() and (path / MANIFEST).is_file() and not is_pipeline(path)


def kind_of_json(path: Path) -> str:
    """``measurement``, ``manifest`` (of a bundle), or ``session`` for all other JSON."""
    with path.open("rb") as stream:
        data = stream.read(LARGEST_RECORD + 1)
    if len(data) > LARGEST_RECORD:
        return "session"
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return "session"  # whose reader says what is wrong
    name = found.get("format") if isinstance(found, dict) else None
    kinds = {"maquette-measurement": "measurement", "maquette-bundle": "manifest"}
    return kinds.get(name, "session") if isinstance(name, str) else "session"


def converted_path(path: Path, answers: Answers = ()) -> Path:
    """Where the converted form of this very file (path, time and size) belongs, under the answers
    to what it cannot tell."""
    state = path.stat()
    name = f"{path}\n{state.st_mtime_ns}\n{state.st_size}"
    name += "".join(f"\n{question}={answer}" for question, answer in answers)
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    folder = places.cache_dir() / "models"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{choosers.shortened(path.stem)}-{digest}.safetensors"


def sorted_path(path: Path) -> Path:
    """Where the model at ``path`` with sorted channels belongs: the user's data, for sessions
    refer to it."""
    digest = converted_path(path).stem.rpartition("-")[2]
    folder = places.data_dir() / "models"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{choosers.shortened(path.stem)}-sorted-{digest}.safetensors"


class Opening(QObject):
    """Opens one model at a time; a newer wish replaces an older one.

    Signals:
        refused(sentence, details): the file did not open and nothing has changed, or a model that
            was open is no longer where it was.
        loading(name or ""): the render process is loading a file, or no longer.
        busy_changed(name or ""): a file is on its way to being open, or none is.
    """

    refused = Signal(str, str)
    loading = Signal(str)
    busy_changed = Signal(str)

    def __init__(
        self,
        send: Callable[[Any], None],
        jobs: Jobs,
        bridge: Bridge,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._jobs = jobs
        self._bridge = bridge
        self._request = 0
        self.__wanted: Wanted | None = None
        self._job: int | None = None
        self._open: dict[str, ModelInfo] = {}
        self._keys: dict[int, str] = {}  # of what is open, by request

    @property
    def _wanted(self) -> Wanted | None:
        return self.__wanted

    @_wanted.setter
    def _wanted(self, wanted: Wanted | None) -> None:
        self.__wanted = wanted
        self.busy_changed.emit(wanted.path.name if wanted is not None else "")

    def expect(self, path: Path, done: Callable[[ModelInfo, ModelRef], None]) -> None:
        """The request numbered 0 for ``path`` was sent before Qt was there; wait for its answer."""
        self._wanted = Wanted(0, path, done)

    def open(
        self,
        path: Path,
        done: Callable[[ModelInfo, ModelRef], None],
        failed: Callable[[], None] = lambda: None,
        keep: str = "",
        answers: Answers = (),
    ) -> None:
        """Open the model file at ``path``, then call ``done(info, ref)``, or ``failed()``.

        Args:
            answers: to what the file cannot tell; where there are none, what is likely counts.
            keep: the key of a model that stays loaded, since ``done`` may not want the new one.
        """
        self.give_up()
        self._request += 1
        wanted = self._wanted = Wanted(self._request, path.absolute(), done, failed, keep, answers)

        def look() -> tuple[bool, Path]:
            if not wanted.path.exists():
                raise RefusedFile(f"{wanted.path} does not exist")
            if is_pipeline(wanted.path) or (is_maquette(wanted.path) and not answers):
                return True, wanted.path
            if is_pair(wanted.path) or holds_pipeline(wanted.path):
                return True, wanted.path
            if wanted.path.is_dir():
                raise RefusedFile(
                    f"{wanted.path} is a folder without {places.PIPELINE_INDEX}; accepted are "
                    "model files, bundles, and pipeline folders as diffusers writes them"
                )
            out = converted_path(wanted.path, answers)
            return out.exists() and is_maquette(out), out

        def looked(found: tuple[bool, Path] | None, error: MaquetteError | None) -> None:
            if self._wanted is not wanted:
                return
            if found is None:
                self._refuse(str(error), "")
            elif found[0]:
                self._load(found[1])
            else:
                title = self.tr("Open {name}").format(name=wanted.path.name)
                job = ConvertJob(str(wanted.path), str(found[1]), answers)
                self._run(job, title, wanted, found[1])

        self._bridge.background(look, looked)

    def reopen(
        self,
        ref: ModelRef,
        done: Callable[[ModelInfo, ModelRef], None],
        failed: Callable[[], None],
    ) -> None:
        """Open the model of a document again; at once when it is still loaded.

        ``failed`` of an earlier wish is not called: this one takes its place."""
        self.cancel()
        if ref.key in self._open:
            done(self._open[ref.key], ref)
        else:
            self.open(Path(ref.path), done, failed, answers=ref.answers)

    def sort(self, ref: ModelRef, loaded: ModelInfo, done: Callable[..., None]) -> None:
        """Order the channels of an open model in a job and open the result."""
        self.give_up()
        out = sorted_path(Path(ref.path))
        self._request += 1
        self._wanted = Wanted(self._request, out, done)
        title = self.tr("Sort channels of {name}").format(name=ref.name)
        self._run(SortJob(loaded.path, str(out)), title, self._wanted, out)

    def give_up(self) -> None:
        """The user wants no longer what is being opened: end it as if it had failed."""
        wanted = self._wanted
        self.cancel()
        if wanted is not None:
            wanted.failed()

    def cancel(self) -> None:
        """End whatever is being opened, and say nothing."""
        if self._job is not None:
            self._jobs.cancel(self._job)
            self._job = None
        if self._wanted is not None:
            self._wanted = None
            self.loading.emit("")

    def keep_only(self, keys: list[str]) -> None:
        """Close loaded models until few enough are open; those of ``keys`` last."""
        for key in list(self._open):
            if len(self._open) <= KEEP_OPEN:
                return
            if key not in keys:
                del self._open[key]
                self._send(CloseModel(key))

    def take(self, answer: object) -> bool:
        """Take one answer in; False when it is not for this object."""
        if isinstance(answer, Opened):
            wanted = self._wanted
            if wanted is None and answer.info.key not in self._open:
                self._send(CloseModel(answer.info.key))  # it was given up while it was loading
                return True
            self._open[answer.info.key] = answer.info
            self._keys[answer.request] = answer.info.key
            if wanted is None or answer.request != wanted.request:
                return True
            self._wanted = None
            self.loading.emit("")
            wanted.done(answer.info, reference(answer.info, wanted.path, wanted.answers))
            self.keep_only([answer.info.key, wanted.keep])
            return True
        if isinstance(answer, Failed) and answer.lane == LANE:
            if self._wanted is not None and answer.stamp == self._wanted.request:
                self._refuse(answer.sentence, answer.details)
            elif self._open.pop(self._keys.pop(answer.stamp, ""), None) is not None:
                # A renderer that was started again looks for it where it was.
                self.refused.emit(answer.sentence, answer.details)
            return True
        return False

    def _load(self, path: Path) -> None:
        assert self._wanted is not None
        self.loading.emit(self._wanted.path.name)
        self._send(OpenModel(self._wanted.request, str(path)))

    def _run(self, job: ConvertJob | SortJob, title: str, wanted: Wanted, out: Path) -> None:
        """Run a job that writes ``out`` for ``wanted``, then load it unless it was given up."""

        def done(end: JobDone) -> None:
            if self._wanted is wanted:
                self._job = None
                self._load(Path(end.path) if end.path else out)

        def failed(end: JobFailed) -> None:
            if self._wanted is wanted:
                self._job = None
                self._refuse(end.sentence, end.details)

        def cancelled() -> None:
            if self._wanted is wanted:
                self._job = self._wanted = None
                wanted.failed()

        self._job = self._jobs.start(job, title, done, failed, cancelled)

    def _refuse(self, sentence: str, details: str) -> None:
        wanted, self._wanted = self._wanted, None
        self.loading.emit("")
        self.refused.emit(sentence, details)
        if wanted is not None:
            wanted.failed()


def reference(info: ModelInfo, path: Path, answers: Answers = ()) -> ModelRef:
    """How a document names an opened model that the user knows by ``path``."""
    embedded = places.embedded_name(path)
    return ModelRef(
        str(path), info.name, info.source_sha256, info.key, embedded, answers, info.family
    )
