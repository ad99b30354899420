"""A bundle as a table: its files, where they ran, how near they are, and what can be done now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPalette
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.engine.bundle_messages import BundleNetwork, BundleReport
from widgets import captions
from widgets.controls.elided import ElidedLabel
from widgets.controls.table import Column, NumberTable
from widgets.export.words import seconds_words, where_text
from widgets.preferences.parts import hint
from widgets.style.theme import GRID
from widgets.wiring import heading

MOST_NOTES = 6
LATENCY = 6  # its column


class BundlePage(QWidget):
    """Signals: verify_wanted(): check it now. copy_wanted(): the command that made it.
    back_wanted(): leave this page."""

    verify_wanted = Signal()
    copy_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bundle page")
        self.report: BundleReport | None = None
        self.name = heading("")
        self.place = ElidedLabel(elide=Qt.TextElideMode.ElideMiddle)
        self.place.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.state = QLabel()
        self.state.setObjectName("bundle state")
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.table = NumberTable(self._columns())
        self.table.setObjectName("bundle table")
        self.table.setAccessibleName(self.tr("Files of the bundle"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(header.count() - 1, QHeaderView.ResizeMode.Stretch)
        self.notes = hint("")
        self.back = QPushButton(self.tr("Back"))
        self.folder = QPushButton(self.tr("Open folder"))
        self.copy = QPushButton(self.tr("Copy command"))
        self.verify = QPushButton(self.tr("Verify again"))
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.back)
        foot.addStretch(1)
        for button, name in (
            (self.folder, "folder"), (self.copy, "copy"), (self.verify, "verify"),
        ):  # fmt: skip
            button.setObjectName(f"bundle {name}")
            button.setAutoDefault(False)
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self.name, self.place, self.state):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.notes)
        layout.addLayout(foot)
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self.back_wanted)
        self.folder.clicked.connect(self._open_folder)
        self.copy.clicked.connect(self.copy_wanted)
        self.verify.clicked.connect(self.verify_wanted)

    def show_exported(self, report: BundleReport) -> None:
        """It was just made."""
        ran = ran_here(report)
        text = self.tr(
            "Exported and verified in {time}: {ran} of {all} files were run here and agree with "
            "the original; {files} files, {size}."
        )
        self._show(report)
        self._say(text, report, ran)
        self.verify.setText(self.tr("Verify again"))

    def show_claimed(self, report: BundleReport) -> None:
        """What its manifest says, which nobody has checked."""
        self._show(report)
        text = self.tr(
            "This is what the bundle says of itself. Nothing of it has been checked on this "
            "computer yet."
        )
        self.state.setText(text)
        self.verify.setText(self.tr("Verify"))

    def show_verified(self, report: BundleReport) -> None:
        """It was checked and is what it says."""
        ran = ran_here(report)
        text = self.tr(
            "Verified in {time}: {files} files are as they were written; {ran} of {all} networks "
            "were run here and agree with the reference."
        )
        self._show(report)
        self._say(text, report, ran)
        self.verify.setText(self.tr("Verify again"))

    def show_refused(self, sentence: str) -> None:
        """It is not what it says."""
        self.state.setText(self.tr("Refused: {why}").format(why=sentence))

    def show_busy(self, text: str, *, busy: bool) -> None:
        """It is being checked, or no longer."""
        self.verify.setEnabled(not busy)
        if text:
            self.state.setText(text)

    def _say(self, text: str, report: BundleReport, ran: int) -> None:
        self.state.setText(
            text.format(
                time=seconds_words(report.seconds),
                ran=ran,
                all=sum(bool(each.main) for each in report.networks),
                files=report.files,
                size=captions.size(report.bytes),
            )
        )

    def _show(self, report: BundleReport) -> None:
        self.report = report
        folder = Path(report.folder)
        text = self.tr("{model}, licence {licence}")
        self.name.setText(text.format(model=report.model, licence=report.licence))
        self.place.set_text(str(folder))
        self.table.set_rows({each.id: self._row(each) for each in report.networks})
        timed = any(each.latency is not None for each in report.networks)
        self.table.setColumnHidden(LATENCY, not timed)
        self.table.resizeColumnsToContents()
        notes = dict.fromkeys(note for each in report.networks for note in each.notes)
        lines = list(notes)[:MOST_NOTES]
        if len(notes) > MOST_NOTES:
            lines.append("…")
        self.notes.setText("\n".join(lines))
        self.notes.setVisible(bool(lines))

    def _row(self, found: BundleNetwork) -> tuple[Any, ...]:
        near = found.quality
        where = where_text(found.verified_on) or self.tr("not run here: {why}").format(
            why=found.not_run
        )
        return (
            _named(found),
            found.bytes,
            found.difference,
            None if near is None else near.flip,
            None if near is None else near.ssim,
            None if near is None else float("inf") if near.psnr is None else near.psnr,
            found.latency,
            where,
        )

    def _columns(self) -> list[Column]:
        return [
            Column(self.tr("file"), numeric=False),
            Column(self.tr("size"), formatter=captions.size),
            Column(
                self.tr("difference"),
                formatter="{:.1g}".format,
                tooltip=self.tr(
                    "Parity: the largest difference of a value from PyTorch in f32, same subnet"
                ),
            ),
            Column(
                "FLIP",
                formatter="{:.3f}".format,
                tooltip=self.tr("Visible difference to full (Andersson et al. 2020); 0 is none"),
            ),
            Column(
                "SSIM",
                formatter="{:.3f}".format,
                tooltip=self.tr("Structural similarity to full (Wang et al. 2004); 1 is equal"),
            ),
            Column(
                "PSNR",
                "dB",
                formatter=lambda v: captions.psnr(None) if v == float("inf") else f"{v:.1f}",
                tooltip=self.tr("Peak signal-to-noise ratio to full; higher is closer"),
            ),
            Column(self.tr("latency"), "ms", formatter=captions.milliseconds),
            Column(self.tr("verified on"), numeric=False),
        ]

    def _open_folder(self) -> None:
        if self.report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self.report.folder))


def ran_here(report: BundleReport) -> int:
    """How many of a bundle's networks ran here."""
    return sum(bool(each.verified_on) for each in report.networks if each.main)


def _named(found: BundleNetwork) -> str:
    """A file of a bundle; those of a pipeline lie in a folder each, and the pipeline itself in
    none."""
    return found.main.removeprefix("models/") or found.title
