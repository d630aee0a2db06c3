"""Releases, drafts and what comes from disk."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from base.db import Database
from engine import releases
from engine.packs import BadPack
from tests import arena
from tests.engine.drawing import a_file, a_process, end, path, start, user
from tests.engine.hosting import a_pack


def a_diagram(*steps: str, id: str = "p") -> bytes:
    parts = [user(step) for step in steps]
    return a_file(a_process(id, start(), *parts, end(), path("start", *steps, "end")))


ONE = a_pack(p=a_diagram("a"), q=a_diagram("x", id="q"))
TWO = a_pack(p=a_diagram("a", "b"), q=a_diagram("x", id="q"))


def publish(database: Database, files: Mapping[str, bytes]) -> releases.Release:
    with database.transaction() as tx:
        return releases.publish(tx, files, by="owner", reference="2027/14", approved_by="chair")


def import_folder(database: Database, files: Mapping[str, bytes]) -> releases.Import:
    with database.transaction() as tx:
        return releases.import_folder(tx, files)


def test_the_newest_release_is_active_and_all_are_remembered(database: Database):
    first, second = publish(database, ONE), publish(database, TWO)

    with database.reading() as tx:
        assert releases.active(tx, "test") == second
        assert releases.history(tx, "test") == [second, first]
        assert releases.get(tx, first.id) == first
        assert releases.packs(tx) == ["test"]
    assert (second.number, second.reference, second.approved_by) == (2, "2027/14", "chair")


def test_a_pack_that_was_never_published_has_no_release(database: Database):
    with pytest.raises(releases.NoRelease), database.reading() as tx:
        releases.active(tx, "test")


def test_the_number_of_a_file_rises_only_when_that_file_changes(database: Database):
    publish(database, ONE)
    release = publish(database, TWO)

    with database.reading() as tx:
        assert releases.versions(tx, release.id) == {"pack.toml": 1, "p.bpmn": 2, "q.bpmn": 1}


def test_publishing_what_is_active_changes_nothing(database: Database):
    assert publish(database, ONE) == publish(database, ONE)


def begin(database: Database) -> releases.Release:
    with database.transaction() as tx:
        return releases.begin(tx, ONE, by="owner")


@pytest.mark.both
def test_what_a_pack_is_begun_from_has_no_number_until_it_is_published(database: Database):
    begun = begin(database)

    first, second = publish(database, ONE), publish(database, TWO)

    assert [each.is_begun for each in (begun, first, second)] == [True, False, False]
    assert [each.number for each in (begun, first, second)] == [0, 1, 2]
    with database.reading() as tx:
        files = [releases.versions(tx, each.id)["p.bpmn"] for each in (begun, first, second)]
    assert files == [0, 1, 2]


def test_a_folder_takes_a_begun_pack_into_use(database: Database):
    begin(database)

    imported, again = import_folder(database, ONE), import_folder(database, ONE)

    assert imported.release is not None
    assert (imported.outcome, imported.release.number, again.outcome) == (
        "release",
        1,
        "unchanged",
    )


def test_a_pack_that_cannot_be_read_is_not_published(database: Database):
    with pytest.raises(BadPack):
        publish(database, {"p.bpmn": a_diagram("a")})

    with database.reading() as tx:
        assert releases.packs(tx) == []


def test_a_release_comes_back_byte_for_byte(database: Database):
    publish(database, ONE)

    with database.reading() as tx:
        assert releases.export(tx, "test") == ONE


def test_a_release_is_read_once_per_process(database: Database):
    release = publish(database, ONE)

    with database.reading() as tx:
        assert releases.load(tx, release.id) is releases.load(tx, release.id)
        assert set(releases.load(tx, release.id).diagrams) == {"p", "q"}


def test_the_same_files_are_understood_once_for_all_databases(
    database: Database, empty_files: Path, tmp_path: Path
):
    (tmp_path / "other").mkdir()
    arena.copy(empty_files, tmp_path / "other")
    other = arena.opened(arena.settings_in(tmp_path / "other"), database.clock)
    publish(other.database, TWO)
    release, same = publish(database, ONE), publish(other.database, ONE)

    with database.reading() as tx, other.database.reading() as elsewhere:
        assert release.id != same.id
        assert releases.load(tx, release.id) is releases.load(elsewhere, same.id)
        first = releases.load(elsewhere, same.id - 1)
    assert first.files == TWO
    other.close()


def test_a_draft_is_kept_until_it_is_published(database: Database):
    publish(database, ONE)
    with database.transaction() as tx:
        saved = releases.save_draft(
            tx, "test", "p.bpmn", TWO["p.bpmn"], by="owner", expected_rev=0
        )

    assert saved.rev == 1
    with database.reading() as tx:
        assert releases.draft(tx, "test") == [saved]
        assert releases.draft_files(tx, "test") == TWO
    publish(database, TWO)
    with database.reading() as tx:
        assert releases.draft(tx, "test") == []


def test_two_owners_cannot_overwrite_each_other(database: Database):
    publish(database, ONE)
    with database.transaction() as tx:
        releases.save_draft(tx, "test", "p.bpmn", b"mine", by="anna", expected_rev=0)

    with pytest.raises(releases.DraftChanged), database.transaction() as tx:
        releases.save_draft(tx, "test", "p.bpmn", b"theirs", by="berit", expected_rev=0)
    with database.transaction() as tx:
        assert (
            releases.save_draft(tx, "test", "p.bpmn", b"both", by="berit", expected_rev=1).rev == 2
        )


def test_a_draft_can_remove_a_file_and_be_discarded(database: Database):
    publish(database, ONE)
    with database.transaction() as tx:
        releases.save_draft(tx, "test", "q.bpmn", None, by="owner", expected_rev=0)

    with database.transaction() as tx:
        assert set(releases.draft_files(tx, "test")) == {"pack.toml", "p.bpmn"}
        releases.discard_draft(tx, "test", "q.bpmn")
        assert releases.draft_files(tx, "test") == ONE


def test_the_first_import_is_a_release_and_the_same_folder_changes_nothing(database: Database):
    first = import_folder(database, ONE)

    assert first.outcome == "release"
    assert import_folder(database, ONE) == releases.Import("unchanged", first.release)


def test_a_changed_folder_is_a_release_as_long_as_no_owner_has_published(database: Database):
    import_folder(database, ONE)

    changed = import_folder(database, TWO)

    assert changed.outcome == "release"
    assert changed.release is not None
    assert changed.release.number == 2


def test_a_changed_folder_never_overwrites_what_an_owner_published(database: Database):
    import_folder(database, ONE)
    owners = publish(database, a_pack(p=a_diagram("mine"), q=a_diagram("x", id="q")))

    changed = import_folder(database, TWO)

    assert changed == releases.Import("draft", owners, ("p.bpmn",))
    with database.reading() as tx:
        assert releases.active(tx, "test") == owners
        assert releases.draft_files(tx, "test") == TWO


def test_a_folder_that_has_not_changed_since_stays_quiet(database: Database):
    import_folder(database, ONE)
    owners = publish(database, TWO)

    assert import_folder(database, ONE) == releases.Import("unchanged", owners)
