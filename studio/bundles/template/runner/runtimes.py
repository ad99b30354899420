"""The runtimes that open the files of a bundle."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import Any

import numpy as np

from .common import HERE, Refused, dimensions, shape_of

RUNTIMES = {
    "litert": "litert",
    "onnx": "onnxruntime",
    "openvino": "openvino",
    "pt2": "pytorch",
}
PACKAGES = {"litert": "ai_edge_litert", "pytorch": "torch"}
PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "dml": "DmlExecutionProvider",
    "migraphx": "MIGraphXExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "qnn": "QNNExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}


class OnnxRuntime:
    """A network in ONNX Runtime."""

    def __init__(self, network: dict[str, Any], options: argparse.Namespace) -> None:
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        package = importlib.import_module("onnxruntime")
        provider = PROVIDERS.get(options.device.lower(), options.device)
        if provider not in package.get_available_providers():
            have = ", ".join(package.get_available_providers())
            raise Refused(f"ONNX Runtime has no {provider} here; it has {have}")
        settings = package.SessionOptions()
        settings.log_severity_level = 3
        settings.intra_op_num_threads = options.threads
        for name in _single(network):
            settings.add_free_dimension_override_by_name(name, 1)
        self._session = package.InferenceSession(
            str(HERE / network["main"]), settings, providers=[provider]
        )
        self.version = package.__version__
        self.device, self.precision = options.device.lower(), network["precision"]
        self._names = [port["name"] for port in network["outputs"]]

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return dict(zip(self._names, self._session.run(self._names, inputs), strict=True))


class OpenVino:
    """A network in OpenVINO."""

    def __init__(self, network: dict[str, Any], options: argparse.Namespace) -> None:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
        package = importlib.import_module("openvino")
        core, self.device = package.Core(), options.device.upper()
        if not any(
            self.device == d or d.startswith(f"{self.device}.") for d in core.available_devices
        ):
            have = ", ".join(core.available_devices)
            raise Refused(f"OpenVINO has no {self.device} here; it has {have}")
        model = core.read_model(HERE / network["main"])
        if _single(network):
            model.reshape({p["name"]: shape_of(p) for p in network["inputs"]})
        settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
        if not options.fast and self.device.startswith("CPU"):
            settings["INFERENCE_PRECISION_HINT"] = "f32"  # its own choice may be bf16
        if options.threads:
            settings["INFERENCE_NUM_THREADS"] = options.threads
        compiled = core.compile_model(model, self.device, settings)
        self._request = compiled.create_infer_request()
        self._names = [port["name"] for port in network["outputs"]]
        self.version = importlib.import_module("importlib.metadata").version("openvino")
        self.precision = network["precision"]
        if self.precision != "int8":
            self.precision = _hint(compiled)

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        found = self._request.infer(inputs)
        return {name: np.array(found[name]) for name in self._names}


def _hint(compiled: Any) -> str:
    hint = compiled.get_property("INFERENCE_PRECISION_HINT")
    name = hint.to_string() if hasattr(hint, "to_string") else str(hint)
    return {"float": "f32", "float32": "f32", "float16": "f16", "bfloat16": "bf16"}.get(name, name)


class TorchExport:
    """A program of torch.export in PyTorch."""

    def __init__(self, network: dict[str, Any], options: argparse.Namespace) -> None:
        self._torch = importlib.import_module("torch")
        importlib.import_module("torch.export")
        if options.threads:
            self._torch.set_num_threads(options.threads)
        self.device, self.precision = options.device.lower(), network["precision"]
        module = self._torch.export.load(HERE / network["main"]).module()
        self._module = module.to(self.device)
        self.version = self._torch.__version__.partition("+")[0]
        self._inputs = [port["name"] for port in network["inputs"]]
        self._names = [port["name"] for port in network["outputs"]]

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        given = [self._torch.from_numpy(inputs[n]).to(self.device) for n in self._inputs]
        with self._torch.no_grad():
            made = self._module(*given)
        several = made if isinstance(made, tuple) else (made,)
        return {n: t.cpu().numpy() for n, t in zip(self._names, several, strict=True)}


class LiteRt:
    """A network in LiteRT, on the CPU."""

    def __init__(self, network: dict[str, Any], options: argparse.Namespace) -> None:
        package = importlib.import_module("ai_edge_litert.interpreter")
        threads = options.threads or None  # its own choice
        self._interpreter = package.Interpreter(str(HERE / network["main"]), num_threads=threads)
        self._interpreter.allocate_tensors()
        self._inputs = [port["name"] for port in network["inputs"]]
        self._names = [port["name"] for port in network["outputs"]]
        self.version = importlib.import_module("importlib.metadata").version("ai-edge-litert")
        self.device, self.precision = "cpu", network["precision"]

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        # Names are lost on the way there; the order is not.
        slots = self._interpreter.get_input_details()
        for name, slot in zip(self._inputs, slots, strict=True):
            self._interpreter.set_tensor(slot["index"], inputs[name])
        self._interpreter.invoke()
        made = [self._interpreter.get_tensor(s["index"]) for s in self._outputs()]
        return dict(zip(self._names, made, strict=True))

    def _outputs(self) -> Any:
        return self._interpreter.get_output_details()


OPENERS: dict[str, Any] = {
    "litert": LiteRt,
    "onnxruntime": OnnxRuntime,
    "openvino": OpenVino,
    "pytorch": TorchExport,
}


def _single(network: dict[str, Any]) -> list[str]:
    """The dimensions that are 1 here: pictures are drawn one at a time. Those of a part of a
    pipeline have many sizes."""
    return [] if network["role"] == "component" else dimensions(network)


def runtime_of(network: dict[str, Any]) -> str:
    """The runtime that runs a network, or nothing for one that this file cannot run."""
    return RUNTIMES.get(network["format"].removesuffix("-npu"), "")


def installed(runtime: str) -> bool:
    """Whether its package can be found; nothing is imported."""
    util = importlib.import_module("importlib.util")
    return bool(runtime) and util.find_spec(PACKAGES.get(runtime, runtime)) is not None


def opened(network: dict[str, Any], options: argparse.Namespace) -> Any:
    """The network, ready to run."""
    runtime = runtime_of(network)
    if not installed(runtime):
        needed = network["requirements"]
        raise Refused(
            f"{network['id']} needs {runtime or 'another program'}"
            + (f"; 'pip install -r {needed}' adds it" if needed else "")
        )
    try:
        return OPENERS[runtime](network, options)
    except ImportError as error:
        raise Refused(f"{runtime} cannot be loaded: {error}") from error
