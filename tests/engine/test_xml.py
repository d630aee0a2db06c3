"""The guard in front of every XML file."""

import pytest

from engine.xml import LARGEST, UnreadableXml, parse

REFUSED = {
    "empty": (b"", "is empty"),
    "no XML": (b"hello", "not XML"),
    "not closed": (b"<a><b></a>", "line 1"),
    "external entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "DOCTYPE",
    ),
    "bare DOCTYPE": (b"<!DOCTYPE a><a/>", "DOCTYPE"),
    "UTF-16 DOCTYPE": (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        "DOCTYPE",
    ),
    "laughs": (
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
        b"<a>&d;&d;&d;&d;&d;&d;&d;&d;</a>",
        "DOCTYPE",
    ),
    "deep": (b"<a>" * 65 + b"</a>" * 65, "nested"),
    "very deep": (b"<a>" * 5000 + b"</a>" * 5000, "not XML"),
    "many": (b"<a>" + b"<b/>" * 60_000 + b"</a>", "60000 elements"),
    "large": (b"<a>" + b" " * LARGEST + b"</a>", "2 MiB"),
    "unknown encoding": (b'<?xml version="1.0" encoding="bogus"?><a/>', "not XML"),
    "undeclared entity": (b"<a>&nbsp;</a>", "not XML"),
}


@pytest.mark.parametrize(("data", "why"), REFUSED.values(), ids=REFUSED)
def test_what_could_do_harm_is_refused(data: bytes, why: str):
    with pytest.raises(UnreadableXml, match=why) as caught:
        parse(data, name="a.bpmn")

    assert str(caught.value).startswith("a.bpmn")


def test_a_mistake_names_its_line():
    with pytest.raises(UnreadableXml) as caught:
        parse(b"<a>\n<b>\n</a>", name="a.bpmn")

    assert caught.value.line == 3


def test_comments_and_instructions_are_dropped():
    root = parse(b"<?pi x?><a><!-- no --><b/></a>", name="a.bpmn")

    assert [child.tag for child in root] == ["b"]


def test_the_limits_themselves_are_allowed():
    assert parse(b"<a>" * 64 + b"</a>" * 64, name="a").tag == "a"
