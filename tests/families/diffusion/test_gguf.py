"""A denoiser from a GGUF file draws what its unpacked weights draw in a plain pipeline."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from studio.commands import app
from studio.errors import BadChoice, MaquetteError, NotEnoughMemory, RefusedFile
from studio.families.diffusion.gguf_file import read_gguf
from studio.families.diffusion.gguf_names import places_of
from studio.families.diffusion.lora import with_lora
from studio.families.diffusion.memory import BESIDE, estimate
from studio.families.diffusion.opening import open_pipeline, pipeline_folder
from studio.families.diffusion.packed import PackedConv2d, PackedLinear, unpacked
from studio.families.opening import open_model
from studio.families.quantization import QuantPlan
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse
from tests.families.diffusion.gguf_writing import write_gguf
from tests.families.diffusion.one_file import unet_name
from tests.families.diffusion.test_lora import peft_lora
from tests.families.diffusion.test_rendering import plain
from tests.families.diffusion.tiny import shared_folder, shared_model, small_inputs, tiny_pipeline

SD, SD3, FLUX = "StableDiffusionPipeline", "StableDiffusion3Pipeline", "FluxPipeline"


def denoiser_of(pipeline: Any) -> Any:
    return getattr(pipeline, "unet", None) or pipeline.transformer


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The U-Net of the tiny Stable Diffusion in Q4_0, under its original names."""
    unet = tiny_pipeline(SD).unet
    attends = tuple("CrossAttn" in kind for kind in unet.config.up_block_types)
    named = {
        unet_name(name, unet.config.layers_per_block, attends): tensor
        for name, tensor in unet.state_dict().items()
    }
    file = tmp_path_factory.mktemp("gguf") / "unet-Q4_0.gguf"
    write_gguf(named, file, "Q4_0", arranged=True)
    return file


@pytest.fixture(scope="module")
def model(packed: Path) -> Any:
    return open_pipeline(shared_folder(SD), denoiser=packed)


@pytest.mark.parametrize(
    ("name", "kind"), [(SD, "Q4_0"), (SD3, "Q5_1"), (FLUX, "Q8_0"), ("PixArtSigmaPipeline", "Q8_0")]
)
def test_it_draws_what_its_unpacked_weights_draw(name: str, kind: str, tmp_path: Path) -> None:
    pipeline, inputs = tiny_pipeline(name), small_inputs(name)
    denoiser, file = denoiser_of(pipeline), tmp_path / "own.gguf"
    held = write_gguf(denoiser.state_dict(), file, kind, architecture="own", arranged=True)
    denoiser.load_state_dict(held)
    made = open_pipeline(shared_folder(name), denoiser=file)
    info = made.info
    drawn = made.render(inputs)
    assert np.array_equal(drawn, plain(pipeline, inputs, info.config.guidance_scale))
    assert not np.array_equal(drawn, shared_model(name).render(inputs))
    kinds = {type(each) for each in made.running_network.modules()}
    assert PackedLinear in kinds
    assert PackedConv2d in kinds or name == FLUX  # which has none
    assert info.config.packed == kind
    assert info.history[-1].detail == (
        f"{info.denoiser} from own.gguf: weights in {kind} for memory, computed in float32"
    )
    assert info.key != shared_model(name).info.key


def test_original_names_and_rearranged_convolutions(model: Any, packed: Path) -> None:
    pipeline = tiny_pipeline(SD)
    held = write_gguf(
        pipeline.unet.state_dict(), packed.with_name("again.gguf"), "Q4_0", arranged=True
    )
    pipeline.unet.load_state_dict(held)
    assert any(not each.rows for each in read_gguf(packed).tensors.values())
    inputs = small_inputs(SD)
    drawn = plain(pipeline, inputs, model.info.config.guidance_scale)
    assert np.array_equal(model.render(inputs), drawn)
    # Bytes of the file are shared by the network as stored and as it runs.
    name = "mid_block.resnets.0.conv1"
    stored, runs = (n.get_submodule(name).weight for n in (model.network, model.running_network))
    assert stored.dtype == torch.uint8
    assert stored.data_ptr() == runs.data_ptr()


def test_whole_checkpoints_and_plain_numbers(tmp_path: Path) -> None:
    unet = tiny_pipeline(SD).unet
    tensors = {f"model.diffusion_model.{n}": t for n, t in unet.state_dict().items()}
    write_gguf({**tensors, "first_stage_model.x": torch.ones(2)}, tmp_path / "f.gguf", "F16")
    made = open_pipeline(shared_folder(SD), denoiser=tmp_path / "f.gguf")
    assert (made.info.config.packed, made.info.components[1].dtype) == ("", "float16")
    assert made.info.history[-1].detail.endswith("weights in float16, computed in float32")
    weight = made.network.conv_in.weight
    assert torch.equal(weight, unet.conv_in.weight.half())
    assert with_lora(made, _lora(tmp_path)).info.history[-1].detail == "lora at 1"


def _lora(folder: Path) -> Path:
    from safetensors.torch import save_file

    save_file(peft_lora(SD), folder / "lora.safetensors")
    return folder / "lora.safetensors"


@pytest.mark.parametrize("kind", ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"])
def test_unpacking_as_the_format_defines_it(kind: str) -> None:
    import gguf

    of = gguf.GGMLQuantizationType[kind]
    values = np.random.default_rng(1).normal(size=(4, 64)).astype(np.float32)
    data = gguf.quantize(values, of)
    made = unpacked(torch.from_numpy(data.copy()), kind, (4, 64))
    assert torch.equal(made, torch.from_numpy(gguf.dequantize(data, of)))
    assert np.abs(made.numpy() - values).max() < 0.5


@pytest.mark.parametrize("kind", ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS"])
def test_unpacking_kinds_that_are_only_read(kind: str) -> None:
    import gguf

    of = gguf.GGMLQuantizationType[kind]
    block, size = gguf.GGML_QUANT_SIZES[of]
    # Bytes below 60 make no scale that is infinite or no number.
    data = np.random.default_rng(2).integers(0, 60, (6, size), dtype=np.uint8)
    made = unpacked(torch.from_numpy(data), kind, (3, 2 * block))
    expected = torch.from_numpy(gguf.dequantize(data, of)).reshape(3, 2 * block)
    assert torch.allclose(made, expected, rtol=1e-6, atol=0)
    assert made.abs().max() > 0


def test_names_of_sd3_as_diffusers_converts_them(tmp_path: Path) -> None:
    from diffusers.loaders.single_file_utils import (
        convert_sd3_transformer_checkpoint_to_diffusers as convert,
    )

    width = 8
    shapes = {"pos_embed": (1, 4, width), "x_embedder.proj.weight": (width, 4, 2, 2)}
    shapes["x_embedder.proj.bias"] = (width,)
    layers = {"context_embedder": width, "final_layer.linear": 16}
    layers["final_layer.adaLN_modulation.1"] = 2 * width
    for each in ("t_embedder", "y_embedder"):
        layers |= {f"{each}.mlp.0": width, f"{each}.mlp.2": width}
    for block in range(2):
        for side in ("x_block", "context_block"):
            here = f"joint_blocks.{block}.{side}"
            last = block == 1 and side == "context_block"
            layers[f"{here}.attn.qkv"] = 3 * width
            layers[f"{here}.adaLN_modulation.1"] = (2 if last else 6) * width
            shapes |= {f"{here}.attn.ln_{letter}.weight": (4,) for letter in "qk"}
            if not last:
                layers |= {f"{here}.attn.proj": width, f"{here}.mlp.fc1": 4 * width}
                layers[f"{here}.mlp.fc2"] = width
        # A second attention that reads the picture alone, as SD 3.5 has in some blocks.
        if block == 0:
            here = "joint_blocks.0.x_block.attn2"
            layers |= {f"{here}.qkv": 3 * width, f"{here}.proj": width}
            shapes |= {f"{here}.ln_{letter}.weight": (4,) for letter in "qk"}
    _agree(shapes, layers, width, convert, "SD3Transformer2DModel", {}, tmp_path)


def test_names_of_flux_as_diffusers_converts_them(tmp_path: Path) -> None:
    from diffusers.loaders.single_file_utils import (
        convert_flux_transformer_checkpoint_to_diffusers as convert,
    )

    inner = 3072  # the converter of diffusers knows this width alone
    shapes, layers = {}, {"img_in": 4, "txt_in": 4, "final_layer.linear": 4}
    layers["final_layer.adaLN_modulation.1"] = 8
    for each in ("time_in", "vector_in", "guidance_in"):
        layers |= {f"{each}.in_layer": 4, f"{each}.out_layer": 4}
    for side in ("img", "txt"):
        here = f"double_blocks.0.{side}"
        layers |= {f"{here}_mod.lin": 24, f"{here}_attn.qkv": 12, f"{here}_attn.proj": 4}
        layers |= {f"{here}_mlp.0": 16, f"{here}_mlp.2": 4}
        shapes |= {f"{here}_attn.norm.{word}_norm.scale": (4,) for word in ("query", "key")}
    for block in range(2):
        here = f"single_blocks.{block}"
        layers |= {f"{here}.modulation.lin": 12, f"{here}.linear1": 7 * inner, f"{here}.linear2": 4}
        shapes |= {f"{here}.norm.{word}_norm.scale": (4,) for word in ("query", "key")}
    config = {"num_attention_heads": 24, "attention_head_dim": 128}
    _agree(shapes, layers, 2, convert, "FluxTransformer2DModel", config, tmp_path)


def _agree(
    shapes: Any, layers: Any, columns: int, convert: Any, runs: str, config: Any, folder: Path
) -> None:
    shapes = dict(shapes)
    for name, rows in layers.items():
        shapes |= {f"{name}.weight": (rows, columns), f"{name}.bias": (rows,)}
    generator = torch.Generator().manual_seed(1)
    tensors = {name: torch.rand(shape, generator=generator) for name, shape in shapes.items()}
    write_gguf(tensors, folder / "own.gguf", "F32")
    places = places_of(read_gguf(folder / "own.gguf"), runs, config)
    expected = convert(dict(tensors))
    assert set(places) == set(expected)
    for name, place in places.items():
        source = tensors[place.source]
        runs_of = [source[a:b] for a, b in place.rows] or [source]
        assert torch.equal(torch.cat(runs_of), expected[name]), name


def test_in_the_pipelines_folder(packed: Path, model: Any, tmp_path: Path) -> None:
    folder = tmp_path / "pipeline"
    shutil.copytree(shared_folder(SD), folder)
    (folder / "unet/diffusion_pytorch_model.safetensors").unlink()
    shutil.copyfile(packed, folder / "unet/any name.gguf")
    made = open_model(folder)
    assert np.array_equal(made.render(small_inputs(SD)), model.render(small_inputs(SD)))  # type: ignore[call-overload, union-attr]
    shutil.copyfile(packed, folder / "unet/other.gguf")
    with pytest.raises(RefusedFile, match=r"unet has 2 GGUF files; leave one"):
        open_model(folder)


def test_the_command_line(packed: Path, model: Any, tmp_path: Path) -> None:
    from PIL import Image

    folder, out = str(shared_folder(SD)), tmp_path / "out.png"
    said = ["--denoiser", str(packed)]
    inputs = ["--prompt", "a green head", "--steps", "2", "--seed", "3", "--size", "16x32"]
    result = CliRunner().invoke(app, ["render", folder, *said, *inputs, "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert np.array_equal(np.asarray(Image.open(out)), model.render(small_inputs(SD)))
    result = CliRunner().invoke(app, ["inspect", folder, *said, "--json"])
    record = json.loads(result.stdout)
    unet = next(each for each in record["components"] if each["name"] == "unet")
    assert (unet["dtype"], record["computes_in"]) == ("Q4_0", "float32")
    assert "Q4_0 for memory" in record["history"][-1]["detail"]
    result = CliRunner().invoke(app, ["inspect", "clay-heads", *said])
    assert result.exit_code == 1
    assert "so it takes no denoiser" in result.stderr
    result = CliRunner().invoke(app, ["inspect", str(packed)])
    assert "a GGUF file has the denoiser of a pipeline alone" in result.stderr


def test_memory_is_that_of_the_file(packed: Path, model: Any) -> None:
    whole, small = pipeline_folder(shared_folder(SD)), pipeline_folder(shared_folder(SD), packed)
    other = whole.bytes - whole.denoiser.bytes
    held = sum(each.size for each in read_gguf(packed).tensors.values())
    assert small.denoiser.bytes == held < 0.6 * whole.denoiser.bytes
    needs = estimate(small)
    largest = max(t.count for t in small.denoiser.tensors.values() if t.size is not None)
    assert needs.own == other + held + 8 * largest + BESIDE
    assert needs.float32 == needs.own
    price = cost(model.info.config, resolve(SubnetChoice(), model.info.config))
    assert price.size_bytes == pytest.approx(held, rel=0.02)
    with pytest.raises(NotEnoughMemory, match=r"in Q4_0.*one with fewer bits a weight"):
        open_pipeline(shared_folder(SD), denoiser=packed, memory_limit=BESIDE)


def test_it_computes_in_what_the_others_are_stored_in(packed: Path, tmp_path: Path) -> None:
    tiny_pipeline(SD).to(torch.bfloat16).save_pretrained(tmp_path / "half")
    limit = estimate(pipeline_folder(tmp_path / "half", packed)).own
    made = open_pipeline(tmp_path / "half", denoiser=packed, memory_limit=limit)
    assert made.info.computes == "bfloat16"
    assert made.running_network.dtype == torch.bfloat16
    roomy = open_pipeline(tmp_path / "half", denoiser=packed)
    inputs = small_inputs(SD)
    apart = np.abs(made.render(inputs).astype(int) - roomy.render(inputs))
    assert 0 < apart.mean() < 4


def test_what_works_on_it(model: Any) -> None:
    inputs = small_inputs(SD, steps=3)
    whole = model.render(inputs)
    for denoising in (
        Denoising(Elastic(depth=0.5)),
        Denoising(reuse=Reuse(interval=2)),
        Denoising(reuse=Reuse(guided=(0.0, 0.5))),
    ):
        drawn = model.render(inputs, SubnetChoice(denoising=denoising))
        assert drawn.shape == whole.shape
        assert not np.array_equal(drawn, whole)


def test_what_does_not_says_so(model: Any, tmp_path: Path) -> None:
    with pytest.raises(BadChoice, match=r"GGUF file in Q4_0, which cannot be narrowed; blocks can"):
        model.render(small_inputs(SD), SubnetChoice(width=0.5))
    with pytest.raises(BadChoice, match="cannot be narrowed"):
        model.render(small_inputs(SD), SubnetChoice(denoising=Denoising(Elastic(heads=0.5))))
    with pytest.raises(BadChoice, match="cannot be written anew; leaving out blocks"):
        model.cut(SubnetChoice(denoising=Denoising(Elastic(depth=0.5))))
    with pytest.raises(BadChoice, match="Q4_0 already"):
        model.quantised(QuantPlan())
    with pytest.raises(MaquetteError, match="GGUF file in Q4_0, which no pipeline folder"):
        model.save(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(BadChoice, match="runs in PyTorch only"):
        model.portable().onnx()
    with pytest.raises(RefusedFile, match="a LoRA is fused into safetensors only"):
        with_lora(model, _lora(tmp_path))


def header(tensors: int = 0, fields: bytes = b"", count: int = 0, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, count) + fields


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def described(name: str = "w", shape: tuple[int, ...] = (32,), kind: int = 0, at: int = 0) -> bytes:
    axes = struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
    return text(name) + axes + struct.pack("<IQ", kind, at)


ENDLESS = text("a") + struct.pack("<IIQ", 9, 0, 1 << 62)
NESTED = text("a") + struct.pack("<IIQ", 9, 9, 1)
TEXTS = text("a") + struct.pack("<IIQ", 9, 8, 1 << 60)
HOSTILE = {
    "pickle": (b"\x80\x02" * 40, "does not begin as one"),
    "empty": (b"", "does not begin as one"),
    "stops": (b"GGUF\x03", "cut short: its header goes on"),
    "version": (header(version=9), "of version 9; accepted are 2 and 3"),
    "tensors": (header(1 << 60), "speaks of 1152921504606846976 tensors"),
    "fields": (header(count=1 << 60), "and 1152921504606846976 fields"),
    "array": (header(fields=ENDLESS, count=1), "cut short: its header goes on"),
    "texts": (header(fields=TEXTS, count=1), "cut short: its header goes on"),
    "nested": (header(fields=NESTED, count=1), "array of the unknown type 9"),
    "text": (header(fields=struct.pack("<Q", 1 << 50), count=1), "far too long"),
    "alignment": (
        header(fields=text("general.alignment") + struct.pack("<II", 4, 0), count=1),
        "no power of two",
    ),
    "axes": (header(1, text("w") + struct.pack("<I", 1 << 31)), "2147483648 axes"),
    "size": (header(1, described(shape=(1 << 40, 1 << 40))), "a size that no tensor has"),
    "nothing": (header(1, described(shape=(4, 0))), "a size that no tensor has"),
    "kind": (header(1, described(kind=16)), "of the type IQ2_XXS; accepted are F32, F16"),
    "unknown": (header(1, described(kind=4000)), "of the type number 4000"),
    "blocks": (header(1, described(shape=(31,), kind=2)), "no whole blocks of Q4_0"),
    "offset": (header(1, described(at=7)), "does not begin at a multiple of 32"),
    "twice": (header(2, described() * 2) + bytes(400), "“w” twice"),
    "short": (header(1, described(shape=(1 << 30,))), "cut short: “w” ends at byte"),
    "far": (header(1, described(at=1 << 62)), "cut short: “w” ends at byte"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_damaged_files_are_refused(name: str, tmp_path: Path) -> None:
    data, why = HOSTILE[name]
    (tmp_path / "bad.gguf").write_bytes(data)
    with pytest.raises(RefusedFile, match=f"of “bad.gguf”, .*{why}"):
        pipeline_folder(shared_folder(SD), tmp_path / "bad.gguf")


def test_a_field_that_gives_another_shape(tmp_path: Path) -> None:
    shape = text("comfy.gguf.orig_shape.w") + struct.pack("<IIQ3i", 9, 5, 3, 2, 4, 5)
    (tmp_path / "bad.gguf").write_bytes(header(1, shape + described(), 1) + bytes(400))
    with pytest.raises(RefusedFile, match="does not fit that tensor"):
        pipeline_folder(shared_folder(SD), tmp_path / "bad.gguf")


def test_files_of_another_network_are_refused(packed: Path, tmp_path: Path) -> None:
    with pytest.raises(
        RefusedFile, match=r"holds UNet2DConditionModel \(it calls itself “sd1”\), .* a FluxTr"
    ):
        open_pipeline(shared_folder(FLUX), denoiser=packed)
    with pytest.raises(RefusedFile, match=r"no whole UNet2DConditionModel: it lacks 'label_emb"):
        open_pipeline(shared_folder("StableDiffusionXLPipeline"), denoiser=packed)
    with pytest.raises(RefusedFile, match="and this pipeline's denoiser is a UNet2DModel"):
        open_pipeline(shared_folder("DDPMPipeline"), denoiser=packed)
    file = tmp_path / "text.gguf"
    write_gguf({"token_embd.weight": torch.ones(4, 32)}, file, architecture="t5encoder")
    with pytest.raises(RefusedFile, match=r"a language model or text encoder .*“t5encoder”"):
        open_pipeline(shared_folder(FLUX), denoiser=file)
    write_gguf({"other.weight": torch.ones(4, 32)}, file)
    with pytest.raises(RefusedFile, match="unet has no tensor"):
        open_pipeline(shared_folder(SD), denoiser=file)
    names = {f"double_blocks.0.img_attn.qkv.{each}": torch.ones(48, 32) for each in ("weight",)}
    write_gguf(names, file)
    with pytest.raises(RefusedFile, match=r"no whole FluxTransformer2DModel: it lacks 'time_in"):
        open_pipeline(shared_folder(FLUX), denoiser=file)
    with pytest.raises(RefusedFile, match=r"“a.bin” is no GGUF file"):
        open_pipeline(shared_folder(SD), denoiser=tmp_path / "a.bin")
    with pytest.raises(RefusedFile, match=r"“gone.gguf” cannot be read: no such file"):
        open_pipeline(shared_folder(SD), denoiser=tmp_path / "gone.gguf")


def test_a_stable_diffusion_in_one_file_with_another_denoiser(tmp_path: Path) -> None:
    from tests.families.diffusion.one_file import pipeline_of, write_one_file
    from tests.families.diffusion.tiny import clip_tokenizer

    pipeline = pipeline_of("1")
    pipeline.set_progress_bar_config(disable=True)
    write_one_file(pipeline, "1", tmp_path / "model.safetensors")
    clip_tokenizer().save_pretrained(tmp_path / "tokenizer")
    own = write_gguf(pipeline.unet.state_dict(), tmp_path / "unet.gguf", "Q4_1")
    pipeline.unet.load_state_dict(own)
    made = open_model(tmp_path / "model.safetensors", denoiser=tmp_path / "unet.gguf")
    assert made.info.config.packed == "Q4_1"  # type: ignore[union-attr]
    assert made.info.key != open_model(tmp_path / "model.safetensors").info.key
    drawn = made.render(small_inputs(""))  # type: ignore[call-overload]
    assert np.array_equal(drawn, plain(pipeline, small_inputs(""), 7.5))
