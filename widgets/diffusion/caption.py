"""What stands below a picture of a pipeline: what made it, how far it is, how fast, how near."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.engine.messages import RenderSpec, Stepped
from studio.families.diffusion.config import DiffusionConfig
from studio.families.diffusion.inputs import DiffusionInputs
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from widgets.captions import NOTHING, count, fidelity_line, macs, subnet_name
from widgets.timings import Fidelity, Speed

translate = QCoreApplication.translate
FULL = SubnetChoice()


def title(spec: RenderSpec, config: DiffusionConfig, *, full: bool) -> str:
    """full, 25 steps; draft, 9 steps; draft, 9 steps, width 0.5."""
    asked = spec.inputs
    assert isinstance(asked, DiffusionInputs)
    text = (
        translate("DiffusionCaption", "full, {steps}")
        if full
        else translate("DiffusionCaption", "draft, {steps}")
    )
    made = text.format(steps=_steps(asked.steps or 0))
    plain = spec.subnet.unsampled  # what it says of the run stands there already
    return made if plain == FULL else f"{made}, {subnet_name(plain, config)}"


def _steps(number: int) -> str:
    if number == 1:
        return translate("DiffusionCaption", "1 step")
    return translate("DiffusionCaption", "{n} steps").format(n=number)


def asked_line(spec: RenderSpec) -> str:
    """euler, guidance 7.5, 512 x 512 px."""
    asked = spec.inputs
    assert isinstance(asked, DiffusionInputs)
    size = f"{asked.width} \N{MULTIPLICATION SIGN} {asked.height}"
    parts = [asked.scheduler]
    if asked.guidance is not None:
        text = translate("DiffusionCaption", "guidance {value}")
        parts.append(text.format(value=f"{asked.guidance:.3g}"))
    parts.append(translate("DiffusionCaption", "{size} px").format(size=size))
    return ", ".join(part for part in parts if part)


def cost_line(spec: RenderSpec, config: DiffusionConfig) -> str:
    """860 M parameters, 339 GMAC a call: the denoiser's, at its own size."""
    found = cost(config, resolve(spec.subnet, config))
    return translate("DiffusionCaption", "denoiser {parameters} parameters, {macs} a call").format(
        parameters=count(found.parameters), macs=macs(found.macs)
    )


def step_line(step: Stepped) -> str:
    """step 8 of 25, 2.1 it/s, 8 s left."""
    done = step.index + 1
    text = translate("DiffusionCaption", "step {n} of {count}").format(n=done, count=step.count)
    if step.seconds <= 0:
        return text
    rate, left = done / step.seconds, step.seconds / done * (step.count - done)
    return translate("DiffusionCaption", "{step}, {rate} it/s, {left} left").format(
        step=text, rate=_rate(rate), left=seconds(left)
    )


def stopped_line(step: Stepped | None) -> str:
    """stopped at step 8 of 25."""
    if step is None:
        return translate("DiffusionCaption", "stopped before the first step")
    return translate("DiffusionCaption", "stopped at step {n} of {count}").format(
        n=step.index + 1, count=step.count
    )


def waiting_line() -> str:
    """What stands there until the first step is done."""
    return translate("DiffusionCaption", "waiting for the first step")


def speed_line(speed: Speed | None, spec: RenderSpec) -> str:
    """4.2 s, 5.9 it/s, PyTorch f32 CPU."""
    asked = spec.inputs
    if speed is None or not isinstance(asked, DiffusionInputs):
        return NOTHING
    steps = asked.steps or 1
    if asked.picture is not None and asked.strength is not None:
        steps = max(1, int(steps * asked.strength))  # those before have been skipped
    text = (
        translate("DiffusionCaption", "{seconds} at first, {rate} it/s, {made_by}")
        if speed.cold
        else translate("DiffusionCaption", "{seconds}, {rate} it/s, {made_by}")
    )
    return text.format(
        seconds=seconds(speed.median / 1000),
        rate=_rate(steps / max(speed.median / 1000, 1e-6)),
        made_by=speed.made_by,
    )


def seconds(value: float) -> str:
    """A time: 0.42 s, 8 s, 2 min 5 s."""
    if value < 9.95:
        return translate("DiffusionCaption", "{s} s").format(s=f"{value:.2g}")
    if value < 99.5:
        return translate("DiffusionCaption", "{s} s").format(s=f"{value:.0f}")
    minutes, rest = divmod(round(value), 60)
    return translate("DiffusionCaption", "{m} min {s} s").format(m=minutes, s=rest)


def _rate(value: float) -> str:
    return f"{value:.2g}" if value < 9.95 else f"{value:.0f}"


def nearness(fidelity: Fidelity | None, *, full: bool) -> str:
    """Of a draft how near it is to full."""
    return "" if full else fidelity_line(fidelity)
