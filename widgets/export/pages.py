"""What stands between the form and the result: how far it is, and a question."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.engine.bundle_messages import JobAsk
from studio.engine.job_messages import JobProgress
from widgets.captions import psnr
from widgets.controls.progress import ThinBar, time_left
from widgets.controls.table import Column, NumberTable
from widgets.style.theme import GRID
from widgets.wiring import heading, row


class ProgressPage(QWidget):
    """Signals: cancel_wanted()."""

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = heading("")
        self.says = QLabel()
        self.says.setObjectName("export progress")
        self.says.setWordWrap(True)
        self.left = QLabel()
        self.bar = ThinBar()
        self.note = QLabel(
            self.tr("What stands in the folder stays as it is until the new bundle is whole.")
        )
        self.note.setWordWrap(True)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setObjectName("export cancel")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.cancel_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.title)
        layout.addWidget(row(self.says, self.left, stretch=0))
        layout.addWidget(self.bar)
        layout.addWidget(self.note)
        layout.addStretch(1)
        layout.addWidget(row(QWidget(), self.cancel, stretch=0))

    def begin(self, title: str) -> None:
        """An export begins."""
        self.title.setText(title)
        self.says.setText(self.tr("starting"))
        self.left.clear()
        self.bar.set_fraction(None)
        self.bar.setAccessibleName(title)
        self.cancel.setEnabled(True)

    def show_progress(self, progress: JobProgress) -> None:
        """How far it is."""
        self.says.setText(progress.text)
        self.bar.set_fraction(progress.fraction)
        seconds = progress.seconds_left
        self.left.setText("" if seconds is None else time_left(seconds))


class QuestionPage(QWidget):
    """Signals: answered(ship)."""

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.says = heading("")
        self.says.setWordWrap(True)
        self.table = NumberTable(
            [
                Column(self.tr("file"), numeric=False),
                Column("FLIP", formatter="{:.3f}".format),
                Column("SSIM", formatter="{:.3f}".format),
                Column("PSNR", formatter=str),
                Column(self.tr("beyond the limit"), numeric=False),
            ]
        )
        self.table.setObjectName("export beyond")
        self.table.setAccessibleName(self.tr("Files beyond the limits"))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.stop = QPushButton(self.tr("Keep nothing"))
        self.stop.setObjectName("export keep nothing")
        self.ship = QPushButton(self.tr("Ship it all the same"))
        self.ship.setObjectName("export ship")
        for button, ship in ((self.stop, False), (self.ship, True)):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, ship=ship: self.answered.emit(ship))
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addStretch(1)
        foot.addWidget(self.stop)
        foot.addWidget(self.ship)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.says)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)

    def show_question(self, question: JobAsk) -> None:
        """Ask about files, with their figures."""
        count = len(question.beyond)
        text = self.tr("{n} files are further from full than you allowed.")
        if count == 1:
            text = self.tr("1 file is further from full than you allowed.")
        self.says.setText(text.format(n=count))
        self.table.set_rows(
            {
                each.id: (
                    each.id,
                    each.quality.flip,
                    each.quality.ssim,
                    psnr(each.quality.psnr),
                    ", ".join(each.words),
                )
                for each in question.beyond
            }
        )
        self.table.resizeColumnsToContents()
