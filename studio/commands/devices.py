"""``maquette devices``: what every runtime can use on this host, and what it cannot and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.commands.common import (
    JsonOption,
    print_json,
    print_table,
    sentence_on_failure,
    status,
)

if TYPE_CHECKING:
    from studio.runtimes.device import Device

COLUMNS = ["runtime", "kind", "device", "target", "precisions", "status"]


@sentence_on_failure
def devices(as_json: JsonOption = False) -> None:
    """List the devices that runtimes can use here, and those they cannot with the reason."""
    with status("looking for devices"):
        from studio.runtimes.detection.gathering import gather

        found = gather()
    if as_json:
        print_json([as_record(device) for device in found])
    else:
        print_table(COLUMNS, [_row(device) for device in found], numbers=False)


def as_record(device: Device) -> dict[str, object]:
    """The JSON object that the command line promises."""
    return {
        "runtime": device.runtime,
        "kind": device.kind,
        "vendor": device.vendor,
        "name": device.name,
        "driver": device.driver,
        "precisions": list(device.precisions),
        "static_only": device.static_only,
        "status": device.status,
        "reason": device.reason,
        "id": device.id,
    }


def _row(device: Device) -> list[str]:
    from studio.runtimes.target import TITLES

    name = device.name or device.vendor
    ready = device.status == "ready"
    notes = ["fixed shapes only"] if device.static_only else []
    return [
        TITLES.get(device.runtime, "the system"),
        device.kind,
        f"{name}, driver {device.driver}" if device.driver else name,
        f"{device.runtime}:{device.id}" if ready else "",
        ", ".join(device.precisions),
        ", ".join(["ready", *notes]) if ready else device.reason,
    ]
