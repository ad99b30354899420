"""What to draw, of diffusion pipelines: words, seed, steps, size, a picture to begin with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from studio.families.diffusion.info import DiffusionInfo
from studio.families.diffusion.shipped import shipped
from studio.session.document import Document
from widgets.actions import Actions
from widgets.controller import Controller
from widgets.controls.fold import Fold
from widgets.controls.strip import PictureStrip
from widgets.diffusion.knobs import Knobs
from widgets.diffusion.picture import PicturePart
from widgets.diffusion.prompt import Prompt
from widgets.diffusion.reading import Lengths, PromptReading
from widgets.diffusion.size import Size
from widgets.renderer import Renderer
from widgets.seed_row import SeedRow
from widgets.style.theme import GRID
from widgets.tab_order import follow_reading_order
from widgets.thumbnails import Thumbnails
from widgets.wiring import heading, row


class DiffusionPanel(QWidget):
    """The left side of the diffusion family.

    Signals: refused(sentence).
    """

    refused = Signal(str)

    def __init__(
        self,
        controller: Controller,
        actions: Actions,
        reading: PromptReading,
        renderer: Renderer,
        background: Callable[..., None],
        thumbnails: Thumbnails,
    ) -> None:
        super().__init__()
        self._controller = controller
        self._pinned: list[tuple[str, str]] = []
        self._reading = reading
        self._renderer = renderer
        self._actions = actions
        self._info: DiffusionInfo | None = None
        self.title = heading(self.tr("Prompt"))
        self.prompt = Prompt(self.tr("Prompt"), self.tr("What to draw, in words"), 4)
        self.negative = Prompt(
            self.tr("Negative prompt"), self.tr("What to keep away from, in words"), 2
        )
        self.negative_fold = Fold(self.tr("Keep away from"))
        self.negative_fold.setObjectName("negative prompt")
        self.negative_fold.set_content(self.negative)
        self.negative_fold.toggled.connect(lambda _: follow_reading_order(self))
        self.seed = SeedRow(controller, actions)
        self.knobs = Knobs(controller)
        self.size = Size(controller)
        self.picture = PicturePart(controller, background)
        self.pins = PictureStrip()
        self.pins.setAccessibleName(self.tr("Pins"))
        self.pins.set_empty_text(self.tr("Press P to pin prompt, seed and settings."))
        self.pins.activated.connect(controller.draw_pin)
        self.pins.remove_requested.connect(controller.unpin)
        self._thumbnails = thumbnails
        thumbnails.ready.connect(self.pins.set_picture)
        self.stop = QToolButton()
        self.stop.setDefaultAction(actions["stop_drawing"])
        self.stop.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stop.setAutoRaise(True)
        self.samples = QToolButton()
        self.samples.setText(self.tr("Examples"))
        self.samples.setToolTip(self.tr("Prompts in words that this model knows"))
        self.samples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.samples.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.samples.setAutoRaise(True)
        self.samples.setMenu(QMenu(self.samples))
        self.samples.menu().triggered.connect(lambda action: self._typed(action.data()))
        spring = QWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        for widget in (
            row(self.title, spring, self.samples, self.stop, stretch=1), self.prompt,
            self.negative_fold, self.seed, self.knobs, self.size, self.picture,
            heading(self.tr("Pins")), self.pins,
        ):  # fmt: skip
            layout.addWidget(widget)
        layout.addStretch(1)
        self.prompt.field.typed.connect(self._typed)
        self.negative.field.typed.connect(self._typed_negative)
        self.picture.refused.connect(self.refused)
        self.picture.toggled.connect(lambda _: follow_reading_order(self))
        reading.read.connect(self._show_lengths)
        renderer.drawing_changed.connect(self.show_drawing)
        self.show_drawing()

    def show_model(self, info: DiffusionInfo) -> None:
        """Offer what a model can be asked for."""
        self._info = info
        takes = info.config.takes
        for widget in (self.title, self.prompt):
            widget.setVisible("prompt" in takes)
        self._offer(info)
        refused = "negative" not in takes
        self.negative_fold.setVisible("prompt" in takes)
        self.negative_fold.setEnabled(not refused)
        self.negative_fold.setToolTip(
            self.tr("This model takes no negative prompt.") if refused else ""
        )
        if refused:
            self.negative_fold.restore(False)
        elif self._controller.document.words.negative:
            self.negative_fold.restore(True)
        self.knobs.show_model(info)
        self.size.show_model(info)
        self.picture.show_model(info)
        follow_reading_order(self)

    def show_document(self, document: Document) -> None:
        """Show what ``document`` draws from."""
        if self._info is None:
            return
        words = document.words
        self.prompt.field.set_text(words.prompt)
        self.negative.field.set_text(words.negative)
        self.seed.set_value(document.inputs.seed)
        for part in (self.knobs, self.size, self.picture):
            part.show_document(document)
        self._show_pins(document)
        if self._info.config.prompt_tokens:
            self._reading.ask(self._info.key, (words.prompt, words.negative))
            self._show_lengths(self._reading.known)

    def _show_pins(self, document: Document) -> None:
        items = [(pin.id, str(pin.inputs.seed)) for pin in document.pins]
        if items != self._pinned:
            self._pinned = items
            self.pins.set_items(items)
            for pin in document.pins:
                words = "" if pin.words is None else pin.words.prompt
                self.pins.set_tip(pin.id, f"{pin.inputs.seed}: {words}" if words else "")
                pixels = self._thumbnails.again(pin.id)
                if pixels is not None:
                    self.pins.set_picture(pin.id, pixels)
        here = document.pinned()
        self.pins.set_current(None if here is None else here.id)

    def show_drawing(self) -> None:
        """Offer to stop what is being drawn, or to go on with what was stopped."""
        action, renderer = self._actions["stop_drawing"], self._renderer
        again = not renderer.drawing and bool(renderer.stopped)
        action.setText(self.tr("Draw again") if again else self.tr("Stop drawing"))
        action.setEnabled(renderer.drawing or again)

    def takes_pictures(self) -> bool:
        """Whether the model draws from pictures."""
        return self._info is not None and "picture" in self._info.config.takes

    def take(self, path: Path) -> None:
        """Draw from a picture file."""
        self.picture.take(path)

    def _offer(self, info: DiffusionInfo) -> None:
        known = shipped(info.path)
        menu = self.samples.menu()
        menu.clear()
        for prompt in known.prompts if known is not None else ():
            menu.addAction(prompt).setData(prompt)
        self.samples.setVisible(known is not None)

    def _show_lengths(self, lengths: Lengths | None) -> None:
        words = self._controller.document.words
        current = lengths is not None and lengths.texts == (words.prompt, words.negative)
        counts = lengths.counts if lengths is not None and current else (None, None)
        limit = lengths.limit if lengths is not None else 0
        self.prompt.show_length(counts[0], limit)
        self.negative.show_length(counts[1], limit)

    def _typed(self, text: str) -> None:
        self._controller.set_words(self.tr("Change the prompt"), "prompt", prompt=text)

    def _typed_negative(self, text: str) -> None:
        self._controller.set_words(
            self.tr("Change the negative prompt"), "negative prompt", negative=text
        )
