"""PyTorch, eager: with nothing to compile it answers at once; others are compared with it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from studio.errors import BadChoice, RuntimeFailed, cause_of
from studio.families.portable import PortableNetwork
from studio.runtimes import planning
from studio.runtimes.contract import Loaded, Placement, Plan
from studio.runtimes.device import Device
from studio.runtimes.record import read_record, write_record
from studio.runtimes.target import Target


class PyTorchRuntime:
    """The torch module as its family makes it, in channels-last order.

    There is nothing to compile: ``compile`` runs the network's maker once, to fail early, and
    leaves a record without weights; ``load`` calls the maker again.
    """

    name = "pytorch"

    def version(self) -> str | None:
        try:
            return metadata.version("torch")
        except metadata.PackageNotFoundError:
            return None

    def detect(self) -> tuple[Device, ...]:
        from studio.runtimes.detection.pytorch import devices

        return devices()

    def plan(
        self,
        network: PortableNetwork,
        target: Target,
        *,
        sizes: Mapping[str, int] | None = None,
        threads: int = 0,
    ) -> Plan:
        """All dimensions stay dynamic on every device; ``sizes`` only serve the estimate of memory.

        Raises:
            BadChoice: the target is of another runtime, its device is not on this host, or a size
                or number of threads makes no sense.
            RuntimeFailed: PyTorch is missing.
        """
        planning.of_runtime(target, self.name)
        version = self.version()
        if version is None:
            raise RuntimeFailed("PyTorch is not installed; 'pip install torch' adds it")
        target = Target(self.name, target.device.lower(), target.precision)
        row = _row(target.device)
        fixed = dict(planning.checked_sizes(network, sizes))
        memory = planning.memory_needed(network, target.precision, fixed.get("batch", 1))
        refusals = planning.precision_refusals(network, target, _precisions(row))
        if network.storage != "float":
            refusals.append(
                f"PyTorch keeps weights in float here; {network.storage} weights are for OpenVINO "
                "and ONNX Runtime"
            )
        refusals += planning.memory_refusals(network, memory, _free_memory(row.id))
        notes = []
        if threads and row.kind != "CPU":
            notes.append(f"{target.device} does not run on threads of the CPU; they are ignored")
        return Plan(
            network,
            target,
            (),
            planning.checked_threads(threads),
            version,
            " ".join(part for part in (row.name, row.driver) if part),
            memory,
            tuple(refusals),
            tuple(notes),
        )

    def compile(self, plan: Plan, folder: Path) -> Placement:
        """Make the network once and leave a record that it could be made."""
        if plan.refusals:
            raise BadChoice("; ".join(plan.refusals))
        loaded = self._made(plan)
        loaded.close()
        try:
            write_record(plan, loaded.placement, folder, ())
        except OSError as error:
            raise RuntimeFailed(
                f"the record of '{plan.network.name}' cannot be written to {folder}: "
                f"{cause_of(error)}"
            ) from error
        return loaded.placement

    def load(self, plan: Plan, folder: Path) -> Loaded:
        read_record(plan, folder)
        return self._made(plan)

    def eager(self, plan: Plan) -> Loaded:
        """The network at once, without a folder: what shows first pictures while others compile.

        Raises:
            BadChoice: the plan has refusals. RuntimeFailed: PyTorch raised.
        """
        if plan.refusals:
            raise BadChoice("; ".join(plan.refusals))
        return self._made(plan)

    def _made(self, plan: Plan) -> Loaded:
        from studio.runtimes.pytorch_loaded import PyTorchLoaded

        return PyTorchLoaded(plan)


def _row(name: str) -> Device:
    """The device of that name; one without a number is the first of its kind.

    Raises:
        BadChoice: PyTorch cannot use it here.
    """
    from studio.runtimes.detection.pytorch import devices

    ready = [device for device in devices() if device.status == "ready"]
    for device in ready:
        if name in (device.id, device.id.removesuffix(":0")):
            return device
    raise BadChoice(
        f"PyTorch has no device {name} on this host; it has {', '.join(d.id for d in ready)}"
    )


def _precisions(device: Device) -> tuple[str, ...]:
    """Those that a device computes in at a gain."""
    if device.kind == "CPU" and "bf16" not in device.precisions and _tells_bf16():
        return (*device.precisions, "bf16")
    return device.precisions


def _tells_bf16() -> bool:
    """Whether torch finds bf16 in the processor, where the system does not list such things.
    Without it PyTorch would convert to and fro, which is slower than f32."""
    import torch

    if not hasattr(torch.cpu, "get_capabilities"):  # an older torch
        return False
    told = torch.cpu.get_capabilities()
    return any(told.get(name) for name in ("avx512_bf16", "amx_bf16", "arm_bf16", "bf16"))


def _free_memory(name: str) -> int:
    """Bytes that a device can still give."""
    import torch

    device = torch.device(name)
    if device.type in ("cuda", "xpu"):
        return int(getattr(torch, device.type).mem_get_info(device)[0])
    return planning.free_memory()
