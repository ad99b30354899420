"""What goes into a network, and pictures that come out of it."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np

from .common import Refused, say, shape_of
from .latents import normal
from .runtimes import opened

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")


def filled(network: dict[str, Any], seed: int, options: argparse.Namespace) -> dict[str, Any]:
    """All inputs for one picture."""
    given = _given(network, options.input)
    numbers = dict(_pair(text, "--set") for text in options.set)
    made = {}
    for port in network["inputs"]:
        name, fill, shape = port["name"], port["fill"], shape_of(port)
        if name in given:
            made[name] = _read(Path(given[name]), shape, fill)
        elif fill["kind"] == "latent":
            made[name] = normal(seed, math.prod(shape)).reshape(shape)
        elif fill["kind"] == "constant":
            value = float(numbers.get(name, fill["value"]))
            if not fill["least"] <= value <= fill["most"]:
                raise Refused(
                    f"{name} {value:g} is not within {fill['least']:g} and {fill['most']:g}"
                )
            made[name] = np.full(shape, value, np.float32)
        elif fill["kind"] == "class":
            if not 0 <= options.label < fill["count"]:
                raise Refused(f"class {options.label} is not within 0 and {fill['count'] - 1}")
            made[name] = np.zeros(shape, np.float32)
            made[name][..., options.label] = 1
        else:
            raise Refused(f"the input {name} must be given: --input {name}=FILE (PNG or .npy)")
    return made


def pictured_inputs(network: dict[str, Any]) -> list[str]:
    """Names of the inputs that a picture or a label map fills."""
    kinds = ("picture", "labels")
    return [port["name"] for port in network["inputs"] if port["fill"]["kind"] in kinds]


def _given(network: dict[str, Any], texts: list[str]) -> dict[str, str]:
    """Files by the names of inputs: INPUT=FILE, or a file alone where one input takes a picture."""
    names, pictured = {port["name"] for port in network["inputs"]}, pictured_inputs(network)
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if equals and name in names:
            found[name] = value
        elif len(pictured) == 1:
            found[pictured[0]] = text
        else:
            _pair(text, "--input")
            raise Refused(f"{network['id']} has no input {name}; it has {', '.join(sorted(names))}")
    return found


def turns(network: dict[str, Any], options: argparse.Namespace) -> list[argparse.Namespace]:
    """The options once for every picture to draw from: plain files, and those of folders."""
    pictured = pictured_inputs(network)
    plain = [t for t in options.input if t.partition("=")[0] not in pictured]
    if len(pictured) != 1 or not plain:
        return [options]
    rest = [text for text in options.input if text not in plain]
    files = []
    for text in plain:
        path = Path(text)
        own = [path]
        if path.is_dir():
            own = sorted(p for p in path.iterdir() if p.suffix.lower() in PICTURES)
        if not own:
            raise Refused(f"{path} holds no pictures; accepted are {', '.join(PICTURES)}")
        files += own
    if len({path.stem for path in files}) < len(files):
        raise Refused("two pictures have one name; draw them one after the other")
    return [
        argparse.Namespace(**{**vars(options), "input": [*rest, str(path)], "stem": path.stem})
        for path in files
    ]


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Refused(f"{option} {text} is not NAME=VALUE")
    return name, value


def _read(path: Path, shape: list[int], fill: dict[str, Any]) -> Any:
    if path.suffix == ".npy":
        array = np.load(path, allow_pickle=False).astype(np.float32)
        if list(array.shape) != shape:
            raise Refused(f"{path} has the shape {list(array.shape)}; {shape} is needed")
        return array
    from PIL import Image, ImageOps

    size = (shape[-1], shape[-2])
    if fill["kind"] == "labels":
        return _labels(Image.open(path), path, size, fill)
    least, most = fill.get("least", -1.0), fill.get("most", 1.0)
    mode = {1: "L", 4: "RGBA"}.get(shape[1], "RGB")
    picture = ImageOps.exif_transpose(Image.open(path)).convert(mode)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    pixels = np.asarray(picture, np.float32).reshape(size[1], size[0], shape[1])
    values = pixels.transpose(2, 0, 1)[None] / 255
    return np.ascontiguousarray(least + values * (most - least))


def _labels(image: Any, path: Path, size: tuple[int, int], fill: dict[str, Any]) -> Any:
    """One channel a label, and the edges between them where the network wants those."""
    if image.mode not in ("P", "L", "1", "I", "I;16"):
        raise Refused(f"{path} is a picture in colours; a label map holds one number a pixel")
    numbers = np.asarray(image).astype(np.int64)
    rows = np.arange(size[1]) * numbers.shape[0] // size[1]
    columns = np.arange(size[0]) * numbers.shape[1] // size[0]
    numbers = numbers[rows[:, None], columns[None]]
    if numbers.min() < 0 or numbers.max() >= fill["count"]:
        raise Refused(f"{path} has labels beyond 0 to {fill['count'] - 1}")
    made = np.zeros((1, fill["count"] + fill["edges"], size[1], size[0]), np.float32)
    np.put_along_axis(made[0], numbers[None], 1.0, axis=0)
    if fill["edges"]:
        across, down = numbers[:, 1:] != numbers[:, :-1], numbers[1:] != numbers[:-1]
        for part, differs in (
            (made[0, -1][:, 1:], across),
            (made[0, -1][:, :-1], across),
            (made[0, -1][1:], down),
            (made[0, -1][:-1], down),
        ):
            part[differs] = 1
    return made


def pixels(values: Any, meaning: list[float]) -> Any:
    """Pictures (n, 3 or 1, h, w) as 8-bit (n, h, w, 3)."""
    least, most = meaning
    scaled = (np.clip(values, least, most) - least) * (255 / (most - least)) + 0.5
    made = scaled.astype(np.uint8).transpose(0, 2, 3, 1)
    return np.repeat(made, 3, axis=3) if made.shape[3] == 1 else made


def draw(networks: list[dict[str, Any]], options: argparse.Namespace) -> None:
    """Write one picture a seed and network, or a picture to draw from and network."""
    from PIL import Image

    options.out.mkdir(parents=True, exist_ok=True)
    for network in networks:
        ready = opened(network, options)
        every = [(each, seed) for each in turns(network, options) for seed in options.seed or [0]]
        for turn, seed in every:
            made = ready.run(filled(network, seed, turn))
            for port in network["outputs"]:
                if port["picture"] is None:
                    continue
                stem = getattr(turn, "stem", f"seed{seed}")
                path = options.out / f"{network['id']}-{stem}.png"
                Image.fromarray(pixels(made[port["name"]], port["picture"])[0]).save(path)
                say(path)
