"""Reading a translation network's tensors: all are checked before the first number is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.checkpoints.causes import Cause, NotSupported, listed, shortened
from studio.checkpoints.convert import Progress, Tensors, check_memory
from studio.checkpoints.stored import Shape, StoredTensor, check_dtype, check_window, load
from studio.checkpoints.translation_sizes import Norm, TranslationSizes

Stored = Mapping[str, StoredTensor]
MOST_CHANNELS = 1 << 15
SMALLEST_SIGMA = 1e-12  # of a spectral norm; below it dividing says nothing
_COUNTER = ".num_batches_tracked"
_SPECTRAL = (
    ("weight_orig", "weight_u", "weight_v"),
    (
        "parametrizations.weight.original",
        "parametrizations.weight.0._u",
        "parametrizations.weight.0._v",
    ),
)
_STATISTICS = re.compile(r"(.+)\.running_(mean|var)")


@dataclass(frozen=True)
class Found:
    """A network recognised in a file.

    Args:
        layout: ``gan-compression``, ``cyclegan``, ``pix2pix`` or ``spade``.
        sizes: of the network, as most of its tensors have them.
        sources: Maquette's name of every tensor to its name in the file.
        wider: sources of which only the first entries apply, as statistics of subnets.
    """

    layout: str
    sizes: TranslationSizes
    sources: dict[str, str]
    wider: frozenset[str] = frozenset()


def axis(stored: Stored, name: str, index: int, axes: int = 4) -> int:
    """The length of an axis of a tensor.

    Raises:
        Cause: there is no such tensor, it has another number of axes, or an absurd length.
    """
    if name not in stored:
        raise Cause(f"it lacks the tensor {shortened(name)}")
    shape = stored[name].shape
    if len(shape) != axes:
        raise Cause(
            f"the tensor {shortened(name)} has the shape {list(shape)}; it should have {axes} axes"
        )
    if not 1 <= shape[index] <= MOST_CHANNELS:
        raise Cause(
            f"the tensor {shortened(name)} has the shape {list(shape)}; accepted are 1 to "
            f"{MOST_CHANNELS} channels"
        )
    return shape[index]


def weight(stored: Stored, name: str) -> str:
    """The name under which a convolution keeps its weights, with a spectral norm or without."""
    for original, _, _ in _SPECTRAL:
        if f"{name}.{original}" in stored:
            return f"{name}.{original}"
    return f"{name}.weight"


def norm_of(stored: Stored, name: str, without: Norm) -> Norm:
    """The kind of a normalisation layer, from what it keeps; ``without`` when it keeps no weights.

    Instance norms of old files carry statistics that nothing reads (before PyTorch 0.4).
    """
    if f"{name}.weight" not in stored:
        return without
    return "batch" if f"{name}.running_mean" in stored else "affine"


def norm_sources(target: str, source: str, norm: Norm) -> dict[str, str]:
    """Names here to names in the file."""
    names = {f"{target}.{part}": f"{source}.{part}" for part in ("weight", "bias")}
    statistics = {f"{target}.mean": f"{source}.running_mean"}
    statistics[f"{target}.var"] = f"{source}.running_var"
    return {"batch": names | statistics, "affine": names}.get(norm, {})


def taken(
    stored: Stored, found: Found, memory_limit: int, progress: Progress
) -> tuple[Tensors, int]:
    """Check every tensor, then read them; also how many unused statistics were passed over.

    Raises:
        Cause: tensors are missing, unknown, misshapen, of another type or not finite.
        TooLarge: more memory than ``memory_limit`` would be needed.
    """
    expected = found.sizes.shapes()
    sources = {target: found.sources[target] for target in expected}
    missing = [name for name in sources.values() if name not in stored]
    if missing:
        many = f"{len(missing)} tensors:" if len(missing) > 1 else "the tensor"
        raise Cause(f"it lacks {many} {listed(missing)}")
    passed = _passed_over(stored, set(sources.values()))
    for target, source in sources.items():
        _check(source, stored[source], expected[target], source in found.wider)
    vectors = {source: _vectors(stored, source) for source in sources.values()}
    check_memory([stored[name] for name in sources.values()], (), memory_limit)
    result: Tensors = {}
    for done, (target, source) in enumerate(sources.items()):
        progress(done / len(sources), f"reading {source}")
        values = load(source, stored[source])
        values = values[tuple(slice(0, n) for n in expected[target])]
        if (names := vectors[source]) is not None:
            values = _spectrally_normalised(stored, source, values, *names)
        if target.endswith(".var") and bool((values < 0).any()):
            raise Cause(f"the tensor {source} holds a variance below 0")
        result[target] = np.ascontiguousarray(values)
    return result, passed


def _passed_over(stored: Stored, used: Collection[str]) -> int:
    """How many statistics of instance norms are not used; others may not be there.

    Raises:
        Cause: there are tensors that belong to nothing.
    """
    known = {name for source in used if (names := _vectors(stored, source)) for name in names}
    unknown, statistics = [], 0
    for name in stored:
        if name in used or name in known or name.endswith(_COUNTER):
            continue
        match = _STATISTICS.fullmatch(name)
        # With weights beside them they would be those of a batch norm, which matter.
        if match and f"{match[1]}.weight" not in stored:
            statistics += 1
        else:
            unknown.append(name)
    if unknown:
        many = (
            f"{len(unknown)} tensors that belong" if len(unknown) > 1 else "1 tensor that belongs"
        )
        raise Cause(f"it has {many} to no network known here: {listed(unknown)}")
    return statistics


def _check(name: str, tensor: StoredTensor, wanted: Shape, wider: bool) -> None:
    fits = tensor.shape == wanted
    if wider and len(tensor.shape) == len(wanted):
        fits = all(has >= asked for has, asked in zip(tensor.shape, wanted, strict=True))
    if not fits:
        raise Cause(
            f"the tensor {name} has the shape {list(tensor.shape)} where its neighbours ask for "
            f"{list(wanted)}"
        )
    check_dtype(name, tensor)
    check_window(name, tensor)


def _vectors(stored: Stored, source: str) -> tuple[str, str] | None:
    """Names of the two vectors of a spectral norm on ``source``, None where there is none.

    Raises:
        Cause: one of them is missing or of another length than the weight asks for.
    """
    for original, left, right in _SPECTRAL:
        if not source.endswith(f".{original}"):
            continue
        start = source.removesuffix(original)
        names = (start + left, start + right)
        rows = stored[source].shape[0]
        for name, length in zip(names, (rows, stored[source].count // rows), strict=True):
            if name not in stored:
                raise Cause(f"it lacks the tensor {name} of its spectral norm")
            _check(name, stored[name], (length,), False)
        return names
    return None


def _spectrally_normalised(
    stored: Stored, source: str, values: NDArray[np.float32], left: str, right: str
) -> NDArray[np.float32]:
    """weight / (u . (W v)) with W as (out, rest) (Miyato et al. 2018), as in evaluation."""
    u, v = load(left, stored[left]), load(right, stored[right])
    sigma = float(u.astype(np.float64) @ (values.reshape(len(u), -1).astype(np.float64) @ v))
    if abs(sigma) < SMALLEST_SIGMA:
        raise NotSupported(f"the spectral norm of {source} is 0, so its weight is undefined")
    return (values / np.float32(sigma)).astype(np.float32)
