"""What a walk is like: between which pins, how long, how many pictures; play and save."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.session.document import Document
from studio.session.playing import Pin, WalkPlan
from widgets.actions import Actions
from widgets.compare.layer import to_image
from widgets.controller import Controller
from widgets.controls.quiet import QuietBox
from widgets.controls.slider import ValueSlider
from widgets.controls.switch import Switch
from widgets.style.theme import GRID, caption_font
from widgets.thumbnails import Thumbnails
from widgets.wiring import button, column, labelled, row, wire

MOST_FRAMES, MOST_SECONDS = 600, 60.0
ICON = 20


class WalkPanel(QWidget):
    """The plan of the walk in the document. With fewer than two pins it says what is missing."""

    def __init__(self, controller: Controller, actions: Actions, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._controller = controller
        self._thumbnails = thumbnails
        self.way = self._box(self.tr("How the walk goes"))
        for text, value in (
            (self.tr("there and back"), "back"),
            (self.tr("one way"), "once"),
            (self.tr("loop over all pins"), "loop"),
        ):
            self.way.addItem(text, value)
        self.start = self._box(self.tr("Where the walk begins"))
        self.end = self._box(self.tr("Where the walk ends"))
        for box in (self.start, self.end):
            box.setIconSize(QSize(ICON, ICON))
        self.frames = ValueSlider(
            self.tr("pictures"), 2, MOST_FRAMES, 48, step=1, decimals=0, logarithmic=True,
            tooltip=self.tr("How many pictures are saved; playing shows as many as it can"),
        )  # fmt: skip
        self.seconds = ValueSlider(
            self.tr("lasts"), 0.5, MOST_SECONDS, 3.0, step=0.1, decimals=1, unit=self.tr("s"),
            logarithmic=True, tooltip=self.tr("Seconds from begin to end"),
        )  # fmt: skip
        self.drawn_by = self._box(self.tr("Which network draws the saved walk"))
        self.drawn_by.addItem(self.tr("the current subnet"), False)
        self.drawn_by.addItem(self.tr("full"), True)
        words = QLabel(self.tr("slow down at the pins"))
        self.eased = Switch()
        self.eased.setAccessibleName(words.text())
        words.setBuddy(self.eased)
        self.missing = QLabel(self.tr("Pin two pictures to walk from one to the other."))
        self.missing.setWordWrap(True)
        self.missing.setFont(caption_font(self.missing.font()))
        self.play = button(actions["play_walk"], words=True)
        self.save = button(actions["save_walk"], words=True)
        self._ends = column(
            labelled(self.tr("from"), self.start),
            labelled(self.tr("to"), self.end),
            spacing=GRID // 2,
        )
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(GRID // 2)
        for widget in (
            labelled(self.tr("way"), self.way), self._ends, self.seconds, self.frames,
            labelled(self.tr("saved by"), self.drawn_by), row(words, self.eased, stretch=0),
            row(self.play, self.save),
        ):  # fmt: skip
            body.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.missing)
        layout.addWidget(self._body)
        wire(self.frames, controller, "walk frames", lambda v: self._plan("frames", round(v)))
        wire(self.seconds, controller, "walk seconds", lambda v: self._plan("seconds", v))
        self.way.activated.connect(lambda i: self._plan("way", self.way.itemData(i)))
        self.start.activated.connect(lambda i: self._plan("start", self.start.itemData(i)))
        self.end.activated.connect(lambda i: self._plan("end", self.end.itemData(i)))
        self.drawn_by.activated.connect(lambda i: self._plan("full", self.drawn_by.itemData(i)))
        self.eased.clicked.connect(lambda on: self._plan("eased", on))
        thumbnails.ready.connect(self._set_icon)
        self.show_document(controller.document)

    def show_document(self, document: Document) -> None:
        """Show the plan of ``document`` without making an edit."""
        plan, ends = document.walk, document.walk.ends(document.pins)
        self.missing.setVisible(ends is None)
        self._body.setVisible(ends is not None)
        if ends is None:
            return
        self.way.setCurrentIndex(self.way.findData(plan.way))
        self._ends.setVisible(plan.way != "loop")
        for box, end in zip((self.start, self.end), ends, strict=True):
            self._fill(box, document.pins)
            box.setCurrentIndex(box.findData(end.id))
        self.frames.set_value(plan.frames)
        self.seconds.set_value(plan.seconds)
        self.eased.setChecked(plan.eased)
        self.drawn_by.setCurrentIndex(int(plan.full))

    def _fill(self, box: QuietBox, pins: tuple[Pin, ...]) -> None:
        entries = [(pin.id, str(pin.inputs.seed)) for pin in pins]
        if [(box.itemData(i), box.itemText(i)) for i in range(box.count())] == entries:
            return
        box.clear()
        for key, text in entries:
            box.addItem(text, key)
            self._set_icon(key, self._thumbnails.again(key))

    def _set_icon(self, key: str, pixels: Any) -> None:
        if pixels is None:
            return
        for box in (self.start, self.end):
            index = box.findData(key)
            if index >= 0:
                box.setItemIcon(index, QIcon(QPixmap.fromImage(to_image(pixels))))

    def _plan(self, field: str, value: Any) -> None:
        document = self._controller.document
        plan: WalkPlan = replace(document.walk, **{field: value})
        control = f"walk {field}" if field in ("frames", "seconds") else None
        label = self.tr("Change the walk")
        self._controller.edit(label, replace(document, walk=plan), control)

    def _box(self, name: str) -> QuietBox:
        box = QuietBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setSizeAdjustPolicy(QuietBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(3)
        return box
