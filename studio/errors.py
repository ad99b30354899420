"""The errors a user may see. Each carries one sentence: what, where, what would be accepted."""

from __future__ import annotations


class MaquetteError(Exception):
    """Base of every error that is shown to a user; ``str(error)`` is the sentence."""


class RefusedFile(MaquetteError):
    """A file cannot be opened. The sentence names the file and the cause."""


class UnsupportedModel(RefusedFile):
    """A file was understood, but its network is not one that Maquette can run."""


class NotEnoughMemory(RefusedFile):
    """Opening would need more memory than there is. The sentence gives both figures."""


class NoFolder(MaquetteError, OSError):
    """A folder that Maquette needs cannot be made. The sentence names it and the cause."""


class BadChoice(MaquetteError):
    """A value (width, resolution, class, seed, ...) is outside what the model accepts."""


class BadRecipe(BadChoice):
    """A recipe cannot be read or applied. The sentence names the step and the field."""


class Overtaken(Exception):
    """A render was stopped between two layers because a newer request arrived. Never shown."""


def cause_of(error: OSError) -> str:
    """What the system says of a failure, as the end of a sentence."""
    return (error.strerror or str(error)).lower()


class RuntimeFailed(MaquetteError):
    """A runtime raised, a device went away, or what it had compiled cannot be loaded."""
