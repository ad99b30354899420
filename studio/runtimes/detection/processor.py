"""The processor: its name, who makes it, and the precisions it computes natively."""

from __future__ import annotations

import platform
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from studio.runtimes.detection.words import ordered, vendor_of

_VENDORS = {"GenuineIntel": "Intel", "AuthenticAMD": "AMD"}
_IMPLEMENTERS = {"0x41": "Arm", "0x51": "Qualcomm", "0x61": "Apple", "0xc0": "Ampere"}
_NATIVE = {
    "bf16": {"avx512_bf16", "amx_bf16", "bf16", "svebf16"},
    "f16": {"avx512_fp16", "amx_fp16", "asimdhp"},
    "int8": {"avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm"},
}


@dataclass(frozen=True)
class Processor:
    """``flags``: names of instruction sets, as Linux spells them; empty where nobody says."""

    name: str = ""
    vendor: str = ""
    flags: tuple[str, ...] = ()

    @property
    def precisions(self) -> tuple[str, ...]:
        """f32 and what the instruction sets add."""
        mine = set(self.flags)
        return ordered(["f32", *(name for name, sets in _NATIVE.items() if sets & mine)])


def processor() -> Processor:
    """The processor of this host, as far as the system tells of it. Never raises."""
    listing = Path("/proc/cpuinfo")
    with suppress(OSError):
        return from_cpuinfo(listing.read_text(errors="replace"))
    name = ""
    with suppress(OSError, subprocess.SubprocessError):
        if sys.platform == "darwin":
            command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
            name = done.stdout.strip()
        elif sys.platform == "win32":
            name = _from_registry()
    name = name or platform.processor() or platform.machine()
    return Processor(name, vendor_of(name))


def from_cpuinfo(text: str) -> Processor:
    """Read ``/proc/cpuinfo``, of x86 and of Arm. Without a name there, the architecture is it."""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon:
            fields.setdefault(key.strip(), value.strip())
    name = fields.get("model name") or fields.get("Hardware") or platform.machine()
    maker = fields.get("vendor_id", "")
    vendor = _VENDORS.get(maker) or _IMPLEMENTERS.get(fields.get("CPU implementer", ""), "")
    flags = fields.get("flags") or fields.get("Features") or ""
    return Processor(" ".join(name.split()), vendor or vendor_of(name), tuple(flags.split()))


def _from_registry() -> str:
    if sys.platform != "win32":
        return ""
    import winreg

    path = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
        return str(winreg.QueryValueEx(key, "ProcessorNameString")[0]).strip()
