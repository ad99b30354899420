"""Names and sentences that several sources share."""

from __future__ import annotations

from collections.abc import Iterable

from studio.runtimes.target import PRECISIONS

VENDOR_IDS = {
    0x8086: "Intel",
    0x10DE: "NVIDIA",
    0x1002: "AMD",
    0x1022: "AMD",
    0x106B: "Apple",
    0x5143: "Qualcomm",
    0x4D4F4351: "Qualcomm",  # "QCOM", what ACPI says of it
    0x17CB: "Qualcomm",
    0x13B5: "Arm",
    0x1414: "Microsoft",
    0x1DA3: "Habana",
    0x1E52: "Tenstorrent",
}
"""PCI and ACPI vendor numbers of those who make what networks run on."""

_WORDS = (
    ("nvidia", "NVIDIA"),
    ("amd", "AMD"),
    ("advanced micro devices", "AMD"),
    ("radeon", "AMD"),
    ("intel", "Intel"),
    ("apple", "Apple"),
    ("qualcomm", "Qualcomm"),
    ("snapdragon", "Qualcomm"),
    ("adreno", "Qualcomm"),
    ("geforce", "NVIDIA"),
    ("rockchip", "Rockchip"),
    ("ampere", "Ampere"),
    ("arm", "Arm"),
)


def vendor_of(text: str) -> str:
    """The vendor that a name or a manufacturer's field speaks of; empty when it names none."""
    low = text.lower().replace("(r)", " ").replace(",", " ")
    for word, vendor in _WORDS:
        if word in low.split() or (" " in word and word in low):
            return vendor
    return next((vendor for word, vendor in _WORDS if low.startswith(word)), "")


def ordered(precisions: Iterable[str]) -> tuple[str, ...]:
    """Precisions once each, in the order of :data:`studio.runtimes.target.PRECISIONS`."""
    wanted = set(precisions)
    return tuple(each for each in PRECISIONS if each in wanted)


def first_line(error: object, limit: int = 240) -> str:
    """What an error says, on one line and without a stop at its end."""
    return " ".join(str(error).split())[:limit].rstrip(" .")


def not_installed(title: str, line: str) -> str:
    """The reason of a runtime that is missing, with the line that adds it."""
    return f"{title} is not installed; '{line}' adds it"
