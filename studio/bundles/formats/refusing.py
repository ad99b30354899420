"""What a file is refused with that is not what the manifest says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from studio.bundles.manifest import Network
from studio.checkpoints.causes import Cause
from studio.errors import RefusedFile


@contextmanager
def as_said(network: Network) -> Iterator[None]:
    """Make a cause that the block finds a sentence that names the file.

    Raises:
        RefusedFile: the block raised a cause.
    """
    try:
        yield
    except Cause as cause:
        raise RefusedFile(f"{network.main} is not what the manifest says: {cause}") from cause
