"""What runs networks on this computer, and what does not and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.runtimes.device import Device
from widgets.controls.table import Column, NumberTable
from widgets.devices.finder import DeviceFinder
from widgets.devices.words import device_name, reason_text, runtime_name, status_text, summary
from widgets.style.theme import GRID

WIDTH, HEIGHT = 960, 520
NAME_WIDTH = 210


class DevicesDialog(QDialog):
    """Beside the work, not in front of it. Looks when it is opened for the first time."""

    def __init__(self, finder: DeviceFinder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("devices")
        self.setWindowTitle(self.tr("Devices"))
        self._finder = finder
        self._pressed = False
        self.table = NumberTable(
            [
                Column(self.tr("Runtime"), numeric=False),
                Column(self.tr("Kind"), numeric=False),
                Column(self.tr("Device"), numeric=False),
                Column(
                    self.tr("Precisions"),
                    numeric=False,
                    tooltip=self.tr("What it computes natively, or at a gain"),
                ),
                Column(self.tr("Status"), numeric=False),
                Column(self.tr("Reason"), numeric=False),
            ]
        )
        self.table.setObjectName("devices table")
        self.table.setAccessibleName(self.tr("Devices"))
        self.table.setWordWrap(True)
        self.table.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header, mode = self.table.horizontalHeader(), QHeaderView.ResizeMode
        for section in range(5):
            header.setSectionResizeMode(section, mode.ResizeToContents)
        header.setSectionResizeMode(2, mode.Interactive)
        header.resizeSection(2, NAME_WIDTH)
        header.setSectionResizeMode(5, mode.Stretch)
        # Heights follow widths, once these have settled.
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._fit_rows)
        header.sectionResized.connect(lambda *_: self._settle.start())
        self.table.model().layoutChanged.connect(lambda *_: self._settle.start())
        self.note = QLabel()
        self.note.setObjectName("devices note")
        self.note.setWordWrap(True)
        self.again = QPushButton(self.tr("&Detect again"))
        self.again.setObjectName("devices again")
        self.again.setAutoDefault(False)
        close = QPushButton(self.tr("Close"))
        close.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.note, 1)
        row.addWidget(self.again)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.table, 1)
        layout.addLayout(row)
        self.resize(WIDTH, HEIGHT)
        self.again.clicked.connect(lambda: finder.look(again=True))
        close.clicked.connect(self.close)
        finder.found.connect(self._show)
        finder.failed.connect(self.note.setText)
        finder.busy_changed.connect(self._busy)
        if finder.devices is not None:
            self._show(finder.devices)

    def offer(self) -> None:
        """Show it, and look for devices unless they are known."""
        if not self.isVisible():
            parent = self.parentWidget()
            if parent is not None:
                middle = parent.frameGeometry().center()
                self.move(middle - self.rect().center())
            self.show()
        self.raise_()
        self.activateWindow()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._busy(self._finder.busy)
        self._finder.look()

    def _show(self, devices: tuple[Device, ...]) -> None:
        rows = {}
        for number, device in enumerate(devices):
            rows[number] = (
                runtime_name(device),
                device.kind,
                device_name(device),
                ", ".join(device.precisions) or None,
                status_text(device),
                reason_text(device),
            )
        self.table.set_rows(rows)
        self.note.setText(summary(devices))
        self._settle.start()

    def _fit_rows(self) -> None:
        self.table.resizeRowsToContents()
        for row in range(self.table.model().rowCount()):
            self.table.setRowHeight(row, self.table.rowHeight(row) + GRID)

    def _busy(self, busy: bool) -> None:
        if busy:
            self._pressed = self._pressed or self.again.hasFocus()
            self.note.setText(self.tr("Looking for devices…"))
        self.again.setEnabled(not busy)
        if not busy and self._pressed:  # a button that is switched off loses the focus
            self._pressed = False
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle.start()
