"""What runtimes share of int8: which plans they can emit, and when a network is called int8.

The plan itself (:class:`QuantPlan`) is told in :mod:`studio.families.quantization`; each runtime
emits it its own way (NNCF for OpenVINO, quantise/dequantise pairs for ONNX Runtime) and reports
what it left out. Imports no torch and no runtime.
"""

from __future__ import annotations

from collections.abc import Collection

from studio.families.portable import PortableNetwork
from studio.families.quantization import Activations, Estimator, QuantPlan
from studio.runtimes.contract import Plan
from studio.runtimes.target import TITLES

__all__ = [
    "INT8_FROM",
    "TRACING",
    "Activations",
    "Estimator",
    "QuantPlan",
    "Share",
    "follows_plan",
    "plan_refusals",
]

TRACING = "traced 2"  # raised when traced networks are written differently: part of cache keys
INT8_FROM = 0.7  # of the true multiplies; below it a network is called mixed
ESTIMATORS: dict[str, tuple[Estimator, ...]] = {
    "openvino": ("min-max", "percentile"),
    "onnxruntime": ("min-max", "percentile", "entropy"),
}

ESTIMATED_HERE: tuple[Estimator, ...] = ("min-max", "percentile")  # of traced networks


class Share:
    """How much of a network's true multiplies run in int8, and what does not.

    Args:
        done: names of the layers whose executed nodes compute in int8.
        rest: precision of most of the others.
    """

    def __init__(self, network: PortableNetwork, done: Collection[str], rest: str) -> None:
        macs = sum(layer.macs for layer in network.layers if layer.name in done)
        self.value = macs / max(1, network.macs)
        self.left = tuple(layer.name for layer in network.layers if layer.name not in done)
        self._rest = rest

    @property
    def precision(self) -> str:
        """``int8`` from 70% on, else ``mixed (NN% int8)``, or that of the rest where nothing is."""
        if not self.value:
            return self._rest
        if self.value >= INT8_FROM:
            return "int8"
        return f"mixed ({int(100 * self.value)}% int8)"


def follows_plan(plan: Plan) -> bool:
    """Whether the network is to be quantised on its way to the target."""
    return plan.target.precision == "int8" and plan.network.quantisation is not None


def plan_refusals(network: PortableNetwork, runtime: str) -> list[str]:
    """Why a runtime of that name cannot emit the network's plan, a sentence each."""
    if network.quantisation is None:
        return [
            f"int8 needs a quantised network, which '{network.name}' is not; quantise it first "
            "(the technique int8)"
        ]
    plan, said = network.quantisation.plan, []
    allowed = ESTIMATORS.get(runtime, ())
    if network.traced:
        allowed = tuple(each for each in allowed if each in ESTIMATED_HERE)
    if not allowed:
        return [
            f"{TITLES[runtime]} runs no int8 here; openvino:CPU:int8 and onnxruntime:cpu:int8 do"
        ]
    if plan.estimator not in allowed:
        said.append(
            f"the quantiser of {TITLES[runtime]} has no {plan.estimator} ranges; "
            f"it has {' and '.join(allowed)}"
        )
    known = {layer.name for layer in network.layers}
    if not known & set(plan.layers):
        said.append(f"the quantisation of '{network.name}' leaves every layer in float")
    return said
