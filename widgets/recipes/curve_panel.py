"""In the panel of int8: which precision is faster at which width on this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.engine.job_messages import JobProgress
from studio.runtimes.target import TITLES
from widgets.controls.progress import ThinBar, time_left
from widgets.recipes.curve_words import numbers, sentences
from widgets.style.theme import GRID, caption_font

if TYPE_CHECKING:
    from studio.recipes.curve import SpeedCurve
    from widgets.recipes.curve_plot import CurvePlot


class CurvePanel(QWidget):
    """Signals: curve_wanted(), cancel_wanted()."""

    curve_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve: SpeedCurve | None = None
        self.plot: CurvePlot | None = None
        self.measure = QPushButton(self.tr("Measure the curve"))
        self.measure.setToolTip(
            self.tr("Time int8, bf16 and f32 at several widths, in a process of its own")
        )
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setAccessibleName(self.tr("Cancel measuring the curve"))
        for button in (self.measure, self.cancel):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar = ThinBar()
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(caption_font(self.words.font()))
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.words.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self.measure)
        line.addWidget(self.cancel)
        line.addStretch(1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID // 2)
        self._layout.addLayout(line)
        self._layout.addWidget(self.bar)
        self._layout.addWidget(self.words)
        self.measure.clicked.connect(lambda _=False: self.curve_wanted.emit())
        self.cancel.clicked.connect(lambda _=False: self.cancel_wanted.emit())
        self.show_curve(None, "", busy=False, progress=None, estimate=None)

    def show_curve(
        self,
        curve: SpeedCurve | None,
        place: str,
        *,
        busy: bool,
        progress: JobProgress | None,
        estimate: float | None,
    ) -> None:
        """Show what is known.

        Args:
            place: runtime and device that a curve would be measured on; empty where these run no
                int8.
            estimate: seconds that it takes, where that is known.
        """
        self.measure.setVisible(not busy)
        self.measure.setEnabled(bool(place))
        self.measure.setText(
            self.tr("Measure the curve") if curve is None else self.tr("Measure it again")
        )
        self.cancel.setVisible(busy)
        self.bar.setVisible(busy)
        self.bar.set_fraction(None if progress is None else progress.fraction)
        self.words.setText(self._words(curve, place, busy, progress, estimate))
        if curve != self._curve:
            self._curve = curve
            self._draw()
        if self.plot is not None:
            self.plot.setVisible(curve is not None)

    def _words(
        self,
        curve: SpeedCurve | None,
        place: str,
        busy: bool,
        progress: JobProgress | None,
        estimate: float | None,
    ) -> str:
        if busy:
            left = None if progress is None else progress.seconds_left
            return self.tr("Measuring") if left is None else time_left(left)
        if not place:
            return self.tr(
                "PyTorch runs no int8. Choose OpenVINO or ONNX Runtime in the preferences to see "
                "where int8 pays."
            )
        if curve is not None:
            return " ".join(sentences(curve))
        asked = self.tr("Where is int8 faster than bf16 on this computer?")
        if estimate is None:
            return asked
        if estimate < 90:
            took = self.tr("About {n} s; it can be cancelled.").format(n=max(1, round(estimate)))
        else:
            took = self.tr("About {n} min; it can be cancelled.").format(n=round(estimate / 60))
        return f"{asked} {took}"

    def _draw(self) -> None:
        curve = self._curve
        if curve is None:
            return
        if self.plot is None:
            from widgets.recipes.curve_plot import CurvePlot

            self.plot = CurvePlot()
            self._layout.addWidget(self.plot)
        self.plot.show_curve(curve)
        runtime, _, device = curve.target.partition(":")
        where = f"{TITLES.get(runtime, runtime)} {device.upper()}"
        title = self.tr("Latency by width on {target}").format(target=where)
        self.plot.setAccessibleName(title)
        self.plot.setAccessibleDescription(numbers(curve))
        self.setToolTip("\n".join((title, numbers(curve))))
