"""Emitting a quantisation plan for OpenVINO, by NNCF.

NNCF's own defaults also quantise additions, multiplications and what they lead to, which costs the
quality; so everything but the plan's layers is in its ignored scope. Ranges are symmetric unless
the plan wants otherwise: the CPU's plugin runs transposed convolutions in int8 only without zero
points, and leaves them in float without a word when they have one.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import logging
import warnings
from types import ModuleType
from typing import Any

from studio.errors import RuntimeFailed
from studio.families.portable import Feeds
from studio.families.quantization import QuantPlan
from studio.runtimes.contract import Plan
from studio.runtimes.openvino_core import core, failures, quiet_openvino
from studio.runtimes.quantised_graph import Means, Source, chosen

_STRUCTURE = frozenset({"Constant", "Parameter", "Result"})
_BIASLESS = "/WithoutBiases"  # what the reader of ONNX adds to the name of a node with a bias


def quiet_nncf() -> ModuleType:
    """The package, imported so that it sends nothing and prints nothing.

    Raises:
        RuntimeFailed: it is not installed, or does not load on this machine.
    """
    quiet_openvino()  # takes the telemetry away that both would use
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the packages that it imports
            package = importlib.import_module("nncf")
    except (ImportError, OSError) as error:
        raise RuntimeFailed(
            f"NNCF, which quantises for OpenVINO, cannot be loaded: {error}; "
            "'pip install nncf' adds it"
        ) from error
    logging.getLogger("nncf").setLevel(logging.ERROR)
    return package


def quantised_model(plan: Plan) -> Any:
    """An ``openvino.Model`` with the plan's layers in int8.

    Raises:
        RuntimeFailed: OpenVINO or NNCF raised.
    """
    quantisation = plan.network.quantisation
    assert quantisation is not None
    nncf = quiet_nncf()
    feeds, layers, settings = quantisation.feeds(), chosen(plan), quantisation.plan
    doing = f"quantising '{plan.network.name}' for {plan.target}"
    source = Source(plan.network.onnx(), layers)
    if settings.bias_correction:
        with failures(doing):
            means = _means(source, feeds)
        source.correct({name: means.of(tensor) for name, tensor in source.inputs.items()})
    with failures(doing):
        model = core().read_model(source.data)
    wanted = {*layers, *(name + _BIASLESS for name in layers)}
    ignored = [
        node.get_friendly_name()
        for node in model.get_ordered_ops()
        if node.get_type_name() not in _STRUCTURE and not _is_one_of(node, wanted)
    ]
    with failures(doing), _silence():
        try:
            return nncf.quantize(
                model,
                nncf.Dataset(list(feeds)),
                preset=(
                    nncf.QuantizationPreset.PERFORMANCE
                    if settings.activations == "symmetric"
                    else nncf.QuantizationPreset.MIXED
                ),
                subset_size=len(feeds),
                ignored_scope=nncf.IgnoredScope(names=ignored, validate=False),
                advanced_parameters=_parameters(settings),
            )
        except (nncf.ValidationError, nncf.InternalError, ValueError) as error:
            raise RuntimeFailed(f"{doing} failed: {' '.join(str(error).split())}") from error


def _is_one_of(node: Any, wanted: set[str]) -> bool:
    return "Convolution" in node.get_type_name() and node.get_friendly_name() in wanted


def _means(source: Source, feeds: Feeds) -> Means:
    """Mean of what each layer reads, over the calibration inputs, in f32."""
    model = core().read_model(source.with_inputs_shown())
    options = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    compiled, means = core().compile_model(model, "CPU", options), Means()
    names = set(source.inputs.values())
    ports = [(port, (port.names & names).pop()) for port in compiled.outputs if port.names & names]
    for feed in feeds:
        found = compiled(dict(feed))
        for port, name in ports:
            means.add(name, found[port])
    return means


def _parameters(settings: QuantPlan) -> Any:
    """The options of NNCF that a plan means. Biases are corrected by then, since its own quick way
    passes over convolutions that have none."""
    advanced = importlib.import_module("nncf.quantization.advanced_parameters")
    ranges = importlib.import_module("nncf.quantization.range_estimator")
    kinds, joined = ranges.StatisticsType, ranges.AggregatorType
    if settings.estimator == "percentile":
        outside = 1 - settings.percentile / 100
        low = ranges.StatisticsCollectorParameters(kinds.QUANTILE, joined.MIN, None, outside)
        high = ranges.StatisticsCollectorParameters(kinds.QUANTILE, joined.MAX, None, outside)
        if settings.activations == "symmetric":  # of absolute values, both tails count
            high = ranges.StatisticsCollectorParameters(
                kinds.ABS_QUANTILE, joined.MAX, None, outside
            )
        estimator = ranges.RangeEstimatorParameters(low, high)
    else:
        estimator = ranges.RangeEstimatorParametersSet.MINMAX
    return advanced.AdvancedQuantizationParameters(
        overflow_fix=advanced.OverflowFix.DISABLE,  # its halved range is for processors of 2018
        disable_bias_correction=True,
        activations_range_estimator_params=estimator,
        smooth_quant_alphas=advanced.AdvancedSmoothQuantParameters(convolution=-1, matmul=-1),
    )


@contextlib.contextmanager
def _silence() -> Any:
    """Progress bars go nowhere: standard output belongs to whoever runs this."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield
