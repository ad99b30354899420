"""PyTorch's own exported program, ``.pt2``: torch.export of the module with constant weights."""

from __future__ import annotations

import inspect
import io
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.bundles.formats.contract import BATCHES, Arrays, FormatPlan, Opened, Subject, Written
from studio.bundles.formats.estimating import estimated, limited_by
from studio.bundles.formats.refusing import as_said
from studio.bundles.manifest import Network, Precision, Role
from studio.errors import RuntimeFailed


class Pt2Format:
    """See :class:`studio.bundles.formats.contract.Format`."""

    name = "pt2"
    title = "PyTorch program"
    good_for = "PyTorch programs and servers, and a start for its compilers; it needs torch"
    precisions: tuple[Precision, ...] = ("f32",)
    role: Role = "network"
    requirements: tuple[str, ...] = ("torch",)
    target = "pytorch:cpu"

    def plan(self, subject: Subject, precision: Precision) -> FormatPlan:
        refusals = tuple(limited_by(subject, precision, "pytorch", 2**40))
        here = () if refusals else (f"{self.target}:{precision}",)
        return FormatPlan(estimated(subject, precision), refusals, (), here)

    def missing(self) -> str:
        return ""  # Maquette itself needs torch

    def write(
        self,
        subject: Subject,
        precision: Precision,
        folder: Path,
        stem: str,
        progress: Callable[[float, str], None],
    ) -> Written:
        import torch

        from studio.bundles.reference import filled

        network, fills = subject.parts.network, dict(subject.parts.fills)
        progress(0.0, f"exporting {stem}")
        batch = torch.export.Dim("batch", min=BATCHES[0], max=BATCHES[1])
        inputs, shapes = [], []
        for port in network.inputs:
            one = torch.from_numpy(filled(port, fills[port.name], 0))
            dynamic = {d: batch for d, side in enumerate(port.shape) if isinstance(side, str)}
            # A batch of 1 would be taken for a constant.
            inputs.append(torch.cat([one, one]) if dynamic else one)
            shapes.append(dynamic)
        try:
            with warnings.catch_warnings(), torch.no_grad():
                warnings.simplefilter("ignore")
                module = network.module()
                wanted = (tuple(shapes),) if _takes_any(module) else tuple(shapes)
                program = torch.export.export(module, tuple(inputs), dynamic_shapes=wanted)
                program.example_inputs = None
                for node in program.graph.nodes:  # names of folders are nobody's business
                    for told in ("stack_trace", "source_fn_stack", "from_node"):
                        node.meta.pop(told, None)
                stream = io.BytesIO()
                torch.export.save(program, stream)
        except (RuntimeError, ValueError, TypeError, AssertionError) as error:
            words = " ".join(str(error).split())[:300]
            raise RuntimeFailed(f"exporting {stem} by torch.export failed: {words}") from error
        (folder / f"{stem}.pt2").write_bytes(stream.getbuffer())
        return Written(f"{stem}.pt2")

    def open(self, network: Network, files: Mapping[str, bytes]) -> Opened:
        from studio.bundles.formats.pt2_check import check_program

        data = files[network.main]
        with as_said(network):
            check_program(data, network)
        return _Program(network, data)


class _Program:
    """An exported program in PyTorch on the CPU."""

    runtime = "pytorch"
    device = "cpu"
    int8_layers: tuple[str, ...] = ()

    def __init__(self, network: Network, data: bytes) -> None:
        import torch

        self._inputs = [port.name for port in network.inputs]
        self._names = [port.name for port in network.outputs]
        self._doing = f"running {network.main} in PyTorch"
        self.version = torch.__version__.partition("+")[0]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                loaded = torch.export.load(io.BytesIO(data))
                self._module: Any = loaded.module()
        except Exception as error:  # whatever a strange file makes torch raise
            words = " ".join(str(error).split())[:300]
            raise RuntimeFailed(f"opening {network.main} in PyTorch failed: {words}") from error

    def run(self, inputs: Arrays) -> dict[str, npt.NDArray[np.float32]]:
        import torch

        given = [torch.from_numpy(np.array(inputs[name])) for name in self._inputs]
        try:
            with torch.no_grad():
                made = self._module(*given)
        except (RuntimeError, ValueError, TypeError, AssertionError) as error:
            words = " ".join(str(error).split())[:300]
            raise RuntimeFailed(f"{self._doing} failed: {words}") from error
        several = made if isinstance(made, tuple) else (made,)
        return {name: t.numpy() for name, t in zip(self._names, several, strict=True)}


def _takes_any(module: object) -> bool:
    """Whether ``forward`` has one ``*inputs`` for all, which torch.export counts as one."""
    parameters = inspect.signature(module.forward).parameters.values()  # type: ignore[attr-defined]
    return any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters)
