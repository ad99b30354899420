"""What a step has really done: a line, bytes, and every layer with what was done or why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from widgets.captions import size
from widgets.controls.table import Column, NumberTable
from widgets.style.theme import GRID, caption_font

if TYPE_CHECKING:
    from studio.recipes.contract import StepReport

translate = QCoreApplication.translate
TABLE_HEIGHT = 180


def lines_of(report: StepReport) -> list[str]:
    """A report in words: what was done, layers touched and left alone, bytes before and after."""
    found = report.report
    lines = [found.summary]
    if found.layers:
        left = len(found.layers) - found.touched
        words = translate("StepReport", "{touched} layers changed, {left} left alone")
        lines.append(words.format(touched=found.touched, left=left))
    for text, before, after in (
        (translate("StepReport", "on disk {before} to {after}"), *_bytes(found, "disk")),
        (translate("StepReport", "in memory {before} to {after}"), *_bytes(found, "resident")),
    ):
        if before:
            lines.append(text.format(before=size(before), after=size(after)))
    lines += found.notes
    if found.seconds >= 60:
        words = translate("StepReport", "It took {minutes} min")
        lines.append(words.format(minutes=f"{found.seconds / 60:.1f}"))
    elif found.seconds:
        words = translate("StepReport", "It took {seconds} s")
        lines.append(words.format(seconds=f"{found.seconds:.0f}"))
    if report.cached:
        lines.append(translate("StepReport", "Taken from the cache"))
    return lines


def worth_of(reports: Sequence[StepReport]) -> str:
    """What a step that bakes says beside its summary: figures before and after, say."""
    notes = [note for each in reports if each.verb == "transform" for note in each.report.notes]
    return "; ".join(notes)


def _bytes(found: object, where: str) -> tuple[int, int]:
    return getattr(found, f"{where}_before"), getattr(found, f"{where}_after")


class StepReportView(QWidget):
    """The reports of one step, one below the other.

    Signals: layers_wanted(): the variant is to be timed layer by layer.
    """

    layers_wanted = Signal()

    def __init__(self, reports: Sequence[StepReport], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        self.tables: list[NumberTable] = []
        for report in reports:
            words = QLabel("\n".join(lines_of(report)))
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setFont(caption_font(words.font()))
            # Before it wraps: wrapping adds to the policy that the height follows the width.
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            words.setWordWrap(True)
            layout.addWidget(words)
            if report.report.layers:
                table = self._table(report)
                self.tables.append(table)
                layout.addWidget(table)
        self.layers = QPushButton(self.tr("Layer by layer…"))
        self.layers.setToolTip(self.tr("Time, multiplies, bytes and precision of every layer"))
        self.layers.setAutoDefault(False)
        self.layers.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.layers.clicked.connect(lambda _=False: self.layers_wanted.emit())
        layout.addWidget(self.layers, 0, Qt.AlignmentFlag.AlignLeft)

    def _table(self, report: StepReport) -> NumberTable:
        table = NumberTable(
            [
                Column(self.tr("layer"), numeric=False),
                Column(self.tr("what was done"), numeric=False),
                Column(self.tr("before"), formatter=size),
                Column(self.tr("after"), formatter=size),
                Column(
                    self.tr("error"),
                    formatter="{:.2g}".format,
                    tooltip=self.tr("Relative error of the layer's output or weights"),
                ),
            ]
        )
        table.setAccessibleName(self.tr("What was done to every layer"))
        table.setFont(caption_font(table.font()))
        table.set_rows(
            {
                layer.name: (
                    layer.name,
                    self.tr("left alone: {why}").format(why=layer.skipped)
                    if layer.skipped
                    else layer.detail,
                    layer.bytes_before or None,
                    layer.bytes_after or None,
                    layer.error,
                )
                for layer in report.report.layers
            }
        )
        table.resizeColumnsToContents()
        table.setFixedHeight(TABLE_HEIGHT)
        return table
