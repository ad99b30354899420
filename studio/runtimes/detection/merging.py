"""What the sources found, put together into one list. Pure.

Runtimes speak of hardware by kind and vendor ("this PyTorch is built without CUDA"), the system by
name. Here every device that the system shows gets one row a runtime that cannot use it, and rows
about hardware that this host does not have go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from studio.runtimes.device import KINDS, Device, Kind
from studio.runtimes.target import RUNTIMES

SYSTEM = "system"
NOBODY = "no runtime that is installed here can use it"


def merged(found: Mapping[str, Sequence[Device]]) -> tuple[Device, ...]:
    """All devices, in an order that depends on nothing but what was found.

    Args:
        found: rows by source. A source that failed has one row of kind CPU that says so; without
            the key ``system`` nothing is known of the hardware.
    """
    seen = [d for d in found.get(SYSTEM, ()) if d.kind != "CPU"]
    failed = [d for d in found.get(SYSTEM, ()) if d.kind == "CPU"]
    asked = SYSTEM in found and not failed
    rows: list[Device] = []
    for source, devices in found.items():
        if source != SYSTEM:
            rows += _of_runtime(source, devices, seen)
    if asked:
        # A provider may start without its hardware, to compile for others; one that names no device
        # is believed where the system shows one.
        rows = [d for d in rows if d.name or d.kind == "CPU" or any(_same(d, s) for s in seen)]
    usable = [d for d in rows if d.status == "ready"]
    for device in _unused(seen, usable):
        rows.append(replace(device, reason=device.reason or NOBODY))
    rows += failed
    for kind in KINDS[1:]:
        if not any(d.kind == kind for d in [*usable, *seen]):
            rows.append(_absent(kind, asked))
    return tuple(sorted(rows, key=_rank))


def _of_runtime(runtime: str, devices: Sequence[Device], seen: Sequence[Device]) -> list[Device]:
    ready = [_named(d, seen) for d in devices if d.status == "ready"]
    lacking = [d for d in devices if d.status != "ready"]
    rows = [*ready, *(d for d in lacking if d.kind == "CPU")]
    # What names its own device needs no hardware list to be believed.
    rows += [d for d in lacking if d.kind != "CPU" and d.name]
    for device in _unused(seen, rows):
        why = next((d for d in lacking if _same(d, device) and not d.name), None)
        if why is not None:
            rows.append(replace(why, vendor=device.vendor, name=device.name, driver=device.driver))
    return rows


def _unused(seen: Sequence[Device], taken: Sequence[Device]) -> list[Device]:
    """Those of ``seen`` that no row of ``taken`` speaks of.

    Two GPUs of one vendor are told apart by number, unless their names are equal: runtimes and
    systems spell names differently. One that the system has trouble with is taken for the unused.
    """
    used: set[int] = set()
    for runtime in sorted({d.runtime for d in taken}):
        free = list(range(len(seen)))
        for device in taken:
            match = [i for i in free if device.runtime == runtime and _same(device, seen[i])]
            if match and not (device.name or device.vendor):  # it may mean any of them
                used.update(match)
            elif match:
                best = min(match, key=lambda i: (seen[i].name != device.name, seen[i].reason != ""))
                free.remove(best)
                used.add(best)
    return [device for index, device in enumerate(seen) if index not in used]


def _same(row: Device, device: Device) -> bool:
    """Whether a runtime's row may speak of a device; no vendor on either side means any."""
    known = row.vendor != "" and device.vendor != ""
    return row.kind == device.kind and (not known or row.vendor == device.vendor)


def _named(row: Device, seen: Sequence[Device]) -> Device:
    """A ready device with what the system knows of it, as far as only one thing can be meant."""
    if row.kind == "CPU":
        return row
    fitting = [d for d in seen if _same(row, d)]
    match = [d for d in fitting if d.name == row.name] or fitting

    def only(values: set[str]) -> str:
        return values.pop() if len(values) == 1 else ""

    return replace(
        row,
        vendor=row.vendor or only({d.vendor for d in match}),
        name=row.name or only({d.name for d in match}),
        driver=row.driver or only({d.driver for d in match}),
    )


def _absent(kind: Kind, asked: bool) -> Device:
    reason = f"this host has no {kind}"
    if not asked:
        reason = f"no runtime found one, and whether this host has a {kind} is not known"
    if not asked and kind == "NPU":
        reason = reason.replace("a NPU", "an NPU")
    return Device(SYSTEM, kind, status="unavailable", reason=reason)


def _rank(device: Device) -> tuple[int, str, int, bool, str, str, str, str]:
    order = (*RUNTIMES, SYSTEM)
    runtime = order.index(device.runtime) if device.runtime in order else len(order)
    waits = device.status != "ready"
    return (runtime, device.runtime, KINDS.index(device.kind), waits, device.id, device.vendor,
            device.name, device.reason)  # fmt: skip
