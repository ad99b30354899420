"""What Windows shows: plug-and-play devices, asked for through PowerShell.

A device without a driver has no class, so PCI devices are recognised by their numbers and their
compatible ids (``PCI\\CC_1200``), and by Windows' own class ``ComputeAccelerator`` for NPUs.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass

from studio.runtimes.detection.pci import called, kind_of
from studio.runtimes.detection.words import VENDOR_IDS, vendor_of
from studio.runtimes.device import Device, Kind

SECONDS = 25.0
SCRIPT = r"""
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [System.Text.Encoding]::UTF8
$drivers = @{}
$signed = "DeviceClass='DISPLAY' OR DeviceClass='COMPUTEACCELERATOR'"
Get-CimInstance Win32_PnPSignedDriver -Filter $signed |
  ForEach-Object { $drivers[$_.DeviceID] = $_.DriverVersion }
$wanted = "PNPClass='Display' OR PNPClass='ComputeAccelerator' OR PNPDeviceID LIKE 'PCI%'"
$rows = Get-CimInstance Win32_PnPEntity -Filter $wanted | ForEach-Object { [pscustomobject]@{
  Name = $_.Name; Manufacturer = $_.Manufacturer; PNPClass = $_.PNPClass
  PNPDeviceID = $_.PNPDeviceID; CompatibleID = @($_.CompatibleID)
  ConfigManagerErrorCode = $_.ConfigManagerErrorCode; Status = $_.Status
  DriverVersion = $drivers[$_.PNPDeviceID] } }
ConvertTo-Json -Compress -Depth 3 @($rows)
"""
CODES = {
    10: "Windows cannot start it; a newer driver may help",
    22: "it is switched off in the Device Manager",
    28: "its driver is not installed; Windows Update or its vendor has it",
    31: "its driver cannot be loaded; installing it again may help",
    43: "Windows has stopped it because it reported a problem",
    45: "it is not connected at present",
}
"""What the codes of Microsoft's Device Manager mean here, as far as they are likely."""


@dataclass(frozen=True)
class PnpDevice:
    """One device, with the fields of ``Win32_PnPEntity``; ``class_`` is empty without a driver."""

    name: str
    manufacturer: str
    class_: str
    id: str
    compatible: tuple[str, ...] = ()
    code: int = 0
    driver: str = ""


def probe() -> tuple[PnpDevice, ...]:
    """Ask Windows.

    Raises:
        OSError: PowerShell cannot be run. subprocess.SubprocessError: it fails or hangs.
        ValueError: what it prints is no JSON.
    """
    command = ["powershell.exe", "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", SCRIPT]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=SECONDS, check=True
    )
    return parse(done.stdout)


def parse(text: str) -> tuple[PnpDevice, ...]:
    """Read what ``SCRIPT`` prints: an array, or one object alone.

    Raises:
        ValueError: it is no JSON.
    """
    rows = json.loads(text.lstrip("\ufeff").strip() or "[]")
    if isinstance(rows, dict):
        rows = [rows]
    found = []
    for row in rows:
        ids = row.get("CompatibleID") or []
        found.append(
            PnpDevice(
                row.get("Name") or "",
                row.get("Manufacturer") or "",
                row.get("PNPClass") or "",
                row.get("PNPDeviceID") or "",
                tuple(str(each) for each in ids) if isinstance(ids, list) else (str(ids),),
                int(row.get("ConfigManagerErrorCode") or 0),
                row.get("DriverVersion") or "",
            )
        )
    return tuple(found)


def interpret(found: tuple[PnpDevice, ...]) -> tuple[Device, ...]:
    """The GPUs and NPUs of a host, each with what keeps programs from it; ``reason`` is empty when
    nothing does."""
    rows = []
    for each in sorted(found, key=lambda device: device.id):
        vendor, device, class_code = _numbers(each)
        kind = _kind(each, vendor, device, class_code)
        if kind is None:
            continue
        maker = VENDOR_IDS.get(vendor) or vendor_of(each.manufacturer) or vendor_of(each.name)
        reason = ""
        if each.code:
            other = f"Windows reports problem {each.code} with it"
            reason = CODES.get(each.code, other)
        generic = each.code == 28 or not each.name
        name = called(vendor, device, kind) if generic and vendor else each.name
        row = Device("system", kind, maker, name, each.driver, status="unavailable", reason=reason)
        rows.append(row)
    return tuple(rows)


def _numbers(each: PnpDevice) -> tuple[int, int, int]:
    pci = re.search(r"PCI\\VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})", each.id, re.IGNORECASE)
    acpi = re.search(r"ACPI\\VEN_QCOM|ACPI\\QCOM", each.id, re.IGNORECASE)
    codes = [re.search(r"CC_([0-9A-F]{4,6})", c, re.IGNORECASE) for c in each.compatible]
    longest = max((code[1] for code in codes if code), key=len, default="")
    class_code = int(longest.ljust(6, "0"), 16) if longest else 0
    if pci:
        return int(pci[1], 16), int(pci[2], 16), class_code
    return (0x5143 if acpi else 0), 0, class_code


def _kind(each: PnpDevice, vendor: int, device: int, class_code: int) -> Kind | None:
    if each.class_.lower() == "computeaccelerator":
        return "NPU"
    if each.class_.lower() == "display":
        made = VENDOR_IDS.get(vendor) or vendor_of(each.manufacturer)
        return None if made in ("", "Microsoft") else "GPU"  # Microsoft's draw without a GPU
    return kind_of(vendor, device, class_code)
