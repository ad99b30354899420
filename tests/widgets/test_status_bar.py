"""The status bar: jobs come and go without moving what is above."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from studio.engine.job_messages import JobProgress
from widgets.status_bar import StatusBar


def test_it_is_as_high_with_a_job_as_without(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show()
    alone = bar.sizeHint().height(), bar.minimumSizeHint().height()
    bar.show_job(1, "Compile", JobProgress(0.5, "width 0.5", 12.0))
    qtbot.wait(10)
    assert bar.jobs() == [1]
    assert (bar.sizeHint().height(), bar.minimumSizeHint().height()) == alone
    bar.end_job(1)
    qtbot.wait(10)
    assert (bar.sizeHint().height(), bar.minimumSizeHint().height()) == alone
