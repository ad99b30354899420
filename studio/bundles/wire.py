"""What goes between this process and the one that opens strange files.

Answers are a line of JSON and raw numbers after it: who has just parsed a strange file is not
believed anything that would have to be unpickled.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
MOST_DIMENSIONS = 8
MOST_LAYERS = 10_000


@dataclass(frozen=True)
class Run:
    """Open a network and run it.

    Args:
        folder: of the bundle. main: the file, for sentences. network: its record, as JSON.
        files: records of the main file and its parts, as JSON.
        feeds: inputs at batch 1, one a run. time: say how long a run takes.
    """

    folder: str
    main: str
    network: str
    files: tuple[str, ...]
    feeds: tuple[dict[str, Floats], ...]
    time: bool = False


@dataclass(frozen=True)
class Draw:
    """Open the networks of a pipeline and draw with them.

    Args:
        folder: of the bundle. pipeline: its record, as JSON. networks: records of its components by
            name, as JSON. files: records of everything that they and its tokenizers read, as JSON.
        seeds, latents: of every picture. time: say how long a usual picture takes.
    """

    folder: str
    pipeline: str
    networks: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    seeds: tuple[int, ...]
    latents: tuple[Floats, ...]
    time: bool = False


@dataclass(frozen=True)
class Answer:
    """What came of it: outputs for every feed, or ``refused``, a sentence.

    ``int8_layers``: convolutions that ran in int8. ``latency``: median, 10th and 90th percentile in
    milliseconds, and runs; of a picture of ``steps`` steps, ``step_ms`` milliseconds each.
    """

    runtime: str = ""
    version: str = ""
    device: str = ""
    outputs: tuple[dict[str, Floats], ...] = ()
    latency: tuple[float, float, float, int] | None = None
    refused: str = ""
    int8_layers: tuple[str, ...] = ()
    steps: int = 0
    step_ms: float = 0.0


def packed(answer: Answer) -> bytes:
    """An answer as bytes, for :func:`unpacked`."""
    arrays = [np.ascontiguousarray(a, "<f4") for each in answer.outputs for a in each.values()]
    header = {
        "runtime": answer.runtime,
        "version": answer.version,
        "device": answer.device,
        "outputs": [{n: list(a.shape) for n, a in each.items()} for each in answer.outputs],
        "latency": answer.latency,
        "refused": answer.refused,
        "int8_layers": answer.int8_layers,
        "steps": answer.steps,
        "step_ms": answer.step_ms,
    }
    text = json.dumps(header).encode()
    return b"".join([text, b"\n", *(a.tobytes() for a in arrays)])


def unpacked(data: bytes) -> Answer:
    """What :func:`packed` made.

    Raises:
        ValueError: it is something else.
    """
    text, newline, rest = data.partition(b"\n")
    try:
        header = json.loads(text)
        at, outputs = 0, []
        for each in header["outputs"]:
            made: dict[str, Floats] = {}
            for name, shape in each.items():
                if len(shape) > MOST_DIMENSIONS or not all(type(s) is int and s > 0 for s in shape):
                    raise ValueError("a shape is none")
                count = math.prod(shape)
                if at + 4 * count > len(rest):
                    raise ValueError("numbers are missing")
                made[str(name)] = np.frombuffer(rest, "<f4", count, at).reshape(shape)
                at += 4 * count
            outputs.append(made)
        latency = header["latency"]
        timed = None
        if latency is not None:
            median, low, high, runs = latency
            timed = (float(median), float(low), float(high), int(runs))
        if not newline or at != len(rest):
            raise ValueError("it has another length")
        layers = tuple(str(name)[:200] for name in header["int8_layers"][:MOST_LAYERS])
        steps, step_ms = int(header["steps"]), float(header["step_ms"])
        texts = [str(header[k])[:2000] for k in ("runtime", "version", "device", "refused")]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("it is no answer") from error
    return Answer(
        texts[0], texts[1], texts[2], tuple(outputs), timed, texts[3], layers, steps, step_ms
    )
