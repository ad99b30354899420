"""The drawing pad with its tools; every stroke is one step of the window's own history."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.errors import MaquetteError
from studio.families.translation.info import TranslationInfo
from studio.session.document import Document
from studio.session.samples import blank, suited_size
from studio.session.source import INK, TOOLS, Drawing, Source, Stroke, Tool
from widgets.controller import Controller
from widgets.controls.slider import ValueSlider
from widgets.drawing.labels import LabelList
from widgets.drawing.pad import Pad
from widgets.style.theme import GRID
from widgets.wiring import row, tool_button

PEN_WIDTH, LABEL_WIDTH = 3.0, 24.0
STROKE = "stroke"


class DrawingPanel(QWidget):
    """Follows the document; edits go through the controller."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._info: TranslationInfo | None = None
        self.pad = Pad()
        self.tools: dict[Tool, QToolButton] = {}
        group = QButtonGroup(self)
        for tool, name, tip in (
            ("pen", self.tr("Pen"), self.tr("Draw")),
            ("eraser", self.tr("Eraser"), self.tr("Back to the empty sheet")),
            ("fill", self.tr("Fill"), self.tr("Fill the area that is clicked")),
        ):
            button = tool_button(tool, name, f"{name}: {tip}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, t=tool: self.choose(t))
            group.addButton(button)
            self.tools[tool] = button
        assert set(self.tools) == set(TOOLS)
        self.clear = tool_button("clear", self.tr("Clear"), self.tr("Empty the sheet"))
        self.clear.clicked.connect(lambda _=False: self.clear_sheet())
        self.over = QPushButton(self.tr("Paint over the opened map"))
        self.over.setToolTip(
            self.tr("Begin with the label map that was opened; the eraser brings it back")
        )
        self.over.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.over.clicked.connect(lambda _=False: self.paint_over())
        self.width_slider = ValueSlider(
            self.tr("line"), 1.0, 64.0, PEN_WIDTH, step=0.5, decimals=1, unit=self.tr("px"),
            logarithmic=True, tooltip=self.tr("Width of the line in pixels of the drawing"),
        )  # fmt: skip
        self.width_slider.setObjectName("line width")
        self.width_slider.value_changed.connect(self._set_width)
        self.pressure = QCheckBox(self.tr("Pressure of a pen"))
        self.pressure.setChecked(True)
        self.pressure.setToolTip(self.tr("On a tablet, pressing harder draws wider lines"))
        self.pressure.toggled.connect(self._set_pressing)
        self.labels = LabelList()
        self.labels.chosen.connect(self._set_value)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(row(*self.tools.values(), self.clear))
        layout.addWidget(self.over)
        layout.addWidget(self.labels)  # in sight together with the sheet in a small window too
        layout.addWidget(self.pad)
        layout.addWidget(self.width_slider)
        layout.addWidget(self.pressure)
        self.pad.stroke_began.connect(self._began)
        self.pad.stroke_grew.connect(self._grew)
        self.pad.stroke_ended.connect(controller.end)
        self.pad.picked.connect(self._picked)
        self.choose("pen")

    def show_model(self, info: TranslationInfo) -> None:
        """Offer what suits the model: lines, or its labels."""
        before = self._info
        self._info = info
        labels = info.config.takes_labels
        self.labels.setVisible(labels)
        self.over.setVisible(labels)
        self.pressure.setVisible(not labels)
        if before is None or before.config.takes_labels != labels:
            self.width_slider.set_value(LABEL_WIDTH if labels else PEN_WIDTH)
            self.pad.stroke_width = self.width_slider.value()
            self.pad.value = 1 if labels else INK
        if labels:
            self.labels.set_count(info.config.labels)
            self.pad.value = min(self.pad.value, info.config.labels - 1)
            self.labels.set_current(self.pad.value)
            hint = self.tr("Choose a label above and paint an area here. The pictures follow.")
        else:
            hint = self.tr("Draw here. The pictures follow the pen.")
        self.pad.set_hint(hint)
        self.pad.pressing = self.pressure.isChecked() and not labels

    def show_document(self, document: Document) -> None:
        """Show the drawing of ``document``, or the empty sheet."""
        if self._info is None:
            return
        self.pad.set_drawing(self._drawing(document.source))
        drawing, picture = self._drawing(document.source), document.source.picture
        self.clear.setEnabled(not drawing.empty)
        here = drawing.below is not None and drawing.below == picture
        self.over.setEnabled(picture is not None and not here)

    def choose(self, tool: Tool) -> None:
        """Draw with another tool."""
        self.pad.tool = tool
        self.tools[tool].setChecked(True)
        self.pad.update()

    def clear_sheet(self) -> None:
        """Empty the sheet, as a step."""
        drawing = self._drawing(self._controller.document.source)
        self._edit(self.tr("Clear the drawing"), drawing.cleared(), None)

    def paint_over(self) -> None:
        """Begin a drawing with the label map that was opened, as a step."""
        source = self._controller.document.source
        if source.picture is None or self._info is None:
            return
        from studio.session.raster import label_map

        try:
            highest = int(label_map(source.picture).max())
        except MaquetteError as error:
            self._controller.refused.emit(str(error))
            return
        if highest >= self._info.config.labels:
            text = self.tr("{name} has the label {label}, and the model has 0 to {last}.")
            self._controller.refused.emit(
                text.format(
                    name=source.picture.name, label=highest, last=self._info.config.labels - 1
                )
            )
            return
        size = suited_size(self._info.config, source.picture.width, source.picture.height)
        sheet = replace(blank(self._info.config, size), below=source.picture)
        self._edit(self.tr("Paint over {name}").format(name=source.picture.name), sheet, None)

    def _drawing(self, source: Source) -> Drawing:
        """What is on the sheet; a drawing for another kind of model is not shown."""
        assert self._info is not None
        config = self._info.config
        found = source.drawing
        if found is not None and found.labels == config.takes_labels:
            return found
        size = None
        if source.width is not None and source.height is not None:
            size = (source.width, source.height)
        return blank(config, size)

    def _edit(self, label: str, drawing: Drawing, control: str | None) -> None:
        self._controller.set_source(
            label, control, kind="drawing", drawing=drawing,
            width=drawing.width, height=drawing.height,
        )  # fmt: skip

    def _began(self, stroke: Stroke) -> None:
        names = {"pen": self.tr("Draw"), "eraser": self.tr("Erase"), "fill": self.tr("Fill")}
        self._label = names[stroke.tool]
        self._controller.begin(STROKE)
        drawing = self._drawing(self._controller.document.source)
        self._edit(self._label, drawing.with_stroke(stroke), STROKE)

    def _grew(self, stroke: Stroke) -> None:
        drawing = self._drawing(self._controller.document.source)
        last = drawing.strokes[-1] if drawing.strokes else None
        # Undone, or cleared, under the hand: what is drawn from here on is a stroke of its own.
        same = last is not None and stroke.points[: len(last.points)] == last.points
        grown = drawing.growing(stroke) if same else drawing.with_stroke(stroke)
        self._edit(self._label, grown, STROKE)

    _label = ""

    def _set_width(self, value: float) -> None:
        self.pad.stroke_width = value
        self.pad.update()

    def _set_pressing(self, on: bool) -> None:
        self.pad.pressing = on

    def _set_value(self, label: int) -> None:
        self.pad.value = label
        if self.pad.tool == "eraser":
            self.choose("pen")

    def _picked(self, value: int) -> None:
        if self._info is not None and self._info.config.takes_labels:
            self.labels.set_current(value)
            self._set_value(value)


def with_size(source: Source, width: int, height: int) -> Source:
    """A source drawn at another size; a drawing is stretched with it."""
    drawing = source.drawing
    if source.kind == "drawing" and drawing is not None:
        drawing = drawing.resized(width, height)
    return replace(source, width=width, height=height, drawing=drawing)
