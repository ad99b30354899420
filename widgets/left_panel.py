"""What to draw: seeds, truncation, noise, attributes and pins of a GAN."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from studio.families.info import ModelInfo
from studio.session.document import STRIP_LENGTH, Document
from widgets.actions import Actions
from widgets.controller import Controller
from widgets.controls.fold import Fold
from widgets.controls.slider import ValueSlider
from widgets.controls.strip import PictureStrip
from widgets.seed_row import ClassRow, SeedRow
from widgets.style.theme import GRID
from widgets.thumbnails import Thumbnails
from widgets.wiring import column, heading, row, wire

FIRST_ATTRIBUTES = 5
STRENGTH = 3.0


class LeftPanel(QWidget):
    """The left side belongs to the family of the model; this is the one of StyleGAN."""

    def __init__(self, controller: Controller, actions: Actions, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._controller = controller
        self._thumbnails = thumbnails
        self._directions: tuple[str, ...] = ()
        self._keys: dict[PictureStrip, tuple[tuple[str, str], ...]] = {}
        self.strip = PictureStrip(removable=False)
        self.strip.setAccessibleName(self.tr("Seeds"))
        self.seed = SeedRow(controller, actions)
        self.label = ClassRow(controller)
        self.label.hide()
        self.truncation = ValueSlider(
            self.tr("truncation"),
            0.0,
            2.0,
            1.0,
            step=0.01,
            tooltip=self.tr(
                "How far from the average: lower is safer, higher is wilder "
                "(truncation psi, Karras et al. 2019)"
            ),
        )
        self.noise = ValueSlider(
            self.tr("noise"),
            0.0,
            2.0,
            1.0,
            step=0.01,
            tooltip=self.tr("Strength of the fine random detail; 1 is as trained"),
        )
        self.attributes: dict[str, ValueSlider] = {}
        self._first = column()
        self._more = Fold(self.tr("More"))
        self._more.setObjectName("more-attributes")
        self._first.hide()
        self._more.hide()
        self.pins = PictureStrip()
        self.pins.setAccessibleName(self.tr("Pins"))
        self.pins.set_empty_text(self.tr("Press P to pin what is drawn."))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        for widget in (
            self._strip_head(), self.strip, self.seed, self.label, self.truncation, self.noise,
            self._first, self._more, heading(self.tr("Pins")), self.pins,
        ):  # fmt: skip
            layout.addWidget(widget)
        layout.addStretch(1)
        wire(self.truncation, controller, "truncation", self._truncate)
        wire(self.noise, controller, "noise", self._make_noise)
        self.strip.activated.connect(self._draw_seed)
        self.pins.activated.connect(controller.draw_pin)
        self.pins.remove_requested.connect(controller.unpin)
        thumbnails.ready.connect(self._set_thumbnail)

    def show_model(self, info: ModelInfo | None) -> None:
        """Offer what ``info`` can be asked for."""
        self.setEnabled(info is not None)
        classes = info.config.c_dim if info else 0
        self.label.setVisible(classes > 0)
        self.label.set_maximum(max(0, classes - 1))
        self.noise.setVisible(info is None or info.noise)
        directions = info.directions if info else ()
        if directions != self._directions:
            self._directions = directions
            self._build_attributes(directions)

    def show_document(self, document: Document) -> None:
        """Show the inputs of ``document`` without making an edit."""
        inputs = document.inputs
        self.seed.set_value(inputs.seed)
        self.label.set_value(inputs.label or 0)
        self.truncation.set_value(inputs.truncation)
        self.noise.set_value(inputs.noise)
        strengths = dict(inputs.edits)
        for name, slider in self.attributes.items():
            slider.set_value(strengths.get(name, 0.0))
        first = document.strip_offset
        self._fill(self.strip, [(f"seed-{n}", str(n)) for n in range(first, first + STRIP_LENGTH)])
        self.strip.set_current(f"seed-{inputs.seed}")
        self._fill(self.pins, [(pin.id, str(pin.inputs.seed)) for pin in document.pins])
        here = next((p.id for p in document.pins if p.inputs == inputs), None)
        self.pins.set_current(here)

    def _strip_head(self) -> QWidget:
        """The heading of the strip with two buttons that move it."""
        buttons = []
        for arrow, name, step in (
            (Qt.ArrowType.LeftArrow, self.tr("Earlier seeds"), -STRIP_LENGTH),
            (Qt.ArrowType.RightArrow, self.tr("Later seeds"), STRIP_LENGTH),
        ):
            button = QToolButton()
            button.setArrowType(arrow)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.clicked.connect(lambda _=False, by=step: self._controller.step_strip(by))
            buttons.append(button)
        return row(heading(self.tr("Seeds")), *buttons, stretch=0)

    def _fill(self, strip: PictureStrip, items: list[tuple[str, str]]) -> None:
        if self._keys.get(strip) == tuple(items):
            return
        self._keys[strip] = tuple(items)
        strip.set_items(items)
        for key, _ in items:
            pixels = self._thumbnails.again(key)
            if pixels is not None:
                strip.set_picture(key, pixels)

    def _set_thumbnail(self, key: str, pixels: object) -> None:
        for strip, items in self._keys.items():
            if any(key == known for known, _ in items):
                strip.set_picture(key, pixels)

    def _build_attributes(self, directions: tuple[str, ...]) -> None:
        self.attributes = {}
        first, rest = directions[:FIRST_ATTRIBUTES], directions[FIRST_ATTRIBUTES:]
        new = self._attribute_sliders(first)
        self.layout().replaceWidget(self._first, new)
        self._first.deleteLater()
        self._first = new
        self._first.setVisible(bool(first))
        self._more.set_maker(lambda: self._attribute_sliders(rest))
        self._more.setVisible(bool(rest))

    def _attribute_sliders(self, directions: tuple[str, ...]) -> QWidget:
        strengths = dict(self._controller.document.inputs.edits)
        for name in directions:
            slider = ValueSlider(
                name.replace("_", " "), -STRENGTH, STRENGTH, 0.0, step=0.05,
                tooltip=self.tr("Moves the latent w along the direction “{name}”").format(
                    name=name
                ),
            )  # fmt: skip
            wire(slider, self._controller, f"edit {name}", self._setter(name))
            slider.set_value(strengths.get(name, 0.0))
            self.attributes[name] = slider
        return column(*(self.attributes[name] for name in directions), spacing=GRID // 2)

    def _setter(self, name: str) -> Callable[[float], None]:
        return lambda value: self._controller.set_edit(name, value)

    def _truncate(self, value: float) -> None:
        self._controller.set_inputs(self.tr("Change truncation"), "truncation", truncation=value)

    def _make_noise(self, value: float) -> None:
        self._controller.set_inputs(self.tr("Change noise"), "noise", noise=value)

    def _draw_seed(self, key: str) -> None:
        seed = int(key.removeprefix("seed-"))
        self._controller.set_inputs(self.tr("Change the seed"), None, seed=seed)
