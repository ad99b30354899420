"""Is a bundle as it was written, and does it still make what PyTorch made?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .common import HERE, Refused, say, sha256
from .components import Components, reference_of
from .runtimes import installed, opened, runtime_of


def verify(manifest: dict[str, Any], chosen: list[dict[str, Any]], options: Any) -> None:
    """Raise Refused at the first difference.

    Args:
        chosen: networks and pipelines; of a pipeline also its networks are compared.
    """
    for each in manifest["files"]:
        path = (HERE / each["path"]).resolve()
        if not path.is_relative_to(HERE):
            raise Refused(f"{each['path']} lies outside this folder")
        if not path.is_file():
            raise Refused(f"{each['path']} is missing")
        if path.stat().st_size != each["bytes"] or sha256(path) != each["sha256"]:
            raise Refused(f"{each['path']} was changed: its sha256 is not the manifest's")
    say(f"{len(manifest['files'])} files are as they were written")
    references = {each["id"]: each for each in manifest["references"]}
    networks = {each["id"]: each for each in manifest["networks"]}
    for each in chosen:
        if not installed(runtime_of(each)):
            say(f"{each['id']}: not run, {runtime_of(each) or 'its runtime'} is not here")
            continue
        for ident in each.get("components", {}).values():
            network = networks[ident]
            _compare(network, references[network["reference"]], options)
        if "components" in each:
            _compare_drawing(manifest, each, references[each["reference"]], options)
        else:
            _compare(each, references[each["reference"]], options)


def _compare_drawing(
    manifest: dict[str, Any], pipeline: dict[str, Any], reference: dict[str, Any], options: Any
) -> None:
    ready = Components(manifest, pipeline, options)
    latents = np.load(HERE / reference["inputs"]["latents"], allow_pickle=False)
    wanted = np.load(HERE / reference["outputs"]["picture"], allow_pickle=False)
    port, worst = {"name": "picture", "picture": [0.0, 1.0]}, 0.0
    for index, seed in enumerate(reference["seeds"]):
        made = ready.picture(reference_of(pipeline, seed), latents[index : index + 1])
        expected = wanted[index : index + 1]
        worst = max(worst, _difference(pipeline, port, made[None], expected))
    steps = pipeline["drawn"]["steps"]
    say(f"{pipeline['id']}: {steps} steps agree with the reference, largest difference {worst:.2g}")


def _compare(network: dict[str, Any], reference: dict[str, Any], options: Any) -> None:
    ready = opened(network, options)
    arrays = {n: np.load(HERE / p, allow_pickle=False) for n, p in reference["inputs"].items()}
    wanted = {n: np.load(HERE / p, allow_pickle=False) for n, p in reference["outputs"].items()}
    worst = 0.0
    for index in range(len(reference["seeds"])):
        fed = {
            port["name"]: np.ascontiguousarray(
                arrays[port["name"]][index : index + 1]
                if port["name"] in reference["per_seed"]
                else arrays[port["name"]]
            )
            for port in network["inputs"]
        }
        made = ready.run(fed)
        for port in network["outputs"]:
            name = port["name"]
            expected = wanted[name][index : index + 1]
            worst = max(worst, _difference(network, port, made[name], expected))
    say(f"{network['id']}: agrees with the reference, largest difference {worst:.2g}")


def _difference(network: dict[str, Any], port: dict[str, Any], made: Any, expected: Any) -> float:
    name, limits = f"the output {port['name']} of {network['id']}", network["tolerance"]
    if made.shape != expected.shape:
        raise Refused(f"{name} has the shape {made.shape} where {expected.shape} is expected")
    if not (np.isfinite(made).all() and np.isfinite(expected).all()):
        raise Refused(f"{name} holds values that are no numbers")
    apart = np.abs(made.astype(np.float64) - expected)
    largest = float(apart.max())
    if limits["absolute"] is not None:
        gate = max(limits["absolute"], (limits["relative"] or 0) * float(np.abs(expected).max()))
        if largest > gate:
            raise Refused(f"{name} differs by {largest:.3g}; {gate:.3g} is allowed")
    if limits["psnr"] is not None:
        meaning = port["picture"] or [float(expected.min()), float(expected.max())]
        error = float(np.square(apart).mean())
        psnr = 10 * math.log10((meaning[1] - meaning[0]) ** 2 / error) if error else math.inf
        if psnr < limits["psnr"]:
            raise Refused(f"{name} is at {psnr:.1f} dB; {limits['psnr']:.1f} dB is the least")
    return largest
