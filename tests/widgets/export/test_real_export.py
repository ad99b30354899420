"""Export, verify and a measurement back in: the real window, the real engine, a tiny network."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.families.quantised import tame_model
from tests.widgets.real import opened
from widgets.elsewhere.places import on_host


@pytest.fixture(scope="module")
def model_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    tame_model().save(path)
    return path


@pytest.fixture
def window(qapp, qtbot, model_file):
    with opened(qtbot, model_file) as window:
        yield window


def test_a_bundle_goes_out_is_verified_and_its_measurement_comes_back(window, qtbot, tmp_path):
    out = tmp_path / "bundle"
    window.actions_["export"].trigger()
    panel = window.export
    panel.form.out.setText(str(out))
    qtbot.waitUntil(panel.form.begin.isEnabled, timeout=60_000)
    names = [box.name for box in panel.form.formats.boxes]
    assert names[:4] == ["onnx", "openvino", "pt2", "safetensors"]
    panel.form.begin.click()
    qtbot.waitUntil(lambda: panel.page is panel.result, timeout=90_000)
    assert "1 of 1 files were run here" in panel.result.state.text()
    (network,) = panel.result.report.networks
    assert (out / network.main).stat().st_size == network.bytes
    # Another computer, which has no Maquette, times it.
    subprocess.run(
        [sys.executable, "run.py", "--benchmark", "--host", "a board", "--out", str(tmp_path)],
        cwd=out, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    window.commands.open_path(tmp_path / "measurement.json")
    place = on_host("onnxruntime:cpu:f32", "a board")
    plotted = window.bottom.frontier
    qtbot.waitUntil(
        lambda: plotted.plot is not None and place in plotted.plot.cloud.targets, timeout=30_000
    )
    panel.result.verify.click()
    qtbot.waitUntil(lambda: panel.result.state.text().startswith("Verified"), timeout=90_000)
    with (out / network.main).open("r+b") as stream:
        stream.seek(1000)
        stream.write(b"\0\1\2\3")
    panel.result.verify.click()
    words = f"Refused: {network.main} was changed"
    qtbot.waitUntil(lambda: panel.result.state.text().startswith(words), timeout=90_000)
