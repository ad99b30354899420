"""A bundle dropped on the window: what it says, and whether that is so."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from studio.engine.bundle_messages import VerifyJob
from studio.engine.job_messages import JobDone, JobFailed
from tests.bundles.made import bundle, requested
from tests.families.quantised import tame_model
from tests.widgets.export.offers import report


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    base = tmp_path_factory.mktemp("made")
    bundle(base, requested(tame_model()))
    return base / "bundle"


def checks(window) -> list:
    runner = window.app.jobs._runner
    return [] if runner is None else [h for h in runner.handles if isinstance(h.job, VerifyJob)]


def drop(window, path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(200, 200), Qt.DropAction.CopyAction, mime,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)


@pytest.mark.parametrize("name", ["", "manifest.json"])
def test_a_dropped_bundle_is_shown_and_verified_when_told_to(window, qtbot, folder, name):
    drop(window, folder / name)
    qtbot.waitUntil(lambda: window._bundle is not None and window._bundle.isVisible())
    page = window.bundle.page
    assert page.report.folder == str(folder)
    assert "Nothing of it has been checked" in page.state.text()
    assert page.table.model().index(0, 0).data() == "full.onnx-f32.onnx"
    assert page.verify.text() == "Verify"
    assert checks(window) == []
    assert not page.copy.isVisible()  # what made it is not known
    page.verify.click()
    (handle,) = checks(window)
    assert handle.job == VerifyJob(str(folder))
    handle.end(JobDone(bundle=report(str(folder))))
    qtbot.waitUntil(lambda: "1 of 2 networks" in page.state.text())
    assert page.verify.text() == "Verify again"
    page.verify.click()
    checks(window)[1].end(JobFailed("run.py was changed: its sha256 is not the manifest's"))
    qtbot.waitUntil(lambda: page.state.text().startswith("Refused: run.py was changed"))
    page.verify.click()
    window.bundle.close()
    assert checks(window)[2].finished


def test_a_broken_manifest_is_refused_with_a_sentence(window, qtbot, tmp_path):
    (tmp_path / "manifest.json").write_text('{"format": "maquette-bundle", "version": 9}')
    drop(window, tmp_path)
    qtbot.waitUntil(lambda: "version 9" in window.notice.sentence())
    assert window._bundle is None
