"""The plot with its axes to choose from, the limit, and the best variant within it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from widgets.captions import target_name
from widgets.controls.elided import ElidedLabel
from widgets.controls.field import NumberField
from widgets.controls.numbers import read
from widgets.controls.quiet import QuietBox
from widgets.frontier.axes import SCALES, UNITS, axis_hint, axis_name, limit_text, y_text
from widgets.frontier.points import WEIGHTED, XS, YS, Point, X, Y
from widgets.style.theme import GRID
from widgets.wiring import button

if TYPE_CHECKING:
    from widgets.frontier.plot import FrontierPlot, Provider

EMPTY, LACKING, PLOT = range(3)
"""Pages; the plot comes last, since it is made late."""
NUDGE = 0.02
"""A step of the limit by key, as a share of itself."""


class FrontierPanel(QWidget):
    """Signals:
    side_chosen(side, point), current_wanted(ref), pointed(point or None), layers_wanted(point),
    export_wanted(ref). choice_wanted(choice): a predicted subnet is to be the current one.
    """

    side_chosen = Signal(str, object)
    current_wanted = Signal(str)
    export_wanted = Signal(str)
    choice_wanted = Signal(object)
    pointed = Signal(object)
    layers_wanted = Signal(object)

    def __init__(
        self, measure: QAction, provider: Provider | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("frontier panel")
        self.plot: FrontierPlot | None = None
        self._provider = provider
        self._points: tuple[Point, ...] = ()
        self._target = ""
        self._judged = True
        self._marks: tuple[str, dict[str, str]] = ("", {})
        self._limits: dict[X, float] = {}
        self.y_box = self._chooser(YS, self.tr("Quality"))
        self.x_box = self._chooser(XS, self.tr("Cost"))
        self.against = QLabel(self.tr("against"))
        self.at_most = QLabel(self.tr("at most"))
        self.limit = NumberField()
        self.limit.setObjectName("frontier limit")
        self.limit.setAccessibleName(self.tr("The most it may cost"))
        self.limit.setToolTip(
            self.tr("The most it may cost. Drag the line in the plot, or type a number.")
        )
        self.limit.committed.connect(self._typed)
        self.limit.nudged.connect(self._nudged)
        self.best = ElidedLabel()
        self.best.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.best.set_hint(self.tr("The best variant under the limit, of those measured here"))
        self.use = QPushButton(self.tr("Use it"))
        self.use.setObjectName("use the best")
        self.use.setToolTip(self.tr("Make the best variant under the limit the current one"))
        self.use.setAutoDefault(False)
        # As wide as its words: the name beside it needs the room.
        self.use.setFixedWidth(self.use.fontMetrics().horizontalAdvance(self.use.text()) + 3 * GRID)
        self.use.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.use.clicked.connect(self._use_best)
        self._stack = QStackedLayout()
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._empty(measure))
        self._stack.addWidget(self._lacking(measure))
        head = QHBoxLayout()
        head.setSpacing(GRID // 2)
        for widget in (self.y_box, self.against, self.x_box):
            head.addWidget(widget)
        head.addSpacing(GRID)
        head.addWidget(self.at_most)
        head.addWidget(self.limit)
        head.addWidget(self.best, 1)
        head.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(head)
        layout.addLayout(self._stack, 1)
        self._show_best()

    def _chooser(self, axes: Sequence[X | Y], name: str) -> QuietBox:
        box = QuietBox()
        box.setAccessibleName(name)
        for axis in axes:
            self._add(box, axis)
        box.activated.connect(lambda _: self._axes_changed())
        return box

    @staticmethod
    def _add(box: QuietBox, axis: X | Y) -> None:
        box.addItem(axis_name(axis), axis)
        box.setItemData(box.count() - 1, axis_hint(axis), Qt.ItemDataRole.ToolTipRole)

    def _empty(self, measure: QAction) -> QWidget:
        page = QWidget()
        page.setObjectName("frontier empty")
        self.empty = QLabel(
            self.tr(
                "Variants measured on this computer stand here as points: how close to full, "
                "against what they cost."
            )
        )
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.measure = button(measure, words=True)
        layout = QVBoxLayout(page)
        layout.addStretch(1)
        layout.addWidget(self.empty)
        layout.addWidget(self.measure, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        return page

    def _lacking(self, measure: QAction) -> QWidget:
        """The page in place of a plot on whose axes nothing is known."""
        page = QWidget()
        page.setObjectName("frontier lacking")
        self.lacking = QLabel()
        self.lacking.setWordWrap(True)
        self.lacking.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.measure_lacking = button(measure, words=True)
        layout = QVBoxLayout(page)
        layout.addStretch(1)
        layout.addWidget(self.lacking)
        layout.addWidget(self.measure_lacking, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        return page

    def offer_weighted(self, axes: tuple[Y, ...]) -> None:
        """Offer those qualities too that need weights of the user's, and no others of them."""
        for axis in WEIGHTED:
            at = self.y_box.findData(axis)
            if axis in axes and at < 0:
                self._add(self.y_box, axis)
            elif axis not in axes and at >= 0 and self.y_box.currentData() != axis:
                self.y_box.removeItem(at)

    @property
    def axes(self) -> tuple[X, Y]:
        """The chosen axes."""
        return self.x_box.currentData(), self.y_box.currentData()

    def show_points(
        self,
        points: tuple[Point, ...],
        target: str,
        current: str,
        sides: dict[str, str],
        *,
        ready: bool = True,
        judged: bool = True,
    ) -> None:
        """Show points, of which those on ``target`` have the frontier that the limit speaks of.

        Args:
            current: the ref of the current variant. sides: the refs on sides A and B.
            ready: the plot may be made now, which takes a quarter of a second.
            judged: how real the model's pictures are can be told.
        """
        changed = (points, target) != (self._points, self._target)
        self._judged = judged
        self._points, self._target, self._marks = points, target, (current, sides)
        measured = any(point.measured for point in points)
        if measured and self.plot is None and ready:
            self._make_plot()
            changed = True
        if self.plot is not None:
            if changed:
                self._fill()
            self.plot.set_marks(current, sides)
            self._choose_page()
        self._show_best()

    def _choose_page(self) -> None:
        """The plot, or a sentence that says what it lacks."""
        x, y = self.axes
        known = self.plot is not None and bool(self.plot.cloud.known.any())
        if not any(point.measured for point in self._points):
            self._stack.setCurrentIndex(EMPTY)
        elif known:
            self._stack.setCurrentIndex(PLOT)
        else:
            untold = y == "realism" and not self._judged
            if untold:
                text = self.tr(
                    "The judge that comes with Maquette knows clay heads alone. How real the "
                    "pictures of this model are cannot be told."
                )
            else:
                axis = y if all(p.y(y) is None for p in self._points if p.measured) else x
                text = self.tr("Not measured yet: {axis}. Measure again to see it here.").format(
                    axis=axis_name(axis)
                )
            self.lacking.setText(text)
            self.measure_lacking.setVisible(not untold)
            self._stack.setCurrentIndex(LACKING)

    def _make_plot(self) -> None:
        # Here and not above: pyqtgraph takes a while to import, and the first picture comes first.
        from widgets.frontier.plot import FrontierPlot

        self.plot = FrontierPlot()
        if self._provider is not None:
            self.plot.provider = self._provider
        self.plot.side_chosen.connect(self.side_chosen)
        self.plot.current_chosen.connect(self._current_chosen)
        self.plot.export_wanted.connect(lambda point: self.export_wanted.emit(point.ref))
        self.plot.limit_moved.connect(self.set_limit)
        self.plot.pointed.connect(self.pointed)
        self.plot.layers_wanted.connect(self.layers_wanted)
        self._stack.addWidget(self.plot)
        QWidget.setTabOrder(self.use, self.plot)

    def _current_chosen(self, point: Point) -> None:
        if point.choice is None:
            self.current_wanted.emit(point.ref)
        else:
            self.choice_wanted.emit(point.choice)

    def _fill(self) -> None:
        from widgets.frontier.cloud import Cloud

        assert self.plot is not None
        x, y = self.axes
        cloud = Cloud(self._points, x, y)
        self.plot.set_cloud(cloud, self._target)
        way = cloud.frontiers.get(self._target, ())
        if way and x not in self._limits:
            self._limits[x] = float(cloud.x[way[(len(way) - 1) // 2]])
        self.plot.set_limit(self._limits.get(x))

    def _axes_changed(self) -> None:
        if self.plot is not None:
            self._fill()
            self.plot.set_marks(*self._marks)
            self._choose_page()
        self._show_best()

    # ---- the limit ----------------------------------------------------------------------------

    def set_limit(self, value: float) -> None:
        """The most a variant may cost, in the unit of the axis."""
        self._limits[self.axes[0]] = value
        if self.plot is not None:
            self.plot.set_limit(value)
        self._show_best()

    def _typed(self, text: str) -> None:
        value = read(text, UNITS[self.axes[0]])
        if value is not None and value > 0:
            self.set_limit(value)

    def _nudged(self, steps: float) -> None:
        value = self._limits.get(self.axes[0])
        if value is not None:
            self.set_limit(value * (1 + NUDGE) ** steps)

    def sweet_spot(self) -> Point | None:
        """The best measured variant within the limit, or None."""
        if self.plot is None or self.plot.sweet is None:
            return None
        return self.plot.cloud.points[self.plot.sweet]

    def _show_best(self) -> None:
        x, y = self.axes
        value = self._limits.get(x)
        shown = self.plot is not None and self._stack.currentIndex() == PLOT
        has_limit = (
            shown
            and value is not None
            and bool(self.plot is not None and self.plot.cloud.frontiers.get(self._target))
        )
        for widget in (self.at_most, self.limit, self.use):
            widget.setVisible(has_limit)
        if value is not None:
            number = limit_text(x, value * SCALES[x])
            self.limit.set_characters(len(f"{number} {UNITS[x]}"))
            self.limit.set_number(number, UNITS[x])
        best = self.sweet_spot() if has_limit else None
        if best is not None:
            self.best.set_text(f"{best.name}, {y_text(y, best.y(y))}")
        elif has_limit:
            self.best.set_text(self.tr("nothing is below that"))
        elif shown:
            name = target_name(self._target) if self._target else ""
            self.best.set_text(self.tr("nothing is measured on {target} yet").format(target=name))
        else:
            self.best.set_text("")
        self.use.setEnabled(best is not None and best.ref != self._marks[0])

    def _use_best(self) -> None:
        best = self.sweet_spot()
        if best is not None:
            self.current_wanted.emit(best.ref)
