"""The work of exporting a pipeline: its networks, its words and its samplers, compared network by
network and as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from studio.bundles import manifest as said
from studio.bundles.comparing import PICTURE, beyond, parity, tolerance_of
from studio.bundles.describing import requirements_name
from studio.bundles.making import Making, int8_share, not_run, timed_here, verified_here
from studio.bundles.pipelines.describing import pipeline_record, write_beside
from studio.bundles.pipelines.planning import PlannedPipeline, pipelines_planned
from studio.bundles.pipelines.reference import (
    PLACE,
    Pictures,
    draw,
    drawing_of,
    fed,
    write_pictures,
)
from studio.bundles.pipelines.samplers import samplers_of
from studio.bundles.quality import Pixels, quality
from studio.bundles.reference import Drawn, write_reference
from studio.bundles.report import ExportRefused
from studio.bundles.request import FULL, REFERENCE_SEEDS, Planned
from studio.bundles.verifying import DRAWN
from studio.errors import RefusedFile
from studio.families.diffusion.sampling import as_pixels, seeded_latents

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel


class PipelineMaking(Making):
    """Writes every network of a pipeline in every format, and compares what they draw together."""

    _always = ("numpy",)
    _also = ("tokenizers",)

    def run(self) -> said.Manifest:
        model = cast("DiffusionModel", self._request.model)
        full = cast("DiffusionModel", self._request.full)
        choice, wholes = self._request.choices[0], pipelines_planned(self._request)
        drawing = drawing_of(model, samplers_of(model)[1])
        self._tell(0.0, "drawing the full model's pictures")
        pictures = draw(full, FULL, drawing, self._seeds, self._look)
        shown = [as_pixels(each[0]) for each in pictures.pictures]
        few = self._seeds[:REFERENCE_SEEDS]
        if model is full and choice == FULL:
            kept = Pictures(few, pictures.latents[: len(few)], pictures.pictures[: len(few)])
        else:
            self._tell(0.1, "drawing the pictures of what is exported")
            kept = draw(model, choice, drawing, few, self._look)
        del pictures
        self._tell(0.15, "writing what stands beside the networks")
        tokenizers = write_beside(model, self._folder)
        self._references[PLACE] = write_pictures(kept, self._folder, PLACE)
        made = {item.id: self._unchecked(item) for item in self._items}
        # Ports and sizes are those of files; what is fed does not depend on the format.
        record = self._recorded(model, wholes[0], made, tokenizers, drawing)
        first = [each.subject for each in wholes[0].parts]
        self._tell(0.4, "finding out what the networks are fed")
        every = fed(record, first, self._folder, few[0], kept.latents[0], self._look)
        for name, drawn in every.items():
            subject = next(each for each in first if each.id == name)
            self._references[name] = write_reference(drawn, subject, self._folder)
        checked = {}
        for number, item in enumerate(self._items):
            self._tell(0.45 + 0.3 * number / len(self._items), f"running {item.id}")
            checked[item.id] = self._compared(item, made[item.id], every[item.subject.id])
            self._networks.append(checked[item.id])
        for number, whole in enumerate(wholes):
            self._tell(0.75 + 0.2 * number / len(wholes), f"drawing with {whole.id}")
            record = self._recorded(model, whole, checked, tokenizers, drawing)
            self._pipelines.append(self._drawn_by(whole, record, kept, shown))
        self._decide()
        self._tell(0.96, "writing what stands beside the networks")
        return self._finished()

    def _unchecked(self, item: Planned) -> said.Network:
        number = self._items.index(item)
        self._tell(0.15 + 0.25 * number / len(self._items), f"writing {item.id}")
        return self._file(item)

    def _recorded(
        self,
        model: DiffusionModel,
        whole: PlannedPipeline,
        networks: dict[str, said.Network],
        tokenizers: dict[str, said.Tokenizer],
        drawing: said.Drawing,
    ) -> said.Pipeline:
        record = pipeline_record(
            model,
            whole.id,
            f"{whole.title}, {whole.format.title} {whole.precision}",
            {part.subject.id: networks[part.id] for part in whole.parts},
            tokenizers,
            drawing,
            form=whole.format.name,
            precision=whole.precision,
            reference=PLACE,
        )
        requirements = requirements_name(whole.format) or None
        notes = (*whole.plan.notes, *_notes(model, record))
        return record.model_copy(update={"requirements": requirements, "notes": notes})

    def _compared(self, item: Planned, network: said.Network, every: Drawn) -> said.Network:
        """Run a file on what it is fed in a drawing.

        Raises:
            ExportRefused: it is not what it should be.
        """
        if not item.plan.runs_here:
            return network.model_copy(update={"not_run": not_run(item.format)})
        files = [self._record(path) for path in (network.main, *network.parts)]
        try:
            answer = self._checker.run(
                str(self._folder), network, files, every.feeds, between=self._look
            )
            found = parity(network.outputs, answer.outputs, every.outputs, item.id)
        except RefusedFile as error:
            raise ExportRefused(str(error), (*self._networks, network)) from error
        network = network.model_copy(update={"parity": found})
        if words := beyond(found, tolerance_of(item.precision)):
            raise ExportRefused(f"{item.id} {words}", (*self._networks, network))
        more: dict[str, Any] = {
            "tolerance": tolerance_of(item.precision, found),
            "verified_on": (verified_here(answer),),
        }
        if item.precision == "int8":
            more |= int8_share(item, answer)
        return network.model_copy(update=more)

    def _drawn_by(
        self,
        whole: PlannedPipeline,
        record: said.Pipeline,
        kept: Pictures,
        full: list[Pixels],
    ) -> said.Pipeline:
        """Draw with the files of a pipeline alone.

        Raises:
            ExportRefused: what they draw is not what PyTorch draws.
        """
        if not whole.plan.runs_here:
            return record.model_copy(update={"not_run": not_run(whole.format)})
        shape = kept.latents[0].shape
        latents = [seeded_latents(seed, shape).numpy() for seed in self._seeds]
        draft = self._draft(record)
        try:
            answer = self._checker.draw(
                str(self._folder), draft, record, self._seeds, latents,
                time=self._request.measure, between=self._look,
            )  # fmt: skip
            few = answer.outputs[: len(kept.seeds)]
            expected = [{"picture": each} for each in kept.pictures]
            found = parity((DRAWN,), few, expected, whole.id)
        except RefusedFile as error:
            raise ExportRefused(str(error), (*self._networks, record)) from error
        record = record.model_copy(update={"parity": found})
        limits = tolerance_of(whole.precision, absolute=PICTURE)
        if words := beyond(found, limits):
            raise ExportRefused(f"{whole.id} {words}", (*self._networks, record))
        pictures = [as_pixels(each["picture"][0]) for each in answer.outputs]
        denoiser = next(p for p in whole.parts if p.subject.id == whole.denoiser)
        more: dict[str, Any] = {
            "tolerance": tolerance_of(whole.precision, found, absolute=PICTURE),
            "quality": quality(self._seeds, full, pictures, self._look),
            "verified_on": (verified_here(answer),),
            "measurements": timed_here(answer, f"{whole.format.target}:{whole.precision}"),
        }
        if whole.precision == "int8":
            more |= int8_share(denoiser, answer)
        record = record.model_copy(update=more)
        self._gate(record)
        return record

    def _draft(self, record: said.Pipeline) -> said.Manifest:
        """As much of the manifest as drawing needs; what is not there yet is not looked at."""
        return said.Manifest.model_construct(
            networks=tuple(self._networks), pipelines=(record,), files=self._records()
        )


def _notes(model: DiffusionModel, record: said.Pipeline) -> tuple[str, ...]:
    """What there is to know of drawing with it."""
    made = []
    own = model.info.config.scheduler
    if record.scheduler != own:
        made.append(
            f"run.py draws with {record.scheduler}; the pipeline's own scheduler ({own}) is not "
            "among its samplers"
        )
    if record.fixed:
        made.append(f"draws at {record.width} x {record.height} px only")
    if "vae_encoder" in record.components:
        made.append("vae_encoder is for programs that draw from pictures; run.py draws from words")
    return tuple(made)
