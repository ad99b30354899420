"""Libraries of execution providers: found, registered, and never downloaded."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from studio.runtimes.detection import plugins
from studio.runtimes.detection.plugins import Library, libraries, of_catalogue, register


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """A folder of packages that can be imported, and forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [n for n in sys.modules if n.startswith(("onnxruntime_ep_", "onnxruntime_qnn"))]:
        del sys.modules[name]


def test_packages_of_providers_name_their_library(packages):
    good = packages / "onnxruntime_ep_openvino"
    good.mkdir()
    (good / "__init__.py").write_text("def get_library_path():\n    return '/opt/ov_ep.so'\n")
    (packages / "onnxruntime_qnn.py").write_text("raise OSError('libQnnHtp.so is missing')\n")
    (packages / "onnxruntime_extensions.py").write_text("raise SystemExit\n")
    assert libraries() == (
        Library("onnxruntime_ep_openvino", "/opt/ov_ep.so"),
        Library("onnxruntime_qnn", error="libQnnHtp.so is missing"),
    )


def test_registering():
    asked = []

    def take(name, path):
        asked.append((name, path))
        if name == "twice":
            raise RuntimeError("Library twice is already registered with the environment")
        if name == "broken":
            raise RuntimeError("[ONNXRuntimeError] : 1 : FAIL : Failed to load library broken.dll")

    runtime = SimpleNamespace(register_execution_provider_library=take)
    found = (
        Library("good", "/a.so"),
        Library("twice", "/b.so"),
        Library("broken", "/c.so"),
        Library("offered", error="not downloaded yet"),
    )
    assert register(runtime, found) == (
        ("broken", "[ONNXRuntimeError] : 1 : FAIL : Failed to load library broken.dll"),
        ("offered", "not downloaded yet"),
    )
    assert asked == [("good", "/a.so"), ("twice", "/b.so"), ("broken", "/c.so")]


def test_the_catalogue_of_windows_ml_downloads_nothing():
    readied = []

    def provider(name, state, path=""):
        def ensure():
            readied.append(name)
            return SimpleNamespace(get=lambda: None)

        return SimpleNamespace(
            name=name, ready_state=state, library_path=path, ensure_ready_async=ensure
        )

    here = provider("OpenVINOExecutionProvider", 0, r"C:\Program Files\WindowsApps\ov.dll")
    added = provider("QNNExecutionProvider", 1, r"C:\qnn.dll")
    offered = provider("VitisAIExecutionProvider", 2)
    catalogue = SimpleNamespace(find_all_providers=lambda: [here, added, offered])
    found = of_catalogue(catalogue)
    assert readied == ["OpenVINOExecutionProvider", "QNNExecutionProvider"]
    assert [(f.name, f.path) for f in found[:2]] == [
        ("OpenVINOExecutionProvider", r"C:\Program Files\WindowsApps\ov.dll"),
        ("QNNExecutionProvider", r"C:\qnn.dll"),
    ]
    assert "not downloaded yet" in found[2].error


def test_a_parent_package_that_is_missing_is_no_error():
    assert plugins._has("no_such_package.part") is False
