"""Why a command has nothing to do for a model that draws from pictures."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def not_yet(command: str) -> str:
    """One sentence, or nothing where the command works on every family."""
    seedless = translate("NotYet", "This model draws from a picture: it has no seeds.")
    pinless = translate("NotYet", "Pins keep seeds, and this model draws from a picture.")
    return {
        "new_seed": seedless,
        "pin": pinless,
        "finish_pins": pinless,
        "play_walk": translate("NotYet", "A walk goes from seed to seed; this model has none."),
        "save_walk": translate("NotYet", "A walk goes from seed to seed; this model has none."),
        "blind_test": translate(
            "NotYet", "The blind test draws a new seed each time; this model draws one picture."
        ),
        "make_elastic": translate(
            "NotYet", "Make elastic is for StyleGANs; GAN Compression trains supernets of pictures."
        ),
        "copy_render": translate("NotYet", "The command line needs a picture as a file."),
        "copy_compare": translate("NotYet", "Comparisons by command are for StyleGANs so far."),
    }.get(command, "")
