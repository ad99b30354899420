"""What stands between the form and the result: how far it is, and a question."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from studio.engine.bundle_messages import ConverterOffer, JobAsk
from studio.engine.job_messages import JobProgress
from widgets.captions import psnr, size
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

    def begin(self, title: str, *, note: bool = True) -> None:
        """Something begins; ``note``: it is an export, of which more is to be said."""
        self.note.setVisible(note)
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


class ConsentPage(QWidget):
    """Names the packages that a converter needs, and installs nothing by itself.

    Signals: answered(agreed): a ``ConverterOffer``, or None for no.
    """

    answered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer: ConverterOffer | None = None
        self.title = heading("")
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.packages = QPlainTextEdit()
        self.packages.setObjectName("export packages")
        self.packages.setReadOnly(True)
        self.packages.setTabChangesFocus(True)
        self.packages.setAccessibleName(self.tr("Packages"))
        self.no = QPushButton(self.tr("Not now"))
        self.no.setObjectName("export install no")
        self.yes = QPushButton(self.tr("Install these packages"))
        self.yes.setObjectName("export install yes")
        for button in (self.no, self.yes):
            button.setAutoDefault(False)
        self.no.clicked.connect(lambda: self.answered.emit(None))
        self.yes.clicked.connect(lambda: self.answered.emit(self._offer))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self.title, self.says):
            layout.addWidget(widget)
        layout.addWidget(self.packages, 1)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addStretch(1)
        foot.addWidget(self.no)
        foot.addWidget(self.yes)
        layout.addLayout(foot)

    def show_offer(self, offer: ConverterOffer) -> None:
        """Ask about the packages of one converter."""
        self._offer = offer
        self.title.setText(self.tr("What {format} needs").format(format=offer.title))
        text = self.tr(
            "Its converter is made of these packages and no others. They are fetched from the "
            "package index (about {download}) and installed in an environment of their own "
            "({disk} on disk); Maquette itself is not touched."
        )
        self.says.setText(text.format(download=size(offer.download), disk=size(offer.disk)))
        self.packages.setPlainText("\n".join(offer.packages))


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
