"""The table as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from studio.errors import MaquetteError
from studio.fidelity.measurement import Latency, Measurement, Quartiles
from studio.subnets.choice import SubnetChoice
from studio.subnets.cost import Cost
from widgets.table_text import COLUMNS, csv_text, write_text
from widgets.timings import Fidelity, Speed
from widgets.variant_rows import VariantRow, WidthText

TARGET = "openvino:CPU:bf16"


def row(name, latency=None, fidelity=None, *, measured=True, threads=2):
    return VariantRow(
        name, WidthText("~0.33", 1 / 3), 64, Cost(1234567, 4938268, 250_000_000, 990_000_000),
        latency, fidelity, measured, "words", TARGET, threads,
    )  # fmt: skip


def test_every_number_in_full_and_unknown_ones_empty():
    speed = Speed(5.123456789, 4.5, 6.25, 20, "x")
    text = csv_text(
        [
            row("full", speed, Fidelity(None, 1.0, 0.0)),
            row('a, "b"', speed, Fidelity(31.25, 0.987654, 0.0123)),
            row("new", measured=False, threads=None),
        ]
    )
    assert text.splitlines()[0] == (
        "name,width,resolution_px,parameters,macs,macs_paper,size_bytes,latency_ms,"
        "latency_p10_ms,latency_p90_ms,psnr_db,ssim,flip,psnr_q1_db,psnr_q3_db,ssim_q1,ssim_q3,"
        "flip_q1,flip_q3,seeds,lpips,fid,realism,peak_memory_bytes,steps,denoiser_step_ms,target,threads,source,host"
    )
    assert text.splitlines()[1] == (
        "full,0.333333,64,1234567,250000000,990000000,4938268,5.123456789,4.5,6.25,"
        "inf,1.0,0.0,,,,,,,,,,,,,,openvino:CPU:bf16,2,measured,"
    )
    full, other, new = csv.DictReader(io.StringIO(text))
    assert float(full["psnr_db"]) == float("inf")
    assert other["name"] == 'a, "b"'
    assert (other["psnr_db"], other["ssim"], other["flip"]) == ("31.25", "0.987654", "0.0123")
    assert (new["latency_ms"], new["flip"], new["threads"], new["source"]) == ("", "", "", "live")
    assert tuple(new) == COLUMNS


def test_the_spread_and_what_was_asked_for_are_columns():
    found = Measurement(
        "m", SubnetChoice(), 30.0, 0.9, 0.1, 1, 2, 3, 4, Latency(1.0, 1.0, 1.0), TARGET, 2,
        spread=Quartiles(8, (29.0, None), (0.8, 0.95), (0.05, 0.2)), memory=123, realism=4.5,
    )  # fmt: skip
    (cells,) = csv.DictReader(io.StringIO(csv_text([replace(row("a"), measurement=found)])))
    assert (cells["psnr_q1_db"], cells["psnr_q3_db"], cells["seeds"]) == ("29.0", "inf", "8")
    assert (cells["ssim_q1"], cells["flip_q3"]) == ("0.8", "0.2")
    assert (cells["peak_memory_bytes"], cells["realism"], cells["fid"]) == ("123", "4.5", "")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_name_becomes_a_formula(name):
    (found,) = csv.DictReader(io.StringIO(csv_text([row(name)])))
    assert found["name"] == f"'{name}"


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "table.csv"
    write_text(path, "a\nü\n")
    assert path.read_bytes() == "a\nü\n".encode()
    with pytest.raises(MaquetteError, match="gone"):
        write_text(tmp_path / "gone" / "table.csv", "a")
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]
