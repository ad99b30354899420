"""Why a command has nothing to do for a model of some family."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from widgets.scene import DIFFUSION, TRANSLATION

translate = QCoreApplication.translate


def not_yet(command: str, family: str) -> str:
    """One sentence, or nothing where the command works on the family."""
    if family == TRANSLATION:
        return _pictured(command)
    return _worded(command) if family == DIFFUSION else ""


def greyed(command: str, family: str) -> str:
    """Why a command is greyed for a family, or nothing where it can be given."""
    return _worded(command) if family == DIFFUSION else ""


def _pictured(command: str) -> str:
    """Of models that draw from pictures."""
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


def _worded(command: str) -> str:
    """Of diffusion pipelines."""
    walkless = translate("NotYet", "Walks go through StyleGANs; pipelines have none yet.")
    return {
        "play_walk": walkless,
        "save_walk": walkless,
        "make_elastic": translate("NotYet", "Make elastic is for StyleGANs."),
        "export": translate("NotYet", "Pipelines cannot be exported yet."),
        "copy_other": translate("NotYet", "The command line has this for StyleGANs alone."),
        "copy_convert": translate(
            "NotYet", "Pipelines are folders already; maquette compress writes their variants."
        ),
    }.get(command, "")
