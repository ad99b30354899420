#!/usr/bin/env python3
"""Pictures from the networks of this folder: needs numpy, Pillow and one runtime, nothing else.

    python run.py --seed 7 --seed 8 --out pictures
    python run.py --benchmark          writes measurement.json, which Maquette can import
    python run.py --verify             hashes, and every network against reference/
    python run.py --list               what is here

The packages and versions that were tried stand in requirements-*.txt. A seed gives the same picture
as in Maquette.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import math
import os
import platform
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
RUNTIMES = {
    "litert": "litert",
    "onnx": "onnxruntime",
    "openvino": "openvino",
    "pt2": "pytorch",
}
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
PACKAGES = {"litert": "ai_edge_litert", "pytorch": "torch"}
PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "dml": "DmlExecutionProvider",
    "migraphx": "MIGraphXExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "qnn": "QNNExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}
WARM_UP, LEAST_RUNS, MOST_RUNS, SECONDS = 3, 9, 100, 2.0


class Refused(Exception):
    """What cannot be done, in a sentence."""


# --- the same latents as torch.Generator().manual_seed(seed) on a CPU


def normal(seed: int, count: int) -> Any:
    """``count`` normal numbers (float32) of a seed from 0 to 2**32 - 1, as ``torch.randn`` draws
    them: Box-Muller over the words of a Mersenne Twister, 16 numbers at a time."""
    random = np.random.RandomState(seed)
    if count < 16:
        return _one_by_one(random, count)
    values = _uniform(random, count)
    whole = count - count % 16
    made = _box_muller(values[:whole].reshape(-1, 16)).reshape(-1)
    if whole < count:  # the last 16 are drawn anew, over what was there
        tail = _box_muller(_uniform(random, 16)[None])[0]
        made = np.concatenate([made, values[whole:]])
        made[count - 16 :] = tail
    return made


def _words(random: Any, count: int) -> Any:
    return np.frombuffer(random.bytes(4 * count), "<u4")


def _uniform(random: Any, count: int) -> Any:
    return (_words(random, count) & 0xFFFFFF).astype(np.float32) * np.float32(2.0**-24)


def _box_muller(values: Any) -> Any:
    first, second = np.float32(1) - values[:, :8], values[:, 8:]
    radius = np.sqrt(np.float32(-2) * np.log(first))
    angle = np.float32(2 * math.pi) * second
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _one_by_one(random: Any, count: int) -> Any:
    pairs = (count + 1) // 2
    words = _words(random, 4 * pairs).astype(np.uint64).reshape(-1, 2)
    numbers = ((words[:, 0] << np.uint64(32)) | words[:, 1]) & np.uint64((1 << 53) - 1)
    uniform = (numbers.astype(np.float64) * 2.0**-53).reshape(-1, 2)
    radius = np.sqrt(-2 * np.log1p(-uniform[:, 1]))
    angle = 2 * math.pi * uniform[:, 0]
    both = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return both.reshape(-1)[:count].astype(np.float32)


# --- the runtimes


class OnnxRuntime:
    """A network in ONNX Runtime."""

    def __init__(self, network: dict[str, Any], options: argparse.Namespace) -> None:
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        package = importlib.import_module("onnxruntime")
        provider = PROVIDERS.get(options.device.lower(), options.device)
        if provider not in package.get_available_providers():
            have = ", ".join(package.get_available_providers())
            raise Refused(f"ONNX Runtime has no {provider} here; it has {have}")
        settings = package.SessionOptions()
        settings.log_severity_level = 3
        settings.intra_op_num_threads = options.threads
        for name in _dimensions(network):
            settings.add_free_dimension_override_by_name(name, 1)
        self._session = package.InferenceSession(
            str(HERE / network["main"]), settings, providers=[provider]
        )
        self.version = package.__version__
        self.device, self.precision = options.device.lower(), network["precision"]
        self._names = [port["name"] for port in network["outputs"]]

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return dict(zip(self._names, self._session.run(self._names, inputs), strict=True))


class OpenVino:
    """A network in OpenVINO."""

    def __init__(self, network: dict[str, Any], options: argparse.Namespace) -> None:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
        package = importlib.import_module("openvino")
        core, self.device = package.Core(), options.device.upper()
        if not any(
            self.device == d or d.startswith(f"{self.device}.") for d in core.available_devices
        ):
            have = ", ".join(core.available_devices)
            raise Refused(f"OpenVINO has no {self.device} here; it has {have}")
        model = core.read_model(HERE / network["main"])
        if _dimensions(network):
            model.reshape({p["name"]: _shape(p) for p in network["inputs"]})
        settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
        if not options.fast and self.device.startswith("CPU"):
            settings["INFERENCE_PRECISION_HINT"] = "f32"  # its own choice may be bf16
        if options.threads:
            settings["INFERENCE_NUM_THREADS"] = options.threads
        compiled = core.compile_model(model, self.device, settings)
        self._request = compiled.create_infer_request()
        self._names = [port["name"] for port in network["outputs"]]
        self.version = importlib.import_module("importlib.metadata").version("openvino")
        self.precision = network["precision"]
        if self.precision != "int8":
            self.precision = _hint(compiled)

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        found = self._request.infer(inputs)
        return {name: np.array(found[name]) for name in self._names}


def _hint(compiled: Any) -> str:
    hint = compiled.get_property("INFERENCE_PRECISION_HINT")
    name = hint.to_string() if hasattr(hint, "to_string") else str(hint)
    return {"float": "f32", "float32": "f32", "float16": "f16", "bfloat16": "bf16"}.get(name, name)


class TorchExport:
    """A program of torch.export in PyTorch."""

    def __init__(self, network: dict[str, Any], options: argparse.Namespace) -> None:
        self._torch = importlib.import_module("torch")
        importlib.import_module("torch.export")
        if options.threads:
            self._torch.set_num_threads(options.threads)
        self.device, self.precision = options.device.lower(), network["precision"]
        module = self._torch.export.load(HERE / network["main"]).module()
        self._module = module.to(self.device)
        self.version = self._torch.__version__.partition("+")[0]
        self._inputs = [port["name"] for port in network["inputs"]]
        self._names = [port["name"] for port in network["outputs"]]

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        given = [self._torch.from_numpy(inputs[n]).to(self.device) for n in self._inputs]
        with self._torch.no_grad():
            made = self._module(*given)
        several = made if isinstance(made, tuple) else (made,)
        return {n: t.cpu().numpy() for n, t in zip(self._names, several, strict=True)}


class LiteRt:
    """A network in LiteRT, on the CPU."""

    def __init__(self, network: dict[str, Any], options: argparse.Namespace) -> None:
        package = importlib.import_module("ai_edge_litert.interpreter")
        threads = options.threads or None  # its own choice
        self._interpreter = package.Interpreter(str(HERE / network["main"]), num_threads=threads)
        self._interpreter.allocate_tensors()
        self._inputs = [port["name"] for port in network["inputs"]]
        self._names = [port["name"] for port in network["outputs"]]
        self.version = importlib.import_module("importlib.metadata").version("ai-edge-litert")
        self.device, self.precision = "cpu", network["precision"]

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        # Names are lost on the way there; the order is not.
        slots = self._interpreter.get_input_details()
        for name, slot in zip(self._inputs, slots, strict=True):
            self._interpreter.set_tensor(slot["index"], inputs[name])
        self._interpreter.invoke()
        made = [self._interpreter.get_tensor(s["index"]) for s in self._outputs()]
        return dict(zip(self._names, made, strict=True))

    def _outputs(self) -> Any:
        return self._interpreter.get_output_details()


OPENERS: dict[str, Any] = {
    "litert": LiteRt,
    "onnxruntime": OnnxRuntime,
    "openvino": OpenVino,
    "pytorch": TorchExport,
}


def runtime_of(network: dict[str, Any]) -> str:
    """The runtime that runs a network, or nothing for one that this file cannot run."""
    return RUNTIMES.get(network["format"].removesuffix("-npu"), "")


def installed(runtime: str) -> bool:
    """Whether its package can be found; nothing is imported."""
    util = importlib.import_module("importlib.util")
    return bool(runtime) and util.find_spec(PACKAGES.get(runtime, runtime)) is not None


def opened(network: dict[str, Any], options: argparse.Namespace) -> Any:
    """The network, ready to run."""
    runtime = runtime_of(network)
    if not installed(runtime):
        needed = network["requirements"]
        raise Refused(
            f"{network['id']} needs {runtime or 'another program'}"
            + (f"; 'pip install -r {needed}' adds it" if needed else "")
        )
    try:
        return OPENERS[runtime](network, options)
    except ImportError as error:
        raise Refused(f"{runtime} cannot be loaded: {error}") from error


# --- inputs and pictures


def _dimensions(network: dict[str, Any]) -> list[str]:
    sides = [side for port in network["inputs"] for side in port["shape"]]
    return sorted({side["name"] for side in sides if isinstance(side, dict)})


def _shape(port: dict[str, Any], items: int = 1) -> list[int]:
    return [items if isinstance(side, dict) else side for side in port["shape"]]


def filled(network: dict[str, Any], seed: int, options: argparse.Namespace) -> dict[str, Any]:
    """All inputs for one picture."""
    given = _given(network, options.input)
    numbers = dict(_pair(text, "--set") for text in options.set)
    made = {}
    for port in network["inputs"]:
        name, fill, shape = port["name"], port["fill"], _shape(port)
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


def _pictured(network: dict[str, Any]) -> list[str]:
    """Names of the inputs that a picture or a label map fills."""
    kinds = ("picture", "labels")
    return [port["name"] for port in network["inputs"] if port["fill"]["kind"] in kinds]


def _given(network: dict[str, Any], texts: list[str]) -> dict[str, str]:
    """Files by the names of inputs: INPUT=FILE, or a file alone where one input takes a picture."""
    names, pictured = {port["name"] for port in network["inputs"]}, _pictured(network)
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


def _turns(network: dict[str, Any], options: argparse.Namespace) -> list[argparse.Namespace]:
    """The options once for every picture to draw from: plain files, and those of folders."""
    pictured = _pictured(network)
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
        turns = [(each, seed) for each in _turns(network, options) for seed in options.seed or [0]]
        for turn, seed in turns:
            made = ready.run(filled(network, seed, turn))
            for port in network["outputs"]:
                if port["picture"] is None:
                    continue
                stem = getattr(turn, "stem", f"seed{seed}")
                path = options.out / f"{network['id']}-{stem}.png"
                Image.fromarray(pixels(made[port["name"]], port["picture"])[0]).save(path)
                say(path)


# --- measuring


def _timed_inputs(manifest: dict[str, Any], network: dict[str, Any], options: Any) -> Any:
    """Those of the command line; where no picture is given, the first of the reference."""
    if not _pictured(network) or options.input:
        return filled(network, (options.seed or [0])[0], _turns(network, options)[0])
    reference = next(e for e in manifest["references"] if e["id"] == network["reference"])
    found = {}
    for name, path in reference["inputs"].items():
        array = np.load(HERE / path, allow_pickle=False)
        found[name] = array[:1] if name in reference["per_seed"] else array
    return found


def benchmark(manifest: dict[str, Any], networks: list[dict[str, Any]], options: Any) -> None:
    """Time every network and write measurement.json."""
    found = []
    for network in networks:
        began = time.perf_counter()
        ready = opened(network, options)
        inputs = _timed_inputs(manifest, network, options)
        ready.run(inputs)
        first = 1000 * (time.perf_counter() - began)
        runs = _timed(ready, inputs)
        low, high = np.percentile(runs, [10, 90])
        latency = {
            "median": statistics.median(runs),
            "p10": float(low),
            "p90": float(high),
            "runs": len(runs),
        }
        runtime = runtime_of(network)
        target = f"{runtime}:{ready.device}:{ready.precision}"
        found.append(
            {
                **{k: network[k] for k in ("id", "title", "subnet", "quality", "pixels")},
                **{k: network[k] for k in ("parameters", "macs", "paper_macs")},
                "size_bytes": _size(manifest, network),
                "target": target,
                "runtime": runtime,
                "version": ready.version,
                "device": ready.device,
                "precision": ready.precision,
                "threads": options.threads,
                "first_ms": first,
                "latency_ms": latency,
            }
        )
        say(f"{network['id']} on {target}: {latency['median']:.2f} ms "
            f"({latency['p10']:.2f} to {latency['p90']:.2f}, {len(runs)} runs)")  # fmt: skip
    record = {
        "format": "maquette-measurement",
        "version": 1,
        "model": {
            **{k: manifest["model"][k] for k in ("name", "key", "source_sha256")},
            "recipe_sha256": recipe_digest(manifest["recipe"]),
        },
        "host": options.host or processor(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "measurements": found,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "measurement.json"
    path.write_text(json.dumps(record, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    say(path)


def recipe_digest(recipe: dict[str, Any] | None) -> str:
    """What names the steps of a recipe; empty for the model itself."""
    if recipe is None:
        return ""
    steps = json.loads(recipe["canonical"])["steps"]
    text = json.dumps(steps, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _timed(ready: Any, inputs: dict[str, Any]) -> list[float]:
    for _ in range(WARM_UP):
        ready.run(inputs)
    runs: list[float] = []
    began = time.perf_counter()
    while len(runs) < LEAST_RUNS or (
        len(runs) < MOST_RUNS and time.perf_counter() - began < SECONDS
    ):
        start = time.perf_counter()
        ready.run(inputs)
        runs.append(1000 * (time.perf_counter() - start))
    return runs


def _size(manifest: dict[str, Any], network: dict[str, Any]) -> int:
    own = {network["main"], *network["parts"]}
    return sum(each["bytes"] for each in manifest["files"] if each["path"] in own)


def processor() -> str:
    """Name of this machine's processor."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine() or "unknown"


# --- verifying


def verify(manifest: dict[str, Any], networks: list[dict[str, Any]], options: Any) -> None:
    """Raise Refused at the first difference."""
    for each in manifest["files"]:
        path = (HERE / each["path"]).resolve()
        if not path.is_relative_to(HERE):
            raise Refused(f"{each['path']} lies outside this folder")
        if not path.is_file():
            raise Refused(f"{each['path']} is missing")
        if path.stat().st_size != each["bytes"] or _sha256(path) != each["sha256"]:
            raise Refused(f"{each['path']} was changed: its sha256 is not the manifest's")
    say(f"{len(manifest['files'])} files are as they were written")
    references = {each["id"]: each for each in manifest["references"]}
    for network in networks:
        if not installed(runtime_of(network)):
            say(f"{network['id']}: not run, {runtime_of(network) or 'its runtime'} is not here")
            continue
        _compare(network, references[network["reference"]], options)


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


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


# --- the command


def chosen(manifest: dict[str, Any], options: argparse.Namespace) -> list[dict[str, Any]]:
    """The networks that the options name; where they name none, the first that runs here, and of
    every one to verify or measure."""
    every = [each for each in manifest["networks"] if each["role"] == "network"]
    if options.network:
        every = [each for each in every if each["id"] in options.network]
    if options.width:
        every = [each for each in every if each["subnet"]["width"] in options.width]
    if options.resolution:
        every = [each for each in every if each["pixels"] in options.resolution]
    if not every:
        have = ", ".join(each["id"] for each in manifest["networks"])
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
    if not (options.width or options.resolution):
        return here[:1]
    subnets = {json.dumps(each["subnet"], sort_keys=True): each for each in reversed(here)}
    return [each for each in here if each in subnets.values()]


def listing(manifest: dict[str, Any]) -> None:
    """Print what is here."""
    for each in manifest["networks"]:
        runtime = runtime_of(each)
        state = "ready" if installed(runtime) else f"needs {runtime or 'Maquette'}"
        say(f"{each['id']}: {each['title']}, {each['pixels']} px, {each['precision']}, {state}")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = made.add_argument
    add("--seed", type=_seed, action="append", default=[], help="0 to 4294967295 (repeatable)")
    add("--out", type=Path, default=Path(), help="folder to write to (default: the current one)")
    add("--width", type=float, action="append", help="of a ladder, the subnet of that width")
    add("--resolution", type=int, action="append", help="the networks of that many pixels")
    add("--network", action="append", help="the network of that id (see --list)")
    add("--device", default="cpu", help="cpu, gpu, npu, cuda ... as the runtime calls it")
    add("--threads", type=int, default=0, help="CPU threads (default: the runtime chooses)")
    add("--fast", action="store_true", help="let the runtime choose its own precision")
    add("--truncation", type=float, help="0 is the average picture, 1 as trained")
    add("--class", type=int, default=0, dest="label", help="of a conditional model")
    add("--set", action="append", default=[], metavar="INPUT=NUMBER", help="another input")
    add(
        "--input",
        action="append",
        default=[],
        metavar="FILE",
        help="a picture or folder to draw from, or INPUT=FILE (PNG, .npy) (repeatable)",
    )
    add("--benchmark", action="store_true", help="time the networks, write measurement.json")
    add("--host", default="", help="name of this machine in measurement.json")
    add("--verify", action="store_true", help="compare files and outputs with what was written")
    add("--list", action="store_true", help="show what is here")
    return made


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 1 << 32:
        raise argparse.ArgumentTypeError(f"{text} is not within 0 and 4294967295")
    return value


def say(line: object) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; 0 when done, 1 with a sentence when not."""
    options = parser().parse_args(arguments)
    if options.truncation is not None:
        options.set.append(f"truncation={options.truncation}")
    try:
        manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
        if options.list:
            listing(manifest)
            return 0
        networks = chosen(manifest, options)
        if options.verify:
            verify(manifest, networks, options)
        elif options.benchmark:
            benchmark(manifest, networks, options)
        else:
            draw(networks, options)
    except (Refused, OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
