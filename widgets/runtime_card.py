"""Where each side runs: a target a side, and how far the ladder of compiled subnets has come."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.errors import MaquetteError
from studio.runtimes.target import PYTORCH_CPU, Target
from studio.session.document import Document
from studio.subnets.denoisers.single import pytorch_alone
from widgets.compiling import Compiling
from widgets.controller import Controller
from widgets.controls.card import Card
from widgets.controls.labelled import LABEL_WIDTH
from widgets.devices.finder import DeviceFinder
from widgets.devices.picker import TargetPicker
from widgets.scene import DIFFUSION, SIDES, drawn_by
from widgets.style.theme import caption_font
from widgets.wiring import column, row

translate = QCoreApplication.translate


class LatePicker(TargetPicker):
    """A picker whose devices are looked for when it is first opened: most who draw never do, and
    looking loads every runtime there is."""

    def __init__(self, look: Callable[[], None]) -> None:
        super().__init__()
        self._look = look
        self._opening = False

    def showPopup(self) -> None:
        if self._known:
            super().showPopup()
            return
        self._opening = True
        self._look()

    def found(self) -> None:
        """The devices are known now: open, if somebody waits for it."""
        if self._opening and self.isVisible():
            self._opening = False
            super().showPopup()


class RuntimeCard(QWidget):
    """Follows the document; choosing a target is a step of its history."""

    def __init__(self, controller: Controller, finder: DeviceFinder, compiling: Compiling) -> None:
        super().__init__()
        self._controller = controller
        self._compiling = compiling
        self._finder = finder
        self.pickers = {side: LatePicker(finder.look) for side in SIDES}
        self.progress = QLabel()
        self.progress.setFont(caption_font(self.progress.font()))
        self.progress.setWordWrap(True)
        self.card = Card(translate("RuntimeCard", "Runs on"))
        self.alone = QLabel()
        self.alone.setObjectName("pytorch alone")
        self.alone.setFont(caption_font(self.alone.font()))
        self.alone.setWordWrap(True)
        self.alone.hide()
        rows = (self._row(s) for s in SIDES)
        self.card.set_content(column(*rows, self.alone, self.progress))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        finder.found.connect(self._found)
        finder.busy_changed.connect(lambda _busy: self._show_progress())
        compiling.changed.connect(self._show_progress)
        self._show_progress()

    def show_document(self, document: Document) -> None:
        """Show the targets of ``document``."""
        view, default = document.view, self._controller.target
        named = {"A": view.target_a or default, "B": view.target_b or default}
        refs = {"A": view.side_a, "B": view.side_b}
        for side, picker in self.pickers.items():
            picker.set_target(named[side])
            picker.setToolTip(self._tip(side))
        words = [
            text for side in SIDES if (text := self._alone(document, side, refs[side], named[side]))
        ]
        self.alone.setText("\n".join(words))
        self.alone.setVisible(bool(words))

    def _alone(self, document: Document, side: str, ref: str, target: str) -> str:
        """Why PyTorch draws a side though another runtime is chosen; nothing where that does."""
        info = self._controller.info
        if info is None or info.family != DIFFUSION:
            return ""
        try:
            drawn = drawn_by(document, ref, info, self._controller.baked)
        except MaquetteError:  # of the model that undo is going back to
            return ""
        why = pytorch_alone(drawn.choice, drawn.info.config)
        if why is None or Target.parse(target) == PYTORCH_CPU:
            return ""
        text = (
            translate(
                "RuntimeCard",
                "{side}: its weights are packed in a GGUF file, which PyTorch alone runs.",
            )
            if why == "packed"
            else translate(
                "RuntimeCard",
                "{side}: its steps differ, so it is no single network; PyTorch draws it.",
            )
        )
        return text.format(side=side)

    def _tip(self, side: str) -> str:
        info = self._controller.info
        words = translate("RuntimeCard", "Where side {side} runs").format(side=side)
        if info is None or info.family != DIFFUSION:
            return words
        return translate(
            "RuntimeCard",
            "{words}: the denoiser. PyTorch reads the prompt and decodes the picture.",
        ).format(words=words)

    def _row(self, side: str) -> QWidget:
        label = QLabel(side)
        label.setFixedWidth(LABEL_WIDTH // 3)
        picker = self.pickers[side]
        picker.setObjectName(f"target {side}")
        words = translate("RuntimeCard", "Where side {side} runs").format(side=side)
        picker.setAccessibleName(words)
        picker.setToolTip(self._tip(side))
        picker.chosen.connect(lambda target: self._controller.set_target(side, target))
        label.setBuddy(picker)
        return row(label, picker, stretch=1)

    def _found(self, devices: object) -> None:
        for picker in self.pickers.values():
            picker.set_devices(devices)  # type: ignore[arg-type]
            picker.found()

    def _show_progress(self) -> None:
        ready, wanted = self._compiling.counts()
        info = self._controller.info
        pipeline = info is not None and info.family == DIFFUSION
        if self._finder.busy and self._finder.devices is None:
            text = translate("RuntimeCard", "Looking for devices\u2026")
        elif not wanted:
            text = ""
        elif ready < wanted:
            text = (
                translate(
                    "RuntimeCard",
                    "{ready} of {wanted} denoisers compiled; PyTorch draws the others",
                )
                if pipeline
                else translate("RuntimeCard", "{ready} of {wanted} subnets compiled")
            ).format(ready=ready, wanted=wanted)
        elif pipeline and wanted == 1:
            text = translate("RuntimeCard", "denoiser compiled")
        else:
            text = (
                translate("RuntimeCard", "{wanted} denoisers compiled")
                if pipeline
                else translate("RuntimeCard", "{wanted} subnets compiled")
            ).format(wanted=wanted)
        self.progress.setText(text)
        self.progress.setVisible(bool(text))
