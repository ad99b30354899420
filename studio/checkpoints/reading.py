"""Opening a file: what it is, what is in it, whether it fits, and only then its numbers."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

import psutil
import torch

from studio.checkpoints.assembling import assemble
from studio.checkpoints.causes import Cause, NotSupported, TooLarge, shortened
from studio.checkpoints.checkpoint import Checkpoint
from studio.checkpoints.json_text import refuse_json
from studio.checkpoints.safetensors_file import read_safetensors
from studio.checkpoints.sniff import kind_of
from studio.checkpoints.spans import Span
from studio.checkpoints.stored import StoredTensor, load
from studio.checkpoints.torch_legacy import read_legacy, read_plain
from studio.checkpoints.torch_zip import read_zip
from studio.errors import NotEnoughMemory, RefusedFile, UnsupportedModel

_CHUNK = 1 << 20
_SHARE_OF_MEMORY = 0.8
_MAX_DIRECTION = 1 << 16
_HASHED_FROM = 0.8  # of the progress; the rest is for the hash

# What damaged bytes can raise past our own checks: the reader must never fail with anything else.
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
)


_Result = TypeVar("_Result")


class _Stopped(Exception):
    """The progress callback raised; its error is not the file's and passes through unchanged."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def open_checkpoint(
    path: str | Path,
    *,
    memory_limit: int | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Checkpoint:
    """Open a model file of any supported layout, recognised by its content.

    Nothing in the file is run and nothing outside it is read.

    Args:
        path: the file.
        memory_limit: bytes that opening may use; 80 % of what is free when None.
        progress: told a fraction from 0 to 1 and what happens.

    Raises:
        UnsupportedModel: the file is sound, but its network is not one of ours.
        NotEnoughMemory: ``memory_limit`` does not suffice.
        RefusedFile: anything else; all of them name the file and the cause in one sentence.
    """
    path = Path(path)

    def tell(fraction: float, what: str) -> None:
        if progress is not None:
            try:
                progress(fraction, what)
            except Exception as error:
                raise _Stopped(error) from error

    limit = memory_limit
    if limit is None:
        limit = int(_SHARE_OF_MEMORY * psutil.virtual_memory().available)

    def work(file: BinaryIO, size: int) -> Checkpoint:
        tell(0.0, f"looking at {path.name}")
        content = content_of(Span(file, 0, size), path.suffix.lower() == ".safetensors")
        opened = assemble(content, limit, lambda f, text: tell(f * _HASHED_FROM, text))
        tell(_HASHED_FROM, "computing its hash")
        digest = _hash(file)
        tell(1.0, "done")
        return Checkpoint(
            path=path,
            layout=opened.layout,
            family="stylegan" if opened.sizes is None else "translation",
            architecture=opened.architecture,
            tensors={name: torch.from_numpy(value) for name, value in opened.tensors.items()},
            w_avg_known=opened.w_avg_known,
            conv_clamp=opened.conv_clamp,
            chains=opened.chains,
            directions={n: torch.from_numpy(value) for n, value in opened.directions.items()},
            metadata=dict(opened.metadata),
            source_sha256=opened.source_sha256 or digest,
            file_sha256=digest,
            size_bytes=size,
            sizes=opened.sizes,
            unused=opened.unused,
        )

    return refusing(path, work)


def read_directions(path: str | Path) -> dict[str, torch.Tensor]:
    """Read Anycost's ``edit_directions.pt``: attribute name to a direction (1, 1, style_dim).

    Raises:
        RefusedFile: the sentence names the file and the cause.
    """

    def work(file: BinaryIO, size: int) -> dict[str, torch.Tensor]:
        content = content_of(Span(file, 0, size), False)
        if not isinstance(content, dict) or not content:
            raise Cause("it holds no table of directions")
        result = {}
        for name, value in content.items():
            if not isinstance(name, str) or not isinstance(value, StoredTensor):
                raise Cause("it holds something else than named directions")
            if value.extent > _MAX_DIRECTION or len(value.shape) != 3 or value.shape[:2] != (1, 1):
                raise Cause(
                    f"its direction {shortened(name)} has the shape {list(value.shape)}; accepted "
                    "is (1, 1, style size)"
                )
            result[name] = torch.from_numpy(load(name, value))
        return result

    return refusing(Path(path), work)


def refusing(path: Path, work: Callable[[BinaryIO, int], _Result]) -> _Result:
    """Run ``work`` on the opened file; every failure becomes one sentence with the file's name.

    Raises:
        RefusedFile: and those derived from it, as of :func:`open_checkpoint`.
    """
    try:
        if path.is_dir():
            raise Cause("it is a folder; accepted is a single checkpoint file")
        size = path.stat().st_size
        if not path.is_file():
            raise Cause("it is no ordinary file")
        with path.open("rb") as file:
            return work(file, size)
    except _Stopped as stopped:
        raise stopped.error from None
    except NotSupported as cause:
        raise UnsupportedModel(_sentence(path, str(cause))) from cause
    except TooLarge as cause:
        raise NotEnoughMemory(_sentence(path, str(cause))) from cause
    except Cause as cause:
        raise RefusedFile(_sentence(path, str(cause))) from cause
    except FileNotFoundError as error:
        raise RefusedFile(_sentence(path, "there is no such file")) from error
    except PermissionError as error:
        raise RefusedFile(_sentence(path, "you may not read it (permission denied)")) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise RefusedFile(_sentence(path, f"reading failed ({why})")) from error
    except MemoryError as error:
        raise NotEnoughMemory(_sentence(path, "there is not enough memory for it")) from error
    except _DAMAGE as error:
        raise RefusedFile(
            _sentence(path, f"its content is damaged ({type(error).__name__} while reading it)")
        ) from error


def _sentence(path: Path, cause: str) -> str:
    name = "".join(c if c.isprintable() else "?" for c in path.name or str(path))
    return f"{name} cannot be opened: {cause}."


def content_of(span: Span, named_safetensors: bool) -> object:
    """What one of the readers makes of a file: plain data, tensors by place, inert records.

    Raises:
        Cause: it is in no known form, or not in the one that its name promises.
    """
    kind = kind_of(span)
    if named_safetensors and kind in ("zip", "legacy", "pickle"):
        raise Cause(
            "it is a pickle under the name .safetensors, a name that promises the opposite; "
            "accepted under this name are safetensors files only"
        )
    if kind == "json":
        raise refuse_json(span)
    readers: dict[str, Callable[[Span], object]] = {
        "zip": read_zip,
        "legacy": read_legacy,
        "pickle": read_plain,
        "safetensors": read_safetensors,
    }
    return readers[kind](span)


def _hash(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
