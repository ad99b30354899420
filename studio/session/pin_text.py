"""What is drawn, as one line of YAML: ``{seed: 5, truncation: 0.7, edits: {smile: 2}}``.

For ``maquette walk --pin``, where every pin may differ from the others in anything.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.recipes.yaml_text import NotPlain, read_plain, write_line
from studio.session.checks import check_inputs

PLAIN = asdict(GanInputs())
LONGEST = 16_384  # characters


def pin_text(inputs: GanInputs) -> str:
    """``inputs`` without what is as usual; the seed is always named."""
    found = {name: value for name, value in asdict(inputs).items() if value != PLAIN[name]}
    found.pop("edits", None)
    line: dict[str, Any] = {"seed": inputs.seed, **found}
    if inputs.mix_stages is not None:
        line["mix_stages"] = list(inputs.mix_stages)
    if inputs.edits:
        line["edits"] = dict(inputs.edits)
    return write_line(line)


def read_pin(text: str) -> GanInputs:
    """What :func:`pin_text` wrote.

    Raises:
        BadChoice: it is none; the sentence names the field.
    """
    shown = text if len(text) <= 40 else f"{text[:40]}\u2026"
    try:
        raw = read_plain(text) if len(text) <= LONGEST else None
    except NotPlain as error:
        raise BadChoice(f"--pin {shown}: {error}") from error
    if not isinstance(raw, dict) or not all(isinstance(name, str) for name in raw):
        raise BadChoice(f"--pin {shown} is not of the form {{seed: 5, truncation: 0.7}}")
    if unknown := [name for name in raw if name not in PLAIN]:
        raise BadChoice(f"--pin: {unknown[0][:40]} is not known; there are {', '.join(PLAIN)}")
    from pydantic import TypeAdapter, ValidationError

    edits = raw.get("edits", {})
    if not isinstance(edits, dict):
        raise BadChoice("--pin: edits is not a list of names with numbers, such as {smile: 2}")
    made = {**raw, "edits": [[str(name), value] for name, value in edits.items()]}
    try:
        text = json.dumps(made, allow_nan=False)
        inputs = TypeAdapter(GanInputs).validate_json(text, strict=True)
        check_inputs(inputs)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadChoice(f"--pin: {place}: {first['msg']}") from error
    except ValueError as error:
        raise BadChoice(f"--pin: {error}") from error
    return inputs
