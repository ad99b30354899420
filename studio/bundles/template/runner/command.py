"""The command line of a bundle."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .common import HERE, Refused, say
from .components import Components, wanted_of
from .drawing import png
from .filling import draw
from .measuring import benchmark
from .runtimes import installed, runtime_of
from .verifying import verify


def chosen(manifest: dict[str, Any], options: argparse.Namespace) -> list[dict[str, Any]]:
    """The networks or pipelines that the options name; where they name none, the first that runs
    here, and of every one to verify or measure."""
    every = [each for each in manifest["networks"] if each["role"] == "network"]
    every = manifest["pipelines"] or every
    if options.network:
        every = [each for each in every if each["id"] in options.network]
    if options.rung:
        every = [each for each in every if each["subnet"]["width"] in options.rung]
    if options.resolution:
        every = [each for each in every if each["pixels"] in options.resolution]
    if not every:
        have = ", ".join(each["id"] for each in manifest["pipelines"] or manifest["networks"])
        raise Refused(f"no network here is what was asked for; there are {have}")
    here = [each for each in every if installed(runtime_of(each))]
    if options.verify:
        return every
    if not here:
        needed = sorted({str(each["requirements"]) for each in every})
        raise Refused(f"no runtime for it is installed; 'pip install -r {needed[0]}' adds one")
    if options.benchmark or options.network:
        return here
    # One of each subnet that was asked for, else the first of all.
    if not (options.rung or options.resolution):
        return here[:1]
    subnets = {json.dumps(each["subnet"], sort_keys=True): each for each in reversed(here)}
    return [each for each in here if each in subnets.values()]


def listing(manifest: dict[str, Any]) -> None:
    """Print what is here."""
    for each in (*manifest["pipelines"], *manifest["networks"]):
        runtime = runtime_of(each)
        state = "ready" if installed(runtime) else f"needs {runtime or 'Maquette'}"
        say(f"{each['id']}: {each['title']}, {each['pixels']} px, {each['precision']}, {state}")


def parser(manifest: dict[str, Any], about: str) -> argparse.ArgumentParser:
    """The options that this bundle takes."""
    made = argparse.ArgumentParser(description=about.partition("\n")[0])
    add = made.add_argument
    add("--seed", type=_seed, action="append", default=[], help="0 to 4294967295 (repeatable)")
    add("--out", type=Path, default=Path(), help="folder to write to (default: the current one)")
    add("--network", action="append", help="what has that id (see --list)")
    add("--device", default="cpu", help="cpu, gpu, npu, cuda ... as the runtime calls it")
    add("--threads", type=int, default=0, help="CPU threads (default: the runtime chooses)")
    add("--fast", action="store_true", help="let the runtime choose its own precision")
    add("--class", type=int, default=0, dest="label", help="of a conditional model")
    (_words if manifest["pipelines"] else _inputs)(made)
    add("--benchmark", action="store_true", help="time everything, write measurement.json")
    add("--host", default="", help="name of this machine in measurement.json")
    add("--verify", action="store_true", help="compare files and outputs with what was written")
    add("--list", action="store_true", help="show what is here")
    return made


def _inputs(made: argparse.ArgumentParser) -> None:
    """Of networks that draw by themselves."""
    add = made.add_argument
    add("--width", type=float, action="append", dest="rung", help="of a ladder, that subnet")
    add("--resolution", type=int, action="append", help="the networks of that many pixels")
    add("--truncation", type=float, help="0 is the average picture, 1 as trained")
    add("--set", action="append", default=[], metavar="INPUT=NUMBER", help="another input")
    add(
        "--input",
        action="append",
        default=[],
        metavar="FILE",
        help="a picture or folder to draw from, or INPUT=FILE (PNG, .npy) (repeatable)",
    )


def _words(made: argparse.ArgumentParser) -> None:
    """Of pipelines. What is left out is what the pipeline usually draws."""
    add = made.add_argument
    add("prompt", nargs="?", default="", help="what the picture shows")
    add("--negative", default="", help="what it does not show")
    add("--steps", type=int, help="1 to 1000")
    add("--guidance", type=float, help="strength of the prompt; 1 is without")
    add("--scheduler", help="name of a sampler")
    add("--height", type=int, help="pixels")
    add("--width", type=int, help="pixels")
    made.set_defaults(rung=None, resolution=None, truncation=None)


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 1 << 32:
        raise argparse.ArgumentTypeError(f"{text} is not within 0 and 4294967295")
    return value


def draw_words(manifest: dict[str, Any], chosen: list[dict[str, Any]], options: Any) -> None:
    """Write one picture a seed and pipeline."""
    options.out.mkdir(parents=True, exist_ok=True)
    for pipeline in chosen:
        ready = Components(manifest, pipeline, options)
        for seed in options.seed or [0]:
            picture = ready.picture(wanted_of(pipeline, options, seed))
            path = options.out / f"{pipeline['id']}-seed{seed}.png"
            path.write_bytes(png(picture))
            say(path)


def main(about: str, arguments: list[str] | None = None) -> int:
    """Do what the command line says; 0 when done, 1 with a sentence when not."""
    try:
        manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
        options = parser(manifest, about).parse_args(arguments)
        if options.truncation is not None:
            options.set.append(f"truncation={options.truncation}")
        if options.list:
            listing(manifest)
            return 0
        found = chosen(manifest, options)
        if options.verify:
            verify(manifest, found, options)
        elif options.benchmark:
            benchmark(manifest, found, options)
        elif manifest["pipelines"]:
            draw_words(manifest, found, options)
        else:
            draw(found, options)
    except (Refused, OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 1
    return 0
