"""What a Maquette file says of its model beside the sizes: licence, history, trained subnets.

The texts are JSON (lists, numbers) or plain; ``studio.checkpoints`` checks the ones that decide
how the tensors are read (``config``, ``directions``, ``source_sha256``) and passes the others on.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict

from studio.errors import RefusedFile
from studio.families.info import HistoryStep, ModelInfo
from studio.families.inputs import MAX_SEED
from studio.families.quantization import QuantPlan
from studio.families.stylegan.config import StyleGanConfig

LONGEST = 20_000  # characters of a text in a file's metadata


def to_metadata(info: ModelInfo, plan: QuantPlan | None = None) -> dict[str, str]:
    """The texts to write beside the tensors of ``info``'s model, quantised by ``plan`` if any."""
    quantised = {} if plan is None else {"quantization": plan.to_json()}
    return quantised | {
        "family": info.family,
        "name": info.name,
        "title": info.title,
        "licence": info.licence,
        "source_sha256": info.source_sha256,
        "config": _sizes(info.config),
        "widths": json.dumps(info.widths),
        "resolutions": json.dumps(info.resolutions),
        "sorted_channels": json.dumps(info.sorted_channels),
        "seed": json.dumps(info.seed),
        "history": json.dumps([asdict(step) for step in info.history], ensure_ascii=False),
    }


def _sizes(config: StyleGanConfig) -> str:
    """The config as JSON; what says that layers are chains only where some are."""
    sizes = asdict(config)
    for name in ("factors", "mapping_ranks"):
        if not sizes[name]:
            del sizes[name]
    return json.dumps(sizes)


def one_line(text: str) -> str:
    """``text`` without what could steer a terminal or break a table, and not endlessly long."""
    kept = "".join(c if c.isprintable() else " " for c in text[:LONGEST])
    return kept.strip()


class Described:
    """The texts of one file, read one at a time; a wrong one is refused with the file's name."""

    def __init__(self, metadata: Mapping[str, str], path: str) -> None:
        self._metadata = metadata
        self._path = path

    def text(self, key: str) -> str | None:
        """A plain text in one line, or None when it is missing or empty."""
        return one_line(self._metadata.get(key, "")) or None

    def widths(self) -> tuple[float, ...]:
        """Trained ratios, ascending; full width when the file names none."""
        widths = self._numbers("widths")
        if not all(0 < w <= 1 for w in widths):
            raise self._refusal("widths", "ratios above 0 and at most 1")
        return tuple(sorted({*widths, 1.0}))

    def resolutions(self, config: StyleGanConfig) -> tuple[int, ...]:
        """Trained resolutions, ascending; every stage when the file names none."""
        found = self._numbers("resolutions")
        if not all(r in config.resolutions for r in found):
            raise self._refusal("resolutions", f"numbers out of {list(config.resolutions)}")
        return tuple(sorted({int(r) for r in found})) or config.resolutions

    def sorted_channels(self) -> bool:
        """Whether channels were ordered by importance."""
        value = self._json("sorted_channels", False)
        if not isinstance(value, bool):
            raise self._refusal("sorted_channels", "true or false")
        return value

    def seed(self) -> int:
        """A seed worth seeing first; 0 when the file names none."""
        value = self._json("seed", 0)
        if type(value) is not int or not 0 <= value <= MAX_SEED:
            raise self._refusal("seed", f"a whole number from 0 to {MAX_SEED}")
        return value

    def quantization(
        self, convolutions: Collection[str], components: Collection[str] = ()
    ) -> QuantPlan | None:
        """The plan for int8, or None.

        Args:
            convolutions: names of the layers that the model has. components: of its components.
        """
        text = self._metadata.get("quantization")
        if text is None:
            return None
        try:
            plan = QuantPlan.from_json(text)
        except ValueError as error:
            raise self._refusal("quantization", f"a plan for int8 ({error})") from error
        named = (*plan.layers, *(name for name, _ in plan.keep))
        if unknown := [name for name in named if name not in convolutions]:
            raise self._refusal("quantization", f"for this model, which has no {unknown[0]}")
        if unknown := [name for name, _ in plan.components if name not in components]:
            raise self._refusal("quantization", f"for this model, which has no {unknown[0]}")
        return plan

    def history(self) -> tuple[HistoryStep, ...]:
        """What was done to the weights, oldest first."""
        steps = self._json("history", [])
        if not isinstance(steps, list):
            raise self._refusal("history", "a list")
        result = []
        for step in steps:
            if isinstance(step, str):
                result.append(HistoryStep(one_line(step), ""))
            elif isinstance(step, dict) and isinstance(step.get("step"), str):
                detail = one_line(str(step.get("detail", "")))
                result.append(HistoryStep(one_line(step["step"]), detail))
            else:
                raise self._refusal("history", "steps with a name")
        return tuple(result)

    def _numbers(self, key: str) -> list[float]:
        values = self._json(key, [])
        if not isinstance(values, list) or not all(type(v) in (int, float) for v in values):
            raise self._refusal(key, "a list of numbers")
        return values

    def _json(self, key: str, default: object) -> object:
        try:
            return json.loads(self._metadata[key]) if key in self._metadata else default
        except (ValueError, RecursionError) as error:
            raise self._refusal(key, "JSON") from error

    def _refusal(self, key: str, accepted: str) -> RefusedFile:
        return RefusedFile(
            f"{self._path} cannot be opened: “{key}” in its metadata is not {accepted}"
        )
