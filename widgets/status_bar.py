"""The line at the bottom: what makes the pictures, memory, and the jobs under way."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from studio.engine.job_messages import JobProgress
from widgets import captions
from widgets.controls.progress import JobProgressBar
from widgets.job_row import JobRow
from widgets.style.theme import GRID, caption_font

FINISH, LOADING = -1, -2


class StatusBar(QStatusBar):
    """Signals: cancel_clicked(job id); ``FINISH`` and ``LOADING`` stand for what is no job."""

    cancel_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.device = QLabel(captions.device_line(None))
        self.device.setToolTip(self.tr("What makes the pictures: device, runtime and precision"))
        self.memory = QLabel()
        self.memory.setToolTip(self.tr("Memory of this window and its helper processes"))
        for label in (self.device, self.memory):
            label.setFont(caption_font(label.font()))
            label.setContentsMargins(GRID, 0, GRID, 0)
            self.addWidget(label)
        self._bars: dict[int, JobProgressBar] = {}
        self.row = JobRow()
        self.addPermanentWidget(self.row, 1)
        # As high as with a job in it, so that no picture moves when one begins or ends.
        ruler = JobProgressBar(self)
        ruler.hide()
        self.device.setMinimumHeight(ruler.sizeHint().height())
        ruler.deleteLater()

    def set_device(self, threads: int) -> None:
        """Say what makes the pictures: CPU, PyTorch f32, 2 threads."""
        self.device.setText(captions.device_line(threads))

    def set_memory(self, used: float, total: float) -> None:
        """Bytes."""
        self.memory.setText(
            self.tr("memory {used} of {total} GB").format(
                used=f"{used / 1e9:.1f}", total=f"{total / 1e9:.0f}"
            )
        )

    def show_job(self, job: int, title: str, progress: JobProgress) -> None:
        """Show or update the bar of a job."""
        bar = self._bars.get(job)
        if bar is None:
            bar = self._bars[job] = JobProgressBar()
            bar.setAccessibleName(title)
            bar.cancel_clicked.connect(lambda: self.cancel_clicked.emit(job))
            self.row.add(bar)
        text = f"{title}: {progress.text}" if progress.text else title
        bar.set_progress(progress.fraction, text, progress.seconds_left)

    def end_job(self, job: int) -> None:
        """Take the bar of a job away."""
        bar = self._bars.pop(job, None)
        if bar is not None:
            self.row.remove(bar)

    def jobs(self) -> list[int]:
        """The ids of the jobs under way."""
        return list(self._bars)
