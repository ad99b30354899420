"""``requirements-<runtime>.txt``: exact pins of what verified a file. Imports no runtime."""

from __future__ import annotations

from importlib import metadata

ALWAYS = ("numpy", "pillow")


def pins(packages: tuple[str, ...], always: tuple[str, ...] = ALWAYS) -> str:
    """Requirement lines of packages, as they are installed here, beside those of ``always``.

    A build of a package for a certain device ("+cpu") is the same version elsewhere; a package that
    is not here stands without a version.
    """
    lines = []
    for name in dict.fromkeys((*always, *packages)):
        if "==" in name:  # of an environment that is not this one
            lines.append(name)
            continue
        try:
            lines.append(f"{name}=={metadata.version(name).partition('+')[0]}")
        except metadata.PackageNotFoundError:
            lines.append(name)
    return "\n".join(lines) + "\n"


def versions() -> dict[str, str]:
    """Versions of what makes bundles, as far as it is installed."""
    from studio import __version__

    found = {"maquette": __version__}
    for name in ("torch", "onnx", "onnxruntime", "openvino", "nncf", "numpy"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
