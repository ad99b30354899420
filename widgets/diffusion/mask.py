"""The brush that says which part of a picture is drawn anew."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QButtonGroup, QLabel, QToolButton, QVBoxLayout, QWidget

from studio.session.diffusion_source import ANEW
from studio.session.source import Drawing, Stroke, Tool
from widgets.controller import Controller
from widgets.controls.slider import ValueSlider
from widgets.drawing.pad import Pad, image_of
from widgets.style.theme import GRID, caption_font
from widgets.wiring import row, tool_button

STROKE = "mask stroke"
TINT = QColor(255, 80, 60, 150)
BRUSH_SHARE = 8  # the brush is an eighth of the shorter side at first


class MaskPad(Pad):
    """The picture, with what is drawn anew tinted red."""

    def __init__(self) -> None:
        super().__init__()
        self.value = ANEW
        self.pressing = False
        self._under = QImage()
        self.setAccessibleName(self.tr("Picture with its mask"))

    def set_picture(self, image: QImage) -> None:
        """What lies under the brush."""
        self._under = image
        self._image = None
        self.update()

    def _shown(self) -> QImage:
        if self._image is None:
            self._image = self._composed()
        return self._image

    def _composed(self) -> QImage:
        drawing = self._drawing
        size = QSize(drawing.width, drawing.height)
        made = QImage(size, QImage.Format.Format_RGB32)
        made.fill(Qt.GlobalColor.darkGray)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._under.isNull():
            painter.drawImage(made.rect(), self._under)
        if not drawing.empty:
            tint = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
            tint.fill(TINT)
            tint.setAlphaChannel(_dimmed(image_of(drawing), TINT.alpha()))
            painter.drawImage(0, 0, tint)
        painter.end()
        return made


def _dimmed(mask: QImage, most: int) -> QImage:
    """A mask as an alpha channel whose white is ``most``."""
    made = mask.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(made)
    painter.fillRect(made.rect(), QColor(0, 0, 0, 255 - most))
    painter.end()
    return made.convertToFormat(QImage.Format.Format_Grayscale8)


class MaskBrush(QWidget):
    """The pad with its tools; every stroke is one step of the window's own history."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._sheet = Drawing()
        self._label = ""
        self.pad = MaskPad()
        self.tools: dict[Tool, QToolButton] = {}
        group = QButtonGroup(self)
        for tool, name, tip in (
            ("pen", self.tr("Brush"), self.tr("Mark what is drawn anew")),
            ("eraser", self.tr("Eraser"), self.tr("Mark what stays")),
            ("fill", self.tr("Fill"), self.tr("Mark the area that is clicked")),
        ):
            button = tool_button(tool, name, f"{name}: {tip}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, t=tool: self.choose(t))
            group.addButton(button)
            self.tools[tool] = button
        self.clear = tool_button("clear", self.tr("Clear"), self.tr("Draw all of it anew"))
        self.clear.clicked.connect(lambda _=False: self.clear_mask())
        self.width_slider = ValueSlider(
            self.tr("brush"), 1.0, 256.0, 32.0, step=1, decimals=0, unit=self.tr("px"),
            logarithmic=True, tooltip=self.tr("Width of the brush in pixels of the picture"),
        )  # fmt: skip
        self.width_slider.setObjectName("brush width")
        self.width_slider.value_changed.connect(self._set_width)
        self.words = QLabel()
        self.words.setFont(caption_font(self.words.font()))
        self.words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.pad)
        layout.addWidget(row(*self.tools.values(), self.clear))
        layout.addWidget(self.width_slider)
        layout.addWidget(self.words)
        self.pad.stroke_began.connect(self._began)
        self.pad.stroke_grew.connect(self._grew)
        self.pad.stroke_ended.connect(controller.end)
        self.choose("pen")

    def show_sheet(self, sheet: Drawing) -> None:
        """Show a mask."""
        if (sheet.width, sheet.height) != (self._sheet.width, self._sheet.height):
            self.width_slider.set_value(max(1, min(sheet.width, sheet.height) // BRUSH_SHARE))
            self.pad.stroke_width = self.width_slider.value()
        self._sheet = sheet
        self.pad.set_drawing(sheet)
        self.clear.setEnabled(not sheet.empty)
        self.words.setText(
            self.tr("All of it is drawn anew. Brush over a part to keep the rest.")
            if sheet.empty
            else self.tr("What is red is drawn anew; the rest stays.")
        )

    def choose(self, tool: Tool) -> None:
        """Mark with another tool."""
        self.pad.tool = tool
        self.tools[tool].setChecked(True)
        self.pad.update()

    def clear_mask(self) -> None:
        """Nothing is kept any more, as a step."""
        self._edit(self.tr("Clear the mask"), self._sheet.cleared(), None)

    def _edit(self, label: str, sheet: Drawing, control: str | None) -> None:
        self._controller.set_words(label, control, mask=sheet)

    def _began(self, stroke: Stroke) -> None:
        names = {
            "pen": self.tr("Mark"),
            "eraser": self.tr("Erase the mask"),
            "fill": self.tr("Fill the mask"),
        }
        self._label = names[stroke.tool]
        self._controller.begin(STROKE)
        self._edit(self._label, self._sheet.with_stroke(stroke), STROKE)

    def _grew(self, stroke: Stroke) -> None:
        last = self._sheet.strokes[-1] if self._sheet.strokes else None
        # Undone, or cleared, under the hand: what is drawn from here on is a stroke of its own.
        same = last is not None and stroke.points[: len(last.points)] == last.points
        grown = self._sheet.growing(stroke) if same else self._sheet.with_stroke(stroke)
        self._edit(self._label, grown, STROKE)

    def _set_width(self, value: float) -> None:
        self.pad.stroke_width = value
        self.pad.update()
