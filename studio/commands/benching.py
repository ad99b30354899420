"""``maquette bench``: subnets timed on the targets of this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from studio.commands.common import (
    AnswerOption,
    JsonOption,
    ModelArgument,
    ResolutionOption,
    RuleOption,
    open_answered,
    print_json,
    print_table,
    sentence_on_failure,
    status,
)
from studio.commands.varying import RecipesOption, SweepsOption, all_found, varied
from studio.errors import BadChoice, MaquetteError, RuntimeFailed
from studio.subnets.choice import SubnetChoice, WidthRule

if TYPE_CHECKING:
    from studio.families.generative import AnyModel
    from studio.families.portable import PortableNetwork
    from studio.recipes.scan import Scan
    from studio.runtimes.contract import Arrays
    from studio.runtimes.target import Target
    from studio.runtimes.timing_record import TimingRecord

SPAN = 2.0  # pictures go from -1 to 1
OFFERED = ("f32", "bf16", "int8")  # of every runtime, where nothing was asked for


# a name, a model, what of it is run, and a scan where one was made
Subject = tuple[str, "AnyModel", SubnetChoice, "Scan | None"]


@dataclass(frozen=True)
class Case:
    """One row: a subnet of a model, its network, a target, CPU threads as rendering would use them,
    and what a scan has found of its layers."""

    name: str
    model: AnyModel
    choice: SubnetChoice
    network: PortableNetwork
    target: Target
    threads: int
    scan: Scan | None = None


@sentence_on_failure
def bench(
    model: ModelArgument,
    width: Annotated[
        list[float] | None,
        typer.Option(
            "--width",
            metavar="R",
            help="Uniform ratio (repeatable).",
            show_default="1, beside recipes none",
        ),
    ] = None,
    width_rule: RuleOption = "literal",
    resolution: ResolutionOption = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            metavar="T",
            help="runtime[:device[:precision]] (repeatable).",
            show_default="the CPU in every runtime, f32 and bf16",
        ),
    ] = None,
    batch: Annotated[
        list[int] | None,
        typer.Option(
            "--batch",
            metavar="N",
            min=1,
            help="Pictures at once (repeatable).",
            show_default="1, 4, 16",
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option("--threads", min=1, help="CPU threads.", show_default="as for rendering"),
    ] = None,
    layers: Annotated[
        bool, typer.Option("--layers", help="Tell time, MACs, bytes, precision by layer.")
    ] = False,
    answer: AnswerOption = None,
    recipe: RecipesOption = None,
    sweep: SweepsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Time subnets and variants on targets of this machine: latency, throughput, memory."""
    from studio.recipes.scan_store import kept_scan
    from studio.runtimes.target import Target

    # Refuse what cannot be meant before a model is opened.
    asked = [Target.parse(text) for text in target or ()]
    recipes = all_found(recipe, sweep)
    opened = open_answered(model, answer)
    subjects = _subnets(opened, width or ([] if recipes else [1.0]), width_rule, resolution)
    for each in recipes:
        made = varied(opened, each)
        subjects.append((each.name, made.model, made.choice, kept_scan(opened.info.key, each)))
    cases = _cases(subjects, asked, threads)
    records: list[TimingRecord] = []
    references: dict[str, Arrays] = {}
    with status("measuring") as progress:
        for number, case in enumerate(cases):

            def report(fraction: float, text: str, number: int = number, case: Case = case) -> None:
                progress((number + fraction) / len(cases), f"{case.name}, {text}")

            records.append(_measured(case, tuple(batch or ()), references, report))
    if all(record.refusals for record in records):
        raise MaquetteError("; ".join(dict.fromkeys(r for each in records for r in each.refusals)))
    if as_json:
        print_json([_as_record(c, r, layers) for c, r in zip(cases, records, strict=True)])
        return
    _show(opened.info.name, cases, records, layers)


def _subnets(
    model: AnyModel, widths: Sequence[float], rule: WidthRule, resolution: int | None
) -> list[Subject]:
    from studio.subnets.describe import variant_name

    choices = [SubnetChoice(width=w, rule=rule, resolution=resolution) for w in widths]
    return [(variant_name(choice), model, choice, None) for choice in dict.fromkeys(choices)]


def _cases(subjects: Sequence[Subject], asked: Sequence[Target], threads: int | None) -> list[Case]:
    """Every subject on every target, each once, those of one subject together.

    Raises:
        BadChoice: a width or a target does not fit this model or this host.
    """
    from studio.reporting.host import cores
    from studio.runtimes.all import runtime
    from studio.subnets.threads import threads_for

    cases = []
    for name, model, choice, scan in subjects:
        network = model.portable(choice)
        used = threads or threads_for(model.info.config, choice, cores())
        targets = asked or _offered(network)
        # The plan tells each target's full name, and refuses devices that are not here.
        plans = [runtime(t.runtime).plan(network, t) for t in targets]
        cases += [
            Case(name, model, choice, network, each, used, scan)
            for each in dict.fromkeys(plan.target for plan in plans)
        ]
    return cases


def _offered(network: PortableNetwork) -> list[Target]:
    """The usual device of every runtime that is installed, in the precisions that it offers."""
    from studio.runtimes.all import runtimes
    from studio.runtimes.target import DEFAULT_DEVICES, Target

    found = []
    for each in runtimes():
        if each.version() is None:
            continue
        for precision in OFFERED:
            target = Target(each.name, DEFAULT_DEVICES[each.name], precision)
            try:
                refusals = each.plan(network, target).refusals
            except (BadChoice, RuntimeFailed):  # installed, and of no use on this host
                continue
            if precision == "f32" or not refusals:
                found.append(target)
    return found


def _measured(
    case: Case,
    batches: tuple[int, ...],
    references: dict[str, Arrays],
    report: Callable[[float, str], None],
) -> TimingRecord:
    from studio.runtimes.all import runtime
    from studio.runtimes.benchmark import BATCHES, benchmark

    sizes = tuple(dict.fromkeys(batches)) or BATCHES

    def inputs(count: int) -> Arrays:
        return _inputs(case.model, case.network, count)

    if case.network.key not in references:  # one does for all targets
        references[case.network.key] = _reference(case.network, inputs(sizes[0]))
    return benchmark(
        runtime(case.target.runtime),
        case.network,
        case.target,
        inputs,
        batches=sizes,
        threads=case.threads,
        reference=references[case.network.key],
        span=SPAN,
        progress=report,
    )


def _inputs(model: AnyModel, network: PortableNetwork, count: int) -> Arrays:
    """The model's own inputs, ``count`` at once; what is the same for all is there once."""
    import numpy as np

    names = [port.name for port in network.inputs]
    each = [model.fed(names, inputs) for inputs in model.own_inputs(count)]
    return {
        port.name: np.concatenate([feed[port.name] for feed in each])
        if isinstance(port.shape[0], str)
        else each[0][port.name]
        for port in network.inputs
    }


def _reference(network: PortableNetwork, inputs: Arrays) -> Arrays:
    """What PyTorch makes of them in f32."""
    import torch

    with torch.no_grad():
        module = network.module()
        outputs = module(*(torch.from_numpy(inputs[port.name]) for port in network.inputs))
    several = outputs if isinstance(outputs, tuple) else (outputs,)
    return {port.name: each.numpy() for port, each in zip(network.outputs, several, strict=True)}


def _as_record(case: Case, record: TimingRecord, layers: bool) -> dict[str, object]:
    """A measurement as the JSON object that the command line promises."""
    from studio.commands.bench_layers import by_layer

    return {
        "variant": case.name,
        "width": case.choice.width,
        "resolution": case.choice.resolution,
        **record.as_json(),
        **({"by_layer": by_layer(case, record).as_json()["rows"]} if layers else {}),
    }


def _show(name: str, cases: Sequence[Case], records: Sequence[TimingRecord], layers: bool) -> None:
    sizes = [timing.batch for timing in max((r.batches for r in records), key=len)]
    columns = ["variant", "target", "ran on", "threads", "ms (p10-p90)"]
    columns += [f"per s at {size}" for size in sizes]
    columns += ["compile ms", "load ms", "peak MB", "to f32"]
    rows = [_row(c, r, sizes) for c, r in zip(cases, records, strict=True)]
    print_table(columns, rows, title=f"{name}, {records[0].system}")
    for case, record in zip(cases, records, strict=True):
        for line in _remarks(record):
            typer.echo(f"{case.name} on {record.target}: {line}")
    if layers:
        from studio.commands.bench_layers import show_layers

        for case, record in zip(cases, records, strict=True):
            if record.devices:
                show_layers(case, record)


def _row(case: Case, record: TimingRecord, sizes: Sequence[int]) -> list[str]:
    timings = {timing.batch: timing for timing in record.batches}
    first = record.spread
    cells = [
        case.name,
        record.target,
        ", ".join([*record.devices, record.precision]) if record.devices else "nothing",
        str(record.threads or "its own"),
        "-" if first is None else f"{first.median:.1f} ({first.p10:.1f}-{first.p90:.1f})",
    ]
    for size in sizes:
        timing = timings.get(size)
        rate = None if timing is None else timing.per_second
        cells.append("-" if rate is None else f"{rate:.3g}")
    memory = record.memory
    return [
        *cells,
        "-" if record.compile_ms is None else f"{record.compile_ms:.0f}",
        "-" if record.load_ms is None else f"{record.load_ms:.0f}",
        "-" if memory is None else f"{memory / 1e6:.0f}",
        _closeness(record),
    ]


def _closeness(record: TimingRecord) -> str:
    close = record.accuracy
    if close is None:
        return "-"
    if not close.finite:
        return "no numbers"
    return "equal" if close.psnr is None else f"{close.psnr:.1f} dB"


def _remarks(record: TimingRecord) -> list[str]:
    """What a reader must know beside the figures, a sentence each."""
    said = list(dict.fromkeys(record.refusals))
    said += [
        f"batch {timing.batch} was not run: {timing.refusal}"
        for timing in record.batches
        if timing.refusal and timing.refusal not in said
    ]
    said += [f"{place.nodes} {place.operator} ran on {place.device}" for place in record.fallbacks]
    close = record.accuracy
    if close is not None and record.precision == "f32" and not close.passes:
        said.append(f"differs from PyTorch's f32 by up to {close.largest:.2g}, beyond the gate")
    return said + list(record.notes)
