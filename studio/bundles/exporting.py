"""From a request to a bundle: write, run every file, compare, and only then put it in its place."""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from studio.bundles import manifest as said
from studio.bundles.checking import Checker
from studio.bundles.comparing import beyond, parity, tolerance_of
from studio.bundles.describing import model_record, network_record, requirements_name
from studio.bundles.folder import Floats, record_of
from studio.bundles.formats.contract import Subject
from studio.bundles.placing import check_place, placed
from studio.bundles.quality import Pixels, full_pictures, missed, quality, seeds_from
from studio.bundles.reference import Drawn, drawn, pixels, write_reference
from studio.bundles.report import ExportRefused, Report, report_path, write_report
from studio.bundles.request import REFERENCE_SEEDS, Planned, Request, planned
from studio.bundles.requirements import pins, versions
from studio.errors import BadChoice, MaquetteError, RefusedFile, cause_of
from studio.runtimes.host import host_name
from studio.runtimes.quantization import Share

MODELS = "models"
PROGRAM = "run.py"
Progress = Callable[[float, str], None]
Beyond = tuple[tuple[said.Network, tuple[str, ...]], ...]
"""Networks that are beyond a limit, each with the limits that it does not keep, in words."""


def export(
    request: Request,
    target: Path,
    progress: Progress = lambda share, text: None,
    ask: Callable[[Beyond], bool] | None = None,
) -> Report:
    """Make a bundle at ``target``, verified, or leave what was there as it was.

    Args:
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
        ask: whether to ship what is beyond the limits, asked once, when all files are made; without
            it the first such file ends the export.

    Raises:
        BadChoice: a format refuses, or a choice does not fit.
        ExportRefused: a file does not agree with the reference, or is beyond a limit; a report of
            it stands beside ``target``.
        MaquetteError: the place or the disk refuses, or a library failed.
    """
    began = time.perf_counter()
    items = planned(request)
    refused = [f"{p.id}: {sentence}" for p in items for sentence in p.plan.refusals]
    if refused:
        raise BadChoice("; ".join(dict.fromkeys(refused)))
    check_place(target)
    _check_room(items, target)
    try:
        with placed(target) as folder, Checker() as checker:
            made = _Exporting(request, items, folder, checker, progress, ask).run()
        report_path(target).unlink(missing_ok=True)  # of a refused one before
    except ExportRefused as error:
        path = write_report(error, target)
        raise ExportRefused(f"{error}; nothing was kept but {path}", error.networks) from error
    except OSError as error:
        if isinstance(error, MaquetteError):
            raise
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error
    return Report(target, made, time.perf_counter() - began)


def _check_room(items: tuple[Planned, ...], target: Path) -> None:
    """Refuse before any work where the disk plainly lacks the room."""
    needed = sum(each.plan.bytes for each in items)
    try:
        free = shutil.disk_usage(target.parent).free
    except OSError as error:
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error
    if needed > free:
        raise MaquetteError(
            f"cannot write {target}: about {needed / 1e6:.0f} MB are needed and "
            f"{free / 1e6:.0f} MB are free"
        )


class _Exporting:
    """The work within the folder that nobody sees yet."""

    def __init__(
        self,
        request: Request,
        items: tuple[Planned, ...],
        folder: Path,
        checker: Checker,
        progress: Progress,
        ask: Callable[[Beyond], bool] | None,
    ) -> None:
        self._ask, self._beyond = ask, list[tuple[said.Network, tuple[str, ...]]]()
        self._request, self._items = request, items
        self._folder, self._checker, self._progress = folder, checker, progress
        self._seeds = seeds_from(request.full.info.seed, request.seeds)
        self._inputs = request.pictures or request.full.own_inputs(request.seeds)
        self._references: dict[str, said.Reference] = {}
        self._drawn: tuple[str, Drawn] | None = None  # of one subject at a time: pictures are large
        self._networks: list[said.Network] = []
        self._share, self._text = 0.0, ""

    def run(self) -> said.Manifest:
        (self._folder / MODELS).mkdir()
        self._tell(0.0, "drawing the full model's pictures")
        full = full_pictures(self._request.full, self._inputs, self._look)
        for number, item in enumerate(self._items):
            self._share = 0.05 + 0.9 * number / len(self._items)
            self._tell(self._share, f"writing {item.id}")
            self._networks.append(self._checked(item, self._written(item), full))
        self._decide()
        self._tell(0.96, "writing what stands beside the networks")
        return self._finished()

    def _tell(self, share: float, text: str) -> None:
        self._share, self._text = share, text
        self._progress(share, text)

    def _look(self) -> None:
        """Between two steps of long work: whoever listens may raise to stop."""
        self._progress(self._share, self._text)

    def _reference(self, subject: Subject) -> Drawn:
        """What PyTorch makes of a subject; the first few seeds go into the bundle."""
        if self._drawn is not None and self._drawn[0] == subject.id:
            return self._drawn[1]
        self._drawn = None
        every = drawn(subject, self._seeds, self._look, self._inputs)
        few = slice(0, REFERENCE_SEEDS)
        kept = replace(
            every, seeds=every.seeds[few], feeds=every.feeds[few], outputs=every.outputs[few]
        )
        self._references[subject.id] = write_reference(kept, subject, self._folder)
        self._drawn = subject.id, every
        return every

    def _written(self, item: Planned) -> said.Network:
        """Write a file and say what it is."""
        self._reference(item.subject)
        place = self._folder / MODELS
        written = item.format.write(
            item.subject, item.precision, place, item.id, lambda share, text: self._look()
        )
        return network_record(item, written, MODELS, item.subject.id)

    def _checked(self, item: Planned, network: said.Network, full: list[Pixels]) -> said.Network:
        """Run a file on every seed and say how near it comes.

        Raises:
            ExportRefused: it is not what it should be.
        """
        every = self._reference(item.subject)
        if not item.plan.runs_here:
            why = item.format.missing() or f"nothing on this host runs {item.format.title}"
            return network.model_copy(update={"not_run": f"made here, not run here: {why}"})
        self._tell(self._share, f"running {item.id}")
        files = [record_of(self._folder, path) for path in (network.main, *network.parts)]
        try:
            answer = self._checker.run(
                str(self._folder), network, files, every.feeds,
                time=self._request.measure, between=self._look,
            )  # fmt: skip
            found = parity(network.outputs, answer.outputs, every.outputs, item.id)
        except RefusedFile as error:
            raise ExportRefused(str(error), (*self._networks, network)) from error
        network = network.model_copy(update={"parity": found})
        if words := beyond(found, tolerance_of(item.precision)):
            raise ExportRefused(f"{item.id} {words}", (*self._networks, network))
        host = said.Verified(
            host=host_name(),
            system=f"{platform.system()} {platform.release()} {platform.machine()}",
            runtime=answer.runtime,
            version=answer.version,
            device=answer.device,
        )
        timed = []
        if answer.latency is not None:
            median, low, high, runs = answer.latency
            timed = [
                said.Measured(
                    target=f"{item.format.target}:{item.precision}",
                    host=host.host,
                    version=host.version,
                    threads=0,
                    latency_ms=said.Latency(median=median, p10=low, p90=high, runs=runs),
                )
            ]
        network = network.model_copy(
            update={
                "tolerance": tolerance_of(item.precision, found),
                "quality": self._quality(item, answer.outputs, full),
                "verified_on": (host,),
                "measurements": tuple(timed),
            }
        )
        if item.precision == "int8":
            share = Share(item.subject.parts.body, answer.int8_layers, "f32")
            network = network.model_copy(update={"int8": share.value, "left": share.left})
        self._gate(item, network)
        return network

    def _quality(
        self, item: Planned, outputs: tuple[dict[str, Floats], ...], full: list[Pixels]
    ) -> said.Quality | None:
        self._tell(self._share, f"comparing {item.id} with full")
        if not item.subject.parts.pictures:
            return None
        name, (least, most) = item.subject.parts.pictures[0]
        made = [pixels(each[name], least, most) for each in outputs]
        return quality(self._seeds, full, made, self._look)

    def _gate(self, item: Planned, network: said.Network) -> None:
        if self._request.force or network.quality is None:
            return
        if not (words := missed(network.quality, self._request.limits)):
            return
        if self._ask is not None:
            self._beyond.append((network, tuple(words)))
            return
        raise ExportRefused(
            f"{item.id} is beyond the limit: {', '.join(words)} over {len(self._seeds)} seeds; "
            "--force exports it all the same",
            (*self._networks, network),
        )

    def _decide(self) -> None:
        """Ask whether what is beyond the limits is shipped.

        Raises:
            ExportRefused: it is not.
        """
        if self._beyond and self._ask is not None and not self._ask(tuple(self._beyond)):
            said_of = (f"{each.id} ({', '.join(words)})" for each, words in self._beyond)
            raise ExportRefused(
                f"beyond the limit over {len(self._seeds)} seeds: {'; '.join(said_of)}",
                self._networks,
            )

    def _finished(self) -> said.Manifest:
        """Everything beside the networks, and the manifest over it all."""
        from studio.bundles.card import write_card

        program = Path(__file__).parent / "template" / PROGRAM
        (self._folder / PROGRAM).write_bytes(program.read_bytes())
        for item in self._items:
            name = requirements_name(item.format)
            if name:
                (self._folder / name).write_text(pins(item.format.requirements), "utf-8")
        made = said.Manifest(
            model=model_record(self._request.full.info),
            recipe=_recipe(self._request),
            tools=versions(),
            networks=tuple(self._networks),
            references=tuple(self._references.values()),
            files=self._records(),
        )
        write_card(made, self._folder)
        made = made.model_copy(update={"files": self._records()})
        (self._folder / said.NAME).write_bytes(made.to_bytes())
        # Read back: what does not pass here would pass nowhere.
        from studio.bundles.folder import read_manifest

        return read_manifest(self._folder)

    def _records(self) -> tuple[said.FileRecord, ...]:
        paths = sorted(
            file.relative_to(self._folder).as_posix()
            for file in self._folder.rglob("*")
            if file.is_file()
        )
        return tuple(record_of(self._folder, path) for path in paths if path != said.NAME)


def _recipe(request: Request) -> said.RecipeRecord | None:
    if request.recipe is None:
        return None
    from studio.recipes.recipe import to_json

    return said.RecipeRecord(name=request.recipe.name, canonical=to_json(request.recipe))
