"""A pipeline folder as diffusers writes it: read, checked and refused without loading a weight.

Nothing that a folder names is imported, no file outside of it is read, and weights are taken from
safetensors alone. A Hugging Face cache is the exception that is none: its snapshots are links into
the ``blobs`` folder beside them.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.checkpoints.causes import Cause, NotSupported, listed, shortened, shown
from studio.checkpoints.json_text import parse_json
from studio.checkpoints.safetensors_file import read_safetensors
from studio.checkpoints.spans import Span
from studio.checkpoints.stored import ITEM_BYTES
from studio.errors import RefusedFile, UnsupportedModel, cause_of
from studio.families.diffusion.classes import (
    LIBRARIES,
    LIMITS,
    OTHER_NAMES,
    PASSED_OVER,
    PIPELINES,
    Component,
    PipelineClass,
)
from studio.families.diffusion.gguf_file import SUFFIX, GgufWeights
from studio.places import PIPELINE_INDEX

INDEX = PIPELINE_INDEX
NOTES = "maquette.json"
"""What Maquette knows of a folder it wrote; diffusers passes it over."""
FLOATS = ("float32", "float16", "bfloat16", "float64", "float8")
UNBOUNDED = ("lambda_min_clipped",)
"""Fields that diffusers itself writes as an infinity, which is no JSON otherwise."""
_LARGEST_JSON = 4_000_000
_LARGEST_TOKENIZER = 64_000_000
_VARIANTS = ("", ".fp16", ".bf16")
_SAMPLES, _SAMPLE, _BEGINNING = 512, 1 << 16, 1 << 12  # of a file; bytes of one; of a tensor


@dataclass(frozen=True)
class Stored:
    """A tensor as the header of its file describes it."""

    dtype: str
    shape: tuple[int, ...]
    size: int | None = None  # bytes, of types that pack several numbers together

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        """Its size in the file."""
        return self.count * ITEM_BYTES[self.dtype] if self.size is None else self.size


@dataclass(frozen=True)
class ComponentFolder:
    """One component: where it lies, the class that runs it, and what its files say.

    Args:
        name: as the pipeline calls it, e.g. ``unet``. part: see ``classes.Component``.
        runs: name of the class that runs it.
        config: of a network, a text encoder or a scheduler; empty for a tokenizer.
        files: those with weights. tensors: all in them, by name.
        read: reads the tensors where they stand under other names in the files; None where they do
            not.
        gguf: where its weights are, when a GGUF file has them.
    """

    name: str
    part: str
    runs: str
    folder: Path
    config: Mapping[str, Any]
    files: tuple[Path, ...] = ()
    tensors: Mapping[str, Stored] = field(default_factory=dict)
    read: Callable[[], dict[str, Any]] | None = field(default=None, compare=False)
    gguf: GgufWeights | None = field(default=None, compare=False)

    @property
    def bytes(self) -> int:
        """What its weights take in their own type."""
        return sum(each.bytes for each in self.tensors.values())

    @property
    def parameters(self) -> int:
        """How many numbers they are."""
        return sum(each.count for each in self.tensors.values())

    @property
    def dtype(self) -> str:
        """The type that most of them have, such as ``float16`` or ``Q4_K``; empty without
        weights."""
        counts: dict[str, int] = {}
        for each in self.tensors.values():
            counts[each.dtype] = counts.get(each.dtype, 0) + each.count
        return max(counts, key=lambda name: counts[name], default="")


@dataclass(frozen=True)
class PipelineFolder:
    """A folder that may be opened.

    Args:
        named: the pipeline class as the folder names it; ``pipeline`` is what it is opened as.
        components: those there are, by name.
        options: plain values of the index, such as ``force_zeros_for_empty_prompt``.
        passed_over: names of components that are there and not used.
        notes: texts by name that Maquette wrote beside the index, as in the metadata of its files.
        digest: names the content. Of large files it takes the header, the size and samples.
    """

    path: Path
    named: str
    pipeline: PipelineClass
    components: Mapping[str, ComponentFolder]
    options: Mapping[str, Any]
    passed_over: tuple[str, ...]
    digest: str
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def denoiser(self) -> ComponentFolder:
        """The network that is called at every step."""
        return self.components[self.pipeline.denoiser]

    @property
    def packed(self) -> str:
        """The type of the denoiser's weights where it packs several of them into a few bits; empty
        where they are plain numbers."""
        counts: dict[str, int] = {}
        for each in self.denoiser.tensors.values():
            if each.size is not None:
                counts[each.dtype] = counts.get(each.dtype, 0) + each.count
        return max(counts, key=lambda name: counts[name], default="")

    @property
    def vae(self) -> ComponentFolder | None:
        """Between pictures and latents; None where the denoiser draws pixels."""
        return None if self.pipeline.vae is None else self.components[self.pipeline.vae]

    @property
    def scheduler(self) -> ComponentFolder:
        """What the folder says of its sampler."""
        return self.components["scheduler"]

    @property
    def bytes(self) -> int:
        """What all weights take in their own types."""
        return sum(each.bytes for each in self.components.values())


def is_folder(path: Path) -> bool:
    """Whether ``path`` is a folder; one that cannot be looked at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_pipeline_folder(path: Path) -> bool:
    """Whether ``path`` is a folder with the index of a pipeline."""
    try:
        return path.is_dir() and (path / INDEX).is_file()
    except OSError:
        return False


ReadGguf = Callable[[ComponentFolder, Path, Any], ComponentFolder]


def read_folder(
    path: str | Path, denoiser: Path | None = None, *, gguf: ReadGguf | None = None
) -> PipelineFolder:
    """What a pipeline folder holds, every name, path and size in it checked.

    Args:
        denoiser: a GGUF file that the weights of the denoiser are taken from; None takes those in
            its folder, which may be one such file as well.
        gguf: reads such a file (``gguf_names.gguf_component``, which needs diffusers); None where
            none can be opened.

    Raises:
        UnsupportedModel: it holds a pipeline of another class.
        RefusedFile: anything else that is wrong, in one sentence.
    """
    folder = Path(path)
    try:
        return _read(folder, denoiser, gguf)
    except NotSupported as cause:
        raise UnsupportedModel(f"{path} cannot be opened: {cause}") from cause
    except Cause as cause:
        raise RefusedFile(f"{path} cannot be opened: {cause}") from cause
    except OSError as error:
        raise RefusedFile(f"{path} cannot be read: {cause_of(error)}") from error


def _read(folder: Path, denoiser: Path | None, reads: ReadGguf | None) -> PipelineFolder:
    digest = hashlib.sha256()
    index = _json(folder, folder / INDEX, digest)
    named = index.pop("_class_name", None)
    if isinstance(named, list):
        raise Cause(
            f"{INDEX} asks for the pipeline class {listed(map(_text, named), 2)} of a file of its "
            "own, and code that comes with a model is never run"
        )
    if not isinstance(named, str):
        raise Cause(f"{INDEX} names no pipeline class")
    pipeline = PIPELINES.get(OTHER_NAMES.get(named, named))
    if pipeline is None:
        raise NotSupported(
            f"it is a pipeline of the class {shortened(named)}; accepted are {', '.join(PIPELINES)}"
        )
    options, found, passed = _index(index, pipeline, named)
    components = {}
    for name, stated in found.items():
        place = folder / name
        if not place.is_dir():
            raise Cause(f"its component {name} is missing: there is no folder {name}")
        component = pipeline.components[name]
        given: tuple[Path, ReadGguf] | None = None
        if name == pipeline.denoiser and reads is not None:
            file = _gguf_in(folder, place, name) if denoiser is None else denoiser
            given = None if file is None else (file, reads)
        components[name] = _component(folder, place, name, component, stated, digest, given)
    digest.update(named.encode())
    notes = _json(folder, folder / NOTES, digest) if (folder / NOTES).is_file() else {}
    if not all(isinstance(value, str) for value in notes.values()):
        raise Cause(f"{NOTES} is no table of texts")
    return PipelineFolder(
        folder, named, pipeline, components, options, passed, digest.hexdigest(), notes
    )


def _index(
    index: Mapping[str, Any], pipeline: PipelineClass, named: str
) -> tuple[dict[str, Any], dict[str, str], tuple[str, ...]]:
    """Plain values, (component, class as named), and what is passed over."""
    options: dict[str, Any] = {}
    found: dict[str, str] = {}
    passed = []
    for name, value in index.items():
        if not isinstance(value, list):
            if name.startswith("_") or value is None:
                continue
            options[name] = value
            continue
        if len(value) != 2:
            raise Cause(
                f"{INDEX} says of {shortened(name)} neither a library and class nor a value"
            )
        if value == [None, None]:
            continue
        library, class_name = map(_text, value)
        known = pipeline.components.get(name)
        accepted = PASSED_OVER.get(name, ()) if known is None else tuple(known.classes)
        if not accepted:
            raise Cause(f"{INDEX} has the component {shortened(name)}, which a {named} has not")
        part = "" if known is None else known.part
        if library not in LIBRARIES[part] or class_name not in accepted:
            raise Cause(
                f"{INDEX} names {shortened(f'{library}.{class_name}')} as its {name}; accepted is "
                f"{' or '.join(accepted)} of {' or '.join(sorted(LIBRARIES[part]))}"
            )
        if known is None:
            passed.append(name)
        else:
            found[name] = class_name
    missing = [n for n, each in pipeline.components.items() if each.needed and n not in found]
    if missing:
        raise Cause(f"{INDEX} lacks {listed(missing)}, which a {named} needs")
    return options, found, tuple(passed)


def _component(
    root: Path,
    folder: Path,
    name: str,
    component: Component,
    stated: str,
    digest: Any,
    gguf: tuple[Path, ReadGguf] | None,
) -> ComponentFolder:
    runs = component.classes[stated]
    inside(root, folder)
    if component.part == "tokenizer":
        _tokenizer(root, folder, name, digest)
        return ComponentFolder(name, "tokenizer", runs, folder, {}, (), {})
    file = "scheduler_config.json" if component.part == "scheduler" else "config.json"
    config = _json(root, folder / file, digest)
    where = f"{name}/{file}"
    if component.part in ("network", "scheduler"):
        own = config.get("_class_name", stated)
        if not isinstance(own, str) or component.classes.get(own) != runs:
            raise Cause(f"{where} describes {shown(own)}, where {INDEX} names {shortened(stated)}")
    else:
        own = config.get("architectures") or [stated]
        if own != [stated] and not (stated.startswith("CLIPText") and own == ["CLIPModel"]):
            raise Cause(f"{where} describes {shown(_text(own))}, where {INDEX} names {stated}")
    check_config(config, where)
    if component.part == "scheduler":
        return ComponentFolder(name, component.part, runs, folder, config, (), {})
    if gguf is not None:
        weights, reads = gguf
        return reads(ComponentFolder(name, component.part, runs, folder, config), weights, digest)
    stem = "diffusion_pytorch_model" if component.part == "network" else "model"
    files = _weights(root, folder, name, stem, digest)
    tensors: dict[str, Stored] = {}
    for path, listed_names in files.items():
        held = tensors_of(path, f"{name}/{path.name}", digest)
        if listed_names is not None and (absent := sorted(listed_names - set(held))):
            raise Cause(f"{name}/{path.name} lacks {listed(absent)}, which its index says it has")
        if twice := sorted(set(held) & set(tensors)):
            raise Cause(f"{listed(twice)} of {name} stands in two files")
        tensors.update(held)
    return ComponentFolder(name, component.part, runs, folder, config, tuple(files), tensors)


def _gguf_in(root: Path, folder: Path, name: str) -> Path | None:
    """The GGUF file that a denoiser's folder has instead of safetensors."""
    files = sorted(each for each in folder.iterdir() if each.suffix.lower() == SUFFIX)
    if not files or any(each.suffix == ".safetensors" for each in folder.iterdir()):
        return None
    if len(files) > 1:
        raise Cause(
            f"{name} has {len(files)} GGUF files; leave one there, or say which with --denoiser"
        )
    inside(root, files[0])
    return files[0]


def check_config(config: Mapping[str, Any], where: str) -> None:
    """Refuse sizes that no network has, and what would fetch or run something.

    Raises:
        Cause: naming the field.
    """
    for key, value in config.items():
        if key in ("quantization_config", "auto_map", "compression_config") and value:
            raise Cause(
                f"{where} has {shortened(key)}; accepted are plain weights that need no code"
            )
        for each in _numbers(value):
            if math.isinf(each) and key in UNBOUNDED:
                continue
            limit = LIMITS.depth if key in LIMITS.depths else LIMITS.number
            limit = LIMITS.grid if key in LIMITS.grids else limit
            least = 1 if key in LIMITS.depths | LIMITS.grids else -LIMITS.number
            if not least <= each <= limit:
                raise Cause(f"{where} says {shortened(key)} is {each:g}, which no network has")
        if isinstance(value, list) and len(value) > LIMITS.entries and key != "trained_betas":
            raise Cause(f"{where} lists {len(value)} values for {shortened(key)}, far too many")


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, list):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def _weights(
    root: Path, folder: Path, name: str, stem: str, digest: Any
) -> dict[Path, set[str] | None]:
    """The files with its weights, each with the tensors that an index says it has."""
    for variant in _VARIANTS:
        single = folder / f"{stem}{variant}.safetensors"
        if single.is_file():
            inside(root, single)
            return {single: None}
        for index in (
            folder / f"{stem}.safetensors.index{variant}.json",
            folder / f"{stem}{variant}.safetensors.index.json",
        ):
            if index.is_file():
                return _shards(root, folder, name, index, digest)
    pickled = sorted(p.name for p in folder.iterdir() if p.suffix in (".bin", ".ckpt", ".pt"))
    if pickled:
        raise Cause(
            f"{name} has its weights only as a pickle ({shortened(pickled[0])}), which can run "
            "code; accepted is safetensors, which diffusers writes with safe_serialization=True"
        )
    raise Cause(f"its component {name} has no weights: there is no {name}/{stem}.safetensors")


def _shards(
    root: Path, folder: Path, name: str, index: Path, digest: Any
) -> dict[Path, set[str] | None]:
    placed = _json(root, index, digest).get("weight_map")
    if not isinstance(placed, dict) or not placed:
        raise Cause(f"{name}/{index.name} does not say in which file a tensor is")
    found: dict[Path, set[str] | None] = {}
    for tensor, file in placed.items():
        if not isinstance(file, str) or Path(file).name != file or set(file) & set("/\\:\0"):
            raise Cause(
                f"{name}/{index.name} points outside of its folder: {shown(file)} is to hold "
                f"{shortened(tensor)}"
            )
        if not file.endswith(".safetensors"):
            raise Cause(
                f"{name}/{index.name} names {shortened(file)}; accepted are .safetensors files"
            )
        path = folder / file
        if path not in found:
            if not path.is_file():
                raise Cause(f"the file {name}/{file} is missing, which {index.name} names")
            inside(root, path)
            found[path] = set()
        held = found[path]
        assert held is not None
        held.add(tensor)
    return found


def tensors_of(path: Path, shown_as: str, digest: Any) -> dict[str, Stored]:
    """What the header of a safetensors file says; its content goes into ``digest``.

    Raises:
        Cause: it is damaged, or holds numbers of a type that no network has.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        span = Span(stream, 0, size)
        try:
            content = read_safetensors(span)
        except Cause as cause:
            raise Cause(f"of {shown_as}, {cause}") from cause
        head = 8 + int.from_bytes(span.read(0, 8), "little")
        digest.update(span.read(0, head))
        rest = size - head
        step = max(_SAMPLE, rest // _SAMPLES)
        # Small files whole; of large ones the beginning of every tensor, and samples all over.
        for each in content.tensors.values() if step > _SAMPLE else ():
            held = each.storage.span
            assert held is not None
            digest.update(held.read(0, min(_BEGINNING, held.length)))
        for begin in range(head, size, step):
            digest.update(span.read(begin, min(_SAMPLE, size - begin)))
    return {name: Stored(each.dtype, each.shape) for name, each in content.tensors.items()}


def _tokenizer(root: Path, folder: Path, name: str, digest: Any) -> None:
    known = ("tokenizer.json", "vocab.json", "vocab.txt", "spiece.model")
    files = [folder / each for each in (*known, "merges.txt", "tokenizer_config.json")]
    there = [each for each in files if each.is_file()]
    if not any(each.name in known for each in there):
        raise Cause(f"its component {name} has no vocabulary; accepted are {', '.join(known)}")
    for each in there:
        inside(root, each)
        if each.stat().st_size > _LARGEST_TOKENIZER:
            raise Cause(f"{name}/{each.name} is far larger than any vocabulary")
        digest.update(each.read_bytes())


def _json(root: Path, path: Path, digest: Any) -> dict[str, Any]:
    """A JSON object of the folder; its text goes into ``digest``."""
    where = path.relative_to(root).as_posix()
    if not path.is_file():
        raise Cause(f"there is no {where}")
    inside(root, path)
    if path.stat().st_size > _LARGEST_JSON:
        raise Cause(f"{where} is far larger than any configuration")
    data = path.read_bytes()
    value = parse_json(data, where, infinities=True)
    if not isinstance(value, dict):
        raise Cause(f"{where} is no JSON object")
    digest.update(data)
    return value


def inside(root: Path, path: Path) -> None:
    """Refuse what lies elsewhere, by a link or otherwise.

    Raises:
        Cause: ``path`` is neither in ``root`` nor among the blobs that a cache keeps for it.
    """
    real, home = path.resolve(), root.resolve()
    if real.is_relative_to(home):
        return
    if home.parent.name == "snapshots" and real.is_relative_to(home.parent.parent / "blobs"):
        return
    raise Cause(f"{path.relative_to(root).as_posix()} is a link out of the folder")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ("" if value is None else "something else")
