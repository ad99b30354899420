"""Asking the process that opens files of a bundle, and outliving its crashes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType

from studio.bundles.manifest import FileRecord, Manifest, Network, Pipeline
from studio.bundles.wire import Answer, Draw, Floats, Run, unpacked
from studio.errors import MaquetteError, RefusedFile
from studio.places import log_dir
from studio.processes.child import Child, describe_exit

MODULE = "studio.bundles.checking_process"
PATIENCE = 900.0  # seconds for one file, or picture: the largest networks take a minute
USUAL = 10  # pictures of a few steps that timing a pipeline takes at most as long as
STEP = 0.05  # seconds between two looks at whether to stop


class Checker:
    """Runs networks of a bundle in a process of its own, started with the first of them.

    Use it in a ``with`` block: the process ends with it.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._child: Child | None = None
        self._patience = patience

    def __enter__(self) -> Checker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def run(
        self,
        folder: str,
        network: Network,
        files: Sequence[FileRecord],
        feeds: Sequence[dict[str, Floats]],
        *,
        time: bool = False,
        between: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Open a network and run it on every feed.

        Args:
            files: of the main file and its parts. time: also measure a run.
            between: called while it waits; may raise to stop, which ends the process.

        Raises:
            RefusedFile: the file is not what the manifest says, does not run, or took the process
                with it.
            MaquetteError: the process cannot be started.
        """
        request = Run(
            folder,
            network.main,
            network.model_dump_json(),
            tuple(each.model_dump_json() for each in files),
            tuple(feeds),
            time,
        )
        return self._asked(request, network.main, between, self._patience)

    def draw(
        self,
        folder: str,
        manifest: Manifest,
        pipeline: Pipeline,
        seeds: Sequence[int],
        latents: Sequence[Floats],
        *,
        time: bool = False,
        between: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Open the networks of a pipeline and draw its reference with every seed, from the latents
        of each; the answers have a ``picture`` (1, h, w, 3).

        Args:
            manifest: has the records of networks and files. time, between: as of :meth:`run`.

        Raises:
            RefusedFile: as of :meth:`run`, or the pipeline does not draw what it says.
            MaquetteError: the process cannot be started.
        """
        words = [told.file for told in pipeline.tokenizers.values()]
        paths = dict.fromkeys((*manifest.files_of(pipeline), *words))
        networks = {name: manifest.component(pipeline, name) for name in pipeline.components}
        request = Draw(
            folder,
            pipeline.model_dump_json(),
            tuple((name, each.model_dump_json()) for name, each in networks.items()),
            tuple(manifest.file(path).model_dump_json() for path in paths),
            tuple(seeds),
            tuple(latents),
            time,
        )
        pictures = len(seeds) + (USUAL if time else 0)
        return self._asked(request, pipeline.id, between, pictures * self._patience)

    def _asked(
        self, request: Run | Draw, name: str, between: Callable[[], None], patience: float
    ) -> Answer:
        try:
            if self._child is None:
                self._child = Child(MODULE, log_dir() / "checking.log")
            connection = self._child.connection
            connection.send(request)
            waited = 0.0
            while not connection.poll(STEP):
                between()
                waited += STEP
                if waited > patience:
                    raise RefusedFile(f"{name} did not run within {patience:.0f} seconds")
            answer = unpacked(connection.recv_bytes())
        except (EOFError, ConnectionError) as error:
            code = self._end()
            raise RefusedFile(
                f"{name} cannot be run: the process that opened it {describe_exit(code)}"
            ) from error
        except ValueError as error:
            self._end()
            raise RefusedFile(f"{name} cannot be run: {error}") from error
        except OSError as error:
            self._end()
            raise MaquetteError(f"no process to run {name} can be started: {error}") from error
        except BaseException:
            self._end()
            raise
        if answer.refused:
            raise RefusedFile(answer.refused)
        return answer

    def _end(self) -> int:
        child, self._child = self._child, None
        if child is None:
            return 0
        code = child.end()
        child.close()
        return code
