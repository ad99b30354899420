"""What PCI numbers say: which functions are GPUs or NPUs, and what they are called."""

from __future__ import annotations

from studio.runtimes.detection.words import VENDOR_IDS
from studio.runtimes.device import Kind

NPUS = {
    (0x8086, 0x7D1D): "Intel NPU (Meteor Lake)",
    (0x8086, 0xAD1D): "Intel NPU (Arrow Lake)",
    (0x8086, 0x643E): "Intel NPU (Lunar Lake)",
    (0x8086, 0xB03E): "Intel NPU (Panther Lake)",
    (0x1022, 0x1502): "AMD NPU (XDNA, Phoenix or Hawk Point)",
    (0x1022, 0x17F0): "AMD NPU (XDNA 2, Strix or later)",
}
"""NPUs by (vendor, device), as their Linux drivers intel_vpu and amdxdna list them. AMD's are of
the class "signal processing controller", by which nothing could be told."""

NPU_MAKERS = ("Intel", "Qualcomm", "Habana", "Tenstorrent")
COMPUTING = ("NVIDIA", "AMD", "Intel", "Apple", "Qualcomm")
DISPLAY, ACCELERATOR = 0x03, 0x12  # base classes


def kind_of(vendor: int, device: int, class_code: int) -> Kind | None:
    """GPU, NPU, or None for what runs no networks.

    Args:
        class_code: 24 bits, as in ``/sys/bus/pci/devices/*/class``.
    """
    if (vendor, device) in NPUS:
        return "NPU"
    base, name = class_code >> 16, VENDOR_IDS.get(vendor, "")
    if base == DISPLAY:
        # The displays of virtual machines and of servers' management chips compute nothing.
        return "GPU" if name in COMPUTING else None
    if base == ACCELERATOR:
        if name in ("NVIDIA", "AMD"):  # AMD Instinct has no display
            return "GPU"
        return "NPU" if name in NPU_MAKERS else None  # FPGAs of others have this class too
    return None


def called(vendor: int, device: int, kind: Kind, listing: str = "") -> str:
    """A name: of the NPUs known here, else from ``listing``, the text of a pci.ids file, else made
    of the vendor and the number."""
    known = NPUS.get((vendor, device))
    if known:
        return known
    maker = VENDOR_IDS.get(vendor, f"vendor {vendor:04x}")
    inside = False
    for line in listing.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith("\t"):
            inside = line.lower().startswith(f"{vendor:04x} ")
        elif inside and not line.startswith("\t\t") and line[1:5].lower() == f"{device:04x}":
            return f"{maker} {line[5:].strip()}"
    return f"{maker} {kind} {device:04x}"
