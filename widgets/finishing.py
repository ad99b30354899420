"""Finish: the full network draws the same latent, and the picture is saved with what made it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.engine.messages import CancelLane, Failed, Finish, Finished, RenderSpec
from studio.families.info import ModelInfo
from studio.runtimes.target import Target
from studio.session.document import CURRENT, FULL_SUBNET, Document
from studio.subnets.describe import picture_metadata
from widgets import choosers
from widgets.scene import DIFFUSION, PYTORCH, TRANSLATION, suited, wanted_inputs

if TYPE_CHECKING:
    import numpy as np

LANE = "finish"
LONGEST_WORDS = 40  # characters of a prompt in a file name


@dataclass(frozen=True)
class Order:
    """One picture to be finished."""

    spec: RenderSpec
    path: Path
    text: tuple[tuple[str, str], ...]


def default_name(document: Document) -> str:
    """A file name that says model and seed, or model and picture: clay-heads-seed-421.png."""
    return f"{model_stem(document)}-{_drawn_from(document)}.png"


def model_stem(document: Document) -> str:
    """The name of the model as the beginning of a file name."""
    name = document.model.name if document.model else "picture"
    return choosers.shortened(_safe(name) or "picture")


def _drawn_from(document: Document) -> str:
    family = "" if document.model is None else document.model.family
    if family == DIFFUSION and document.words.prompt.strip():
        words = _safe(document.words.prompt[:LONGEST_WORDS].strip())
        return f"{words or 'prompt'}-seed-{document.inputs.seed}"
    if family != TRANSLATION:
        return f"seed-{document.inputs.seed}"
    picture = document.source.picture
    if document.source.kind != "picture" or picture is None:
        return "drawing"
    return choosers.shortened(_safe(Path(picture.name).stem) or "picture")


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.")


def file_name(document: Document) -> str | None:
    """The name of the model's file as the user knows it."""
    return Path(document.model.path).name if document.model else None


def cards(document: Document, ref: str = CURRENT) -> list[dict[str, Any]]:
    """What a picture says of the steps of *current*, or of a kept variant."""
    steps = document.recipe_of(ref)
    if not steps.steps:
        return []
    from studio.session.recipes import card_steps

    return card_steps(steps, document.choice_of(ref))


class Finishing(QObject):
    """Asks where to save (the first time, or when told to), renders full, reports.

    Pictures asked for while one is being made wait for their turn: each was wanted.

    Signals:
        started(spec), ended(): a full render is under way, or no longer.
        finished(answer, pixels): saved; ``answer`` is a ``Finished``.
        failed(sentence, details).
    """

    started = Signal(object)
    ended = Signal()
    finished = Signal(object, object)
    failed = Signal(str, str)

    def __init__(
        self,
        send: Callable[[Any], None],
        stamp: Callable[[], int],
        ask: Callable[[Path], Path | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._next_stamp = stamp
        self._ask = ask
        self._stamp: int | None = None
        self._orders: deque[Order] = deque()
        self._folder: Path | None = None

    def finish(
        self, document: Document, info: ModelInfo | None, *, ask: bool, target: str = PYTORCH
    ) -> None:
        """Save the full picture of what ``document`` draws.

        Args:
            ask: ask for the file even when the folder is known from before.
            target: where it is drawn, in full precision whatever this one's is.
        """
        if info is not None:
            self._order(document, info, ask=ask, target=target)
            self._begin()

    def _begin(self) -> None:
        if self._stamp is None and self._orders:
            self._next()

    def _order(self, document: Document, info: ModelInfo, *, ask: bool, target: str) -> None:
        """Put one picture behind those that wait, unless it is among them already."""
        inputs = wanted_inputs(document, info)
        exact = replace(Target.parse(suited(target, info)), precision="f32")
        spec = RenderSpec(info.key, inputs, FULL_SUBNET, str(exact))
        if not ask and any(order.spec == spec for order in self._orders):
            return  # this very picture is on its way
        folder = self._folder or choosers.picture_folder()
        taken = {order.path for order in self._orders}
        path: Path | None = choosers.unused(folder / default_name(document), taken)
        if ask or self._folder is None:
            assert path is not None
            path = self._ask(path)
            if path is None:
                return
        assert path is not None
        self._folder = path.parent
        text = picture_metadata(
            info,
            inputs,
            FULL_SUBNET,
            current=document.subnet,
            current_recipe=cards(document),
            file=file_name(document),
        )
        self._orders.append(Order(spec, path, text))

    def finish_all(
        self, documents: Sequence[Document], info: ModelInfo, *, target: str = PYTORCH
    ) -> None:
        """Save the full pictures of several documents, one after the other, in one folder; which
        is asked for only when it is not known. Cancelling gives all of them up."""
        for document in documents:
            self._order(document, info, ask=False, target=target)
            if self._folder is None:
                return  # the user would not say where
        self._begin()

    @property
    def waiting(self) -> int:
        """How many pictures wait behind the one that is being finished."""
        return max(0, len(self._orders) - 1)

    def _next(self) -> None:
        """Begin with the first picture that waits."""
        order = self._orders[0]
        self._stamp = self._next_stamp()
        self._send(Finish(LANE, self._stamp, order.spec, str(order.path), order.text))
        self.started.emit(order.spec)

    def cancel(self) -> None:
        """Give up the picture that is being finished, and those that wait."""
        self._orders.clear()
        if self._stamp is not None:
            self._stamp = None
            self._send(CancelLane(LANE))
            self.ended.emit()

    def take(self, answer: object, pixels: np.ndarray | None) -> bool:
        """Take one answer in; False when it is not for this object."""
        if not isinstance(answer, Finished | Failed) or answer.lane != LANE:
            return False
        if answer.stamp != self._stamp:
            return True
        self._stamp = None
        self._orders.popleft()
        self.ended.emit()
        if isinstance(answer, Finished):
            self.finished.emit(answer, pixels)
        else:
            self.failed.emit(answer.sentence, answer.details)
        if self._orders:
            self._next()
        return True
