"""What Linux shows: PCI functions under /sys, their drivers, and the device nodes under /dev."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from studio.runtimes.detection.pci import called, kind_of
from studio.runtimes.detection.words import VENDOR_IDS
from studio.runtimes.device import Device, Kind

LISTINGS = ("usr/share/hwdata/pci.ids", "usr/share/misc/pci.ids", "usr/share/pci.ids")


@dataclass(frozen=True)
class Node:
    """A device node: whether this user may read and write it, and the group that may."""

    path: str
    allowed: bool = True
    group: str = ""


@dataclass(frozen=True)
class PciFunction:
    """One entry of ``/sys/bus/pci/devices``.

    Args:
        driver: the kernel driver bound to it; empty for none.
        nodes: those through which programs reach it; those of NVIDIA's driver included.
        name, version: of the device and its driver, where its driver tells.
    """

    address: str
    vendor: int
    device: int
    class_code: int
    driver: str = ""
    nodes: tuple[Node, ...] = ()
    name: str = ""
    version: str = ""


@dataclass(frozen=True)
class OtherNode:
    """A node of an accelerator that is no PCI function (in a phone's or a board's chip)."""

    node: Node
    driver: str = ""


@dataclass(frozen=True)
class Probe:
    """``listing``: the text of a pci.ids file; empty without. ``dxg``: the GPU of WSL."""

    pci: tuple[PciFunction, ...] = ()
    others: tuple[OtherNode, ...] = ()
    dxg: Node | None = None
    listing: str = ""


def probe(root: Path = Path("/")) -> Probe:
    """Read what is under ``root``. Files that cannot be read count as not there."""
    functions = [_function(root, each) for each in _folder(root / "sys/bus/pci/devices")]
    pci = tuple(f for f in functions if kind_of(f.vendor, f.device, f.class_code) is not None)
    listing = next((text for name in LISTINGS if (text := _text(root / name))), "") if pci else ""
    return Probe(pci, tuple(_others(root, pci)), _node(root, root / "dev/dxg"), listing)


def _function(root: Path, folder: Path) -> PciFunction:
    driver = _link(folder / "driver")
    nodes = []
    for each in _folder(folder / "accel"):
        nodes.append(_node(root, root / "dev/accel" / each.name))
    for each in _folder(folder / "drm"):
        if each.name.startswith("renderD"):
            nodes.append(_node(root, root / "dev/dri" / each.name))
    name = version = ""
    if driver == "nvidia":
        told = _text(root / "proc/driver/nvidia/gpus" / folder.name / "information")
        fields = {k.strip(): v.strip() for k, _, v in (x.partition(":") for x in told.splitlines())}
        name = fields.get("Model", "")
        nodes = [_node(root, root / "dev/nvidiactl")]
        if fields.get("Device Minor"):
            nodes.append(_node(root, root / f"dev/nvidia{fields['Device Minor']}"))
        version = nvidia_version(_text(root / "proc/driver/nvidia/version"))
    elif driver == "amdgpu":
        nodes.append(_node(root, root / "dev/kfd"))
    if driver and not version:
        version = _text(root / "sys/module" / driver / "version").strip()
    return PciFunction(
        folder.name,
        _number(folder / "vendor"),
        _number(folder / "device"),
        _number(folder / "class"),
        driver,
        tuple(each for each in nodes if each is not None),
        name,
        version,
    )


def _others(root: Path, pci: tuple[PciFunction, ...]) -> list[OtherNode]:
    known = {node.path for function in pci for node in function.nodes}
    found = []
    for each in _folder(root / "dev/accel"):
        node = _node(root, each)
        if node is not None and node.path not in known:
            found.append(
                OtherNode(node, _link(root / "sys/class/accel" / each.name / "device/driver"))
            )
    return found


def nvidia_version(text: str) -> str:
    """The version in ``/proc/driver/nvidia/version``, of the closed and the open module."""
    words = text.split("\n", 1)[0].split()
    return next((w for w in words if w[0].isdigit() and "." in w), "")


def interpret(found: Probe) -> tuple[Device, ...]:
    """The GPUs and NPUs of a host, each with what keeps programs from it; ``reason`` is empty when
    nothing does."""
    rows = []
    for each in found.pci:
        kind = kind_of(each.vendor, each.device, each.class_code)
        if kind is None:
            continue
        maker = VENDOR_IDS.get(each.vendor, "")
        name = each.name or called(each.vendor, each.device, kind, found.listing)
        driver = " ".join(filter(None, (each.driver, each.version)))
        rows.append(_row(kind, maker, name, driver, _problem(each, kind, maker)))
    for other in found.others:
        name = f"{other.driver} ({other.node.path})" if other.driver else other.node.path
        rows.append(_row("NPU", "", name, other.driver, _forbidden((other.node,))))
    if found.dxg is not None:
        name = "the GPU of Windows, through WSL"
        rows.append(_row("GPU", "", name, "dxg", _forbidden((found.dxg,))))
    return tuple(rows)


_WANTED = {
    ("NVIDIA", "GPU"): ("nvidia", "NVIDIA's driver adds it"),
    ("AMD", "GPU"): ("amdgpu", "it comes with Linux"),
    ("Intel", "GPU"): ("i915 or xe", "they come with Linux"),
    ("Intel", "NPU"): ("intel_vpu", "it comes with Linux 6.3 and later"),
    ("AMD", "NPU"): ("amdxdna", "it comes with Linux 6.14 and later"),
}


def _problem(each: PciFunction, kind: Kind, maker: str) -> str:
    wanted, whence = _WANTED.get((maker, kind), ("", ""))
    need = f"; it needs {wanted}, {whence}" if wanted else ""
    if not each.driver:
        return f"it is present, but no kernel driver is loaded for it{need}"
    if each.driver in ("vfio-pci", "pciback", "xen-pciback"):
        return f"it is set aside for virtual machines (driver {each.driver})"
    if wanted and each.driver not in wanted.split(" or "):
        return f"its kernel driver {each.driver} runs no networks{need}"
    if not each.nodes:
        return (
            f"its kernel driver {each.driver} is loaded, but there is no device node under /dev; a "
            "container has to be given it"
        )
    return _forbidden(each.nodes)


def _forbidden(nodes: tuple[Node, ...]) -> str:
    closed = [node for node in nodes if not node.allowed]
    if not closed:
        return ""
    first = closed[0]
    group = first.group or "render"
    if group == "root":
        return f"there is no permission to open {first.path}, which only root may"
    return (
        f"there is no permission to open {first.path}; 'sudo usermod -aG {group} $USER' and a new "
        "login give it"
    )


def _row(kind: Kind, vendor: str, name: str, driver: str, reason: str) -> Device:
    return Device("system", kind, vendor, name, driver, status="unavailable", reason=reason)


def _node(root: Path, path: Path) -> Node | None:
    try:
        owner = path.stat().st_gid
    except OSError:
        return None
    group = ""
    with suppress(ImportError, KeyError):
        import grp

        group = grp.getgrgid(owner).gr_name
    shown = "/" + path.relative_to(root).as_posix()
    return Node(shown, os.access(path, os.R_OK | os.W_OK), group)


def _folder(path: Path) -> list[Path]:
    try:
        return sorted(path.iterdir())
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def _link(path: Path) -> str:
    try:
        return path.readlink().name
    except OSError:
        return ""


def _number(path: Path) -> int:
    try:
        return int(_text(path).strip(), 16)
    except ValueError:
        return 0
