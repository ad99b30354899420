"""From a project's tensors to Maquette's: a list of rules, checked before any number is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.checkpoints.canonical import Sizes, sizes_of
from studio.checkpoints.causes import Cause, TooLarge, listed, size_text
from studio.checkpoints.factor import NO_CHAINS, Chains
from studio.checkpoints.stored import Shape, StoredTensor, check_dtype, check_window, load

Progress = Callable[[float, str], None]
Tensors = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Rule:
    """One tensor: where it is found and what is done to it.

    Args:
        source: name in the file. target: Maquette's name.
        before, after: axes of size 1 that the file has around Maquette's shape.
        scale: learning-rate factor to fold in, from Maquette's shape.
    """

    source: str
    target: str
    before: int = 0
    after: int = 0
    scale: Callable[[Shape], float] | None = None

    def source_shape(self, shape: Shape) -> Shape:
        """The shape in the file of a tensor that has ``shape`` here."""
        return (1,) * self.before + shape + (1,) * self.after

    def target_shape(self, shape: Shape) -> Shape:
        """The shape here of a tensor that has ``shape`` in the file."""
        return shape[self.before : len(shape) - self.after]


def convert(
    stored: Mapping[str, StoredTensor],
    rules: Collection[Rule],
    *,
    stages: int,
    mapping_layers: int,
    tolerated: Callable[[str], bool],
    others: Collection[StoredTensor] = (),
    chains: Chains = NO_CHAINS,
    memory_limit: int,
    progress: Progress,
) -> tuple[Sizes, Tensors]:
    """Check all tensors, then read and convert those of the network.

    Args:
        stored: every tensor of the state dict.
        rules: one for each tensor that the network needs.
        stages, mapping_layers: the parts that were counted in the names.
        tolerated: whether a tensor without a rule may be there.
        others: tensors that the caller reads itself; they count for the memory.
        chains: the layers that are kept as chains.
        memory_limit: in bytes. progress: told a fraction from 0 to 1 and what happens.

    Raises:
        Cause: tensors are missing, unknown, misshapen, of another type or not finite.
        TooLarge: more memory than ``memory_limit`` would be needed.
    """
    missing = [rule.source for rule in rules if rule.source not in stored]
    if missing:
        many = f"{len(missing)} tensors:" if len(missing) > 1 else "the tensor"
        raise Cause(f"it lacks {many} {listed(missing)}")
    sources = {rule.source for rule in rules}
    unknown = [name for name in stored if name not in sources and not tolerated(name)]
    if unknown:
        many = (
            f"{len(unknown)} tensors that belong" if len(unknown) > 1 else "1 tensor that belongs"
        )
        raise Cause(f"it has {many} to no network known here: {listed(unknown)}")
    shapes = {rule.target: rule.target_shape(stored[rule.source].shape) for rule in rules}
    sizes = sizes_of(shapes, stages, mapping_layers, chains)
    expected = sizes.shapes()
    for rule in rules:
        tensor, wanted = stored[rule.source], rule.source_shape(expected[rule.target])
        if tensor.shape != wanted:
            raise Cause(
                f"the tensor {rule.source} has the shape {list(tensor.shape)} where its "
                f"neighbours ask for {list(wanted)}"
            )
        check_dtype(rule.source, tensor)
        check_window(rule.source, tensor)
    check_memory([stored[rule.source] for rule in rules], others, memory_limit)
    result: Tensors = {}
    for done, rule in enumerate(rules):
        progress(done / len(rules), f"reading {rule.source}")
        result[rule.target] = _converted(rule, stored[rule.source], expected[rule.target])
    return sizes, result


def _converted(rule: Rule, tensor: StoredTensor, shape: Shape) -> NDArray[np.float32]:
    values = load(rule.source, tensor).reshape(shape)
    if rule.scale is not None:
        values *= np.float32(rule.scale(shape))
    return values


def check_memory(
    tensors: Collection[StoredTensor], others: Collection[StoredTensor], limit: int
) -> None:
    """Raise TooLarge when ``tensors``, kept as float32, and reading them take more than ``limit``.

    ``others`` are read too, but not kept.
    """
    # The network's tensors stay as float32; only one tensor is read at a time.
    needed = 4 * sum(t.count for t in tensors) + max(t.peak_bytes for t in (*tensors, *others))
    if needed > limit:
        raise TooLarge(
            f"opening it needs {size_text(needed)} of memory, and {size_text(limit)} may be used"
        )
