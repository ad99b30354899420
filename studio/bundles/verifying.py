"""Is a bundle what it says? Hashes, then every file that can run here beside its reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio.bundles.checking import Checker
from studio.bundles.comparing import beyond, expected_of, feeds_of, parity, tolerance_of
from studio.bundles.folder import array_from, check_file, read_checked, read_manifest
from studio.bundles.formats.all import formats
from studio.bundles.manifest import Manifest, Network, Parity
from studio.errors import RefusedFile

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Checked:
    """A network that was looked at.

    Args:
        network: its record. parity: what it was at here; None where it was not run.
        runtime, version, device: where it ran. not_run: why it did not, a sentence.
    """

    network: Network
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
        for number, network in enumerate(manifest.networks):
            share = 0.3 + 0.7 * number / len(manifest.networks)
            progress(share, f"running {network.id}")
            look = _looking(progress, share, network)
            checked.append(_checked(folder, manifest, network, checker, look))
    progress(1.0, "done")
    return Verification(manifest, tuple(checked))


def _looking(progress: Progress, share: float, network: Network) -> Callable[[], None]:
    return lambda: progress(share, f"running {network.id}")


def _checked(
    folder: Path,
    manifest: Manifest,
    network: Network,
    checker: Checker,
    look: Callable[[], None],
) -> Checked:
    form = next((each for each in formats() if each.name == network.format), None)
    if form is None:
        return Checked(network, not_run=f"this Maquette knows no format {network.format}")
    if missing := form.missing():
        return Checked(network, not_run=missing)
    reference, arrays = manifest.reference(network), {}
    for path in (*reference.inputs.values(), *reference.outputs.values()):
        arrays[path] = array_from(read_checked(folder, manifest.file(path)), path)
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
