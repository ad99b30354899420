"""A portable quantisation plan: what is to run in int8, and how its ranges are found.

A plan names layers by the nodes of the ONNX graph that a family writes, so it holds for every
subnet of a model. Each runtime emits it its own way and reports what it left out. A plan is whole
in itself: calibration inputs that came from a folder travel inside. Imports no torch.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Estimator = Literal["min-max", "percentile", "entropy"]
Activations = Literal["symmetric", "asymmetric"]
MOST_SAMPLES = 1024
Stored = Literal["int8", "weights-int8", "weights-int4", "fp8"]
MOST_LAYERS = 10_000
LONGEST_TEXT = 200  # characters of a reason or a folder's name
LEAST_PERCENTILE = 90.0
MOST_SEED = 2**32 - 1

_ADDED = ("components", "smoothing", "attention")
SMOOTHED = ("attention", "feed-forward", "convolution", "other")
"""Kinds of layers that are smoothed alike: linear layers of attentions and of feed-forward parts,
convolutions, and all others."""

_NAME = re.compile(r"[\w./-]{1,100}", re.ASCII)


@dataclass(frozen=True)
class QuantPlan:
    """Weights symmetric per output channel, activations per tensor, 8 bits.

    Args:
        layers: names of graph nodes (convolutions) to run in int8; everything else stays in float.
        keep: of the convolutions, those left in float, each with the reason, as (name, reason).
        estimator: how the range of an activation is found from calibration inputs.
        percentile: share in % of values inside the range, for ``percentile``.
        activations: ``symmetric`` ranges around 0, or ``asymmetric`` ones, which are finer, but
            which OpenVINO does not run in transposed convolutions.
        samples: number of calibration inputs, 1 to 1024.
        calibration: name of the folder that they came from, empty for the model's own.
        latents: the folder's calibration inputs as base64 of float32 rows, little endian (see
            :func:`packed`); empty for the model's own.
        pictures: for models that take pictures, the calibration inputs (see
            ``studio.families.translation.calibrating``); empty for others.
        bias_correction: take the mean error that rounded weights make off the output of each
            convolution, transposed ones apart.
        seed: of the model's own calibration inputs.
        components: of a pipeline, how each component is kept, as (component, choice); one that is
            missing stays as it is, and a plan that names none is for the denoiser alone. ``int8``
            is what ``layers`` names; the others are for memory and compute in float. Layers of
            components other than the denoiser have the component's name and a slash before
            their own.
        smoothing: of traced networks, how much of the spread between input channels moves from
            activations into weights, by kind of layer (``SMOOTHED``), as (kind, alpha).
        attention: of traced networks, up to which relative error of its own output the products
            inside of an attention run in int8; 0 leaves them in float.
    """

    layers: tuple[str, ...] = ()
    keep: tuple[tuple[str, str], ...] = ()
    estimator: Estimator = "min-max"
    percentile: float = 99.99
    activations: Activations = "symmetric"
    samples: int = 64
    calibration: str = ""
    latents: str = ""
    pictures: str = ""
    bias_correction: bool = True
    seed: int = 0
    components: tuple[tuple[str, str], ...] = ()
    smoothing: tuple[tuple[str, float], ...] = ()
    attention: float = 0.0

    @property
    def digest(self) -> str:
        """Names the content: equal for equal plans."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:32]

    def to_json(self) -> str:
        """As text, for :meth:`from_json`. What later versions added is left out where it says
        nothing, so that the keys of earlier plans stay."""
        told = {n: v for n, v in asdict(self).items() if n not in _ADDED or v}
        return json.dumps(told, sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> QuantPlan:
        """What :meth:`to_json` wrote, with every value checked.

        Raises:
            ValueError: it is no plan; the words name the field and what would be accepted.
        """
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError("it is not JSON") from error
        if not isinstance(raw, dict):
            raise ValueError("it is no JSON object")
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(raw) - known):
            raise ValueError(f"it has the unknown field {unknown[0][:40]}")
        return cls(**_checked(raw))


def packed(rows: npt.NDArray[np.float32]) -> str:
    """Latents w (n, w_dim) as a text for a plan."""
    return base64.b64encode(rows.astype("<f4").tobytes()).decode("ascii")


def unpacked(text: str, width: int) -> npt.NDArray[np.float32]:
    """The rows (n, ``width``) that :func:`packed` made a text of.

    Raises:
        ValueError: it holds no whole number of finite rows.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("its latents are no base64") from error
    if not data or len(data) % (4 * width):
        raise ValueError(f"its latents are no rows of {width} numbers")
    # Imported here: the command line lists techniques without it.
    import numpy as np

    rows = np.frombuffer(data, "<f4").reshape(-1, width).astype(np.float32)
    if not np.isfinite(rows).all():
        raise ValueError("its latents hold values that are no numbers")
    return rows


def _checked(raw: Mapping[str, Any]) -> dict[str, Any]:
    default = QuantPlan()
    values: dict[str, Any] = {}
    for name, value in raw.items():
        if name == "layers":
            values[name] = _names(value)
        elif name == "keep":
            values[name] = _kept(value)
        elif name in ("estimator", "activations"):
            allowed = get_args(Estimator if name == "estimator" else Activations)
            if value not in allowed:
                raise ValueError(f"its {name} is not one of {', '.join(allowed)}")
            values[name] = value
        elif name == "percentile":
            values[name] = _number(name, value, LEAST_PERCENTILE, 100.0)
        elif name in ("samples", "seed"):
            least, most = (1, MOST_SAMPLES) if name == "samples" else (0, MOST_SEED)
            if type(value) is not int or not least <= value <= most:
                raise ValueError(f"its {name} is no whole number from {least} to {most}")
            values[name] = value
        elif name == "components":
            values[name] = _components(value)
        elif name == "smoothing":
            values[name] = _smoothing(value)
        elif name == "attention":
            values[name] = _number(name, value, 0.0, 1.0)
        elif name == "pictures" and not isinstance(value, str):
            raise ValueError("its pictures are no text")
        elif type(value) is not type(getattr(default, name)):
            kind = "true or false" if name == "bias_correction" else "a text"
            raise ValueError(f"its {name} is not {kind}")
        elif name == "calibration" and (len(value) > LONGEST_TEXT or not value.isprintable()):
            raise ValueError(f"its calibration is not a line of at most {LONGEST_TEXT} characters")
        else:
            values[name] = value
    if values.get("latents"):
        unpacked(values["latents"], 1)
    return values


def _number(name: str, value: object, least: float, most: float) -> float:
    fits = type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
    if not fits or not least <= value <= most:  # type: ignore[operator]
        raise ValueError(f"its {name} is no number from {least:g} to {most:g}")
    return float(value)  # type: ignore[arg-type]


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_LAYERS:
        raise ValueError(f"its layers are no list of at most {MOST_LAYERS} names")
    if not all(isinstance(each, str) and _NAME.fullmatch(each) for each in value):
        raise ValueError("its layers are not all names of layers such as layer0.convolved")
    if len(set(value)) != len(value):
        raise ValueError("its layers hold a name twice")
    return tuple(value)


def _kept(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or len(value) > MOST_LAYERS:
        raise ValueError(f"its keep is no list of at most {MOST_LAYERS} pairs")
    pairs = []
    for each in value:
        if not (isinstance(each, list) and len(each) == 2):
            raise ValueError("its keep has an entry that is no pair of a layer and a reason")
        name, reason = each
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError("its keep has a name that is no layer's")
        if not isinstance(reason, str) or len(reason) > LONGEST_TEXT or not reason.isprintable():
            raise ValueError(
                f"its keep has a reason that is no line of at most {LONGEST_TEXT} characters"
            )
        pairs.append((name, reason))
    return tuple(pairs)


def _components(value: object) -> tuple[tuple[str, str], ...]:
    allowed = get_args(Stored)
    pairs = []
    for name, choice in _pairs("components", value):
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError("its components have a name that is none")
        if choice not in allowed:
            raise ValueError(f"its components are not all one of {', '.join(allowed)}")
        pairs.append((name, str(choice)))
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("its components hold a name twice")
    return tuple(pairs)


def _smoothing(value: object) -> tuple[tuple[str, float], ...]:
    pairs = []
    for kind, alpha in _pairs("smoothing", value):
        if kind not in SMOOTHED:
            raise ValueError(f"its smoothing names a kind that is not one of {', '.join(SMOOTHED)}")
        pairs.append((str(kind), _number("smoothing", alpha, 0.0, 1.0)))
    return tuple(pairs)


def _pairs(name: str, value: object) -> list[tuple[object, object]]:
    if not isinstance(value, list) or len(value) > MOST_LAYERS:
        raise ValueError(f"its {name} are no list of pairs")
    if not all(isinstance(each, list) and len(each) == 2 for each in value):
        raise ValueError(f"its {name} have an entry that is no pair")
    return [(each[0], each[1]) for each in value]
