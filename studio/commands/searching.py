"""``maquette search``: the subnet of a supernet that is nearest to a teacher under a budget."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.commands.common import (
    JsonOption,
    ModelArgument,
    checked_output,
    print_json,
    print_table,
    sentence_on_failure,
    status,
    stopped_by_ctrl_c,
)
from studio.commands.gan_compression import (
    BackwardsOption,
    BudgetOption,
    DataOption,
    GenerationsOption,
    InstancesOption,
    PairingOption,
    PicturesOption,
    PopulationOption,
    RatioOption,
    SearchTargetOption,
    TeacherOption,
)
from studio.errors import BadChoice
from studio.search.budget import Budget
from studio.search.evolution import EvolutionOptions, about
from studio.training.gan_compression.options import DataOptions
from studio.training.gan_compression.space import RATIOS

if TYPE_CHECKING:
    from studio.search.report import Found, SearchReport


@sentence_on_failure
def search(
    model: ModelArgument,
    budget: BudgetOption = None,
    data: DataOption = None,
    pairing: PairingOption = "auto",
    backwards: BackwardsOption = False,
    instances: InstancesOption = None,
    teacher: TeacherOption = None,
    target: SearchTargetOption = None,
    pictures: PicturesOption = 8,
    ratio: RatioOption = None,
    population: PopulationOption = EvolutionOptions.population,
    generations: GenerationsOption = EvolutionOptions.generations,
    parents: Annotated[
        float, typer.Option("--parents", metavar="S", help=about("parents").text)
    ] = EvolutionOptions.parents,
    mutations: Annotated[
        float, typer.Option("--mutations", metavar="S", help=about("mutations").text)
    ] = EvolutionOptions.mutations,
    mutation: Annotated[
        float, typer.Option("--mutation", metavar="P", help=about("mutation").text)
    ] = EvolutionOptions.mutation,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help=about("seed").text)] = 0,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE.safetensors", help="Write the subnet found there."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find the subnet nearest to the teacher that a budget allows, by evolution.

    Ctrl-C ends the search with the best found so far.
    """
    if output is not None:
        checked_output(output, ".safetensors")
    if not data:
        raise BadChoice("a search needs pictures to score subnets on; name a folder with --data")
    folders = DataOptions(
        tuple(str(folder) for folder in data),
        pairing,
        backwards,
        None if instances is None else str(instances),
    )
    options = EvolutionOptions(
        population=population,
        generations=generations,
        parents=parents,
        mutations=mutations,
        mutation=mutation,
        seed=seed,
    )
    ratios = tuple(ratio or RATIOS)
    searched(model, folders, budget, target, teacher, pictures, ratios, options, output, as_json)


def searched(
    model: str,
    data: DataOptions,
    budget: str | None,
    target: str | None,
    teacher: str | None,
    pictures: int,
    ratios: tuple[float, ...],
    options: EvolutionOptions,
    output: Path | None,
    as_json: bool,
) -> None:
    """Search, and print what was found.

    Raises:
        MaquetteError: as of ``SearchRun``.
    """
    if budget is None:
        raise BadChoice("a search needs a budget, such as --budget 20ms or --budget 5GMAC")
    asked = Budget.parse(budget)
    with status(f"opening {model}") as progress, stopped_by_ctrl_c() as stopped:
        from studio.search.job import SearchRun
        from studio.search.orders import SearchOrder

        order = SearchOrder(
            model=model,
            data=data,
            budget=asked,
            teacher=teacher,
            target=target or ("pytorch" if asked.unit == "ms" else None),
            pictures=pictures,
            ratios=ratios,
        )
        info, report = SearchRun(order, output, options).run(progress, stopped)
    if as_json:
        path = None if info is None else info.path
        print_json(asdict(report) | {"path": path})
        return
    _print(report)
    if info is not None:
        typer.echo(f"{info.path}: {report.best.name}")


def _print(report: SearchReport) -> None:
    columns = ["subnet", "FLIP", "parameters", "MACs", "MACs (paper)", "ms"]
    print_table(columns, [_row(each) for each in report.front], title=f"within {report.budget}")
    where = f"; latency on {report.target}" if report.target else ""
    ended = "stopped after" if report.stopped else "scored"
    typer.echo(
        f"nearest: {report.best.name}, FLIP {report.best.distance:.4f}; {ended} {report.tried} of "
        f"{report.space} subnets on {report.pictures} pictures{where}"
    )


def _row(each: Found) -> list[str]:
    latency = "" if each.latency_ms is None else f"{each.latency_ms:.2f}"
    return [
        each.name,
        f"{each.distance:.4f}",
        f"{each.parameters:,}",
        f"{each.macs / 1e6:,.1f} M",
        f"{each.paper_macs / 1e6:,.1f} M",
        latency,
    ]
