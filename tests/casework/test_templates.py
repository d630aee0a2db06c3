"""Element templates say of each service what the catalogue says, in a form that editors read."""

import json
import subprocess
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from base import lang
from casework.services import CATALOGUE
from casework.templates import service_templates, service_titles
from cli.main import app
from engine.packs import open_pack, read_folder

ROOT = Path(__file__).parents[2]
EDITOR = ROOT / "web" / "editor"
ARENA = ROOT / "processes" / "arena"

_VALIDATE = """
import { validateAllZeebe } from '@bpmn-io/element-templates-validator';
let text = '';
process.stdin.on('data', (part) => { text += part; });
process.stdin.on('end', () => {
  const wrong = validateAllZeebe(JSON.parse(text)).results.filter((each) => !each.valid);
  console.log(JSON.stringify(wrong.map((each) => each.errors.map((error) => error.message))));
});
"""


def english(text: str) -> str:
    return text


def bound(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in template["properties"] if each["binding"]["type"] == kind]


def test_every_service_has_a_template_that_says_what_the_catalogue_says():
    found = {template["id"].removeprefix("samplan."): template for template in all_templates()}

    assert found.keys() == CATALOGUE.keys() == service_titles(english).keys()
    for name, service in CATALOGUE.items():
        template = found[name]
        inputs = {each["binding"]["name"] for each in bound(template, "zeebe:input")}
        outputs = {each["binding"]["source"] for each in bound(template, "zeebe:output")}
        task = {
            each["binding"]["property"]: each["value"]
            for each in bound(template, "zeebe:taskDefinition")
        }
        assert inputs == service.inputs
        assert outputs == {f"={output}" for output in service.outputs}
        assert task == {"type": name} | ({"retries": "3"} if service.remote else {})


def test_a_pack_offers_the_services_that_it_allows():
    config = open_pack(read_folder(ARENA)).config
    assert config.services is not None

    offered = {template["id"] for template in service_templates(config, english)}

    assert offered == {f"samplan.{name}" for name in config.services}
    assert "samplan.organisation.mail" not in offered


def test_templates_speak_the_owner_s_language():
    swedish = lang.catalogue(lang.WORDS, "sv").gettext

    titles = [template["name"] for template in service_templates(None, swedish)]

    assert "Stäng ärendet" in titles
    assert len(set(titles)) == len(CATALOGUE)


def test_the_editor_accepts_them():
    assert refused_by_the_editor(all_templates()) == []
    assert refused_by_the_editor([all_templates()[0] | {"appliesTo": "bpmn:Task"}]) != []


def test_the_command_writes_them_for_the_desktop_modeler():
    everything = CliRunner().invoke(app, ["templates"])
    of_pack = CliRunner().invoke(app, ["templates", "--pack", str(ARENA), "--language", "sv"])

    assert json.loads(everything.stdout) == all_templates()
    swedish = {template["name"] for template in json.loads(of_pack.stdout)}
    assert {"Stäng ärendet", "Fråga varje organisation"} <= swedish


def test_a_folder_that_is_no_pack_is_said_to_be_none(tmp_path: Path):
    done = CliRunner().invoke(app, ["templates", "--pack", str(tmp_path)])

    assert done.exit_code == 2
    assert "pack.toml" in done.stderr


def all_templates() -> list[dict[str, Any]]:
    return service_templates(None, english)


def refused_by_the_editor(templates: list[dict[str, Any]]) -> list[Any]:
    """What the editor's own validator says; it lies with the editor's packages."""
    assert (EDITOR / "node_modules" / "@bpmn-io").exists(), "make assets installs the packages"
    spec = spec_from_file_location("build", EDITOR / "build.py")
    assert spec is not None
    assert spec.loader is not None
    build = module_from_spec(spec)
    spec.loader.exec_module(build)
    done = subprocess.run(
        [build.find_node().node, "--input-type=module", "--eval", _VALIDATE],
        cwd=EDITOR,
        input=json.dumps(templates),
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))
