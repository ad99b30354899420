"""Maquette's own file: a subnet cut out, or the whole model that subnets are cut from."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from studio.bundles.formats.contract import Arrays, FormatPlan, Opened, Subject, Written
from studio.bundles.formats.estimating import estimated
from studio.bundles.manifest import Network, Precision, Role
from studio.errors import MaquetteError, RefusedFile
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from studio.families.generative import AnyModel


class SafetensorsFormat:
    """See :class:`studio.bundles.formats.contract.Format`."""

    name = "safetensors"
    title = "Maquette file"
    good_for = "going on with it in Maquette: weights alone, which can be cut and trained again"
    precisions: tuple[Precision, ...] = ("f32", "f16")
    role: Role = "weights"
    requirements: tuple[str, ...] = ()
    target = "pytorch:cpu"

    def plan(self, subject: Subject, precision: Precision) -> FormatPlan:
        refusals = []
        if why := subject.model.uncut(subject.choice):
            refusals.append(why)
        here = () if refusals else (f"{self.target}:{precision}",)
        return FormatPlan(estimated(subject, precision), tuple(refusals), (), here)

    def missing(self) -> str:
        return ""

    def write(
        self,
        subject: Subject,
        precision: Precision,
        folder: Path,
        stem: str,
        progress: Callable[[float, str], None],
    ) -> Written:
        progress(0.0, f"writing {stem}")
        model = subject.model if subject.whole else _cut(subject.model, subject.choice)
        model.save(folder / f"{stem}.safetensors", "f16" if precision == "f16" else "f32")
        return Written(f"{stem}.safetensors")

    def open(self, network: Network, files: Mapping[str, bytes]) -> Opened:
        return _Model(network, files[network.main])


def _cut(model: AnyModel, choice: SubnetChoice) -> AnyModel:
    """A subnet as a model of its own, with what is left of a plan for int8."""
    made = model.cut(choice)
    if model.plan is None or made is model:
        return made
    known = {layer.name for layer in made.portable().layers}
    plan = replace(
        model.plan,
        layers=tuple(name for name in model.plan.layers if name in known),
        keep=tuple(pair for pair in model.plan.keep if pair[0] in known),
    )
    return made.quantised(plan)


class _Model:
    """A Maquette file in eager PyTorch."""

    runtime = "pytorch"
    device = "cpu"
    int8_layers: tuple[str, ...] = ()

    def __init__(self, network: Network, data: bytes) -> None:
        import torch

        from studio.families.exportable import exportable
        from studio.families.opening import open_model

        with tempfile.TemporaryDirectory(prefix="maquette-bundle-") as place:
            path = Path(place) / Path(network.main).name
            try:
                path.write_bytes(data)
                model = open_model(path)
            except OSError as error:
                raise MaquetteError(f"{network.main} cannot be opened: {error}") from error
        whole = exportable(model, SubnetChoice()).network
        wanted = {port.name for port in network.inputs}
        if wanted != {port.name for port in whole.inputs}:
            raise RefusedFile(
                f"{network.main} takes the inputs {', '.join(p.name for p in whole.inputs)}, where "
                f"the manifest says {', '.join(sorted(wanted))}"
            )
        self._whole, self._module = whole, whole.module()
        self.version = torch.__version__.partition("+")[0]

    def run(self, inputs: Arrays) -> dict[str, npt.NDArray[np.float32]]:
        import torch

        given = [torch.from_numpy(np.array(inputs[port.name])) for port in self._whole.inputs]
        with torch.no_grad():
            made = self._module(*given)
        return {self._whole.outputs[0].name: made.numpy()}
