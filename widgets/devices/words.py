"""Devices as the window writes them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from studio.runtimes.device import Device
from studio.runtimes.target import TITLES

translate = QCoreApplication.translate


def runtime_name(device: Device) -> str:
    """PyTorch, ONNX Runtime, OpenVINO, or the system."""
    known = TITLES.get(device.runtime)
    return known if known is not None else translate("Devices", "The system")


def device_name(device: Device) -> str | None:
    """Its name with the version of its driver; None when nothing is known of it."""
    name = device.name or device.vendor
    if name and device.driver:
        return translate("Devices", "{name}, driver {driver}").format(
            name=name, driver=device.driver
        )
    return name or None


def status_text(device: Device) -> str:
    """Whether it can be used, in words."""
    if _absent(device):
        return translate("Devices", "Not present")
    if device.status != "ready":
        return translate("Devices", "Not usable")
    if device.static_only:
        return translate("Devices", "Ready, for fixed sizes only")
    return translate("Devices", "Ready")


def reason_text(device: Device) -> str | None:
    """Why it cannot be used, as a sentence; None for one that can."""
    if _absent(device):
        return translate("Devices", "This computer has no {kind}.").format(kind=device.kind)
    if not device.reason:
        return None
    return f"{device.reason[0].upper()}{device.reason[1:]}."


def summary(devices: Sequence[Device]) -> str:
    """How many can be used."""
    ready = sum(device.status == "ready" for device in devices)
    return translate("Devices", "Ready: {count}").format(count=ready)


def _absent(device: Device) -> bool:
    return device.reason == f"this host has no {device.kind}"
