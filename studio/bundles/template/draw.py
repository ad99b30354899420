#!/usr/bin/env python3
"""Pictures from words with the networks of this folder: needs numpy, tokenizers and one runtime.

    python run.py "a clay head with glasses" --seed 7 --out picture.png
    python run.py --verify             hashes, every network and four steps, against reference/

The packages and versions that were tried stand in requirements.txt. Folders are named and laid out
as programs for exported diffusers pipelines expect them.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from latents import normal  # type: ignore[import-not-found]  # beside this file

HERE = Path(__file__).resolve().parent


class Refused(Exception):
    """What cannot be done, in a sentence."""


# --- the runtimes


class OnnxRuntime:
    """A network in ONNX Runtime on the CPU."""

    def __init__(self, folder: Path, threads: int, fast: bool) -> None:
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        package = importlib.import_module("onnxruntime")
        settings = package.SessionOptions()
        settings.log_severity_level = 3
        settings.intra_op_num_threads = threads
        self._session = package.InferenceSession(
            str(folder / "model.onnx"), settings, providers=["CPUExecutionProvider"]
        )
        self._names = [each.name for each in self._session.get_outputs()]

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return dict(zip(self._names, self._session.run(None, inputs), strict=True))


class OpenVino:
    """A network in OpenVINO on the CPU, in f32 unless ``fast`` leaves that to OpenVINO."""

    def __init__(self, folder: Path, threads: int, fast: bool) -> None:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
        core = importlib.import_module("openvino").Core()
        settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
        if not fast:
            settings["INFERENCE_PRECISION_HINT"] = "f32"
        if threads:
            settings["INFERENCE_NUM_THREADS"] = threads
        compiled = core.compile_model(
            core.read_model(folder / "openvino_model.xml"), "CPU", settings
        )
        self._request = compiled.create_infer_request()
        self._names = [next(iter(port.names)) for port in compiled.outputs]

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        found = self._request.infer(inputs)
        return {name: np.array(found[name]) for name in self._names}


OPENERS: dict[str, Any] = {"onnx": OnnxRuntime, "openvino": OpenVino}


class Networks:
    """The networks of this folder, opened when they are first needed."""

    def __init__(self, about: dict[str, Any], options: argparse.Namespace) -> None:
        self._about, self._options = about, options
        self._opened: dict[str, Any] = {}

    def run(self, name: str, **inputs: Any) -> dict[str, Any]:
        if name not in self._opened:
            opener = OPENERS[self._about["format"]]
            try:
                self._opened[name] = opener(HERE / name, self._options.threads, self._options.fast)
            except ImportError as error:
                raise Refused(
                    f"{error}; 'pip install -r requirements.txt' adds what is needed"
                ) from error
        made: dict[str, Any] = self._opened[name].run(inputs)
        return made


# --- samplers


def noise_left(config: dict[str, Any]) -> Any:
    """The share of the picture that is left at each step of training (cumulated alphas)."""
    count, start, end = config["num_train_timesteps"], config["beta_start"], config["beta_end"]
    kind = config["beta_schedule"]
    if kind == "linear":
        betas = np.linspace(start, end, count, dtype=np.float32)
    elif kind == "scaled_linear":
        betas = np.linspace(start**0.5, end**0.5, count, dtype=np.float32) ** 2
    else:
        raise Refused(f"no sampler here knows the schedule {kind}")
    return np.cumprod(np.float32(1) - betas, dtype=np.float32)


def spaced(config: dict[str, Any], steps: int) -> Any:
    """The times of the steps, from noise to picture."""
    count, kind = config["num_train_timesteps"], config["timestep_spacing"]
    if kind == "linspace":
        return np.linspace(0, count - 1, steps, dtype=np.float32)[::-1].copy()
    if kind == "leading":
        times = (np.arange(steps) * (count // steps)).round()[::-1].astype(np.float32)
        return times + config["steps_offset"]
    if kind == "trailing":
        return (np.arange(count, 0, -count / steps).round() - 1).astype(np.float32)
    raise Refused(f"no sampler here spaces steps as {kind}")


class Ddim:
    """Song et al. 2020, without noise of its own."""

    def __init__(self, config: dict[str, Any], steps: int) -> None:
        self._config, self._left = config, noise_left(config)
        self.times = spaced(config, steps).round()
        self._apart = config["num_train_timesteps"] // steps
        self.first = 1.0

    def scaled(self, latents: Any, index: int) -> Any:
        return latents

    def step(self, output: Any, latents: Any, index: int) -> Any:
        time = int(self.times[index])
        before = time - self._apart
        here = self._left[time]
        after = self._left[before] if before >= 0 else self._last()
        kind = self._config["prediction_type"]
        if kind == "epsilon":
            picture = (latents - (1 - here) ** 0.5 * output) / here**0.5
            noise = output
        elif kind == "v_prediction":
            picture = here**0.5 * latents - (1 - here) ** 0.5 * output
            noise = here**0.5 * output + (1 - here) ** 0.5 * latents
        else:
            raise Refused(f"this sampler does not know predictions of the kind {kind}")
        if self._config["clip_sample"]:
            most = self._config["clip_sample_range"]
            picture = picture.clip(-most, most)
        return (after**0.5 * picture + (1 - after) ** 0.5 * noise).astype(np.float32)

    def _last(self) -> Any:
        return np.float32(1) if self._config["set_alpha_to_one"] else self._left[0]


class Euler:
    """Karras et al. 2022, algorithm 2, without noise of its own."""

    def __init__(self, config: dict[str, Any], steps: int) -> None:
        self._config = config
        left = noise_left(config)
        sigmas = ((1 - left) / left) ** 0.5
        self.times = spaced(config, steps)
        found = np.interp(self.times, np.arange(len(sigmas)), sigmas)
        self._sigmas = np.append(found, 0).astype(np.float32)
        most = float(self._sigmas.max())
        even = config["timestep_spacing"] in ("linspace", "trailing")
        self.first = most if even else (most**2 + 1) ** 0.5

    def scaled(self, latents: Any, index: int) -> Any:
        return latents / np.float32((self._sigmas[index] ** 2 + 1) ** 0.5)

    def step(self, output: Any, latents: Any, index: int) -> Any:
        sigma, after = self._sigmas[index], self._sigmas[index + 1]
        kind = self._config["prediction_type"]
        if kind == "epsilon":
            slope = output
        elif kind == "v_prediction":
            whole = sigma**2 + 1
            slope = (latents - (latents / whole - output * sigma / whole**0.5)) / sigma
        else:
            raise Refused(f"this sampler does not know predictions of the kind {kind}")
        return (latents + slope * (after - sigma)).astype(np.float32)


SAMPLERS: dict[str, Any] = {"ddim": Ddim, "euler": Euler}


# --- drawing


def tokens(about: dict[str, Any], texts: list[str]) -> Any:
    """Numbers of tokens (n, tokens), padded and cut to the length that the encoder takes."""
    package = importlib.import_module("tokenizers")
    tokenizer = package.Tokenizer.from_file(str(HERE / "tokenizer" / "tokenizer.json"))
    told = about["tokenizer"]
    tokenizer.enable_truncation(told["length"])
    tokenizer.enable_padding(length=told["length"], pad_id=told["pad_id"], pad_token=told["pad"])
    return np.array([each.ids for each in tokenizer.encode_batch(texts)], np.int64)


def drawn(
    about: dict[str, Any], networks: Networks, options: argparse.Namespace, latents: Any
) -> Any:
    """A picture (h, w, 3) from 0 to 1."""
    guided = options.guidance > 1
    texts = [options.negative, options.prompt] if guided else [options.prompt]
    states = networks.run("text_encoder", input_ids=tokens(about, texts))["last_hidden_state"]
    sampler = SAMPLERS[options.scheduler](about["schedulers"][options.scheduler], options.steps)
    latents = latents * np.float32(sampler.first)
    for index, time in enumerate(sampler.times):
        given = sampler.scaled(latents, index)
        output = networks.run(
            "unet",
            sample=np.concatenate([given] * len(texts)).astype(np.float32),
            timestep=np.array([time], np.float32),
            encoder_hidden_states=states,
        )["out_sample"]
        if guided:
            plain, wanted = np.split(output, 2)
            output = plain + np.float32(options.guidance) * (wanted - plain)
        latents = sampler.step(output, latents, index)
    latents = latents / np.float32(about["scaling"])
    made = networks.run("vae_decoder", latent_sample=latents.astype(np.float32))["sample"]
    return (made[0].transpose(1, 2, 0) / 2 + 0.5).clip(0, 1)


def starting(about: dict[str, Any], options: argparse.Namespace) -> Any:
    """Latents of the seed, as ``torch.Generator().manual_seed(seed)`` gives them."""
    factor, channels = about["factor"], about["channels"]
    for name, side in (("height", options.height), ("width", options.width)):
        if side < factor or side % about["multiple"]:
            raise Refused(f"the {name} {side} is no multiple of {about['multiple']} pixels")
    shape = (1, channels, options.height // factor, options.width // factor)
    return normal(options.seed, int(np.prod(shape))).reshape(shape)


def png(picture: Any) -> bytes:
    """A picture (h, w, 3) from 0 to 1 as a PNG file."""
    pixels = (picture * 255).round().astype(np.uint8)
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


# --- verifying


def verify(about: dict[str, Any], networks: Networks, options: argparse.Namespace) -> None:
    """Raise Refused at the first difference."""
    for path, (size, digest) in about["files"].items():
        real = (HERE / path).resolve()
        if not real.is_relative_to(HERE) or not real.is_file():
            raise Refused(f"{path} is missing")
        with real.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if real.stat().st_size != size or found != digest:
            raise Refused(f"{path} was changed: its sha256 is not that of pipeline.json")
    say(f"{len(about['files'])} files are as they were written")
    for name, ports in about["reference"]["networks"].items():
        inputs = {each: _array(name, f"in-{each}") for each in ports["inputs"]}
        made = networks.run(name, **inputs)
        worst = 0.0
        for each in ports["outputs"]:
            wanted = _array(name, f"out-{each}")
            gate = max(about["absolute"], about["relative"] * float(np.abs(wanted).max()))
            worst = max(worst, _apart(f"{each} of {name}", made[each], wanted, gate))
        say(f"{name}: agrees with PyTorch, largest difference {worst:.2g}")
    told = about["reference"]["drawing"]
    same = argparse.Namespace(**{**vars(options), **told})
    picture = drawn(about, networks, same, _array("drawing", "latents"))
    worst = _apart("the picture", picture, _array("drawing", "picture"), about["picture"])
    say(f"{told['steps']} steps: agree with PyTorch, largest difference {worst:.2g}")


def _array(folder: str, name: str) -> Any:
    return np.load(HERE / "reference" / folder / f"{name}.npy", allow_pickle=False)


def _apart(name: str, made: Any, wanted: Any, gate: float) -> float:
    if made.shape != wanted.shape:
        raise Refused(f"{name} has the shape {made.shape} where {wanted.shape} is expected")
    apart = float(np.abs(made.astype(np.float64) - wanted).max())
    if not apart <= gate:
        raise Refused(f"{name} differs by {apart:.3g}; {gate:.3g} is allowed")
    return apart


# --- the command


def parser(about: dict[str, Any]) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = made.add_argument
    add("prompt", nargs="?", default="", help="what the picture shows")
    add("--negative", default="", help="what it does not show")
    add("--seed", type=int, default=0, help="0 to 4294967295")
    add("--steps", type=int, default=20, help="1 to 1000")
    add("--guidance", type=float, default=about["guidance"], help="1 is without")
    add("--scheduler", choices=sorted(SAMPLERS), default=about["scheduler"])
    add("--height", type=int, default=about["height"])
    add("--width", type=int, default=about["width"])
    add("--out", type=Path, default=Path("picture.png"))
    add("--threads", type=int, default=0, help="CPU threads (default: the runtime chooses)")
    add("--fast", action="store_true", help="let the runtime choose its own precision")
    add("--verify", action="store_true", help="compare everything with what was written")
    return made


def say(line: object) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; 0 when done, 1 with a sentence when not."""
    try:
        about = json.loads((HERE / "pipeline.json").read_text(encoding="utf-8"))
        options = parser(about).parse_args(arguments)
        if not 0 <= options.seed < 1 << 32:
            raise Refused(f"the seed {options.seed} is not within 0 and 4294967295")
        if not 1 <= options.steps <= 1000:
            raise Refused(f"{options.steps} steps cannot be taken; 1 to 1000 can")
        networks = Networks(about, options)
        if options.verify:
            verify(about, networks, options)
        else:
            picture = drawn(about, networks, options, starting(about, options))
            options.out.write_bytes(png(picture))
            say(options.out)
    except (Refused, OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
