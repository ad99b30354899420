"""Bytes on disk and in memory, counted by hand."""

from __future__ import annotations

from pathlib import Path

from studio.subnets.footprint import resident_bytes, stored_bytes
from tests.families.small import factorised_config, small_config, small_model


def test_bytes_of_a_generator() -> None:
    network = small_model(small_config((6, 5, 4, 3))).network
    # Style affine (18 wide) and its bias, kernel, bias, noise strength and map of the 8 px layer.
    assert stored_bytes(network, "layers.1.") == 4 * (5 * 18 + 5 + 4 * 5 * 9 + 4 + 1 + 64)
    assert stored_bytes(network, "const") == 4 * 6 * 16
    energies = 5 * 6 + 4 * 5 + 3 * 4
    maps = 16 + 64 + 64
    assert resident_bytes(network) - stored_bytes(network) == 4 * (energies + maps)


def test_a_file_holds_what_was_counted(tmp_path: Path) -> None:
    model = small_model(factorised_config())
    model.save(tmp_path / "a.safetensors")
    header = int.from_bytes((tmp_path / "a.safetensors").read_bytes()[:8], "little")
    size = (tmp_path / "a.safetensors").stat().st_size
    assert size - 8 - header == stored_bytes(model.network)
