"""Pairs for training: read once, kept as bytes on disk, given out in random parts."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from studio.errors import BadChoice, MaquetteError, cause_of
from studio.families.translation.config import TranslationConfig
from studio.families.translation.reading import edges
from studio.places import cache_dir
from studio.processes.aside import written_aside
from studio.training.gan_compression.files import (
    Listed,
    Row,
    Unusable,
    alike,
    fitted,
    halves,
    listed,
    numbers_of,
    pixels_of,
)
from studio.training.gan_compression.options import DataOptions
from studio.training.gan_compression.report import Skipped
from studio.training.picture_files import check_room

MODES = {1: "L", 3: "RGB", 4: "RGBA"}
Progress = Callable[[float, str], None]
Records = npt.NDArray[Any]  # structured: "input", "wanted" and "instances", whichever there are


@dataclass(frozen=True)
class Batch:
    """Inputs (n, inputs, h, w) as the network takes them, and pictures (n, outputs, h, w) in
    [-1, 1]: the wanted ones of the inputs, or with unpaired data any, or None."""

    inputs: Tensor
    pictures: Tensor | None


@dataclass(frozen=True)
class Drawn:
    """What a batch is made of: which pairs, where they are cropped, which are mirrored."""

    rows: Tensor
    others: Tensor
    tops: Tensor
    lefts: Tensor
    flips: Tensor

    def part(self, index: int, count: int) -> Drawn:
        """Part ``index`` of ``count`` equal ones."""
        n = len(self.rows) // count
        at = slice(index * n, (index + 1) * n)
        return Drawn(self.rows[at], self.others[at], self.tops[at], self.lefts[at], self.flips[at])


@dataclass(frozen=True)
class Pairs:
    """Everything that was read; see the module.

    Args:
        records: inputs, with their wanted pictures where ``paired``. others: unpaired pictures.
        config: of the network. size: (height, width) of what is given out.
        skipped: what is not used.
    """

    records: Records
    others: Records | None
    paired: bool
    config: TranslationConfig
    size: tuple[int, int]
    skipped: tuple[Skipped, ...] = ()

    def __len__(self) -> int:
        return len(self.records)

    def held(self, wanted: int) -> tuple[int, ...]:
        """Rows that are kept from training, spread evenly: a fifth at most."""
        count = min(wanted, len(self) // 5)
        return tuple(int(i) for i in np.linspace(0, len(self) - 1, count).round()) if count else ()

    def draw(self, count: int, held: Sequence[int], flip: bool, random: torch.Generator) -> Drawn:
        """What to take next, from the rows that are not held, with repetition."""
        free = torch.tensor(sorted(set(range(len(self))) - set(held)) or [0])
        room = [full - part for full, part in zip(self._stored, self.size, strict=True)]

        def upto(most: int) -> Tensor:
            return torch.randint(most, (count,), generator=random)

        rows = free[upto(len(free))]
        others = rows if self.others is None else upto(len(self.others))
        tops, lefts, flips = upto(room[0] + 1), upto(room[1] + 1), upto(2)
        return Drawn(rows, others, tops, lefts, flips if flip else torch.zeros_like(flips))

    def batch(self, drawn: Drawn) -> Batch:
        """The pairs of ``drawn``."""
        inputs, pictures = [], []
        places = zip(*(t.tolist() for t in (drawn.rows, drawn.others)), strict=True)
        parts = zip(*(t.tolist() for t in (drawn.tops, drawn.lefts, drawn.flips)), strict=True)
        for (row, other), (top, left, flip) in zip(places, parts, strict=True):
            h, w = self.size
            area = (slice(top, top + h), slice(left, left + w))
            turn = -1 if flip else 1
            inputs.append(self._input(self.records[row], area, turn))
            source = self.records[row] if self.others is None else self.others[other]
            if "wanted" in (source.dtype.names or ()):
                pictures.append(_signed(source["wanted"][area][:, ::turn]))
        return Batch(torch.stack(inputs), torch.stack(pictures) if pictures else None)

    def middles(self, rows: Sequence[int]) -> Batch:
        """The middles of these rows, as they are."""
        index = torch.tensor(list(rows), dtype=torch.long)
        top, left = (
            torch.full((len(rows),), (full - part) // 2)
            for full, part in zip(self._stored, self.size, strict=True)
        )
        return self.batch(Drawn(index, index % self._others, top, left, torch.zeros(len(rows))))

    @property
    def _others(self) -> int:
        return len(self) if self.others is None else len(self.others)

    @property
    def _stored(self) -> tuple[int, int]:
        height, width = self.records["input"].shape[1:3]
        return int(height), int(width)

    def _input(self, record: Any, area: tuple[slice, slice], turn: int) -> Tensor:
        values = record["input"][area][:, ::turn]
        if not self.config.takes_labels:
            return _signed(values)
        labels = np.ascontiguousarray(values.astype(np.int64))
        hot = torch.zeros(self.config.sizes.inputs, *labels.shape)
        hot.scatter_(0, torch.from_numpy(labels)[None], 1.0)
        if self.config.settings.last_channel == "edges":
            objects = labels
            if "instances" in (record.dtype.names or ()):
                objects = record["instances"][area][:, ::turn]
            hot[-1] = torch.from_numpy(edges(objects))
        return hot


def _signed(values: npt.NDArray[np.uint8]) -> Tensor:
    pixels = torch.from_numpy(values.astype(np.float32)).permute(2, 0, 1)
    return (pixels / 127.5 - 1.0).contiguous()


def read_pairs(
    options: DataOptions,
    config: TranslationConfig,
    crop: float,
    progress: Progress,
) -> Pairs:
    """Every pair of the folders that can be used, from the cache where it was read before.

    Args:
        config: of the network that takes the inputs; its size of training is that of the pictures.
        crop: how much larger they are kept, at least 1.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.

    Raises:
        MaquetteError: a folder cannot be read, nothing in it can be used, or the disk is full.
        BadChoice: the network takes or makes what no picture file has.
    """
    sizes, height, width = config.sizes, config.settings.height, config.settings.width
    if not config.takes_labels and sizes.inputs not in MODES:
        raise BadChoice(f"no picture file has {sizes.inputs} channels; accepted are 1, 3 or 4")
    if sizes.outputs not in MODES:
        raise BadChoice(f"no picture file has {sizes.outputs} channels; accepted are 1, 3 or 4")
    stored = (round(height * crop), round(width * crop))
    found = listed(options, width / height, config.takes_labels)
    reader = _Reader(found, options, config, stored)
    records, skipped = reader.records(found.rows, progress)
    others, more = reader.others(found.others, progress) if found.others else (None, ())
    paired = found.pairing in ("joined", "folders")
    every = (*found.skipped, *skipped, *more)
    return Pairs(records, others, paired, config, (height, width), every)


class _Reader:
    def __init__(
        self,
        found: Listed,
        options: DataOptions,
        config: TranslationConfig,
        stored: tuple[int, int],
    ) -> None:
        self.found, self.options, self.config, self.stored = found, options, config, stored

    def records(
        self, rows: Sequence[Row], progress: Progress
    ) -> tuple[Records, tuple[Skipped, ...]]:
        """Inputs, with what belongs to them."""
        sizes = self.config.sizes
        fields: list[tuple[Any, ...]] = [
            ("input", np.uint8 if self.config.labels <= 256 else np.uint16, self.stored)
            if self.config.takes_labels
            else ("input", np.uint8, (*self.stored, sizes.inputs))
        ]
        if self.found.pairing in ("joined", "folders"):
            fields.append(("wanted", np.uint8, (*self.stored, sizes.outputs)))
        if self.options.instances is not None and self.config.takes_labels:
            fields.append(("instances", np.int32, self.stored))
        return self._kept(rows, np.dtype(fields), self._read, progress)

    def others(
        self, rows: Sequence[Row], progress: Progress
    ) -> tuple[Records, tuple[Skipped, ...]]:
        """Pictures that belong to no input."""
        kind = np.dtype([("wanted", np.uint8, (*self.stored, self.config.sizes.outputs))])

        def read(row: Row, record: Records) -> None:
            record["wanted"] = self._picture(pixels_of(row.source, self._out))

        return self._kept(rows, kind, read, progress)

    @property
    def _out(self) -> str:
        return MODES[self.config.sizes.outputs]

    def _read(self, row: Row, record: Records) -> None:
        if self.config.takes_labels:
            self._read_labels(row, record)
            return
        mode = MODES[self.config.sizes.inputs]
        if row.joined:
            first, second = halves(pixels_of(row.source, "RGBA"))
            if self.options.backwards:
                first, second = second, first
            record["input"] = self._picture(first.convert(mode))
            record["wanted"] = self._picture(second.convert(self._out))
            return
        source = pixels_of(row.source, mode)
        record["input"] = self._picture(source)
        if row.wanted is not None:
            wanted = pixels_of(row.wanted, self._out)
            alike(source, wanted)
            record["wanted"] = self._picture(wanted)

    def _read_labels(self, row: Row, record: Records) -> None:
        source = numbers_of(row.source)
        labels = np.asarray(fitted(source, self.stored, exact=True))
        odd = labels[(labels < 0) | (labels >= self.config.labels)]
        if odd.size:
            raise Unusable(
                f"it has the label {odd.flat[0]}, and the model has 0 to {self.config.labels - 1}"
            )
        record["input"] = labels
        if row.wanted is not None:
            wanted = pixels_of(row.wanted, self._out)
            alike(source, wanted)
            record["wanted"] = self._picture(wanted)
        if row.instances is not None:
            objects = numbers_of(row.instances)
            alike(source, objects)
            record["instances"] = np.asarray(fitted(objects, self.stored, exact=True))

    def _picture(self, picture: Any) -> npt.NDArray[np.uint8]:
        pixels = np.asarray(fitted(picture, self.stored), np.uint8)
        return pixels.reshape(*self.stored, -1)

    def _kept(
        self,
        rows: Sequence[Row],
        kind: np.dtype[Any],
        read: Callable[[Row, Records], None],
        progress: Progress,
    ) -> tuple[Records, tuple[Skipped, ...]]:
        """Records on disk, memory-mapped; written where they are not there yet."""
        home = cache_dir() / "pairs"
        stem = self._digest(rows, kind)
        store, notes = home / f"{stem}.bytes", home / f"{stem}.json"
        try:
            home.mkdir(parents=True, exist_ok=True)
            if not (store.is_file() and notes.is_file()):
                check_room(home, len(rows) * kind.itemsize)
                _write(rows, kind, read, store, notes, progress)
            skipped = tuple(Skipped(**each) for each in json.loads(notes.read_text("utf-8")))
            return np.memmap(store, kind, mode="r"), skipped
        except OSError as error:
            raise MaquetteError(f"cannot keep pictures in {home}: {cause_of(error)}") from error

    def _digest(self, rows: Sequence[Row], kind: np.dtype[Any]) -> str:
        """A name for these very files (path, time and length), read this way."""
        way = f"{kind}\n{self.options.backwards}\n{self.config.labels}"
        digest = hashlib.sha256(way.encode())
        for row in rows:
            for file in (row.source, row.wanted, row.instances):
                if file is not None:
                    state = file.stat()
                    line = f"\n{file.resolve()}\0{state.st_mtime_ns}\0{state.st_size}\0{row.joined}"
                    digest.update(line.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()[:24]


def _write(
    rows: Sequence[Row],
    kind: np.dtype[Any],
    read: Callable[[Row, Records], None],
    store: Path,
    notes: Path,
    progress: Progress,
) -> None:
    skipped: list[Skipped] = []
    with written_aside(store, secrets.token_hex(8)) as aside:
        with aside.open("wb") as out:
            for number, row in enumerate(rows):
                progress(number / len(rows), f"reading picture {number + 1} of {len(rows)}")
                record = np.zeros((), kind)
                try:
                    read(row, record)
                except Unusable as why:
                    skipped.append(Skipped(row.name, str(why)))
                else:
                    out.write(record.tobytes())
        if len(skipped) == len(rows):
            raise MaquetteError(
                f"none of the {len(rows)} pictures can be used; of {skipped[0].name}: "
                f"{skipped[0].why}"
            )
        with written_aside(notes, secrets.token_hex(8)) as names:
            names.write_text(json.dumps([asdict(each) for each in skipped]), "utf-8")
