"""Which file a name means, and folders that cannot be made."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from studio.errors import MaquetteError, NoFolder, RefusedFile
from studio.families.opening import open_model
from studio.places import cache_dir, embedded_model, model_file
from studio.processes.timing import timing_lock


def test_a_folder_of_its_name_does_not_hide_an_embedded_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = embedded_model("clay-heads")
    assert own is not None
    assert model_file("clay-heads") == own
    Path("clay-heads").mkdir()
    assert model_file("clay-heads") == own
    Path("clay-heads").rmdir()
    Path("clay-heads").write_text("a file comes first")
    assert model_file("clay-heads") == Path("clay-heads")
    Path("other").mkdir()
    with pytest.raises(RefusedFile, match="it is a folder"):
        open_model("other")


@pytest.mark.parametrize("name", ["", "nothing", "a\0b", "x" * 5000, "nothing/" + "y" * 300])
def test_a_name_that_means_nothing_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        open_model(name)
    assert "\n" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MAQUETTE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    with pytest.raises(NoFolder, match=r"cannot be made .*MAQUETTE_CACHE_DIR") as refused:
        cache_dir()
    assert isinstance(refused.value, OSError)
    assert isinstance(refused.value, MaquetteError)


def test_measuring_needs_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MAQUETTE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with timing_lock(1):
        assert list(tmp_path.glob("maquette-*timing.lock"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    with pytest.raises(MaquetteError, match="lock for measurements"), timing_lock(1):
        pass
