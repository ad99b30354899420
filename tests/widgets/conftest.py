"""A window or an app on a fake engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from studio.families.info import ModelInfo


@dataclass
class Stage:
    """A fake engine and the app on it."""

    client: object
    runner: object
    app: object
    asked: list
    answer_path: Path | None = None


@pytest.fixture
def stage(qapp, tmp_path) -> Iterator[Stage]:
    """An app without a window, the model of ``fakes.model_info`` ready to be used."""
    from tests.widgets.fakes import FakeClient, FakeRunner
    from widgets.app import App
    from widgets.mailbox import Mailbox

    mailbox = Mailbox()
    client = FakeClient(mailbox)
    runner = FakeRunner(mailbox.job)
    made = Stage(client, runner, None, [])

    def ask(suggested: Path) -> Path | None:
        made.asked.append(suggested)
        return made.answer_path

    made.app = App(client, mailbox, lambda: runner, ask)
    made.app.listen()
    yield made
    if not client.stopped:
        made.app.close()
    made.app.deleteLater()  # its connections would keep it, and whatever window it had, for good


@pytest.fixture
def drawn(stage, qapp):
    """The stage with a model open and its first pictures there."""
    use(stage)
    settle(stage, qapp)
    return stage


@pytest.fixture
def window(drawn, qtbot):
    """The real window on the fake engine, shown."""
    from widgets.main_window import MainWindow

    window = MainWindow(drawn.app)
    # A window that comes after the model: what happens at a start comes again.
    window._show_model(drawn.app.controller.info)
    drawn.client.auto = True
    window.show()
    qtbot.waitExposed(window)
    qtbot.wait(20)
    yield window
    window.close()
    window.deleteLater()


def use(stage: Stage, info: ModelInfo | None = None) -> ModelInfo:
    """Open a model as if its file had just been loaded."""
    from tests.widgets.fakes import model_info
    from widgets.opening import reference

    info = info or model_info()
    stage.client.models[info.path] = info
    ref = reference(info, Path(info.path))
    first = stage.app.controller.document.model is None
    stage.app.controller.use_model(info, ref, first=first)
    return info


def settle(stage: Stage, qapp) -> None:
    """Answer everything until nothing is asked any more."""
    for _ in range(20):
        qapp.processEvents()
        if not stage.client.waiting:
            return
        stage.client.answer_all()
    raise AssertionError("the app never stops asking")
