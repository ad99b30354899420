"""Execution providers that come as libraries of their own: where they are, registering them.

They arrive as Python packages (``onnxruntime_ep_openvino``, ``onnxruntime_qnn``, ...), each with a
``get_library_path()``, or on Windows 11 through the catalogue of Windows ML. Nothing is downloaded:
what the catalogue only offers is named, not fetched.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from studio.runtimes.detection.words import first_line

PREFIX = "onnxruntime_ep_"
OTHERS = ("onnxruntime_qnn",)
_CATALOGUE = "winui3.microsoft.windows.ai.machinelearning"
_BOOTSTRAP = "winui3.microsoft.windows.applicationmodel.dynamicdependency.bootstrap"
_NOT_PRESENT = 2  # ExecutionProviderReadyState.NotPresent: would have to be downloaded


@dataclass(frozen=True)
class Library:
    """``name`` to register under, ``path`` of the library; ``error`` when it cannot be had."""

    name: str
    path: str = ""
    error: str = ""


def libraries() -> tuple[Library, ...]:
    """What is installed here, by name. Imports the packages that bring it. Never raises."""
    names = {each.name for each in pkgutil.iter_modules()}
    found = [_of_package(n) for n in sorted(names) if n.startswith(PREFIX) or n in OTHERS]
    if sys.platform == "win32" and _has(_CATALOGUE):
        found += _of_windows()
    return tuple(found)


def register(runtime: Any, found: tuple[Library, ...]) -> tuple[tuple[str, str], ...]:
    """Register libraries with ``runtime``, the module onnxruntime.

    Returns:
        (name, sentence) of each that cannot be used. One that is registered already is fine.
    """
    errors = []
    for each in found:
        error = each.error
        if not error:
            try:
                runtime.register_execution_provider_library(each.name, each.path)
            except Exception as failed:  # noqa: BLE001 - a library of others may raise anything
                text = first_line(failed)
                error = "" if "already registered" in text.lower() else text
        if error:
            errors.append((each.name, error))
    return tuple(errors)


def _has(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _of_package(name: str) -> Library:
    try:
        package = importlib.import_module(name)
        return Library(name, str(package.get_library_path()))
    except Exception as error:  # noqa: BLE001
        return Library(name, error=first_line(error))


def _of_windows() -> list[Library]:
    try:
        bootstrap = importlib.import_module(_BOOTSTRAP)
        with bootstrap.initialize(options=bootstrap.InitializeOptions.NONE):
            catalogue = importlib.import_module(_CATALOGUE).ExecutionProviderCatalog.get_default()
            return of_catalogue(catalogue)
    except Exception as error:  # noqa: BLE001
        return [Library("Windows ML", error=first_line(error))]


def of_catalogue(catalogue: Any) -> list[Library]:
    """What the catalogue of Windows ML has on this computer, and what it only offers."""
    found = []
    for provider in catalogue.find_all_providers():
        if int(provider.ready_state) == _NOT_PRESENT:
            offered = "Windows ML offers it for this computer, and it is not downloaded yet"
            found.append(Library(provider.name, error=offered))
            continue
        provider.ensure_ready_async().get()  # present: this only adds it to the process
        found.append(Library(provider.name, str(provider.library_path)))
    return found
