"""Components of a pipeline, each loaded when it is first needed, its weights mapped from the file.

Classes come from the table of ``classes.py``; a folder's configuration only gives them sizes.
"""

from __future__ import annotations

import copy
import importlib
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from studio.checkpoints.causes import Cause, listed
from studio.errors import BadChoice, RefusedFile
from studio.families.diffusion.folder import ComponentFolder, PipelineFolder
from studio.subnets.denoisers.chain_shapes import ChainShape
from studio.subnets.denoisers.choice import Kept

if TYPE_CHECKING:
    from studio.families.diffusion.previewing import Previewer

# What constructors raise where a configuration asks for what they cannot build.
UNBUILDABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
NO_CHAINS: Mapping[str, ChainShape] = MappingProxyType({})
_LDM = "diffusers.pipelines.latent_diffusion.pipeline_latent_diffusion"
_TEXT_CONFIGS = {
    "CLIPTextModel": "CLIPTextConfig",
    "CLIPTextModelWithProjection": "CLIPTextConfig",
    "T5EncoderModel": "T5Config",
    "LDMBertModel": "LDMBertConfig",
}
# Older files carry positions as a tensor, and names that their classes have dropped since.
_IGNORED = ("position_ids", "num_batches_tracked")


def class_named(part: str, name: str) -> Any:
    """A class of ``classes.py`` by its name."""
    if name.startswith("LDMBert"):
        return getattr(importlib.import_module(_LDM), name)
    library = "transformers" if part in ("text", "tokenizer") else "diffusers"
    return getattr(importlib.import_module(library), name)


@contextmanager
def quiet() -> Iterator[None]:
    """Without the libraries' remarks on configurations, which are no errors of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loggers = []
        for name in ("diffusers", "transformers"):
            logging = importlib.import_module(f"{name}.utils.logging")
            loggers.append((logging, logging.get_verbosity()))
            logging.set_verbosity_error()
        try:
            yield
        finally:
            for logging, before in loggers:
                logging.set_verbosity(before)


def built(component: ComponentFolder, *, check: bool = False) -> nn.Module:
    """The network of a configuration without weights; buffers that no file holds are there.

    Args:
        check: make nothing at all, only shapes.

    Raises:
        Cause: the configuration makes no network.
    """
    from accelerate import init_empty_weights
    from diffusers.models.modeling_utils import no_init_weights

    with quiet(), ExitStack() as stack:
        stack.enter_context(no_init_weights())
        if check:
            stack.enter_context(torch.device("meta"))
        else:
            stack.enter_context(init_empty_weights(include_buffers=False))
        try:
            network: nn.Module = _made(component)
        except UNBUILDABLE as error:
            why = " ".join(str(error).split())[:200] or type(error).__name__
            raise Cause(f"{component.name}/config.json makes no {component.runs}: {why}") from error
    return network.eval().requires_grad_(False)


def _made(component: ComponentFolder) -> Any:
    made = class_named(component.part, component.runs)
    if component.part != "text":
        return made.from_config(dict(component.config))
    config_class = class_named("text", _TEXT_CONFIGS[component.runs])
    given = component.config
    nested = given.get("text_config")
    if isinstance(nested, Mapping):  # a whole CLIP model: the half that reads texts
        given = {**nested, "projection_dim": given.get("projection_dim", 512)}
    known = set(config_class().to_dict()) | set(_arguments(config_class))
    taken = {
        key: value
        for key, value in given.items()
        if key in known
        and not key.startswith("_")
        and key not in ("dtype", "torch_dtype", "architectures", "transformers_version")
    }
    return made(config_class(**taken))


def _arguments(made: Any) -> Iterable[str]:
    import inspect

    return inspect.signature(made.__init__).parameters


def assigned(
    network: nn.Module, names: Iterable[str], component: ComponentFolder
) -> dict[str, str]:
    """Which tensor of the files each tensor of the network is, by the network's name.

    Raises:
        Cause: one is missing, has another shape, or belongs nowhere.
    """
    wanted = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    held = {name: name for name in names}
    rename = getattr(network, "_fix_state_dict_keys_on_load", None)
    if rename is not None:
        rename(held)
    stored = dict(component.tensors)
    found, used = {}, set()
    for name, shape in wanted.items():
        source = next((held[each] for each in _aliases(name) if each in held), None)
        if source is None:
            raise Cause(
                f"{component.name} has no tensor {listed([name])}, which its config.json asks for"
            )
        if stored[source].shape != shape and not _flattened(network, name, stored[source].shape):
            raise Cause(
                f"{component.name}/config.json and its weights disagree: {listed([name])} is "
                f"{list(stored[source].shape)} in the file and {list(shape)} by the configuration"
            )
        found[name] = source
        used.add(source)
    left = [n for n in held.values() if n not in used and not n.endswith(_IGNORED)]
    if left:
        raise Cause(
            f"{component.name}/config.json and its weights disagree: {listed(sorted(left))} "
            "belongs nowhere in the network it describes"
        )
    return found


def _aliases(name: str) -> tuple[str, ...]:
    """Names that a file may have for a tensor: older ones of CLIP, shared embeddings of T5."""
    if name == "encoder.embed_tokens.weight":
        return name, "shared.weight"
    if name.startswith("text_model."):
        return name, name.removeprefix("text_model.")
    return name, f"text_model.{name}"


def _flattened(network: nn.Module, name: str, shape: tuple[int, ...]) -> bool:
    """Whether a file has a linear layer of an attention as a 1x1 convolution, as old ones do."""
    wanted = tuple(network.state_dict()[name].shape)
    return len(wanted) == 2 and shape == (*wanted, 1, 1)


def checked(
    component: ComponentFolder,
    kept: Kept | None = None,
    chains: Mapping[str, ChainShape] = NO_CHAINS,
) -> nn.Module:
    """Compare a configuration with the header of the weights; the network on the ``meta`` device.

    Args:
        kept: what it is of the network that its configuration describes; None for all.
        chains: which of its layers are chains, by name.

    Raises:
        Cause: they disagree.
    """
    network = _shaped(built(component, check=True), component, kept, chains)
    assigned(network, dict(component.tensors), component)
    return network


def _shaped(
    network: nn.Module,
    component: ComponentFolder,
    kept: Kept | None,
    chains: Mapping[str, ChainShape],
) -> nn.Module:
    if kept is None and not chains:
        return network
    from studio.families.diffusion.elastic import shaped

    try:
        return shaped(network, kept or Kept(), chains)
    except BadChoice as error:
        raise Cause(f"its notes do not fit {component.name}: {error}") from error


def _tensors(component: ComponentFolder) -> dict[str, Tensor]:
    """All tensors of a component, mapped from its files.

    Raises:
        Cause: they cannot be read.
    """
    from safetensors import safe_open

    tensors: dict[str, Tensor] = {}
    if component.read is not None:
        return component.read()
    for path in component.files:
        try:
            with safe_open(str(path), framework="pt", device="cpu") as file:
                for name in file.keys():  # noqa: SIM118 - it is no mapping
                    tensors[name] = file.get_tensor(name)
        except (OSError, RuntimeError, ValueError) as error:
            raise Cause(f"the weights of {component.name} cannot be read: {error}") from error
    return tensors


def loaded(
    component: ComponentFolder,
    kept: Kept | None = None,
    chains: Mapping[str, ChainShape] = NO_CHAINS,
) -> nn.Module:
    """A network with its weights, mapped from the files in their own types.

    Args:
        kept, chains: as for ``checked``.

    Raises:
        Cause: configuration and weights disagree.
    """

    network = _shaped(built(component), component, kept, chains)
    places = assigned(network, dict(component.tensors), component)
    if component.gguf is not None:
        from studio.families.diffusion.packed import take_weights

        found = component.gguf.places
        take_weights(network, component.gguf.file, {n: found[name] for n, name in places.items()})
        return network.eval().requires_grad_(False)
    tensors = _tensors(component)
    wanted = network.state_dict()
    state = {n: tensors[place].reshape(wanted[n].shape) for n, place in places.items()}
    network.load_state_dict(state, strict=True, assign=True)
    tie = getattr(network, "tie_weights", None)
    if tie is not None and component.part == "text":
        tie()
    return network.eval().requires_grad_(False)


def in_type(network: nn.Module, dtype: torch.dtype) -> nn.Module:
    """A network of the same class in another floating type; itself where it has that already."""
    if all(p.dtype == dtype for p in network.parameters() if p.is_floating_point()):
        return network
    return in_place_of(
        network, lambda tensor: tensor.to(dtype) if tensor.is_floating_point() else tensor
    )


def twin(network: nn.Module) -> nn.Module:
    """A network on the same memory that can be moved or converted without changing the first."""
    return in_place_of(network, lambda tensor: tensor)


def in_place_of(network: nn.Module, made: Callable[[Tensor], Tensor]) -> nn.Module:
    """The modules again, each tensor as ``made`` gives it; none is copied twice."""
    memo: dict[int, Any] = {}
    for parameter in network.parameters():
        value = made(parameter).detach()
        memo[id(parameter)] = nn.Parameter(value, requires_grad=False)
    for buffer in network.buffers():
        memo[id(buffer)] = made(buffer).detach()
    return copy.deepcopy(network, memo)


def replaced(network: nn.Module, tensors: Mapping[str, Tensor]) -> nn.Module:
    """A network with other values for some parameters, by name; the others are shared."""
    own = {id(p): tensors[n] for n, p in network.named_parameters() if n in tensors}
    memo: dict[int, Any] = {}
    for parameter in network.parameters():
        value = own.get(id(parameter), parameter.detach())
        memo[id(parameter)] = nn.Parameter(value, requires_grad=False)
    for buffer in network.buffers():
        memo[id(buffer)] = buffer
    return copy.deepcopy(network, memo)


class Components:
    """The components of a folder, loaded when first asked for and kept.

    Args:
        preview_decoder: what looks at latents (``previewing.Previewer``); None for one that is
            found.
    """

    def __init__(
        self,
        folder: PipelineFolder,
        computes: str = "float32",
        kept: Kept | None = None,
        chains: Mapping[str, ChainShape] = NO_CHAINS,
        preview_decoder: Path | None = None,
    ) -> None:
        self.folder = folder
        self.kept = kept
        self.chains = chains
        self._preview_decoder = preview_decoder
        self._previewer: Previewer | None = None
        self._computes = computes
        self._others: Components | None = None
        self._choices: dict[str, str] = {}
        self._stored: dict[str, Any] = {}
        self._running: dict[str, nn.Module] = {}
        self._lock = threading.RLock()

    def with_denoiser(
        self,
        network: nn.Module,
        kept: Kept | None,
        chains: Mapping[str, ChainShape] = NO_CHAINS,
    ) -> Components:
        """The same components with another denoiser; the others are shared, and loaded once.

        Args:
            network: in the type in which it is to be stored. kept: what it is of the denoiser that
                the folder's config.json describes; None for all. chains: which layers of it are
                chains.
        """
        made = Components(self.folder, self._computes, kept, chains)
        made._others = self
        made._stored[self.folder.pipeline.denoiser] = network.eval().requires_grad_(False)
        return made

    def with_networks(self, networks: Mapping[str, nn.Module]) -> Components:
        """The same components with others of the same sizes in place of some, by name."""
        made = Components(self.folder, self._computes, self.kept, self.chains)
        made._others = self
        made._stored.update({n: each.eval().requires_grad_(False) for n, each in networks.items()})
        return made

    def previewer(self, channels: int, factor: int) -> Previewer:
        """What looks at latents; shared with components that were made of these.

        Args:
            channels: of the latents. factor: pixels a latent.
        """
        from studio.families.diffusion.local import preview_decoders
        from studio.families.diffusion.previewing import Previewer

        with self._lock:
            if self._others is not None:
                return self._others.previewer(channels, factor)
            if self._previewer is None:
                vae = self.folder.pipeline.vae
                self._previewer = Previewer(
                    None if vae is None else lambda: self.running(vae),
                    channels,
                    factor,
                    self._preview_decoder,
                    lambda: preview_decoders(self.folder.path),
                )
            return self._previewer

    def with_choices(self, choices: Mapping[str, str]) -> Components:
        """The same components, of which some keep their weights in few bits while they run.

        Args:
            choices: by component, as in ``QuantPlan.components``.
        """
        made = Components(self.folder, self._computes, self.kept, self.chains)
        made._others = self
        made._choices = dict(choices)
        return made

    def stored(self, name: str) -> nn.Module:
        """A network in the type of its file.

        Raises:
            RefusedFile: the files have changed since they were checked.
        """
        with self._lock:
            if self._others is not None and name not in self._stored:
                return self._others.stored(name)
            if name not in self._stored:
                component = self.folder.components[name]
                denoiser = name == self.folder.pipeline.denoiser
                shape = (self.kept, self.chains) if denoiser else (None, NO_CHAINS)
                try:
                    self._stored[name] = loaded(component, *shape)
                except Cause as cause:
                    raise RefusedFile(f"{self.folder.path} cannot be opened: {cause}") from cause
            network: nn.Module = self._stored[name]
            return network

    def running(self, name: str) -> nn.Module:
        """The same in the type that PyTorch computes in, its weights kept as was chosen."""
        with self._lock:
            if name in self._choices:
                if name not in self._running:
                    self._running[name] = self._few(name)
                return self._running[name]
            if self._others is not None and name not in self._stored:
                return self._others.running(name)
            if name not in self._running:
                network = self.stored(name)
                packed = self.folder.packed and name == self.folder.pipeline.denoiser
                if self._computes == "float32":
                    network = in_type(network, torch.float32)
                elif packed:  # what is not packed in it has to agree with the others
                    network = in_type(network, getattr(torch, self._computes))
                self._running[name] = network
            return self._running[name]

    def plain(self, name: str) -> nn.Module:
        """The same as :meth:`running`, whatever was chosen."""
        with self._lock:
            if self._others is not None and name not in self._stored:
                return self._others.plain(name)
            return self.running(name)

    def _few(self, name: str) -> nn.Module:
        from studio.families.diffusion.precisions import Role, within
        from studio.families.diffusion.stored import stored_as

        network = self.stored(name)
        floats = next(p for p in network.parameters() if p.is_floating_point())
        computes = torch.float32 if self._computes == "float32" else floats.dtype
        part = self.folder.pipeline
        role: Role = "denoiser" if name == part.denoiser else "text"
        if name == part.vae:
            role = "vae"
        return stored_as(network, self._choices[name], computes, within(role))

    def computes(self, name: str) -> torch.dtype:
        """The type of :meth:`running`, without making that."""
        if self._computes == "float32":
            return torch.float32
        if self.folder.packed and name == self.folder.pipeline.denoiser:
            return getattr(torch, self._computes)  # type: ignore[no-any-return]
        dtype: torch.dtype = self.stored(name).dtype  # type: ignore[assignment]
        return dtype

    def release(self, name: str) -> None:
        """Let go of a network in the type that PyTorch computes in, where that is a copy; it is
        made again when it is asked for."""
        with self._lock:
            if self._others is not None and name not in self._stored:
                self._others.release(name)
            elif self._running.get(name) is not self._stored.get(name):
                self._running.pop(name, None)

    def tokenizer(self, name: str) -> Any:
        """A tokenizer.

        Raises:
            RefusedFile: its files make none, or it has more tokens than the text encoder reads.
        """
        with self._lock:
            if self._others is not None:
                return self._others.tokenizer(name)
            if name not in self._stored:
                self._stored[name] = self._tokenizer(self.folder.components[name])
            return self._stored[name]

    def _tokenizer(self, component: ComponentFolder) -> Any:
        made = class_named("tokenizer", component.runs)
        with quiet():
            try:
                tokenizer = made.from_pretrained(str(component.folder), local_files_only=True)
            except UNBUILDABLE as error:
                why = " ".join(str(error).split())[:200]
                raise RefusedFile(
                    f"{self.folder.path} cannot be opened: {component.name} makes no tokenizer: "
                    f"{why}"
                ) from error
        name = component.name.replace("tokenizer", "text_encoder")
        reads = self.folder.components.get(name) or self.folder.components.get("bert")
        vocabulary = None if reads is None else reads.config.get("vocab_size")
        if isinstance(vocabulary, int) and len(tokenizer) > vocabulary:
            raise RefusedFile(
                f"{self.folder.path} cannot be opened: {component.name} has {len(tokenizer)} "
                f"tokens and the text encoder reads {vocabulary}"
            )
        return tokenizer
