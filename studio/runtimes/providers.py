"""The execution providers of ONNX Runtime, one declaration each. Imports no runtime.

A device of a target is written ``provider[-kind][:number]``: ``cpu``, ``cuda:1``, ``dml``,
``dml-npu``, ``openvino-gpu``. A provider may also be called by its full name; letters are compared
without regard to case, as providers and catalogues spell the same name differently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from studio.errors import BadChoice
from studio.runtimes import provider_options as options
from studio.runtimes.device import KINDS, Kind
from studio.runtimes.provider_operators import COREML, QNN
from studio.runtimes.provider_options import Options, Setting

Keeps = Literal["graph", "context", "source"]
_SUFFIX = "executionprovider"


@dataclass(frozen=True)
class Provider:
    """One execution provider.

    Args:
        name: as ONNX Runtime spells it. id: in targets. title: for people. vendor: of its devices.
        precisions: by kind of device, the first kind being the usual one.
        options: what its sessions are given.
        package: pip line that adds it. also: other names that sources use for it.
        typed: precisions that it takes from the types in the graph, which is converted for them.
        static_only: kinds that take fixed shapes only.
        keeps: what a compiled folder holds: the optimised ``graph``, an EP ``context`` model, or
            the ``source`` beside the provider's own cache, where it can be saved in neither form.
        caches: it fills the cache folder that its options name.
        optimise: whether ONNX Runtime rewrites the graph first. memory_pattern: likewise.
        opset: the newest of ONNX that it documents; 0 for no limit of its own.
        operators: those that it documents; None where it names none that it lacks.
        several: its targets always name the kind of device.
        decides: it spreads the nodes over its devices itself and does not tell how.
        note: what the user should know of its f32.
    """

    name: str
    id: str
    title: str
    vendor: str
    precisions: Mapping[Kind, tuple[str, ...]]
    options: Callable[[Setting], Options]
    package: str
    also: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    static_only: tuple[Kind, ...] = ()
    keeps: Keeps = "source"
    caches: bool = False
    optimise: bool = True
    memory_pattern: bool = True
    opset: int = 0
    operators: frozenset[str] | None = field(default=None, repr=False)
    several: bool = False
    decides: bool = False
    note: str = ""

    @property
    def kind(self) -> Kind:
        """The usual kind of device."""
        return next(iter(self.precisions))


@dataclass(frozen=True)
class ProviderDevice:
    """What the device of a target names: the ``index``-th device of a ``kind``."""

    provider: Provider
    kind: Kind
    index: int = 0

    @property
    def id(self) -> str:
        """As a target writes it, in full length only where that is needed."""
        usual = self.kind == self.provider.kind and not self.provider.several
        kind = "" if usual else f"-{self.kind.lower()}"
        return f"{self.provider.id}{kind}" + (f":{self.index}" if self.index else "")

    @property
    def static_only(self) -> bool:
        return self.kind in self.provider.static_only


def _kinds(**precisions: str) -> Mapping[Kind, tuple[str, ...]]:
    """The usual kind first, as it is given first."""
    kinds: dict[str, Kind] = {kind: kind for kind in KINDS}
    return MappingProxyType({kinds[k]: tuple(p.split()) for k, p in precisions.items()})


_TF32 = "{} may round the inputs of f32 products to TF32; NVIDIA_TF32_OVERRIDE=0 forbids it"

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "CPUExecutionProvider",
        "cpu",
        "CPU",
        "",
        _kinds(CPU="f32 int8"),
        options.nothing,
        "pip install onnxruntime",
        typed=("bf16", "f16"),  # where a build has kernels for them
        keeps="graph",
    ),
    Provider(
        "CUDAExecutionProvider",
        "cuda",
        "CUDA",
        "NVIDIA",
        _kinds(GPU="f32 f16"),
        options.cuda,
        "pip install onnxruntime-gpu",
        typed=("f16",),
        keeps="graph",
    ),
    Provider(
        "NvTensorRTRTXExecutionProvider",
        "tensorrt-rtx",
        "TensorRT-RTX",
        "NVIDIA",
        _kinds(GPU="f32 f16 int8"),
        options.tensorrt_rtx,
        "pip install onnxruntime-windowsml windowsml",
        also=("nvtensorrtrtx", "tensorrtrtx", "trtrtx"),
        typed=("f16",),
        keeps="context",
        caches=True,
        note=_TF32.format("TensorRT-RTX"),
    ),
    Provider(
        "TensorrtExecutionProvider",
        "tensorrt",
        "TensorRT",
        "NVIDIA",
        _kinds(GPU="f32 bf16 f16 int8"),
        options.tensorrt,
        "pip install onnxruntime-gpu tensorrt",
        also=("trt",),
        caches=True,
        note=_TF32.format("TensorRT"),
    ),
    Provider(
        "DmlExecutionProvider",
        "dml",
        "DirectML",
        "Microsoft",
        _kinds(GPU="f32 f16", NPU="f16"),
        options.directml,
        "pip install onnxruntime-directml",
        also=("directml",),
        typed=("f16",),
        static_only=("NPU",),
        memory_pattern=False,  # documented: sessions with it are refused
        opset=20,
    ),
    Provider(
        "CoreMLExecutionProvider",
        "coreml",
        "Core ML",
        "Apple",
        _kinds(GPU="f32 f16", NPU="f16", CPU="f32"),
        options.coreml,
        "pip install onnxruntime",
        typed=("f16",),
        static_only=("NPU",),
        caches=True,
        operators=COREML,
        several=True,
        decides=True,
    ),
    Provider(
        "QNNExecutionProvider",
        "qnn",
        "QNN",
        "Qualcomm",
        _kinds(NPU="f16 int8", GPU="f32 f16", CPU="f32"),
        options.qnn,
        "pip install onnxruntime-qnn",
        static_only=("NPU", "GPU", "CPU"),
        keeps="context",
        operators=QNN,
    ),
    Provider(
        "VitisAIExecutionProvider",
        "vitisai",
        "Vitis AI",
        "AMD",
        _kinds(NPU="bf16 int8"),
        options.vitisai,
        "pip install onnxruntime-windowsml windowsml",
        also=("vitis",),
        static_only=("NPU",),
        caches=True,
    ),
    Provider(
        "MIGraphXExecutionProvider",
        "migraphx",
        "MIGraphX",
        "AMD",
        _kinds(GPU="f32 bf16 f16 int8"),
        options.migraphx,
        "pip install onnxruntime-migraphx",
        caches=True,
    ),
    Provider(
        "OpenVINOExecutionProvider",
        "openvino",
        "OpenVINO",
        "Intel",
        _kinds(CPU="f32 bf16 int8", GPU="f32 f16 int8", NPU="f16 int8"),
        options.openvino,
        "pip install onnxruntime-openvino",
        also=("ov",),
        static_only=("NPU",),
        keeps="context",
        caches=True,
        several=True,
        optimise=False,  # documented: OpenVINO's own passes want the graph as it came
    ),
)


def bare(name: str) -> str:
    """A provider's name for comparing: small letters, without ``ExecutionProvider``."""
    return name.strip().lower().removesuffix(_SUFFIX)


def provider_named(name: str) -> Provider | None:
    """The provider of a name in any spelling, or None."""
    wanted = bare(name)
    return next((p for p in PROVIDERS if wanted in (p.id, bare(p.name), *p.also)), None)


def unknown_provider(name: str, kinds: tuple[Kind, ...]) -> Provider:
    """A provider that somebody else's plugin adds and that nothing is known of: f32, no options,
    nothing kept."""
    precisions: dict[Kind, tuple[str, ...]] = dict.fromkeys(kinds, ("f32",))
    known = MappingProxyType(precisions)
    return Provider(name, bare(name), name, "", known, options.nothing, "its own package")


def device_named(text: str, others: tuple[Provider, ...] = ()) -> ProviderDevice:
    """What the device part of a target means.

    Args:
        others: providers of plugins beside the known ones.

    Raises:
        BadChoice: no such provider, or it has no devices of that kind.
    """
    name, _, number = text.strip().partition(":")
    found, kind = _named(name, others), ""
    if found is None:  # the kind is looked for last: a name may hold a hyphen itself
        name, _, kind = name.rpartition("-")
        found = _named(name, others)
    if found is None or (kind and kind.upper() not in KINDS):
        known = ", ".join(p.id for p in (*PROVIDERS, *others))
        raise BadChoice(f"'{text}' names no execution provider of ONNX Runtime; there are {known}")
    wanted = next((k for k in found.precisions if k == kind.upper()), found.kind)
    if kind and wanted != kind.upper():
        kinds = ", ".join(found.precisions)
        raise BadChoice(f"{found.title} runs on no {kind.upper()}; it runs on {kinds}")
    if number and not number.isdecimal():
        raise BadChoice(f"'{number}' in '{text}' is no number of a device; 0, 1, ... are")
    return ProviderDevice(found, wanted, int(number or 0))


def _named(name: str, others: tuple[Provider, ...]) -> Provider | None:
    found = provider_named(name)
    return found or next((p for p in others if bare(name) == p.id), None)
