"""Built files are found by their plain names, and the build keeps its promises."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from web.assets import BUILT, Assets, AssetsNotBuilt

ROOT = Path(__file__).parents[2]
EDITOR = ROOT / "web" / "editor"


def a_manifest(folder: Path, names: dict[str, str], *, at: int) -> None:
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(names))
    os.utime(manifest, ns=(at, at))


def test_a_name_becomes_the_address_of_its_newest_build(tmp_path: Path):
    a_manifest(tmp_path, {"site.css": "site-AAAA.css"}, at=1)
    assets = Assets(tmp_path, "/static/built/")

    first = assets.url("site.css")
    a_manifest(tmp_path, {"site.css": "site-BBBB.css"}, at=2)
    second = assets.url("site.css")

    assert [first, second] == ["/static/built/site-AAAA.css", "/static/built/site-BBBB.css"]


def test_without_a_build_the_error_says_what_to_run(tmp_path: Path):
    with pytest.raises(AssetsNotBuilt, match='run "make setup"'):
        Assets(tmp_path).url("site.css")


def test_a_name_that_the_build_lacks_is_refused_by_name(tmp_path: Path):
    a_manifest(tmp_path, {"site.css": "site-AAAA.css"}, at=1)

    with pytest.raises(AssetsNotBuilt, match=r"made no editor\.css"):
        Assets(tmp_path).url("editor.css")


@pytest.fixture(scope="module")
def _built() -> None:
    """Build the assets; next to nothing where they are up to date."""
    subprocess.run([sys.executable, EDITOR / "build.py"], check=True, capture_output=True)


@pytest.mark.usefixtures("_built")
def test_every_entry_is_built_and_named_by_its_content():
    assets = Assets()
    editors = ["editor.css", "modeler.js", "form-editor.css", "form.js"]
    names = [*editors, "decision-editor.css", "decision.js", "page.js", "passkey.js", "site.css"]

    built = [BUILT / Path(assets.url(name)).name for name in names]

    assert json.loads((BUILT / "manifest.json").read_text()).keys() == set(names)
    assert all(file.exists() for file in built)


@pytest.mark.usefixtures("_built")
def test_nothing_built_loads_anything_from_elsewhere():
    loads = ('url("http', "url(http", "url('http", "@import", 'import"http', 'import("http')
    texts = {file.name: file.read_text() for file in BUILT.glob("*.[cj]s*")}

    found = {name: load for name, text in texts.items() for load in loads if load in text}

    assert found == {}


@pytest.mark.usefixtures("_built")
def test_the_script_of_every_page_stays_under_three_kilobytes():
    page = BUILT / Path(Assets().url("page.js")).name

    assert page.stat().st_size <= 3 * 1024


@pytest.mark.usefixtures("_built")
def test_a_second_build_changes_nothing():
    before = {file.name: file.stat().st_mtime_ns for file in BUILT.iterdir()}

    said = subprocess.run(
        [sys.executable, EDITOR / "build.py"], check=True, capture_output=True, text=True
    ).stdout

    after = {file.name: file.stat().st_mtime_ns for file in BUILT.iterdir()}
    assert (said, after) == ("Assets are up to date.\n", before)


def test_the_lock_file_names_no_registry():
    lock = json.loads((EDITOR / "package-lock.json").read_text())

    resolved = [name for name, package in lock["packages"].items() if "resolved" in package]
    unpinned = [name for name, package in lock["packages"].items() if not package.get("version")]

    assert resolved == []
    assert unpinned == [""]


def test_every_package_is_pinned_exactly():
    wanted = json.loads((EDITOR / "package.json").read_text())["dependencies"]

    assert [v for v in wanted.values() if not v.replace(".", "").isdigit()] == []


def test_one_preact_serves_all_so_that_menus_are_not_empty():
    lock = json.loads((EDITOR / "package-lock.json").read_text())

    copies = [name for name in lock["packages"] if name.endswith("node_modules/preact")]

    assert copies == ["node_modules/preact"]
