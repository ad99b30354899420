"""Numbers and names as the window writes them: short, with units, honest about what made them."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from studio.errors import MaquetteError
from studio.families.diffusion.config import DiffusionConfig
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.info import AnyConfig
from studio.families.stylegan.config import StyleGanConfig
from studio.families.translation.config import TranslationConfig
from studio.families.translation.stages import config_string, with_widths
from studio.runtimes.target import Target
from studio.session.document import CURRENT, FULL, Document
from studio.session.steps import Steps
from studio.subnets.choice import Subnet, SubnetChoice, resolve
from studio.subnets.cost import Cost, cost
from studio.subnets.denoisers.choice import Denoising
from studio.subnets.denoisers.choosing import followed
from widgets.elsewhere.places import target_and_host
from widgets.timings import Fidelity, Speed

translate = QCoreApplication.translate
NOTHING = "\u2013"
NOT_ALL = "\u2026"
LONGEST_HOST = 24  # characters of a name of another computer in a line of others


def count(value: float) -> str:
    """A count with a magnitude: 5.2 M, 870 k, 12."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit * 0.9995:
            return f"{_three(value / limit)} {unit}"
    return f"{value:.0f}"


def macs(value: float) -> str:
    """Multiply-accumulates: 0.9 GMAC, 74 GMAC, 14 MMAC."""
    if value >= 1e8:
        return f"{_three(value / 1e9)} GMAC"
    return f"{_three(value / 1e6)} MMAC"


def size(value: float) -> str:
    """Bytes: 20.8 MB."""
    if value >= 1e9:
        return f"{_three(value / 1e9)} GB"
    return f"{_three(value / 1e6)} MB"


def milliseconds(value: float) -> str:
    """A time without its unit: 0.31, 2.7, 18, 1 240."""
    if value < 0.995:
        return f"{value:.2f}"
    return (
        f"{value:.1f}" if value < 10 else f"{value:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    )


def psnr(value: float | None) -> str:
    """PSNR in dB; equal pictures have none."""
    return translate("Captions", "equal") if value is None else f"{value:.1f} dB"


def _three(value: float) -> str:
    return f"{value:.0f}" if value >= 99.5 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def subnet_name(choice: SubnetChoice, config: AnyConfig) -> str:
    """What a subnet is called: "width 0.5, 128 px"."""
    try:
        subnet = resolve(choice, config)
    except MaquetteError:
        return translate("Captions", "not a subnet of this model")
    if isinstance(config, DiffusionConfig):
        choice = followed(choice, config)
        if choice == SubnetChoice():
            return translate("Captions", "full")
        return ", ".join(_denoising_parts(choice))
    if isinstance(config, TranslationConfig):
        return _cut_name(choice, subnet, config)
    if choice.widths is not None:
        shares = [c / f for c, f in zip(subnet.channels, config.channels, strict=True)]
        low, high = min(shares), max(shares)
        width = f"{low:.2g}" if high - low < 0.005 else f"{low:.2g}\u2013{high:.2g}"
        return translate("Captions", "widths {width}, {pixels} px").format(
            width=width, pixels=subnet.resolution
        )
    text = (
        translate("Captions", "width {width} Anycost, {pixels} px")
        if choice.rule == "anycost" and choice.width < 1
        else translate("Captions", "width {width}, {pixels} px")
    )
    return text.format(width=f"{choice.width:.3g}", pixels=subnet.resolution)


def _denoising_parts(choice: SubnetChoice) -> list[str]:
    """What of a denoiser a choice runs, and how often: "width 0.5", "depth 0.8", "reuse 3"."""
    chosen = choice.denoising or Denoising()
    elastic, reuse = chosen.elastic, chosen.reuse
    parts = []
    if choice.width != 1:
        text = translate("Captions", "width {width}")
        parts.append(text.format(width=f"{choice.width:.3g}"))
    if elastic.schedule or elastic.by_timestep == 1:
        parts.append(translate("Captions", "by timestep"))
    elif elastic.by_timestep:
        text = translate("Captions", "by timestep {share}")
        parts.append(text.format(share=f"{elastic.by_timestep:g}"))
    for ratio, text in (
        (elastic.channels, translate("Captions", "channels {ratio}")),
        (elastic.heads, translate("Captions", "heads {ratio}")),
        (elastic.units, translate("Captions", "units {ratio}")),
    ):
        if ratio is not None:
            parts.append(text.format(ratio=f"{ratio:g}"))
    if elastic.depth != 1:
        text = translate("Captions", "depth {depth}")
        parts.append(text.format(depth=f"{elastic.depth:g}"))
    if elastic.skipped:
        text = translate("Captions", "without {n} blocks")
        parts.append(text.format(n=len(elastic.skipped)))
    if reuse.interval > 1:
        parts.append(translate("Captions", "reuse {n}").format(n=reuse.interval))
    if reuse.threshold:
        text = translate("Captions", "reuse below {share}")
        parts.append(text.format(share=f"{reuse.threshold:g}"))
    if reuse.guided != (0.0, 1.0):
        start, stop = (f"{each:g}" for each in reuse.guided)
        text = translate("Captions", "guided {start}\u2013{stop}")
        parts.append(text.format(start=start, stop=stop))
    own = chosen.sampling
    if own.steps is not None:
        one, more = translate("Captions", "1 step"), translate("Captions", "{n} steps")
        parts.append(one if own.steps == 1 else more.format(n=own.steps))
    if own.guidance is not None:
        parts.append(translate("Captions", "guidance {g}").format(g=f"{own.guidance:g}"))
    if own.scheduler:
        parts.append(own.scheduler)
    return parts


def _cut_name(choice: SubnetChoice, subnet: Subnet, config: TranslationConfig) -> str:
    """A subnet of a translation network: "width 0.5", or by its configuration string."""
    if choice.widths is None:
        return translate("Captions", "width {width}").format(width=f"{choice.width:.3g}")
    name = config_string(with_widths(config.sizes, subnet.channels))
    if name is not None:
        return name
    shares = [c / f for c, f in zip(subnet.channels, config.channels, strict=True)]
    low, high = min(shares), max(shares)
    width = f"{low:.2g}" if high - low < 0.005 else f"{low:.2g}\u2013{high:.2g}"
    return translate("Captions", "widths {width}").format(width=width)


def full_name(config: AnyConfig) -> str:
    """What the whole network is called: "full, 1024 px"."""
    if not isinstance(config, StyleGanConfig):
        return translate("Captions", "full")
    return translate("Captions", "full, {pixels} px").format(pixels=config.resolution)


def with_steps(name: str, steps: Steps) -> str:
    """A subnet and the techniques that are applied to it: "width 0.5, 128 px, prune + lowrank"."""
    return f"{name}, {' + '.join(step.technique for step in steps.active)}"


def stepped(name: str, inputs: object, choice: SubnetChoice) -> str:
    """The name of a variant, of a pipeline with the steps that it draws ``inputs`` in: "full, 20
    steps"; unless it says them itself."""
    if not isinstance(inputs, DiffusionInputs) or choice.sampling.steps is not None:
        return name
    if inputs.steps == 1:
        return translate("Captions", "{name}, 1 step").format(name=name)
    return translate("Captions", "{name}, {n} steps").format(name=name, n=inputs.steps)


def applied(title: str) -> str:
    """The name of a subnet of a baked variant."""
    return translate("Captions", "{name}, recipe applied").format(name=title)


def not_applied(title: str) -> str:
    """The name of a subnet while the baked steps of the recipe are not in it."""
    return translate("Captions", "{name}, recipe not applied").format(name=title)


def side_name(document: Document, ref: str) -> str:
    """What a side's menu calls its choice."""
    if ref == FULL:
        return translate("Captions", "full")
    if ref == CURRENT:
        return translate("Captions", "current")
    return next((v.name for v in document.kept if v.id == ref), ref)


def subnet_cost(
    choice: SubnetChoice,
    config: AnyConfig,
    size: tuple[int, int] | None = None,
) -> Cost:
    """The cost of a choice; of a translation network at ``size`` (width, height), by default that
    of its training. Raises BadChoice."""
    return cost(at_size(config, size), resolve(choice, config))


def at_size(config: AnyConfig, size: tuple[int, int] | None) -> AnyConfig:
    """A config whose pictures have ``size``, (width, height), where the size is free."""
    if size is None or not isinstance(config, TranslationConfig):
        return config
    width, height = size
    return replace(config, settings=replace(config.settings, width=width, height=height))


def cost_line(found: Cost) -> str:
    """5.2 M parameters, 0.9 GMAC."""
    return translate("Captions", "{parameters} parameters, {macs}").format(
        parameters=count(found.parameters), macs=macs(found.macs)
    )


def paper_line(found: Cost, size: tuple[int, int]) -> str:
    """0.9 GMAC as papers count, at 256 x 256 px: what a translation network takes for a picture of
    (width, height)."""
    return translate("Captions", "{macs} as papers count, at {size} px").format(
        macs=macs(found.paper_macs), size=f"{size[0]} \N{MULTIPLICATION SIGN} {size[1]}"
    )


def speed_line(speed: Speed | None) -> str:
    """18 ms (16 to 22), PyTorch f32 CPU."""
    if speed is None:
        return NOTHING
    made_by = speed.made_by
    if speed.cold:
        return translate("Captions", "{median} ms at first, {made_by}").format(
            median=milliseconds(speed.median), made_by=made_by
        )
    if speed.count < 3:
        return translate("Captions", "{median} ms, {made_by}").format(
            median=milliseconds(speed.median), made_by=made_by
        )
    return translate("Captions", "{median} ms ({low}\u2013{high}), {made_by}").format(
        median=milliseconds(speed.median),
        low=milliseconds(speed.low),
        high=milliseconds(speed.high),
        made_by=made_by,
    )


def fidelity_line(fidelity: Fidelity | None) -> str:
    """FLIP 0.06, SSIM 0.95, PSNR 28.1 dB, all against *full* with the same inputs."""
    if fidelity is None:
        return translate("Captions", "FLIP \u2013, SSIM \u2013, PSNR \u2013")
    return translate("Captions", "FLIP {flip}, SSIM {ssim}, PSNR {psnr}").format(
        flip=f"{fidelity.flip:.2f}", ssim=f"{fidelity.ssim:.2f}", psnr=psnr(fidelity.psnr)
    )


def precision_line(target: str, fidelity: Fidelity) -> str:
    """bf16 against f32: 48.2 dB."""
    return translate("Captions", "{precision} against PyTorch f32: {psnr}").format(
        precision=Target.parse(target).precision, psnr=psnr(fidelity.psnr)
    )


def latency(speed: Speed) -> str:
    """18 (16 to 22), in milliseconds."""
    if speed.count < 3:
        return milliseconds(speed.median)
    low, high = milliseconds(speed.low), milliseconds(speed.high)
    return f"{milliseconds(speed.median)} ({low}\u2013{high})"


def quality(value: float, *, decibels: bool = False) -> str:
    """A quality without its name: 0.082, 34.9; an infinite PSNR is that of equal pictures."""
    if math.isinf(value):
        return translate("Captions", "equal")
    return f"{value:.1f}" if decibels else f"{value:.3f}"


def ranged(value: float, spread: tuple[float, float] | None, *, decibels: bool = False) -> str:
    """A quality with its quartiles, where there are any: 0.082 (0.077 to 0.090)."""
    text = quality(value, decibels=decibels)
    if spread is None or spread[0] == spread[1]:
        return text
    low, high = (quality(each, decibels=decibels) for each in spread)
    return f"{text} ({low}\u2013{high})"


def target_name(target: str, threads: int | None = None) -> str:
    """A target such as "pytorch:cpu:f32" as the window writes it: PyTorch f32 CPU; with the name of
    the host behind it where that is another computer."""
    plain, host = target_and_host(target)
    text = Target.parse(plain, measured=True).title
    if host:
        text = f"{text}, {host if len(host) <= LONGEST_HOST else host[:LONGEST_HOST] + NOT_ALL}"
    if threads is None:
        return text
    return f"{text}, {_threads(threads)}"


def device_line(threads: int | None) -> str:
    """What makes the pictures: CPU, 2 threads."""
    return "CPU" if threads is None else f"CPU, {_threads(threads)}"


def _threads(count_: int) -> str:
    if count_ == 1:
        return translate("Captions", "1 thread")
    return translate("Captions", "{n} threads").format(n=count_)
