"""Documents on paper: what stands on them, in which language, and what can never get in."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from base import pdf as door
from base.pdf import NotPrintable, TooMuchToPrint, glyphs, pdf
from casework import printing
from casework.printing import (
    Document,
    Facts,
    Grid,
    Heading,
    Items,
    Label,
    Lines,
    Text,
    printed,
    written,
)

HOSTILE = '#read("/etc/passwd") *not bold* $x$ <label> @ref \\ //'


def a_document(*, text: str = "Jag vill kunna sova.", language: str = "sv") -> Document:
    return Document(
        kind=Label("Samordnad individuell plan", "Coordinated individual plan"),
        blocks=(
            Heading(Label("Vad är viktigt?", "What matters?")),
            Text(text, quoted=True),
            Facts(((Label("Samordnare", "Coordinator"), "Per Holm"),)),
            Grid((Label("Vad"), Label("Vem")), (("Arbetsträning", "Arbetsförmedlingen"),)),
            Items(("ett", "två")),
            Lines((Label("Underskrift", "Signature"),)),
        ),
        language=language,
        beside_language="en",
        reference="VÄR-2027-014",
    )


def reading(document: Document) -> PdfReader:
    return PdfReader(io.BytesIO(printed(document)))


def words(document: Document) -> str:
    return " ".join(page.extract_text() for page in reading(document).pages)


def test_a_document_is_tagged_and_says_its_language_and_kind():
    root = reading(a_document()).trailer["/Root"]

    assert root["/Lang"] == "sv"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()


def test_metadata_tell_the_kind_and_no_moment_or_name():
    metadata = dict(reading(a_document()).metadata or {})

    assert metadata.pop("/Creator").startswith("Typst")
    assert metadata == {"/Title": "Samordnad individuell plan"}


def test_the_same_document_has_the_same_bytes():
    assert printed(a_document()) == printed(a_document())


def test_labels_stand_in_both_languages_and_typed_words_once():
    text = words(a_document())

    assert "Samordnare" in text
    assert "Coordinator" in text
    assert text.count("Jag vill kunna sova.") == 1


def test_what_a_person_typed_is_shown_and_never_run():
    assert HOSTILE in words(a_document(text=HOSTILE)).replace("\n", " ")


def test_what_an_owner_marked_is_drawn_without_its_marks():
    text = "## Steg\n\n1. **Ring** *först*\n   - i dag\n2. `#read` sedan\n\nNamn: ______"

    document = Document(kind=Label("Vägledning"), blocks=tuple(written(text)), language="sv")

    said = words(document)
    assert not set("*`_") & set(said)
    assert [row.strip() for row in said.splitlines()[2:]] == [
        "Steg",
        "1. Ring först",
        "• i dag",
        "2. #read sedan",
        "Namn",
        "1 (1)",
    ]


def test_languages_from_right_to_left_and_other_scripts_are_drawn():
    said = "موافقة አማርኛ Київ שלום"

    points = glyphs.covered(door.FONTS.glob("*.ttf"))

    assert glyphs.drawable(said, points) == said
    assert reading(a_document(text=said, language="ar")).trailer["/Root"]["/Lang"] == "ar"


def test_what_no_font_draws_becomes_a_square_and_what_is_hidden_goes():
    points = frozenset(map(ord, "ab "))

    assert glyphs.drawable("a\U0001f642b\u200d\x07\tb", points) == "a□b b"
    assert "□" in words(a_document(text="Bra 🙂\x07 \ufe0f"))


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(TooMuchToPrint):
        printed(a_document(text="x" * door.LARGEST_DATA))

    monkeypatch.setattr(door, "LARGEST_DOCUMENT", 1000)
    with pytest.raises(TooMuchToPrint):
        printed(a_document())


def test_a_layout_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "SECONDS", 0.5)
    template = tmp_path / "endless.typ"
    endless = "#for i in range(20000) { for j in range(20000) { let x = i } }"
    template.write_text(f'#set document(title: "x")\n{endless}')

    with pytest.raises(TooMuchToPrint):
        pdf(template, {}, language="sv")


@pytest.mark.parametrize(
    "wrong", ['#read("/etc/hostname")', '#read("../secret.txt")', "#import sys.inputs.x: *"]
)
def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path, wrong: str):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "templates").mkdir()
    template = tmp_path / "templates" / "page.typ"
    template.write_text(f'#set document(title: "x")\n{wrong}')

    with pytest.raises(NotPrintable, match=r"page\.typ"):
        pdf(template, {}, language="sv")


def test_templates_of_ours_import_no_packages_and_evaluate_nothing():
    for template in Path(printing.__file__).parent.glob("*.typ"):
        source = template.read_text()
        assert '"@' not in source
        assert "eval(" not in source
        assert "read(" not in source
