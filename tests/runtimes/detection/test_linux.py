"""What /sys, /dev and /proc show, in the forms in which Linux and its drivers write them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.runtimes.detection import linux
from studio.runtimes.detection.linux import Node, OtherNode, PciFunction, Probe, interpret

ARROW_LAKE = PciFunction("0000:00:0b.0", 0x8086, 0xAD1D, 0x120000)
ARC = PciFunction("0000:03:00.0", 0x8086, 0x56A0, 0x030000, "xe", (Node("/dev/dri/renderD128"),))
GEFORCE = PciFunction("0000:01:00.0", 0x10DE, 0x2803, 0x030000)
PCI_IDS = """# a comment
1002  Advanced Micro Devices, Inc. [AMD/ATI]
\t56a0  not this one
8086  Intel Corporation
\t56a0  DG2 [Arc A770]
\t\t8086 1020  a subsystem
\tad1d  Arrow Lake NPU
C 03  Display controller
"""
INFORMATION = """Model: \t\t NVIDIA H200
IRQ:   \t\t 82
GPU UUID: \t GPU-00000000-0000-0000-0000-000000000000
Device Minor: \t 3
"""
CLOSED = (
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\n"
    "GCC version:  gcc version 12.2.0\n"
)
OPEN = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.124.06  Release Build  (dvs)\n"


def one(function, **fields):
    (row,) = interpret(Probe((replace(function, **fields),), listing=PCI_IDS))
    assert row.runtime == "system"
    assert row.status == "unavailable"
    return row


def test_an_npu_without_its_driver_is_named():
    npu = one(ARROW_LAKE)
    assert (npu.kind, npu.vendor, npu.name) == ("NPU", "Intel", "Intel NPU (Arrow Lake)")
    assert npu.reason == (
        "it is present, but no kernel driver is loaded for it; it needs intel_vpu, it comes with "
        "Linux 6.3 and later"
    )


def test_an_npu_that_this_user_may_not_open():
    node = Node("/dev/accel/accel0", allowed=False, group="render")
    npu = one(ARROW_LAKE, driver="intel_vpu", nodes=(node,), version="1.0.0")
    assert npu.driver == "intel_vpu 1.0.0"
    assert npu.reason == (
        "there is no permission to open /dev/accel/accel0; 'sudo usermod -aG render $USER' and a "
        "new login give it"
    )


def test_an_npu_that_only_root_may_open():
    node = Node("/dev/accel/accel0", allowed=False, group="root")
    assert one(ARROW_LAKE, driver="intel_vpu", nodes=(node,)).reason.endswith("only root may")


def test_a_driver_that_made_no_node():
    assert "a container has to be given it" in one(ARROW_LAKE, driver="intel_vpu").reason


def test_an_npu_in_order():
    assert one(ARROW_LAKE, driver="intel_vpu", nodes=(Node("/dev/accel/accel0"),)).reason == ""


def test_an_npu_of_amd_hides_behind_another_class():
    npu = one(PciFunction("0000:c5:00.1", 0x1022, 0x17F0, 0x118000))
    assert (npu.kind, npu.vendor) == ("NPU", "AMD")
    assert "amdxdna" in npu.reason


def test_gpus_are_called_as_pci_ids_calls_them():
    gpu = one(ARC)
    assert (gpu.kind, gpu.name, gpu.reason) == ("GPU", "Intel DG2 [Arc A770]", "")
    unknown = one(ARC, device=0x1234)
    assert unknown.name == "Intel GPU 1234"


@pytest.mark.parametrize(
    ("driver", "words"),
    [
        ("", "it needs nvidia, NVIDIA's driver adds it"),
        ("nouveau", "its kernel driver nouveau runs no networks; it needs nvidia"),
        ("vfio-pci", "set aside for virtual machines"),
    ],
)
def test_a_gpu_of_nvidia_without_its_driver(driver, words):
    assert words in one(GEFORCE, driver=driver).reason


@pytest.mark.parametrize(
    ("vendor", "device", "class_code"),
    [
        (0x1234, 0x1111, 0x030000),  # QEMU's display
        (0x1A03, 0x2000, 0x030000),  # ASPEED, on servers
        (0x8086, 0x1237, 0x060000),  # a bridge
        (0x1AF4, 0x1050, 0x038000),  # virtio
        (0x10EE, 0x5001, 0x120000),  # an FPGA of Xilinx
        (0x1022, 0x15E4, 0x118000),  # AMD's sensor hub
    ],
)
def test_what_computes_nothing_is_left_out(vendor, device, class_code):
    assert interpret(Probe((PciFunction("0000:00:01.0", vendor, device, class_code),))) == ()


def test_an_instinct_is_a_gpu_and_another_accelerator_an_npu():
    instinct = PciFunction("0000:05:00.0", 0x1002, 0x74A1, 0x120000)
    gaudi = PciFunction("0000:06:00.0", 0x1DA3, 0x1020, 0x120000)
    assert [d.kind for d in interpret(Probe((instinct, gaudi)))] == ["GPU", "NPU"]


def test_an_accelerator_of_a_board_and_wsl():
    rows = interpret(
        Probe(others=(OtherNode(Node("/dev/accel/accel0"), "rocket"),), dxg=Node("/dev/dxg"))
    )
    assert [(d.kind, d.name) for d in rows] == [
        ("NPU", "rocket (/dev/accel/accel0)"),
        ("GPU", "the GPU of Windows, through WSL"),
    ]


@pytest.mark.parametrize(("text", "version"), [(CLOSED, "535.183.01"), (OPEN, "570.124.06")])
def test_the_version_of_nvidias_driver(text, version):
    assert linux.nvidia_version(text) == version


def test_no_driver_has_no_version():
    assert linux.nvidia_version("") == ""


# ---- reading ---------------------------------------------------------------------------------


@pytest.fixture
def host(tmp_path):
    """A file system with an NVIDIA GPU, an Intel NPU and a bridge, as Linux lays them out."""

    def function(address, vendor, device, class_code, driver=""):
        folder = tmp_path / "sys/bus/pci/devices" / address
        folder.mkdir(parents=True)
        (folder / "vendor").write_text(f"0x{vendor:04x}\n")
        (folder / "device").write_text(f"0x{device:04x}\n")
        (folder / "class").write_text(f"0x{class_code:06x}\n")
        if driver:
            (folder / "driver").symlink_to(f"../../../../bus/pci/drivers/{driver}")
        return folder

    def put(path, text=""):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    function("0000:00:00.0", 0x8086, 0x1237, 0x060000)
    npu = function("0000:00:0b.0", 0x8086, 0x7D1D, 0x120000, "intel_vpu")
    (npu / "accel/accel0").mkdir(parents=True)
    put("dev/accel/accel0")
    put("sys/module/intel_vpu/version", "1.0.0\n")
    gpu = function("0000:18:00.0", 0x10DE, 0x2335, 0x030200, "nvidia")
    (gpu / "drm/card1").mkdir(parents=True)
    put("proc/driver/nvidia/gpus/0000:18:00.0/information", INFORMATION)
    put("proc/driver/nvidia/version", OPEN)
    put("dev/nvidiactl")
    put("dev/nvidia3")
    return tmp_path


def test_a_host_is_read(host):
    found = linux.probe(host)
    npu, gpu = found.pci
    assert (npu.vendor, npu.device, npu.class_code) == (0x8086, 0x7D1D, 0x120000)
    assert (npu.driver, npu.version) == ("intel_vpu", "1.0.0")
    assert [node.path for node in npu.nodes] == ["/dev/accel/accel0"]
    assert (gpu.name, gpu.version) == ("NVIDIA H200", "570.124.06")
    assert [node.path for node in gpu.nodes] == ["/dev/nvidiactl", "/dev/nvidia3"]
    assert found.others == ()
    assert found.dxg is None
    assert [d.name for d in interpret(found)] == ["Intel NPU (Meteor Lake)", "NVIDIA H200"]
    assert all(node.allowed for function in found.pci for node in function.nodes)


def test_a_node_that_belongs_to_no_pci_function(host):
    (host / "dev/accel/accel1").write_text("")
    device = host / "sys/class/accel/accel1/device"
    device.mkdir(parents=True)
    (device / "driver").symlink_to("../../../../bus/platform/drivers/rocket")
    (other,) = linux.probe(host).others
    assert (other.node.path, other.driver) == ("/dev/accel/accel1", "rocket")


def test_an_empty_host_and_broken_files(tmp_path):
    assert linux.probe(tmp_path) == Probe()
    folder = tmp_path / "sys/bus/pci/devices/0000:00:01.0"
    folder.mkdir(parents=True)
    (folder / "vendor").write_text("rubbish\n")
    assert linux.probe(tmp_path) == Probe()


def test_this_host_can_be_read():
    for row in interpret(linux.probe()):
        assert row.kind in ("GPU", "NPU")
        assert row.name
