"""What each layer loses by a step, as bars, and which layers the step is to leave alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.engine.job_messages import JobProgress
from widgets.controls.box_list import BoxList
from widgets.controls.progress import ThinBar, time_left
from widgets.style.theme import GRID, caption_font, tabular

if TYPE_CHECKING:
    from studio.recipes.scan import Scan

NAME = Qt.ItemDataRole.UserRole
SHARE = Qt.ItemDataRole.UserRole + 1
NUMBER = Qt.ItemDataRole.UserRole + 2
AUTO = "auto"
MOST_ROWS = 9
BEST = 70.0
"""dB from which a bar is empty."""
NUMBER_WIDTH, BAR_HEIGHT = 8 * GRID, 6
BAR_FROM = 0.55  # of the width: what lies before is for the name


class _Bars(QStyledItemDelegate):
    """A checkbox and a name as usual, then a bar for the damage and the number at the right. Of a
    long name the beginning is left out: layers differ at its end."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        room = int(option.rect.width() * BAR_FROM) - 4 * GRID
        metrics = QFontMetrics(option.font)
        option.text = metrics.elidedText(option.text, Qt.TextElideMode.ElideLeft, room)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        painter.save()
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        group = QPalette.ColorGroup.Normal if enabled else QPalette.ColorGroup.Disabled
        colour = QColor(option.palette.color(group, QPalette.ColorRole.Text))
        right = option.rect.right() - GRID // 2
        number = QRectF(right - NUMBER_WIDTH, option.rect.top(), NUMBER_WIDTH, option.rect.height())
        painter.setFont(option.font)
        painter.setPen(colour)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(number, int(flags), str(index.data(NUMBER)))
        left = option.rect.left() + option.rect.width() * BAR_FROM
        width = (number.left() - left) * float(index.data(SHARE))
        top = option.rect.center().y() - BAR_HEIGHT / 2 + 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        colour.setAlphaF(0.35 if checked else 0.75)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(left, top, max(width, 1.0), BAR_HEIGHT), 2, 2)
        painter.restore()


class ScanPanel(QWidget):
    """Signals:
    scan_wanted(), cancel_wanted(). keep_changed(names): a list of layers to leave alone.
    """

    scan_wanted = Signal()
    cancel_wanted = Signal()
    keep_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scan: Scan | None = None
        self._keep: Any = AUTO
        self._filling = False
        self.scan = QPushButton(self.tr("Scan layers"))
        self.scan.setToolTip(
            self.tr("Find out what each layer alone loses in int8, in a process of its own")
        )
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setAccessibleName(self.tr("Cancel the scan"))
        self.take = QPushButton(self.tr("Take proposal"))
        self.take.setToolTip(self.tr("Leave the proposed layers in float"))
        for button in (self.scan, self.cancel, self.take):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar = ThinBar()
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(caption_font(self.words.font()))
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.words.setWordWrap(True)
        self.worst = QCheckBox(self.tr("Worst first"))
        self.worst.setToolTip(self.tr("Off: in the order in which they run"))
        self.list = BoxList()
        self.list.setObjectName("scan")
        self.list.setAccessibleName(self.tr("Layers; checked ones stay in float"))
        self.list.setItemDelegate(_Bars(self.list))
        self.list.setFont(tabular(caption_font(self.list.font())))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.list.setUniformItemSizes(True)
        self._arrange()
        self.scan.clicked.connect(lambda _=False: self.scan_wanted.emit())
        self.cancel.clicked.connect(lambda _=False: self.cancel_wanted.emit())
        self.take.clicked.connect(lambda _=False: self._take())
        self.worst.toggled.connect(lambda _: self._fill())
        self.list.itemChanged.connect(self._toggled)
        self.list.itemClicked.connect(self._clicked)
        self._pressed: tuple[str, Qt.CheckState] | None = None
        self.list.itemPressed.connect(self._press)
        self.show_scan(None, AUTO, busy=False, progress=None)

    def show_scan(
        self, scan: Scan | None, keep: Any, *, busy: bool, progress: JobProgress | None
    ) -> None:
        """Show what is known.

        Args:
            keep: what the step says: a list of layers, or ``auto``.
        """
        if (scan, keep) != (self._scan, self._keep) or not self.list.count():
            self._scan, self._keep = scan, keep
            self._fill()
        self.scan.setVisible(not busy)
        self.cancel.setVisible(busy)
        self.bar.setVisible(busy)
        self.bar.set_fraction(None if progress is None else progress.fraction)
        self.list.setVisible(scan is not None)
        self.worst.setVisible(scan is not None)
        self.take.setVisible(scan is not None)
        self.scan.setText(self.tr("Scan layers") if scan is None else self.tr("Scan again"))
        proposed = None if scan is None else list(scan.proposal.keep)
        self.take.setEnabled(not busy and scan is not None and keep != proposed)
        self.words.setText(self._words(busy, progress))
        self.words.setVisible(bool(self.words.text()))

    def _words(self, busy: bool, progress: JobProgress | None) -> str:
        if busy:
            if progress is None:
                return self.tr("Scanning")
            left = progress.seconds_left
            return self.tr("Scanning") if left is None else time_left(left)
        scan = self._scan
        if scan is None:
            return ""
        equal = self.tr("no change")

        def said(value: float) -> str:
            return _said(value, by_output=scan.by_output)

        together, found = scan.found.together, scan.proposal
        parts = [
            self.tr("All in int8: {db}.").format(db=equal if together is None else said(together)),
            self.tr(
                "Proposed for {wanted}: {n} in float; predicted {db} with {share} of the "
                "multiplies in int8."
            ).format(
                wanted=said(scan.wanted),
                n=len(found.keep),
                db=equal if found.psnr is None else said(found.psnr),
                share=f"{found.share:.0%}",
            ),
        ]
        if not found.reached:
            parts.append(self.tr("That is not what is wanted, and no better is possible."))
        return " ".join(parts)

    def _kept(self) -> list[str]:
        """The layers that stay in float now, besides those that always do."""
        if self._keep == AUTO:
            return [] if self._scan is None else list(self._scan.proposal.keep)
        return list(self._keep)

    def _fill(self) -> None:
        self._filling = True
        at = self.list.currentRow()
        self.list.clear()
        scan = self._scan
        if scan is not None:
            fixed, kept = dict(scan.fixed), set(self._kept())
            proposed = set(scan.proposal.keep)
            layers = scan.found.worst_first if self.worst.isChecked() else scan.found.layers
            worst = min((x.psnr for x in layers if x.psnr is not None), default=BEST)
            for layer in layers:
                name = layer.name.removesuffix(".convolved")
                marked = self.tr("{name}, proposed").format(name=name)
                item = QListWidgetItem(marked if layer.name in proposed else name)
                item.setData(NAME, layer.name)
                psnr = BEST if layer.psnr is None else layer.psnr
                share = (BEST - psnr) / max(BEST - worst, 1e-9)
                item.setData(SHARE, min(max(share, 0.0), 1.0))
                number = self.tr("none")
                if layer.psnr is not None:
                    number = _said(layer.psnr, by_output=scan.by_output)
                item.setData(NUMBER, number)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {number}")
                why = fixed.get(layer.name, "")
                on = layer.name in kept or bool(why)
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
                if why:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
                multiplies = self.tr("{share} of the multiplies").format(share=f"{layer.macs:.1%}")
                item.setToolTip("\n".join(t for t in (layer.name, multiplies, why) if t))
                item.setSizeHint(QSize(0, self.list.fontMetrics().height() + GRID // 2))
                self.list.addItem(item)
            rows = min(len(layers), MOST_ROWS)
            height = rows * (self.list.fontMetrics().height() + GRID // 2)
            self.list.setFixedHeight(height + 2 * self.list.frameWidth())
            if 0 <= at < self.list.count():
                self.list.setCurrentRow(at)
        self._filling = False

    def _press(self, item: QListWidgetItem) -> None:
        self._pressed = (str(item.data(NAME)), item.checkState())

    def _clicked(self, item: QListWidgetItem) -> None:
        """A click anywhere on a row toggles it; one on its checkbox has done so already."""
        if self._pressed == (item.data(NAME), item.checkState()):
            on = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
        self._pressed = None

    def _toggled(self, item: QListWidgetItem) -> None:
        if self._filling or self._scan is None:
            return
        kept, name = set(self._kept()), str(item.data(NAME))
        if item.checkState() == Qt.CheckState.Checked:
            kept.add(name)
        else:
            kept.discard(name)
        order = [layer.name for layer in self._scan.found.layers]
        unknown = [each for each in self._kept() if each not in order and each in kept]
        self._pressed = None
        self.keep_changed.emit([each for each in order if each in kept] + unknown)

    def _take(self) -> None:
        if self._scan is not None:
            self.keep_changed.emit(list(self._scan.proposal.keep))

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(GRID)
        for widget in (self.scan, self.cancel, self.take):
            line.addWidget(widget)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(line)
        layout.addWidget(self.bar)
        layout.addWidget(self.words)
        layout.addWidget(self.worst)
        layout.addWidget(self.list)


def _said(value: float, *, by_output: bool) -> str:
    """Decibels, or the relative error of a network's output that they stand for."""
    return f"{10 ** (-value / 20):.2%}" if by_output else f"{value:.1f} dB"
