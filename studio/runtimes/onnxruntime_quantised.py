"""Emitting a quantisation plan for ONNX Runtime: pairs of quantise and dequantise nodes.

Its processor provider joins such pairs around a convolution to one that runs in int8. It has no
transposed convolution in int8, so those compute in float between their pairs, and count as such.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import logging
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio.families.portable import Feeds
from studio.families.quantization import QuantPlan
from studio.runtimes.contract import Plan
from studio.runtimes.onnxruntime_core import ERRORS_ONLY, failures, quiet_onnxruntime
from studio.runtimes.quantised_graph import Means, Source, chosen

_METHODS = {"min-max": "MinMax", "percentile": "Percentile", "entropy": "Entropy"}
# Of the histogram of an activation. Entropy takes time by their square, and with the usual
# 128 it has the whole range alone to choose from.
BINS = {"percentile": 2048, "entropy": 512}
_TOKEN = "_token_"  # what joining adds to a node's name
RUN_AS_INT8 = frozenset({"QLinearConv", "ConvInteger"})


def quantised_model(plan: Plan, folder: Path) -> bytes:
    """The serialised model with quantise and dequantise nodes around the plan's layers.

    Args:
        folder: where temporary files may lie; none stays.

    Raises:
        RuntimeFailed: ONNX Runtime raised.
    """
    quantisation = plan.network.quantisation
    assert quantisation is not None
    feeds, layers, settings = quantisation.feeds(), chosen(plan), quantisation.plan
    source = Source(plan.network.onnx(), layers)
    doing = f"quantising '{plan.network.name}' for {plan.target}"
    with failures(doing), tempfile.TemporaryDirectory(prefix="quantising-", dir=folder) as place:
        if settings.bias_correction:
            means = _means(source, feeds)
            source.correct({name: means.of(tensor) for name, tensor in source.inputs.items()})
        target = Path(place) / "quantised.onnx"
        with _within(place):
            _quantise(source, target, layers, feeds, settings)
        return target.read_bytes()


def executed_layers(graph: Path) -> frozenset[str]:
    """Names of the convolutions that run in int8 in an optimised graph that ONNX Runtime wrote."""
    import onnx

    model = onnx.load(graph)
    done = (node.name for node in model.graph.node if node.op_type in RUN_AS_INT8)
    return frozenset(name.partition(_TOKEN)[0] for name in done)


def _quantise(
    source: Source, target: Path, layers: tuple[str, ...], feeds: Feeds, settings: QuantPlan
) -> None:
    path = list(sys.path)
    # It imports scripts of this folder by their bare names, and adds the folder itself only where
    # nothing (converting to f16, say) has imported the package of them before.
    scripts = Path(str(quiet_onnxruntime().__file__)).parent / "transformers"
    sys.path.append(str(scripts))
    tools = importlib.import_module("onnxruntime.quantization")
    sys.path[:] = path
    import onnx

    model = onnx.shape_inference.infer_shapes(onnx.load_from_string(source.data))
    # Says that this has been done, or the package prints advice to do it.
    onnx.helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
    place = target.parent / "source.onnx"
    onnx.save(model, place)
    ranges = target.parent / "ranges.json"
    _find_ranges(tools, place, ranges, feeds, settings)
    tools.quantize_static(
        str(place),
        str(target),
        calibration_cache_path=ranges,
        quant_format=tools.QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "ConvTranspose"],
        nodes_to_quantize=list(layers),
        per_channel=True,
        activation_type=tools.QuantType.QUInt8,  # the kind that has the fastest kernels
        weight_type=tools.QuantType.QInt8,
        calibrate_method=tools.CalibrationMethod[_METHODS[settings.estimator]],
        extra_options={
            "ActivationSymmetric": settings.activations == "symmetric",
            "WeightSymmetric": True,
        },
    )


def _find_ranges(tools: Any, model: Path, target: Path, feeds: Feeds, settings: QuantPlan) -> None:
    """Write the ranges of what convolutions read and make. One calibration input at a time, since
    the package would hold all that it collects from those it is given at once."""
    options: dict[str, Any] = {}
    if settings.estimator != "min-max":
        options = {
            "symmetric": settings.activations == "symmetric",
            "num_bins": BINS[settings.estimator],
        }
        options["percentile"] = settings.percentile
    calibrator = tools.create_calibrator(
        str(model),
        ["Conv", "ConvTranspose"],
        augmented_model_path=str(target.with_suffix(".onnx")),
        calibrate_method=tools.CalibrationMethod[_METHODS[settings.estimator]],
        providers=["CPUExecutionProvider"],
        extra_options=options,
    )
    for feed in feeds:
        calibrator.collect_data(_reader(tools, (feed,)))
    tools.save_tensors_data(calibrator.compute_data(), target)


def _reader(tools: Any, feeds: Feeds) -> Any:
    class Reader(tools.CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._left = iter(feeds)

        def get_next(self) -> Any:
            feed = next(self._left, None)
            return None if feed is None else dict(feed)

    return Reader()


def _means(source: Source, feeds: Feeds) -> Means:
    """Mean of what each layer reads, over the calibration inputs."""
    package = quiet_onnxruntime()
    options = package.SessionOptions()
    options.log_severity_level = ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = package.InferenceSession(
        source.with_inputs_shown(), options, providers=["CPUExecutionProvider"]
    )
    means, names = Means(), list(dict.fromkeys(source.inputs.values()))
    for feed in feeds:
        for name, values in zip(names, session.run(names, dict(feed)), strict=True):
            means.add(name, values)
    return means


@contextmanager
def _within(folder: str) -> Iterator[None]:
    """Temporary files of the package lie in ``folder``; it neither warns nor logs nor prints."""
    before, quiet = tempfile.tempdir, _Quiet()
    root = logging.getLogger()
    root.addFilter(quiet)
    tempfile.tempdir = folder
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        tempfile.tempdir = before
        root.removeFilter(quiet)


class _Quiet(logging.Filter):
    """Lets pass what is at least an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR
