"""A LoRA fused here gives what diffusers gives with PEFT; one for another base is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from studio.errors import BadChoice, RefusedFile
from studio.families.diffusion.components import quiet
from studio.families.diffusion.lora import Change, with_lora
from studio.families.diffusion.opening import open_pipeline
from tests.families.diffusion.test_rendering import plain
from tests.families.diffusion.tiny import shared_model, small_inputs, tiny_pipeline

SD, XL = "StableDiffusionPipeline", "StableDiffusionXLPipeline"
ATTENTION = "down_blocks.1.attentions.0.transformer_blocks.0.attn2"


def narrow(out: int, inner: int, rank: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(out + inner)
    return (
        torch.randn(rank, inner, generator=generator),
        torch.randn(out, rank, generator=generator),
    )


def peft_lora(name: str) -> dict[str, torch.Tensor]:
    """In PEFT's names: attention of the denoiser and of a text encoder, and a convolution."""
    if name == "FluxPipeline":
        layers = {
            "transformer.transformer_blocks.0.attn.to_q": (32, 32),
            "transformer.proj_out": (16, 32),
        }
    elif name == "StableDiffusion3Pipeline":
        layers = {"transformer.transformer_blocks.0.attn.to_q": (16, 16)}
    else:
        width = 16 if name == SD else 32
        layers = {
            f"unet.{ATTENTION}.to_k": (16, width),
            f"unet.{ATTENTION}.to_q": (16, 16),
            "text_encoder.text_model.encoder.layers.0.self_attn.q_proj": (16, 16),
        }
    made = {}
    for layer, (out, inner) in layers.items():
        made[f"{layer}.lora_A.weight"], made[f"{layer}.lora_B.weight"] = narrow(out, inner)
    return made


@pytest.mark.parametrize("name", [SD, XL, "StableDiffusion3Pipeline", "FluxPipeline"])
def test_fused_here_as_by_diffusers(name: str, tmp_path: Path) -> None:
    model, inputs = shared_model(name), small_inputs(name)
    save_file(peft_lora(name), tmp_path / "style.safetensors")
    made = with_lora(model, tmp_path / "style.safetensors", 0.5)
    pipeline = tiny_pipeline(name)
    with quiet():
        pipeline.load_lora_weights(tmp_path, weight_name="style.safetensors")
        pipeline.fuse_lora(lora_scale=0.5)
        pipeline.unload_lora_weights()
    drawn = made.render(inputs).astype(int)
    expected = plain(pipeline, inputs, model.info.config.guidance_scale)
    assert np.abs(drawn - expected).max() <= 1
    assert np.abs(drawn - model.render(inputs)).max() > 2  # and it shows
    assert made.info.key != model.info.key
    assert made.info.history[-1].detail == "style at 0.5"
    touched = "unet" if "unet" in model.components.folder.components else "transformer"
    shared = {p.data_ptr() for p in model.components.stored(touched).parameters()}
    own = [p for p in made.network.parameters() if p.data_ptr() not in shared]
    assert 0 < len(own) <= 2


def test_names_of_kohya_with_alpha_and_a_convolution(tmp_path: Path) -> None:
    down, up = narrow(16, 16)
    wide_down, wide_up = torch.randn(2, 16, 3, 3), torch.randn(16, 2, 1, 1)
    stem = "lora_unet_" + ATTENTION.replace(".", "_") + "_to_q"
    conv = "lora_unet_mid_block_resnets_0_conv1"
    save_file(
        {
            f"{stem}.lora_down.weight": down,
            f"{stem}.lora_up.weight": up,
            f"{stem}.alpha": torch.tensor(1.0),
            f"{conv}.lora_down.weight": wide_down,
            f"{conv}.lora_up.weight": wide_up,
            f"{conv}.alpha": torch.tensor(2.0),
        },
        tmp_path / "kohya.safetensors",
    )
    model = shared_model(SD)
    made = with_lora(model, tmp_path / "kohya.safetensors")
    before, after = model.network.state_dict(), made.network.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    attention = f"{ATTENTION}.to_q.weight"
    assert changed == {attention, "mid_block.resnets.0.conv1.weight"}
    assert torch.allclose(after[attention], before[attention] + 0.5 * up @ down, atol=1e-5)
    added = torch.einsum("or,rihw->oihw", wide_up[:, :, 0, 0], wide_down)
    name = "mid_block.resnets.0.conv1.weight"
    assert torch.allclose(after[name], before[name] + added, atol=1e-4)
    made.save(tmp_path / "fused")
    again = open_pipeline(tmp_path / "fused")
    assert np.array_equal(again.render(small_inputs(SD)), made.render(small_inputs(SD)))


def test_a_change_by_hand() -> None:
    change = Change(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]]), 0.5)
    assert change.of(torch.ones(2, 2)).tolist() == [[2.5, 4.0], [3.0, 5.0]]
    assert change.of(torch.ones(2, 2, dtype=torch.float16)).dtype == torch.float16


def _written(folder: Path, tensors: dict[str, Any]) -> Path:
    save_file(tensors, folder / "bad.safetensors")
    return folder / "bad.safetensors"


def test_what_is_refused(tmp_path: Path) -> None:
    model = shared_model(SD)
    another = _written(tmp_path, peft_lora(XL))
    with pytest.raises(RefusedFile, match=r"another base .*to_k”, it is 16 x 32 there, .* 16 x 16"):
        with_lora(model, another)
    flux = _written(tmp_path, peft_lora("FluxPipeline"))
    with pytest.raises(
        RefusedFile, match=r"bad\.safetensors cannot be opened: it is no LoRA for a Stable"
    ):
        with_lora(model, flux)
    with pytest.raises(RefusedFile, match=r"it is no LoRA: none of its tensors .*“weight”"):
        with_lora(model, _written(tmp_path, {"weight": torch.ones(2)}))
    name = f"unet.{ATTENTION}.to_q.lora_A.weight"
    with pytest.raises(RefusedFile, match="has no counterpart"):
        with_lora(model, _written(tmp_path, {name: torch.ones(2, 16)}))
    with pytest.raises(RefusedFile, match="another kind of adapter"):
        with_lora(model, _written(tmp_path, {f"{name}.dora_scale": torch.ones(2)}))
    worse = {key: tensor * float("inf") for key, tensor in peft_lora(SD).items()}
    with pytest.raises(RefusedFile, match="numbers that are none"):
        with_lora(model, _written(tmp_path, worse))
    with pytest.raises(BadChoice, match="not within -10 and 10"):
        with_lora(model, another, 11)
    with pytest.raises(BadChoice, match="DiTPipeline, which takes no LoRA"):
        with_lora(shared_model("DiTPipeline"), another)
    (tmp_path / "a.bin").write_bytes(b"x")
    with pytest.raises(RefusedFile, match="accepted are LoRA files in safetensors"):
        with_lora(model, tmp_path / "a.bin")
    with pytest.raises(RefusedFile, match="cannot be read"):
        with_lora(model, tmp_path / "gone.safetensors")
