"""What to draw: seeds, truncation, noise, mixing, attributes, pins and walks of a GAN."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from studio.families.info import ModelInfo
from studio.session.document import STRIP_LENGTH, Document
from widgets.actions import Actions
from widgets.attribute_slider import AttributeSlider
from widgets.attributes import Attributes
from widgets.controller import Controller
from widgets.controls.fold import Fold
from widgets.controls.slider import ValueSlider
from widgets.controls.strip import PictureStrip
from widgets.mixing import Mixing
from widgets.scene import inputs_for
from widgets.seed_row import ClassRow, SeedRow
from widgets.style.theme import GRID
from widgets.tab_order import follow_reading_order
from widgets.thumbnails import Thumbnails
from widgets.walk_panel import WalkPanel
from widgets.wiring import heading, row, wire


class LeftPanel(QWidget):
    """The left side belongs to the family of the model; this is the one of StyleGAN."""

    def __init__(self, controller: Controller, actions: Actions, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._controller = controller
        self._thumbnails = thumbnails
        self._actions = actions
        self._info: ModelInfo | None = None
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
        self.mixing: Mixing | None = None
        self.mix_fold = Fold(self.tr("Mix two seeds"))
        self.mix_fold.setObjectName("mix")
        self.mix_fold.set_maker(self._make_mixing)
        self.mix_fold.toggled.connect(self._mix_toggled)
        self.section = Attributes(controller)
        self.pins = PictureStrip()
        self.pins.setAccessibleName(self.tr("Pins"))
        self.pins.set_empty_text(self.tr("Press P to pin what is drawn."))
        self.walk: WalkPanel | None = None
        self.walk_fold = Fold(self.tr("Walk over the pins"))
        self.walk_fold.setObjectName("walk")
        self.walk_fold.set_maker(self._make_walk)
        self.walk_fold.toggled.connect(lambda _: follow_reading_order(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        for widget in (
            self._strip_head(), self.strip, self.seed, self.label, self.truncation, self.noise,
            self.mix_fold, self.section, heading(self.tr("Pins")), self.pins, self.walk_fold,
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
        self._info = info
        if self.mixing is not None:
            self.mixing.show_model(info)
        self.section.show_model(info)
        follow_reading_order(self)

    def show_document(self, document: Document) -> None:
        """Show the inputs of ``document`` without making an edit."""
        inputs = document.inputs
        self.seed.set_value(inputs.seed)
        self.label.set_value(inputs.label or 0)
        self.truncation.set_value(inputs.truncation)
        self.noise.set_value(inputs.noise)
        self.section.show_document(document)
        if self.mixing is not None:
            self.mixing.show_document(document)
        if self.walk is not None:
            self.walk.show_document(document)
        self.mix_fold.set_title(self._mix_title(document))
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

    @property
    def attributes(self) -> dict[str, AttributeSlider]:
        """The attribute sliders made so far, by the name of their direction."""
        return self.section.sliders

    def show_walk(self) -> None:
        """Open what is said of the walk."""
        self.walk_fold.restore(True)

    def _make_mixing(self) -> QWidget:
        self.mixing = Mixing(self._controller, self._thumbnails)
        self.mixing.show_model(self._info)
        return self.mixing

    def _mix_toggled(self, opened: bool) -> None:
        # Pictures of both seeds are drawn for those who look at them.
        self._thumbnails.mixing = opened
        self._thumbnails.show(self._controller.document, self._info)
        follow_reading_order(self)

    def _mix_title(self, document: Document) -> str:
        """The title of the fold says what is mixed even while it is closed."""
        mixed = document.inputs if self._info is None else inputs_for(document.inputs, self._info)
        if mixed.mix_seed is None:
            return self.tr("Mix two seeds")
        return self.tr("Mix two seeds ({a} and {b})").format(a=mixed.seed, b=mixed.mix_seed)

    def _make_walk(self) -> QWidget:
        self.walk = WalkPanel(self._controller, self._actions, self._thumbnails)
        return self.walk

    def _truncate(self, value: float) -> None:
        self._controller.set_inputs(self.tr("Change truncation"), "truncation", truncation=value)

    def _make_noise(self, value: float) -> None:
        self._controller.set_inputs(self.tr("Change noise"), "noise", noise=value)

    def _draw_seed(self, key: str) -> None:
        seed = int(key.removeprefix("seed-"))
        self._controller.set_inputs(self.tr("Change the seed"), None, seed=seed)
