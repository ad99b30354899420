"""What Windows and macOS print, in the documented forms; recognised from numbers and classes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from studio.runtimes.detection import linux, macos, system, windows

GEFORCE = {
    "Name": "NVIDIA GeForce RTX 4060",
    "Manufacturer": "NVIDIA",
    "PNPClass": "Display",
    "PNPDeviceID": "PCI\\VEN_10DE&DEV_2882&SUBSYS_40F51458&REV_A1\\4&2283F625&0&0019",
    "CompatibleID": ["PCI\\VEN_10DE&DEV_2882&REV_A1", "PCI\\VEN_10DE&CC_030000"],
    "ConfigManagerErrorCode": 0,
    "Status": "OK",
    "DriverVersion": "32.0.15.6094",
}
AI_BOOST = {
    "Name": "Intel(R) AI Boost",
    "Manufacturer": "Intel Corporation",
    "PNPClass": "ComputeAccelerator",
    "PNPDeviceID": "PCI\\VEN_8086&DEV_7D1D&SUBSYS_22128086&REV_04\\3&11583659&0&58",
    "CompatibleID": ["PCI\\VEN_8086&CC_120000"],
    "ConfigManagerErrorCode": 0,
    "Status": "OK",
    "DriverVersion": "32.0.100.3104",
}
DRIVERLESS = {
    "Name": "Multimedia Controller",
    "Manufacturer": None,
    "PNPClass": None,
    "PNPDeviceID": "PCI\\VEN_1022&DEV_1502&SUBSYS_8A8E103C&REV_00\\4&1A2B3C4D&0&0141",
    "CompatibleID": ["PCI\\VEN_1022&CC_118000", "PCI\\CC_1180"],
    "ConfigManagerErrorCode": 28,
    "Status": "Error",
    "DriverVersion": None,
}
HEXAGON = {
    "Name": "Snapdragon(R) X Elite - X1E80100 - Qualcomm(R) Hexagon(TM) NPU",
    "Manufacturer": "Qualcomm Incorporated",
    "PNPClass": "ComputeAccelerator",
    "PNPDeviceID": "ACPI\\QCOM0C3B\\0",
    "CompatibleID": None,
    "ConfigManagerErrorCode": 0,
    "Status": "OK",
    "DriverVersion": "30.0.31.250",
}
BASIC = {
    "Name": "Microsoft Basic Display Adapter",
    "Manufacturer": "(Standard display types)",
    "PNPClass": "Display",
    "PNPDeviceID": "PCI\\VEN_1234&DEV_1111&SUBSYS_11001AF4&REV_02\\3&13C0B0C5&0&08",
    "CompatibleID": "PCI\\CC_0300",
    "ConfigManagerErrorCode": 0,
}
BRIDGE = {
    "Name": "PCI Express Root Port",
    "Manufacturer": "Intel",
    "PNPClass": "System",
    "PNPDeviceID": "PCI\\VEN_8086&DEV_7E38&SUBSYS_72708086&REV_10\\3&11583659&0&E8",
    "CompatibleID": ["PCI\\CC_060400"],
    "ConfigManagerErrorCode": 0,
}


def on_windows(*rows):
    return windows.interpret(windows.parse("\ufeff" + json.dumps(list(rows)) + "\r\n"))


def test_gpu_and_npu_with_their_drivers():
    gpu, npu = on_windows(BRIDGE, BASIC, GEFORCE, AI_BOOST)
    assert (gpu.kind, gpu.vendor, gpu.name) == ("GPU", "NVIDIA", "NVIDIA GeForce RTX 4060")
    assert (gpu.driver, gpu.reason) == ("32.0.15.6094", "")
    assert (npu.kind, npu.vendor, npu.driver) == ("NPU", "Intel", "32.0.100.3104")


def test_an_npu_without_a_driver_is_named_by_its_number():
    (npu,) = on_windows(DRIVERLESS)
    assert (npu.kind, npu.vendor) == ("NPU", "AMD")
    assert npu.name == "AMD NPU (XDNA, Phoenix or Hawk Point)"
    assert npu.reason == windows.CODES[28]


def test_an_npu_that_is_no_pci_device():
    (npu,) = on_windows(HEXAGON)
    assert (npu.kind, npu.vendor, npu.reason) == ("NPU", "Qualcomm", "")


@pytest.mark.parametrize(
    ("code", "words"),
    [(22, "switched off"), (43, "reported a problem"), (52, "reports problem 52")],
)
def test_problems_that_windows_reports(code, words):
    (gpu,) = on_windows(GEFORCE | {"ConfigManagerErrorCode": code})
    assert words in gpu.reason


def test_one_object_alone_and_nothing():
    assert len(windows.parse(json.dumps(GEFORCE))) == 1
    assert windows.parse("") == ()
    with pytest.raises(ValueError, match="Expecting value"):
        windows.parse("Get-CimInstance : Access denied")


def test_windows_is_asked_through_powershell(monkeypatch):
    asked = []

    def run(command, **options):
        asked.append((command, options))
        return subprocess.CompletedProcess(command, 0, json.dumps([GEFORCE]), "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "platform", "win32")
    (gpu,) = system.devices()
    assert gpu.name == "NVIDIA GeForce RTX 4060"
    ((command, options),) = asked
    assert command[0] == "powershell.exe"
    assert "-NonInteractive" in command
    assert command[-1] == windows.SCRIPT
    assert options["timeout"] == windows.SECONDS
    assert options["check"] is True


M2 = {
    "SPDisplaysDataType": [
        {
            "_name": "kHW_AppleM2Item",
            "spdisplays_mtlgpufamilysupport": "spdisplays_metal4",
            "spdisplays_vendor": "sppci_vendor_Apple",
            "sppci_bus": "spdisplays_builtin",
            "sppci_cores": "10",
            "sppci_device_type": "spdisplays_gpu",
            "sppci_model": "Apple M2",
        }
    ],
    "SPHardwareDataType": [
        {"_name": "hardware_overview", "chip_type": "Apple M2", "machine_name": "MacBook Air"}
    ],
}
IMAC = {
    "SPDisplaysDataType": [
        {
            "_name": "AMD Radeon Pro 5300",
            "spdisplays_metal": "spdisplays_supported",
            "spdisplays_vendor": "sppci_vendor_amd",
            "sppci_model": "AMD Radeon Pro 5300",
        },
        {"_name": "NVIDIA GeForce 9400M", "spdisplays_vendor": "NVIDIA (0x10de)"},
    ],
    "SPHardwareDataType": [{"cpu_type": "6-Core Intel Core i5", "machine_name": "iMac"}],
}


def test_apple_silicon_has_a_gpu_and_a_neural_engine():
    gpu, npu = macos.interpret(macos.parse(json.dumps(M2), "15.1"))
    assert (gpu.kind, gpu.vendor, gpu.name) == ("GPU", "Apple", "Apple M2 (10 cores)")
    assert (gpu.driver, gpu.reason) == ("macOS 15.1", "")
    assert (npu.kind, npu.name) == ("NPU", "Apple M2 Neural Engine")


def test_a_mac_of_intel_has_no_neural_engine():
    radeon, geforce = macos.interpret(macos.parse(json.dumps(IMAC)))
    assert (radeon.vendor, radeon.reason) == ("AMD", "")
    assert (geforce.vendor, geforce.reason) == ("NVIDIA", "macOS offers no Metal on it")


def test_macos_is_asked_through_system_profiler(monkeypatch):
    asked = []

    def run(command, **options):
        asked.append((command, options["timeout"]))
        return subprocess.CompletedProcess(command, 0, json.dumps(M2), "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert [d.kind for d in system.devices()] == ["GPU", "NPU"]
    assert asked == [(macos.COMMAND, macos.SECONDS)]


def test_linux_is_asked_through_its_files(monkeypatch):
    node = linux.PciFunction("0000:00:0b.0", 0x8086, 0xAD1D, 0x120000)
    monkeypatch.setattr(linux, "probe", lambda: linux.Probe((node,)))
    monkeypatch.setattr(sys, "platform", "linux")
    assert [d.name for d in system.devices()] == ["Intel NPU (Arrow Lake)"]
