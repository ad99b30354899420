"""The table as CSV."""

from __future__ import annotations

import csv
import io

import pytest

from studio.errors import MaquetteError
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
        "latency_p10_ms,latency_p90_ms,psnr_db,ssim,flip,target,threads,source"
    )
    assert text.splitlines()[1] == (
        "full,0.333333,64,1234567,250000000,990000000,4938268,5.123456789,4.5,6.25,"
        "inf,1.0,0.0,openvino:CPU:bf16,2,measured"
    )
    full, other, new = csv.DictReader(io.StringIO(text))
    assert float(full["psnr_db"]) == float("inf")
    assert other["name"] == 'a, "b"'
    assert (other["psnr_db"], other["ssim"], other["flip"]) == ("31.25", "0.987654", "0.0123")
    assert (new["latency_ms"], new["flip"], new["threads"], new["source"]) == ("", "", "", "live")
    assert tuple(new) == COLUMNS


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
