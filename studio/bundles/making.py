"""The work of an export within a folder that nobody sees yet."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.bundles import manifest as said
from studio.bundles.checking import Checker
from studio.bundles.comparing import beyond, parity, tolerance_of
from studio.bundles.describing import model_record, network_record, requirements_name
from studio.bundles.folder import Floats, record_of
from studio.bundles.formats.contract import Format, Subject
from studio.bundles.quality import Pixels, full_pictures, missed, quality, seeds_from
from studio.bundles.reference import Drawn, drawn, pixels, write_reference
from studio.bundles.report import ExportRefused
from studio.bundles.request import REFERENCE_SEEDS, Planned, Request
from studio.bundles.requirements import ALWAYS, pins, versions
from studio.bundles.wire import Answer
from studio.errors import RefusedFile
from studio.runtimes.host import host_name
from studio.runtimes.quantization import Share

PROGRAM, RUNNER = "run.py", "runner"
TEMPLATE = Path(__file__).parent / "template"
Progress = Callable[[float, str], None]
Beyond = tuple[tuple[said.Runnable, tuple[str, ...]], ...]
"""What is beyond a limit, each with the limits that it does not keep, in words."""


class Making:
    """Writes the networks of a request one after the other, runs each and compares it."""

    _always: tuple[str, ...] = ALWAYS
    _also: tuple[str, ...] = ()
    """Packages that every runtime's requirements name before and behind it."""

    def __init__(
        self,
        request: Request,
        items: tuple[Planned, ...],
        folder: Path,
        checker: Checker,
        progress: Progress,
        ask: Callable[[Beyond], bool] | None,
    ) -> None:
        self._ask, self._beyond = ask, list[tuple[said.Runnable, tuple[str, ...]]]()
        self._request, self._items = request, items
        self._folder, self._checker, self._progress = folder, checker, progress
        self._seeds = seeds_from(request.full.info.seed, request.seeds)
        self._inputs = request.pictures or request.full.own_inputs(request.seeds)
        self._references: dict[str, said.Reference] = {}
        self._drawn: tuple[str, Drawn] | None = None  # of one subject at a time: pictures are large
        self._networks: list[said.Network] = []
        self._pipelines: list[said.Pipeline] = []
        self._share, self._text = 0.0, ""
        self._hashed: dict[str, said.FileRecord] = {}

    def run(self) -> said.Manifest:
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
        return self._file(item)

    def _file(self, item: Planned) -> said.Network:
        place = self._folder / item.place
        place.mkdir(exist_ok=True)
        written = item.format.write(
            item.subject, item.precision, place, item.stem, lambda share, text: self._look()
        )
        return network_record(item, written, item.subject.id)

    def _checked(self, item: Planned, network: said.Network, full: list[Pixels]) -> said.Network:
        """Run a file on every seed and say how near it comes.

        Raises:
            ExportRefused: it is not what it should be.
        """
        every = self._reference(item.subject)
        if not item.plan.runs_here:
            return network.model_copy(update={"not_run": not_run(item.format)})
        self._tell(self._share, f"running {item.id}")
        files = [self._record(path) for path in (network.main, *network.parts)]
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
        network = network.model_copy(
            update={
                "tolerance": tolerance_of(item.precision, found),
                "quality": self._quality(item, answer.outputs, full),
                "verified_on": (verified_here(answer),),
                "measurements": timed_here(answer, f"{item.format.target}:{item.precision}"),
            }
        )
        if item.precision == "int8":
            network = network.model_copy(update=int8_share(item, answer))
        self._gate(network)
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

    def _gate(self, made: said.Runnable) -> None:
        if self._request.force or made.quality is None:
            return
        if not (words := missed(made.quality, self._request.limits)):
            return
        if self._ask is not None:
            self._beyond.append((made, tuple(words)))
            return
        raise ExportRefused(
            f"{made.id} is beyond the limit: {', '.join(words)} over {len(self._seeds)} seeds; "
            "--force exports it all the same",
            (*self._networks, *self._pipelines, made),
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
                (*self._networks, *self._pipelines),
            )

    def _finished(self) -> said.Manifest:
        """Everything beside the networks, and the manifest over it all."""
        from studio.bundles.card import write_card

        self._write_program()
        for item in self._items:
            name = requirements_name(item.format)
            if name:
                needed = (*item.format.requirements, *self._also)
                (self._folder / name).write_text(pins(needed, self._always), "utf-8")
        made = said.Manifest(
            model=model_record(self._request.full.info),
            recipe=_recipe(self._request),
            tools=versions(),
            networks=tuple(self._networks),
            pipelines=tuple(self._pipelines),
            references=tuple(self._references.values()),
            files=self._records(),
        )
        write_card(made, self._folder)
        made = made.model_copy(update={"files": self._records()})
        (self._folder / said.NAME).write_bytes(made.to_bytes())
        # Read back: what does not pass here would pass nowhere.
        from studio.bundles.folder import read_manifest

        return read_manifest(self._folder)

    def _write_program(self) -> None:
        shutil.copyfile(TEMPLATE / PROGRAM, self._folder / PROGRAM)
        (self._folder / RUNNER).mkdir()
        for file in sorted((TEMPLATE / RUNNER).glob("*.py")):
            shutil.copyfile(file, self._folder / RUNNER / file.name)

    def _records(self) -> tuple[said.FileRecord, ...]:
        paths = sorted(
            file.relative_to(self._folder).as_posix()
            for file in self._folder.rglob("*")
            if file.is_file()
        )
        return tuple(self._record(path) for path in paths if path != said.NAME)

    def _record(self, path: str) -> said.FileRecord:
        """The record of a file, which is not written again; some have gigabytes to be read."""
        if path not in self._hashed:
            self._hashed[path] = record_of(self._folder, path)
        return self._hashed[path]


def int8_share(item: Planned, answer: Answer) -> dict[str, Any]:
    """How much of a quantised network runs in int8."""
    share = Share(item.subject.parts.body, answer.int8_layers, "f32")
    return {"int8": share.value, "left": share.left}


def not_run(form: Format) -> str:
    """Why files of a format are not run here, a sentence."""
    why = form.missing() or f"nothing on this host runs {form.title}"
    return f"made here, not run here: {why}"


def verified_here(answer: Answer) -> said.Verified:
    """Where a file just ran."""
    return said.Verified(
        host=host_name(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        runtime=answer.runtime,
        version=answer.version,
        device=answer.device,
    )


def timed_here(answer: Answer, target: str) -> tuple[said.Measured, ...]:
    """How long it took, where that was asked for."""
    if answer.latency is None:
        return ()
    median, low, high, runs = answer.latency
    return (
        said.Measured(
            target=target,
            host=host_name(),
            version=answer.version,
            threads=0,
            latency_ms=said.Latency(median=median, p10=low, p90=high, runs=runs),
            steps=answer.steps or None,
            step_ms=answer.step_ms or None,
        ),
    )


def _recipe(request: Request) -> said.RecipeRecord | None:
    if request.recipe is None:
        return None
    from studio.recipes.recipe import to_json

    return said.RecipeRecord(name=request.recipe.name, canonical=to_json(request.recipe))
