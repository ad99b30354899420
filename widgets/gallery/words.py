"""What the gallery says of a picture."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from studio.session.document import FULL_SUBNET
from studio.session.gallery import GalleryItem
from studio.subnets.describe import variant_name

translate = QCoreApplication.translate


def title(item: GalleryItem, model: str | None = None) -> str:
    """Who drew what: "clay-heads, seed 421"; the file's name where the picture does not say.

    Args:
        model: its name as there is room for it; None for the whole name.
    """
    if item.seed is None:
        return item.name
    return translate("GalleryWords", "{model}, seed {seed}").format(
        model=item.model if model is None else model, seed=item.seed
    )


def variant(item: GalleryItem) -> str:
    """What drew it: "full", "width 0.5, prune + lowrank", "int8"; empty where unknown."""
    choice = item.subnet
    if choice is None:
        return ""
    steps = " + ".join(item.techniques)
    if choice.denoising is not None:
        name = variant_name(choice)
    elif choice == FULL_SUBNET or (choice.widths is None and choice.width == 1):
        # All that a recipe has left is not what the window calls full.
        name = "" if steps else translate("GalleryWords", "full")
    elif choice.widths is not None:
        name = translate("GalleryWords", "free widths")
    elif choice.rule == "anycost":
        name = translate("GalleryWords", "width {width} Anycost").format(width=f"{choice.width:g}")
    else:
        name = translate("GalleryWords", "width {width}").format(width=f"{choice.width:g}")
    return ", ".join(part for part in (name, steps) if part)


def pixels(item: GalleryItem) -> str:
    """Its size: "128 px" for a square, else "256 \N{MULTIPLICATION SIGN} 128 px"."""
    if item.width == item.height:
        return translate("GalleryWords", "{n} px").format(n=item.width)
    size = f"{item.width} \N{MULTIPLICATION SIGN} {item.height}"
    return translate("GalleryWords", "{n} px").format(n=size)


def time(item: GalleryItem) -> str:
    """When it was saved, as this system writes it."""
    moment = QDateTime.fromMSecsSinceEpoch(int(item.made * 1000))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def lines(item: GalleryItem, *, gone: bool = False) -> tuple[str, str, str]:
    """The caption below its small picture."""
    made = ", ".join(part for part in (variant(item), pixels(item)) if part)
    last = translate("GalleryWords", "the file is gone") if gone else time(item)
    return title(item), made, last
