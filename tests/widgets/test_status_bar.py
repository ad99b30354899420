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


def test_jobs_never_ask_for_more_room_than_there_is(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(1000, 40)
    bar.show()
    least = bar.minimumSizeHint().width()
    for job in range(1, 6):
        bar.show_job(
            job, f"Job {job}", JobProgress(0.5, "a rather long text of what it does", 12.0)
        )
    qtbot.wait(10)
    assert bar.minimumSizeHint().width() == least
    assert bar.width() == 1000
    shown = [job for job, each in bar._bars.items() if each.isVisible()]
    assert shown == [4, 5][-len(shown) :]  # the newest
    assert 1 <= len(shown) < 5
    assert all(bar._bars[job].width() >= 280 for job in shown)
    assert bar.row.more.text() == f"{5 - len(shown)} more"
    assert "Job 1" in bar.row.more.toolTip()
    # With room, all of them; and as jobs end, those that made way come back.
    bar.resize(3000, 40)
    qtbot.waitUntil(lambda: all(each.isVisible() for each in bar._bars.values()))
    assert not bar.row.more.isVisible()
    bar.resize(1000, 40)
    qtbot.wait(10)
    for job in (3, 4, 5):
        bar.end_job(job)
    qtbot.waitUntil(lambda: bar._bars[2].isVisible())
    assert bar.jobs() == [1, 2]
