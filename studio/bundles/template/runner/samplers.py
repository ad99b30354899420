"""Samplers, as schedulers of diffusers with the same settings step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .common import Refused


def noise_left(settings: dict[str, Any]) -> Any:
    """The share of the picture that is left at each step of training (cumulated alphas)."""
    count, start, end = (
        settings["num_train_timesteps"], settings["beta_start"], settings["beta_end"],
    )  # fmt: skip
    kind = settings["beta_schedule"]
    if kind == "linear":
        betas = np.linspace(start, end, count, dtype=np.float32)
    elif kind == "scaled_linear":
        betas = np.linspace(start**0.5, end**0.5, count, dtype=np.float32) ** 2
    elif kind == "squaredcos_cap_v2":
        ends = np.arange(count + 1) / count
        left = np.cos((ends + 0.008) / 1.008 * math.pi / 2) ** 2
        betas = np.minimum(1 - left[1:] / left[:-1], 0.999).astype(np.float32)
    else:
        raise Refused(f"no sampler here knows the schedule {kind}")
    return np.cumprod(np.float32(1) - betas, dtype=np.float32)


def spaced(settings: dict[str, Any], steps: int) -> Any:
    """The times of the steps, from noise to picture."""
    count, kind = settings["num_train_timesteps"], settings["timestep_spacing"]
    if steps > count:
        raise Refused(f"{steps} steps cannot be taken; this model was trained for {count}")
    if kind == "linspace":
        return np.linspace(0, count - 1, steps, dtype=np.float32)[::-1].copy()
    if kind == "leading":
        times = (np.arange(steps) * (count // steps)).round()[::-1].astype(np.float32)
        return times + settings["steps_offset"]
    if kind == "trailing":
        return (np.arange(count, 0, -count / steps).round() - 1).astype(np.float32)
    raise Refused(f"no sampler here spaces steps as {kind}")


def taken_apart(kind: str, output: Any, latents: Any, here: Any) -> tuple[Any, Any]:
    """The finished picture and the noise that an output means, where ``here`` of it is left."""
    root, rest = here**0.5, (1 - here) ** 0.5
    if kind == "epsilon":
        return (latents - rest * output) / root, output
    if kind == "v_prediction":
        return root * latents - rest * output, root * output + rest * latents
    if kind == "sample":
        return output, (latents - root * output) / rest
    raise Refused(f"no sampler here knows predictions of the kind {kind}")


def clipped(settings: dict[str, Any], picture: Any) -> Any:
    """A predicted picture within the range that the model was trained for."""
    most = settings["clip_sample_range"] if settings["clip_sample"] else None
    return picture if most is None else picture.clip(-most, most)


class Ddim:
    """Song et al. 2020, without noise of its own."""

    def __init__(self, settings: dict[str, Any], steps: int, tokens: int) -> None:
        self._settings, self._left = settings, noise_left(settings)
        self.times = spaced(settings, steps).round()
        self._apart = settings["num_train_timesteps"] // steps
        self.first = 1.0

    def scaled(self, latents: Any, index: int) -> Any:
        return latents

    def step(self, output: Any, latents: Any, index: int, noise: Any) -> Any:
        time = int(self.times[index])
        before = time - self._apart
        here = self._left[time]
        after = self._left[before] if before >= 0 else self._last()
        kind = self._settings["prediction_type"]
        picture, apart = taken_apart(kind, output, latents, here)
        picture = clipped(self._settings, picture)
        return (after**0.5 * picture + (1 - after) ** 0.5 * apart).astype(np.float32)

    def _last(self) -> Any:
        return np.float32(1) if self._settings["set_alpha_to_one"] else self._left[0]


class Ddpm:
    """Ho et al. 2020, section 3.2, with noise after every step but the last."""

    def __init__(self, settings: dict[str, Any], steps: int, tokens: int) -> None:
        self._settings, self._left = settings, noise_left(settings)
        self.times = spaced(settings, steps).round()
        self.first = 1.0

    def scaled(self, latents: Any, index: int) -> Any:
        return latents

    def step(self, output: Any, latents: Any, index: int, noise: Any) -> Any:
        last = index + 1 == len(self.times)
        time = int(self.times[index])
        here = self._left[time]
        after = np.float32(1) if last else self._left[int(self.times[index + 1])]
        alpha = here / after
        beta = 1 - alpha
        picture, _ = taken_apart(self._settings["prediction_type"], output, latents, here)
        picture = clipped(self._settings, picture)
        mean = (after**0.5 * beta * picture + alpha**0.5 * (1 - after) * latents) / (1 - here)
        if time > 0:
            mean = mean + self._deviation(here, after, beta) * noise(latents.shape)
        return mean.astype(np.float32)

    def _deviation(self, here: Any, after: Any, beta: Any) -> Any:
        kind = self._settings["variance_type"]
        if kind == "fixed_large":
            return np.sqrt(beta)
        if kind in ("fixed_small", "fixed_small_log"):
            return np.sqrt(np.maximum((1 - after) / (1 - here) * beta, np.float32(1e-20)))
        raise Refused(f"no sampler here knows a variance of the kind {kind}")


class Euler:
    """Karras et al. 2022, algorithm 2, without noise of its own."""

    def __init__(self, settings: dict[str, Any], steps: int, tokens: int) -> None:
        self._settings = settings
        left = noise_left(settings)
        sigmas = ((1 - left) / left) ** 0.5
        self.times = spaced(settings, steps)
        found = np.interp(self.times, np.arange(len(sigmas)), sigmas)
        self._sigmas = np.append(found, 0).astype(np.float32)
        most = float(self._sigmas.max())
        even = settings["timestep_spacing"] in ("linspace", "trailing")
        self.first = most if even else (most**2 + 1) ** 0.5

    def scaled(self, latents: Any, index: int) -> Any:
        return latents / np.float32((self._sigmas[index] ** 2 + 1) ** 0.5)

    def step(self, output: Any, latents: Any, index: int, noise: Any) -> Any:
        sigma, after = self._sigmas[index], self._sigmas[index + 1]
        kind = self._settings["prediction_type"]
        if kind == "epsilon":
            slope = output
        elif kind == "v_prediction":
            whole = sigma**2 + 1
            slope = (latents - (latents / whole - output * sigma / whole**0.5)) / sigma
        else:
            raise Refused(f"this sampler does not know predictions of the kind {kind}")
        return (latents + slope * (after - sigma)).astype(np.float32)


class Multistep:
    """Lu et al. 2022 (DPM-Solver++), the second order of several steps, without noise of its own:
    each step is corrected by what the step before it predicted."""

    def __init__(self, settings: dict[str, Any], steps: int, tokens: int) -> None:
        self._settings = settings
        left = noise_left(settings)
        sigmas = ((1 - left) / left) ** 0.5
        count = settings["num_train_timesteps"]
        if settings["use_karras_sigmas"]:
            found = self._karras(float(sigmas[0]), float(sigmas[-1]), steps)
            times = np.interp(np.log(found), np.log(sigmas), np.arange(count))
            if settings["beta_schedule"] != "squaredcos_cap_v2":
                times = times.round()
        else:
            times = self._spaced(settings, steps)
            found = np.interp(times, np.arange(count), sigmas)
        self.times = times.astype(np.int64).astype(np.float32)
        self._sigmas = np.append(found, 0).astype(np.float32)
        self.first = 1.0
        self._before: Any = None

    @staticmethod
    def _karras(least: float, most: float, steps: int) -> Any:
        """Karras et al. 2022, equation 5, with rho 7."""
        ends = [most ** (1 / 7), least ** (1 / 7)]
        return (ends[0] + np.linspace(0, 1, steps) * (ends[1] - ends[0])) ** 7

    @staticmethod
    def _spaced(settings: dict[str, Any], steps: int) -> Any:
        """As others space steps, but for one step more, the last of which is not taken."""
        kind, count = settings["timestep_spacing"], settings["num_train_timesteps"]
        if kind == "trailing" or steps >= count:
            return spaced(settings, steps)
        return spaced(settings, steps + 1).round()[:-1]

    def scaled(self, latents: Any, index: int) -> Any:
        return latents

    def step(self, output: Any, latents: Any, index: int, noise: Any) -> Any:
        here, after = self._sigmas[index], self._sigmas[index + 1]
        share = np.float32(1) / (1 + here**2)  # of the picture that is left
        picture, _ = taken_apart(self._settings["prediction_type"], output, latents, share)
        alpha, sigma = _parts(after)
        _, now = _parts(here)
        with np.errstate(divide="ignore"):
            apart = np.log(here) - np.log(after)  # without end where nothing is left of the noise
        factor = alpha * -np.expm1(-apart)
        made = sigma / now * latents + factor * picture
        if self._before is not None and index + 1 < len(self.times):
            ratio = (np.log(self._sigmas[index - 1]) - np.log(here)) / apart
            made = made + factor / 2 * (picture - self._before) / ratio
        self._before = picture
        return made.astype(np.float32)


def _parts(sigma: Any) -> tuple[Any, Any]:
    """The factors of picture and noise where the noise is ``sigma`` times the picture."""
    alpha = np.float32(1) / (sigma**2 + 1) ** np.float32(0.5)
    return alpha, sigma * alpha


class Flow:
    """Euler steps along the straight paths of flow matching (Esser et al. 2024, section 3)."""

    def __init__(self, settings: dict[str, Any], steps: int, tokens: int) -> None:
        count = settings["num_train_timesteps"]
        if steps > count:
            raise Refused(f"{steps} steps cannot be taken; this model was trained for {count}")
        if settings["from_one"]:
            sigmas = np.linspace(1.0, 1 / steps, steps)
        else:
            first = self._shifted(settings, np.array([1.0, 1 / count]), None)
            sigmas = np.linspace(first[0], first[1], steps)
        shift = _shift_of(settings, tokens) if settings["use_dynamic_shifting"] else None
        sigmas = self._shifted(settings, sigmas, shift, dynamic=True).astype(np.float32)
        self.times = (sigmas * np.float32(count)).astype(np.float32)
        self._sigmas = np.append(sigmas, np.float32(0))
        self.first = 1.0

    @staticmethod
    def _shifted(
        settings: dict[str, Any], sigmas: Any, shift: float | None, *, dynamic: bool = False
    ) -> Any:
        """Later times for larger pictures, which need more noise to be noise."""
        if settings["use_dynamic_shifting"]:
            if not dynamic or shift is None:
                return sigmas
            power = shift if settings["time_shift_type"] == "linear" else math.exp(shift)
            return power / (power + (1 / sigmas - 1))
        return settings["shift"] * sigmas / (1 + (settings["shift"] - 1) * sigmas)

    def scaled(self, latents: Any, index: int) -> Any:
        return latents

    def step(self, output: Any, latents: Any, index: int, noise: Any) -> Any:
        apart = self._sigmas[index + 1] - self._sigmas[index]
        return (latents + apart * output).astype(np.float32)


def _shift_of(settings: dict[str, Any], tokens: int) -> float:
    """The shift of a picture of so many tokens, on a line between two known ones."""
    least, most = settings["base_image_seq_len"], settings["max_image_seq_len"]
    low, high = settings["base_shift"], settings["max_shift"]
    return float(low + (high - low) * (tokens - least) / (most - least))


SAMPLERS: dict[str, Any] = {
    "ddim": Ddim,
    "ddpm": Ddpm,
    "dpm": Multistep,
    "euler": Euler,
    "flow": Flow,
}
