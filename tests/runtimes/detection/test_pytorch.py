"""What PyTorch's answers mean, in the forms that its documentation and its users show."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from studio.runtimes.detection import pytorch
from studio.runtimes.detection.processor import Processor
from studio.runtimes.detection.pytorch import Accelerator, Probe, interpret

XEON = Processor("Intel(R) Xeon(R) Processor", "Intel", ("avx2", "avx512_bf16", "avx512_fp16"))
PLAIN = Probe("2.13.0+cpu", XEON)
CU130 = ("sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120", "compute_120")
CUDA = replace(PLAIN, installed="2.13.0+cu130", cuda="13.0", architectures=CU130)
NO_DRIVER = (
    "Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed "
    "a driver from http://www.nvidia.com/Download/index.aspx"
)


def ready(found):
    return [d for d in interpret(found) if d.status == "ready"]


def why(found, kind, vendor):
    (row,) = [
        d for d in interpret(found) if d.status != "ready" and (d.kind, d.vendor) == (kind, vendor)
    ]
    assert not row.id
    return row.reason


def test_a_processor_with_bf16():
    (cpu,) = ready(PLAIN)
    assert (cpu.kind, cpu.id, cpu.name) == ("CPU", "cpu", XEON.name)
    assert cpu.precisions == ("f32", "bf16")
    assert not cpu.static_only


def test_a_processor_without():
    old = replace(PLAIN, processor=Processor("Intel(R) Core(TM) i5-8350U", "Intel", ("avx2",)))
    assert ready(old)[0].precisions == ("f32",)


def test_a_build_for_the_processor_names_what_would_add_each_vendor():
    assert why(PLAIN, "GPU", "NVIDIA") == (
        "this PyTorch (2.13.0+cpu) is built without CUDA; 'pip install --force-reinstall torch "
        "--index-url https://download.pytorch.org/whl/cu130' adds it"
    )
    assert "ROCm" in why(PLAIN, "GPU", "AMD")
    assert "whl/xpu" in why(PLAIN, "GPU", "Intel")
    assert "Metal" in why(PLAIN, "GPU", "Apple")
    assert "no NPU" in why(PLAIN, "NPU", "")


@pytest.mark.parametrize(
    ("name", "capability", "precisions"),
    [
        ("NVIDIA H200", (9, 0), ("f32", "bf16", "f16")),
        ("NVIDIA GeForce RTX 3060", (8, 6), ("f32", "bf16", "f16")),
        ("Tesla T4", (7, 5), ("f32", "f16")),
        ("NVIDIA GeForce RTX 5090", (12, 0), ("f32", "bf16", "f16")),
    ],
)
def test_cuda_devices_by_capability(name, capability, precisions):
    found = replace(CUDA, cuda_devices=(Accelerator(name, capability=capability),))
    gpu = ready(found)[1]
    assert (gpu.kind, gpu.vendor, gpu.name, gpu.id) == ("GPU", "NVIDIA", name, "cuda:0")
    assert gpu.precisions == precisions


def test_two_cuda_devices_have_two_names():
    two = tuple(Accelerator("NVIDIA H200", capability=(9, 0)) for _ in range(2))
    assert [d.id for d in ready(replace(CUDA, cuda_devices=two))] == ["cpu", "cuda:0", "cuda:1"]


def test_a_gpu_that_is_too_old_for_the_build():
    found = replace(CUDA, cuda_devices=(Accelerator("GeForce GTX 1080", capability=(6, 1)),))
    assert [d.id for d in ready(found)] == ["cpu"]
    assert "compute capability 6.1, only for sm_75" in why(found, "GPU", "NVIDIA")


@pytest.mark.parametrize(
    ("capability", "architectures", "runs"),
    [
        ((8, 9), ("sm_86",), True),
        ((8, 0), ("sm_86",), False),
        ((9, 0), ("sm_86",), False),
        ((9, 0), ("sm_86", "compute_86"), True),
        ((10, 0), ("sm_100a",), True),
        ((7, 0), (), True),
    ],
)
def test_which_code_runs_on_which_gpu(capability, architectures, runs):
    assert pytorch.runs_on(capability, architectures) is runs


def test_a_missing_driver_is_told_in_cudas_words():
    found = replace(CUDA, errors=(("cuda", NO_DRIVER),))
    assert why(found, "GPU", "NVIDIA") == f"PyTorch cannot start CUDA: {NO_DRIVER}"


def test_rocm_speaks_of_amd():
    rocm = replace(PLAIN, installed="2.13.0+rocm7.1", hip="7.1.25424")
    found = replace(rocm, cuda_devices=(Accelerator("AMD Instinct MI300X", capability=(9, 4)),))
    gpu = ready(found)[1]
    assert (gpu.vendor, gpu.id, gpu.driver) == ("AMD", "cuda:0", "ROCm 7.1.25424")
    assert "built without CUDA" in why(found, "GPU", "NVIDIA")


def test_xpu_and_mps():
    arc = Accelerator("Intel(R) Arc(TM) A770 Graphics", "1.6.31294+20", half=True, bfloat=True)
    gpu = ready(replace(PLAIN, xpu=True, xpu_devices=(arc,)))[1]
    assert (gpu.vendor, gpu.id, gpu.driver) == ("Intel", "xpu:0", "1.6.31294+20")
    assert gpu.precisions == ("f32", "bf16", "f16")
    m2 = Accelerator("Apple M2", half=True, bfloat=True)
    gpu = ready(replace(PLAIN, mps=True, mps_devices=(m2,)))[1]
    assert (gpu.vendor, gpu.id, gpu.name) == ("Apple", "mps", "Apple M2")


def test_an_xpu_build_that_sees_nothing():
    assert "driver may be missing" in why(replace(PLAIN, xpu=True), "GPU", "Intel")


def test_a_missing_package_names_the_line_that_adds_it():
    found = Probe(processor=XEON)
    assert ready(found) == []
    assert why(found, "CPU", "Intel") == "PyTorch is not installed; 'pip install torch' adds it"
    assert "whl/cu130" in why(found, "GPU", "NVIDIA")


def test_this_hosts_pytorch_is_read():
    import torch

    found = pytorch.probe()
    assert found.installed == torch.__version__
    assert found.cuda == (torch.version.cuda or "")
    assert ready(found)[0].id == "cpu"


def test_the_cuda_probe_reads_every_device():
    h200 = SimpleNamespace(name="NVIDIA H200", major=9, minor=0)
    started = []
    cuda = SimpleNamespace(
        init=lambda: started.append(True),
        device_count=lambda: 2,
        get_device_properties=lambda index: h200,
    )
    found = pytorch._cuda(SimpleNamespace(cuda=cuda))
    assert found == [Accelerator("NVIDIA H200", capability=(9, 0))] * 2
    assert started == [True]


def test_the_xpu_and_mps_probes_read_what_torch_tells():
    arc = SimpleNamespace(
        name="Intel(R) Arc(TM) A770 Graphics", driver_version="1.6", has_fp16=True
    )
    xpu = SimpleNamespace(device_count=lambda: 1, get_device_properties=lambda index: arc)
    assert pytorch._xpu(SimpleNamespace(xpu=xpu)) == [Accelerator(arc.name, "1.6", half=True)]
    mps = SimpleNamespace(is_available=lambda: False)
    with pytest.raises(RuntimeError, match="Metal offers no device"):
        pytorch._mps(SimpleNamespace(backends=SimpleNamespace(mps=mps)))
