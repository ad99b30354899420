"""Names, vendors and instruction sets, from /proc/cpuinfo as kernels of x86 and of Arm write it."""

from __future__ import annotations

from studio.runtimes.detection.processor import from_cpuinfo, processor

XEON = """processor\t: 0
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 207
model name\t: INTEL(R) XEON(R) PLATINUM 8581C CPU @ 2.10GHz
flags\t\t: fpu avx2 avx512f avx512_vnni avx512_bf16 amx_bf16 avx512_fp16 amx_int8

processor\t: 1
vendor_id\t: GenuineIntel
"""
RYZEN = """processor\t: 0
vendor_id\t: AuthenticAMD
model name\t: AMD Ryzen 7 5800X 8-Core Processor
flags\t\t: fpu avx avx2 sha_ni
"""
GRAVITON = """processor\t: 0
BogoMIPS\t: 2100.00
Features\t: fp asimd fphp asimdhp asimddp sve i8mm bf16
CPU implementer\t: 0x41
CPU part\t: 0xd40
"""


def test_x86():
    found = from_cpuinfo(XEON)
    assert found.vendor == "Intel"
    assert found.name == "INTEL(R) XEON(R) PLATINUM 8581C CPU @ 2.10GHz"
    assert found.precisions == ("f32", "bf16", "f16", "int8")
    assert from_cpuinfo(RYZEN).vendor == "AMD"
    assert from_cpuinfo(RYZEN).precisions == ("f32",)


def test_arm_names_no_model():
    found = from_cpuinfo(GRAVITON)
    assert found.vendor == "Arm"
    assert found.name
    assert found.precisions == ("f32", "bf16", "f16", "int8")


def test_nothing_to_read():
    assert from_cpuinfo("").precisions == ("f32",)


def test_this_host_has_a_processor():
    assert processor().name
