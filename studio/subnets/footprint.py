"""What a generator takes on disk and in memory, counted on its tensors."""

from __future__ import annotations

from studio.families.stylegan.network import StyleGan2

BYTES = 4  # of a float32


def stored_bytes(network: StyleGan2, prefix: str = "") -> int:
    """Bytes of the tensors whose names begin with ``prefix`` (all of them), as float32 on disk."""
    tensors = network.state_dict().items()
    count: int = sum(tensor.numel() for name, tensor in tensors if name.startswith(prefix))
    return BYTES * count


def resident_bytes(network: StyleGan2) -> int:
    """Bytes in memory once it can draw: its tensors, and what is worked out from them once.

    That is the energy of every kernel (outputs, inputs) and the noise maps at their strength.
    """
    layers = network.view().layers
    return stored_bytes(network) + BYTES * sum(a.energy.numel() + a.noise.numel() for a in layers)
