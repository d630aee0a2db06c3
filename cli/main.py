"""The commands of ``samplan``; each imports what it needs when it runs, and no more."""

import gc
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from base import log
from base.settings import Settings
from cli.refusing import Refusing

app = typer.Typer(
    cls=Refusing, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
#: Of whoever comes first, unless it is said; they choose another one on their own page.
_LANGUAGE = "sv"
_THEIRS = "Theirs: sv, de, es, it or en."


def _part(name: str) -> Any:
    """A module of this package: a worker starts far sooner without the web server's.

    Looking for rubbish while loading takes a third of the time and finds none, and what is
    loaded stays: the collector passes over it from here on.
    """
    gc.disable()
    try:
        return import_module(f"cli.{name}")
    finally:
        gc.freeze()
        gc.enable()


def _kept(part: Callable[[Settings], None]) -> None:
    """Run the part; if it is killed, again."""
    raise typer.Exit(_part("keeping").keep(part, Settings()))


@app.command()
def serve() -> None:
    """Serve the site and run a worker beside it, until Ctrl-C."""
    log.set_up()
    raise typer.Exit(_part("together").serve_with_worker(Settings()))


@app.command()
def web() -> None:
    """Serve the site alone."""
    log.set_up()
    _kept(_part("serving").serve)


@app.command()
def worker() -> None:
    """Fire timers and do background work, until Ctrl-C."""
    log.set_up()
    _kept(_part("working").work)


@app.command()
def check(
    paths: Annotated[
        list[Path], typer.Argument(help="Packs, folders, or single diagrams, decisions and forms.")
    ],
    json: Annotated[bool, typer.Option("--json", help="One line of JSON per file.")] = False,
) -> None:
    """Check diagrams, forms and decisions; exit 1 if anything must be put right."""
    raise typer.Exit(_part("checking").check(paths, as_json=json))


@app.command(name="try")
def try_(
    file: Annotated[Path, typer.Argument(help="A BPMN file.")],
    pack: Annotated[Path | None, typer.Option(help="The pack it belongs to.")] = None,
) -> None:
    """Play a diagram: JSON lines in, JSON lines out."""
    raise typer.Exit(_part("trying").play(file, pack))


@app.command()
def tck(
    folder: Annotated[Path, typer.Argument(help="Folder of a DMN TCK.")],
    failures: Annotated[bool, typer.Option("--failures", help="Show what fails.")] = False,
) -> None:
    """Run the conformance suites of FEEL and DMN and print how many cases pass."""
    raise typer.Exit(_part("conformance").run(folder, failures=failures))


@app.command()
def templates(
    pack: Annotated[Path | None, typer.Option(help="Its own too, and only its services.")] = None,
    language: Annotated[str, typer.Option(help="Of the words in them.")] = "en",
) -> None:
    """Write element templates of the services, for the desktop modeler."""
    raise typer.Exit(_part("templating").write(pack, language))


@app.command()
def migrate() -> None:
    """Bring the database to this version."""
    log.set_up()
    _part("deploying").migrate(Settings())


@app.command()
def account(
    organisation: Annotated[str, typer.Argument(help="Code of the one that coordinates.")],
    user_name: Annotated[str, typer.Argument(help="What they type to sign in.")],
    name: Annotated[str, typer.Argument(help="Their name.")],
    language: Annotated[str, typer.Option(help=_THEIRS)] = _LANGUAGE,
) -> None:
    """Make the first account, whose owner invites the others; prints its code."""
    log.set_up()
    raise typer.Exit(_part("accounts").first(Settings(), organisation, user_name, name, language))


@app.command(name="anew")
def begin_anew(
    user_name: Annotated[str, typer.Argument(help="What they type to sign in.")],
) -> None:
    """Put password and second factor of an account out of use; prints a code to begin with."""
    log.set_up()
    raise typer.Exit(_part("accounts").begin_anew(Settings(), user_name))


@app.command()
def deploy() -> None:
    """Take over packs that changed on disk."""
    log.set_up()
    raise typer.Exit(_part("deploying").deploy(Settings()))


@app.command()
def init(
    folder: Annotated[Path, typer.Option(help="Of settings and keys.")] = Path("etc"),
    data: Annotated[Path, typer.Option(help="Of databases and backups.")] = Path("var"),
    public_url: Annotated[str, typer.Option(help="The address people type.")] = (
        "http://127.0.0.1:8000"
    ),
    time_zone: Annotated[str, typer.Option(help="Of the programme.")] = "Europe/Stockholm",
    organisation: Annotated[str, typer.Option(help="Who carries the programme.")] = "Federation",
    name: Annotated[str, typer.Option(help="Of the first administrator.")] = "Administrator",
    user_name: Annotated[str, typer.Option(help="They sign in with it.")] = "admin",
    language: Annotated[str, typer.Option(help=_THEIRS)] = _LANGUAGE,
    database_url: Annotated[str, typer.Option(help="PostgreSQL for the cases.")] = "",
    keys_url: Annotated[str, typer.Option(help="PostgreSQL for the keys.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> None:
    """Begin an installation: keys, settings, databases, packs, an administrator."""
    log.set_up()
    if not yes:
        public_url = typer.prompt("Address people type", public_url)
        time_zone = typer.prompt("Time zone", time_zone)
        organisation = typer.prompt("Who carries the programme", organisation)
        name = typer.prompt("Name of the first administrator", name)
        user_name = typer.prompt("They sign in as", user_name)
    part = _part("beginning")
    wanted = part.Wanted(
        folder=folder,
        data=data,
        public_url=public_url,
        time_zone=time_zone,
        organisation=organisation,
        name=name,
        user_name=user_name,
        language=language,
        database_url=database_url,
        keys_url=keys_url,
    )
    raise typer.Exit(part.begin(wanted))


@app.command()
def doctor(
    json: Annotated[bool, typer.Option("--json", help="One line of JSON per finding.")] = False,
) -> None:
    """Look whether the installation is well; exit 1 if anything is wrong, and say the remedy."""
    log.set_up()
    raise typer.Exit(_part("doctoring").look(Settings(), as_json=json))


@app.command()
def backup(
    check: Annotated[
        list[Path] | None,
        typer.Option(help="Make none; read this file, or several, to their end."),
    ] = None,
) -> None:
    """Copy cases and keys, sealed, while people work; read both copies to their end."""
    log.set_up()
    part = _part("backing_up")
    raise typer.Exit(part.examine(check, Settings()) if check else part.back_up(Settings()))


@app.command()
def restore(
    cases: Annotated[Path, typer.Argument(help="A backup of the cases.")],
    keys: Annotated[Path | None, typer.Option(help="A backup of the key store.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Lose what is there now.")] = False,
) -> None:
    """Put a backup back; without --keys the present key store stays."""
    log.set_up()
    part = _part("backing_up")
    raise typer.Exit(part.restore(Settings(), cases=cases, keys=keys, replace=replace))


@app.command()
def rotate_keys() -> None:
    """Wrap keys and sign the trace with the present master key, while people work."""
    log.set_up()
    raise typer.Exit(_part("rekeying").rotate(Settings()))


audit = typer.Typer(no_args_is_help=True, help="The trace of what happened.")
app.add_typer(audit, name="audit")


@audit.command()
def verify(
    json: Annotated[bool, typer.Option("--json", help="One line of JSON per chain.")] = False,
) -> None:
    """Look whether anybody changed, cut or replaced the trace; exit 1 if so, and say where."""
    raise typer.Exit(_part("auditing").verify(Settings(), as_json=json))


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the web server; 0 takes a free one.")
    ] = 8000,
    prepare_only: Annotated[bool, typer.Option(help="Load the data, start nothing.")] = False,
) -> None:
    """Try Samplan: fictional people, some forty cases, a clock one can push."""
    raise typer.Exit(_part("demonstration").run(port=port, prepare_only=prepare_only))
