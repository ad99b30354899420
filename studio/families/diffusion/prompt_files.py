"""Prompts in text files, one in each line. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from studio.errors import BadChoice, cause_of
from studio.families.diffusion.config import MOST_PROMPT

MOST_TEXT = 1_000_000  # bytes of a file with prompts


def prompts_in(place: str | Path) -> tuple[str, ...]:
    """The lines of a text file, or of all text files of a folder; empty ones are left out.

    Raises:
        BadChoice: there are none, one cannot be read, or a line is longer than a prompt may be.
    """
    place = Path(place)
    found: list[str] = []
    try:
        files = sorted(place.glob("*.txt")) if place.is_dir() else [place]
        for file in files:
            if file.stat().st_size <= MOST_TEXT:
                found += [line.strip() for line in file.read_text("utf-8").splitlines()]
            elif not place.is_dir():
                raise BadChoice(f"{place} is larger than {MOST_TEXT / 1e6:g} MB; accepted is less")
    except (OSError, UnicodeDecodeError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else "it is no text"
        raise BadChoice(f"prompts of {place} cannot be read: {cause}") from error
    found = [line for line in found if line]
    if not found:
        raise BadChoice(f"{place} has no prompts; accepted are .txt files with one in each line")
    long = next((line for line in found if len(line) > MOST_PROMPT), None)
    if long is not None:
        raise BadChoice(
            f"a prompt of {place} has {len(long)} characters; accepted are up to {MOST_PROMPT}"
        )
    return tuple(found)
