"""Is a bundle what it says? Hashes, then every file that can run here beside its reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio.bundles.checking import Checker
from studio.bundles.comparing import (
    PICTURE,
    beyond,
    expected_of,
    feeds_of,
    parity,
    tolerance_of,
)
from studio.bundles.folder import array_from, check_file, read_checked, read_manifest
from studio.bundles.formats.all import formats
from studio.bundles.manifest import Manifest, Network, Output, Parity, Pipeline, Runnable
from studio.errors import RefusedFile

Progress = Callable[[float, str], None]
DRAWN = Output(name="picture", shape=(1, 1, 1, 3), picture=(0.0, 1.0))
"""What a pipeline draws, for comparing."""


@dataclass(frozen=True)
class Checked:
    """A network or a pipeline that was looked at.

    Args:
        network: its record. parity: what it was at here; None where it was not run.
        runtime, version, device: where it ran. not_run: why it did not, a sentence.
    """

    network: Runnable
    parity: Parity | None = None
    runtime: str = ""
    version: str = ""
    device: str = ""
    not_run: str = ""


@dataclass(frozen=True)
class Verification:
    """A sound bundle."""

    manifest: Manifest
    checked: tuple[Checked, ...]


def verify(folder: Path, progress: Progress = lambda share, text: None) -> Verification:
    """Check a bundle, which may come from anywhere.

    Args:
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.

    Raises:
        RefusedFile: the first difference, in a sentence.
    """
    manifest = read_manifest(folder)
    for number, record in enumerate(manifest.files):
        progress(0.3 * number / len(manifest.files), f"hashing {record.path}")
        check_file(folder, record)
    checked = []
    with Checker() as checker:
        every: tuple[Network | Pipeline, ...] = (*manifest.networks, *manifest.pipelines)
        for number, each in enumerate(every):
            share = 0.3 + 0.7 * number / len(every)
            progress(share, f"running {each.id}")
            look = _looking(progress, share, each)
            if isinstance(each, Network):
                checked.append(_checked(folder, manifest, each, checker, look))
            else:
                checked.append(_drawn(folder, manifest, each, checker, look))
    progress(1.0, "done")
    return Verification(manifest, tuple(checked))


def _looking(progress: Progress, share: float, network: Runnable) -> Callable[[], None]:
    return lambda: progress(share, f"running {network.id}")


def _checked(
    folder: Path,
    manifest: Manifest,
    network: Network,
    checker: Checker,
    look: Callable[[], None],
) -> Checked:
    if why := _not_run(network):
        return Checked(network, not_run=why)
    reference, arrays = manifest.reference(network), {}
    kinds = {reference.inputs[port.name]: port.dtype for port in network.inputs}
    for path in (*reference.inputs.values(), *reference.outputs.values()):
        data = read_checked(folder, manifest.file(path))
        arrays[path] = array_from(data, path, kinds.get(path, "float32"))
    count = len(reference.seeds)
    inputs = {name: arrays[path] for name, path in reference.inputs.items()}
    outputs = {name: arrays[path] for name, path in reference.outputs.items()}
    feeds = feeds_of(network, inputs, reference.per_seed, count)
    expected = expected_of(network, outputs, count)
    files = [manifest.file(path) for path in (network.main, *network.parts)]
    answer = checker.run(str(folder), network, files, feeds, between=look)
    found = parity(network.outputs, answer.outputs, expected, network.id)
    # A manifest may ask for more than we do, and not for less.
    for limits in (network.tolerance, tolerance_of(network.precision)):
        if words := beyond(found, limits):
            raise RefusedFile(f"{network.id} {words}")
    return Checked(network, found, answer.runtime, answer.version, answer.device)


def _not_run(one: Runnable) -> str:
    """Why nothing of its format is run here, a sentence; empty when it is."""
    form = next((each for each in formats() if each.name == one.format), None)
    return f"this Maquette knows no format {one.format}" if form is None else form.missing()


def _drawn(
    folder: Path,
    manifest: Manifest,
    pipeline: Pipeline,
    checker: Checker,
    look: Callable[[], None],
) -> Checked:
    parts = (manifest.component(pipeline, name) for name in pipeline.components)
    for one in (pipeline, *parts):
        if why := _not_run(one):
            return Checked(pipeline, not_run=why)
    reference = manifest.reference(pipeline)
    latents, pictures = (
        array_from(read_checked(folder, manifest.file(path)), path)
        for path in (reference.inputs["latents"], reference.outputs["picture"])
    )
    drawn, count = pipeline.drawn, len(reference.seeds)
    sides = (drawn.height // pipeline.factor, drawn.width // pipeline.factor)
    for name, found, wanted in (
        ("latents", latents.shape, (count, pipeline.channels, *sides)),
        ("pictures", pictures.shape, (count, drawn.height, drawn.width, 3)),
    ):
        if found != wanted:
            raise RefusedFile(
                f"the reference of {pipeline.id} has {name} in the shape {list(found)}; "
                f"{list(wanted)} is what the manifest says"
            )
    each = [latents[index : index + 1] for index in range(count)]
    answer = checker.draw(str(folder), manifest, pipeline, reference.seeds, each, between=look)
    expected = [{"picture": pictures[index : index + 1]} for index in range(count)]
    found_parity = parity((DRAWN,), answer.outputs, expected, pipeline.id)
    own = tolerance_of(pipeline.precision, absolute=PICTURE)
    for limits in (pipeline.tolerance, own):
        if words := beyond(found_parity, limits):
            raise RefusedFile(f"{pipeline.id} {words}")
    return Checked(pipeline, found_parity, answer.runtime, answer.version, answer.device)
