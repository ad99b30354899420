"""What macOS shows: ``system_profiler -json`` lists the GPUs; Apple silicon has a Neural Engine."""

from __future__ import annotations

import json
import platform
import subprocess
from dataclasses import dataclass

from studio.runtimes.detection.words import vendor_of
from studio.runtimes.device import Device

SECONDS = 20.0
COMMAND = ("/usr/sbin/system_profiler", "-json", "SPDisplaysDataType", "SPHardwareDataType")


@dataclass(frozen=True)
class Gpu:
    """One GPU: ``metal`` is what the system says of its support, empty for none."""

    name: str
    vendor: str
    cores: str = ""
    metal: str = ""


@dataclass(frozen=True)
class Probe:
    """``chip``: as the system calls it, e.g. ``Apple M2``; empty on Intel's. ``version``: of macOS.

    Which Macs have a Neural Engine nothing lists; all with Apple silicon do."""

    gpus: tuple[Gpu, ...] = ()
    chip: str = ""
    version: str = ""


def probe() -> Probe:
    """Ask macOS.

    Raises:
        OSError: the command cannot be run. subprocess.SubprocessError: it fails or hangs.
        ValueError: what it prints is no JSON.
    """
    done = subprocess.run(
        COMMAND, capture_output=True, encoding="utf-8", timeout=SECONDS, check=True
    )
    return parse(done.stdout, platform.mac_ver()[0])


def parse(text: str, version: str = "") -> Probe:
    """Read what :data:`COMMAND` prints.

    Raises:
        ValueError: it is no JSON.
    """
    told = json.loads(text)
    gpus = []
    for each in told.get("SPDisplaysDataType", ()):
        name = each.get("sppci_model") or each.get("_name") or ""
        vendor = each.get("spdisplays_vendor", "").removeprefix("sppci_vendor_")
        metal = each.get("spdisplays_mtlgpufamilysupport") or each.get("spdisplays_metal") or ""
        gpus.append(
            Gpu(name, vendor_of(vendor) or vendor_of(name), each.get("sppci_cores", ""), metal)
        )
    chips = [str(each.get("chip_type", "")) for each in told.get("SPHardwareDataType", ())]
    return Probe(tuple(gpus), next(iter(chips), ""), version)


def interpret(found: Probe) -> tuple[Device, ...]:
    """The GPUs and the Neural Engine of a Mac; ``reason`` is empty when nothing keeps programs from
    them. Drivers are a part of the system, so its version is theirs."""
    driver = f"macOS {found.version}" if found.version else ""
    rows = []
    for gpu in found.gpus:
        reason = "" if gpu.metal else "macOS offers no Metal on it"
        name = f"{gpu.name} ({gpu.cores} cores)" if gpu.cores else gpu.name
        rows.append(
            Device("system", "GPU", gpu.vendor, name, driver, status="unavailable", reason=reason)
        )
    if found.chip.startswith("Apple"):
        name = f"{found.chip} Neural Engine"
        rows.append(Device("system", "NPU", "Apple", name, driver, status="unavailable"))
    return tuple(rows)
