"""One measurement of :mod:`tests.bench.diffusion`, in a process of its own.

``python -m tests.bench.diffusion_child SIZE TASK FOLDER RUNS`` prints ``ready`` before it makes the
network, and then one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from plugins.int8.denoisers import settings
from plugins.int8.params import Int8Params
from studio.families.diffusion.signatures import signature_of
from studio.families.portable import PortableNetwork, Quantisation
from studio.families.quantization import QuantPlan
from studio.families.traced import traced_network
from studio.recipes.contract import Context
from studio.runtimes.contract import Plan
from studio.runtimes.openvino import OpenVinoRuntime
from studio.runtimes.openvino_core import quiet_openvino
from studio.runtimes.openvino_loaded import OpenVinoLoaded
from studio.runtimes.target import Target
from studio.runtimes.traced.openvino_files import compile_traced, opener
from tests.bench.diffusion_pictures import (
    EAGER_STEPS,
    FEATURES,
    STEPS,
    calibrated,
    forms_of,
    picture,
)

SIDE, TOKENS, TEXT = 64, 77, 768
BATCH = 2
THREADS = 2
CALIBRATION = 6  # inputs along trajectories
REFERENCE = "reference.npy"
KEPT = ("conv_in", "conv_out")
BLOCKS = {"full": (320, 640, 1280, 1280), "small": (64, 128, 256, 256)}


def main(size: str, task: str, folder: str, runs: int) -> None:
    """See the module."""
    from diffusers import UNet2DConditionModel

    quiet_openvino()
    torch.set_num_threads(THREADS)
    place = Path(folder)
    _say("ready")
    if task.startswith("openvino"):
        _say(json.dumps(_run_compiled(size, task, place, runs)))
        return
    if task.startswith("picture openvino"):
        _say(json.dumps(_picture_compiled(size, place, again=task.endswith("reuse"))))
        return
    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        sample_size=SIDE, cross_attention_dim=TEXT, block_out_channels=BLOCKS[size]
    ).eval()
    unet.requires_grad_(False)
    if task.startswith("eager"):
        told = _run_eager(unet, task, place, runs)
    elif task.startswith("picture"):
        told = _picture_eager(unet)
    elif task.startswith("make reuse"):
        told = _make_form(unet, task.split()[-1], place)
    elif task.startswith("make"):
        told = _make(unet, task.split()[-1], place)
    else:
        told = _store(unet, task.split()[-1], place)
    _say(json.dumps(told))


def _run_eager(unet: nn.Module, task: str, place: Path, runs: int) -> dict[str, Any]:
    dtype = torch.bfloat16 if task.endswith("bf16") else torch.float32
    unet.to(dtype)
    inputs = _inputs(BATCH, 500.0, 9)
    given = [torch.from_numpy(inputs[name]).to(dtype) for name in _NAMES]
    seconds = []
    with torch.inference_mode():
        for run in range(runs + 1):
            began = time.process_time()
            start = time.perf_counter()
            made = unet(given[0], given[1], given[2], return_dict=False)[0]
            if run:  # the first prepares kernels
                seconds.append(time.perf_counter() - start)
        worked = time.process_time() - began
    if dtype == torch.float32:
        np.save(place / REFERENCE, made.numpy())
    return {"seconds": seconds, "processor": worked}


def _make(unet: nn.Module, precision: str, place: Path) -> dict[str, Any]:
    start = time.perf_counter()
    plan = _plan(_network(unet, precision), precision)
    folder = place / precision
    folder.mkdir()
    compile_traced(plan, folder)
    return {"seconds": time.perf_counter() - start, "weights": 4.0 * plan.network.parameters}


def _make_form(unet: nn.Module, form: str, place: Path) -> dict[str, Any]:
    """One of the two networks of a denoiser whose features are used again, in int8."""
    start = time.perf_counter()
    forms = forms_of(unet)
    names = [layer.name for layer in getattr(forms, form).layers]
    chosen = [name for name in names if _rounded(name)]
    network = calibrated(forms, form, _settings(()), _inputs(1, 0.0, 1), chosen)
    folder = place / form
    folder.mkdir()
    compile_traced(_plan(network, "int8"), folder)
    return {"seconds": time.perf_counter() - start}


def _picture_eager(unet: nn.Module) -> dict[str, Any]:
    """A few steps of a picture in diffusers, f32."""

    def step(fed: Any) -> dict[str, Any]:
        given = [torch.from_numpy(fed[name]) for name in _NAMES]
        with torch.inference_mode():
            made = unet(given[0], given[1], given[2], return_dict=False)[0]
        return {"out_sample": made.numpy()}

    inputs = _inputs(BATCH, 0.0, 9)
    step({**inputs, "timestep": np.array([500.0], np.float32)})  # the first prepares kernels
    return {"seconds": picture(step, None, inputs, STEPS, EAGER_STEPS), "steps": EAGER_STEPS}


def _picture_compiled(size: str, place: Path, *, again: bool) -> dict[str, Any]:
    """A whole picture in int8, each network run once before."""
    unet = _without_weights(size)
    if again:
        forms = forms_of(unet)
        # What is in the folders is quantised; the plan has to say so, too.
        asked = QuantPlan(layers=("conv_in",))
        networks = {
            name: replace(network, quantisation=Quantisation(asked, tuple))
            for name, network in (("whole", forms.whole), ("part", forms.part))
        }
    else:
        networks = {"int8": _network(unet, "int8")}
    plans = {name: _plan(network, "int8") for name, network in networks.items()}
    ready = [OpenVinoLoaded(plan, opener(plan, place / name)) for name, plan in plans.items()]
    inputs = _inputs(BATCH, 500.0, 9)
    made = ready[0].run(inputs)
    for part in ready[1:]:
        part.run({**inputs, FEATURES: made[FEATURES]})
    part_run = ready[1].run if again else None
    return {"seconds": picture(ready[0].run, part_run, inputs, STEPS), "steps": STEPS}


def _without_weights(size: str) -> nn.Module:
    from diffusers import UNet2DConditionModel

    with torch.device("meta"):
        made: nn.Module = UNet2DConditionModel(
            sample_size=SIDE, cross_attention_dim=TEXT, block_out_channels=BLOCKS[size]
        )
    return made


def _store(unet: nn.Module, storage: str, place: Path) -> dict[str, Any]:
    from studio.runtimes.traced.openvino_model import converted
    from studio.runtimes.traced.weight_only import store_in_openvino

    start = time.perf_counter()
    weights = 4.0 * sum(p.numel() for p in unet.parameters())
    network = _network(unet, "f32")
    module = network.module()
    model = converted(network, module)
    store_in_openvino(model, module, storage, release=True)
    path = place / f"{storage}.xml"
    quiet_openvino().save_model(model, path, compress_to_fp16=False)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "weights": weights,
        "bytes": path.with_suffix(".bin").stat().st_size,
    }


def _run_compiled(size: str, task: str, place: Path, runs: int) -> dict[str, Any]:
    """On a network without weights: what runs is in the folder."""
    precision = task.split()[-1]
    unet = _without_weights(size)
    plan = _plan(_network(unet, precision), precision)
    ready = OpenVinoLoaded(plan, opener(plan, place / precision))
    inputs = _inputs(BATCH, 500.0, 9)
    seconds = []
    for run in range(runs + 1):
        began = time.process_time()
        start = time.perf_counter()
        made = ready.run(inputs)["out_sample"]
        if run:
            seconds.append(time.perf_counter() - start)
    worked = time.process_time() - began
    wanted = np.load(place / REFERENCE)
    error = float(np.linalg.norm(made - wanted) / np.linalg.norm(wanted))
    told: dict[str, Any] = {"seconds": seconds, "error": error, "processor": worked}
    if ready.placement.int8 is not None:
        told["int8"] = ready.placement.int8
    return told


def _network(unet: nn.Module, precision: str) -> PortableNetwork:
    network = traced_network(unet, signature_of(unet), key="bench", name="denoiser")
    if precision != "int8":
        return network
    plan = _settings(tuple(each.name for each in network.layers if _rounded(each.name)))
    return replace(network, quantisation=Quantisation(plan, lambda: _trajectory(unet)))


def _rounded(name: str) -> bool:
    return name not in KEPT and "time_emb" not in name


def _settings(layers: tuple[str, ...]) -> QuantPlan:
    """As the technique does by default, with fewer calls."""
    params = Int8Params(samples=CALIBRATION)
    return replace(settings(QuantPlan(), params, Context()), layers=layers)


def _plan(network: PortableNetwork, precision: str) -> Plan:
    sizes = {"batch": BATCH, "height": SIDE, "width": SIDE, "tokens": TOKENS}
    target = Target("openvino", "CPU", precision)
    return OpenVinoRuntime().plan(network, target, sizes=sizes, threads=THREADS)


def _trajectory(unet: nn.Module) -> tuple[dict[str, Any], ...]:
    """Inputs along a path of DDIM from noise, at batch 1."""
    from diffusers import DDIMScheduler

    scheduler = DDIMScheduler()
    scheduler.set_timesteps(CALIBRATION)
    inputs = _inputs(1, 0.0, 1)
    latents, found = torch.from_numpy(inputs["sample"]), []
    with torch.inference_mode():
        for step in scheduler.timesteps:
            feed = {**inputs, "sample": latents.numpy(), "timestep": np.array([step], np.float32)}
            found.append(feed)
            given = [torch.from_numpy(feed[name]) for name in _NAMES]
            noise = unet(given[0], given[1], given[2], return_dict=False)[0]
            latents = scheduler.step(noise, step, latents).prev_sample
    return tuple(found)


_NAMES = ("sample", "timestep", "encoder_hidden_states")


def _inputs(batch: int, step: float, seed: int) -> dict[str, Any]:
    draw = torch.Generator().manual_seed(seed)
    return {
        "sample": torch.randn(batch, 4, SIDE, SIDE, generator=draw).numpy(),
        "timestep": np.array([step], np.float32),
        "encoder_hidden_states": torch.randn(batch, TOKENS, TEXT, generator=draw).numpy(),
    }


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
