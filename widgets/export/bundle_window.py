"""A bundle that was dropped on the window, or opened: what it says, and whether that is so."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from studio.engine.bundle_messages import BundleReport
from widgets.export.bundle_page import BundlePage
from widgets.export.verifying import Verifying
from widgets.jobs import Jobs
from widgets.style.theme import GRID

WIDTH, HEIGHT = 880, 480


class BundleWindow(QDialog):
    """Beside the work. Closing it gives a check up."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bundle")
        self.setWindowTitle(self.tr("Bundle"))
        self.page = BundlePage()
        self.page.back.hide()
        self.page.copy.hide()
        self.page.verify.setDefault(True)
        self.verifying = Verifying(jobs, self.page, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.addWidget(self.page)
        self.resize(WIDTH, HEIGHT)

    def offer(self, report: BundleReport) -> None:
        """Show what a bundle says of itself, and offer to verify it."""
        self.verifying.cancel()
        self.page.show_claimed(report)
        self.setWindowTitle(self.tr("Bundle {name}").format(name=Path(report.folder).name))
        if not self.isVisible():
            parent = self.parentWidget()
            if parent is not None:
                self.move(parent.frameGeometry().center() - self.rect().center())
            self.show()
        self.raise_()
        self.activateWindow()
        self.page.verify.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.verifying.cancel()
        super().closeEvent(event)

    def reject(self) -> None:
        self.close()


def read_bundle(folder: Path) -> BundleReport:
    """What the manifest in a folder says. Opens nothing else.

    Raises:
        RefusedFile: there is no sound manifest.
    """
    from studio.bundles.folder import read_manifest
    from studio.engine.bundle_reports import report_of

    return report_of(folder, read_manifest(folder), 0.0)
