"""Write one cell of a decision table, leaving every other byte as it is; or a table to begin."""

import re
from html import escape

from engine.decisions.errors import BadDecisions

_NEW = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"\
 xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"\
 xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"\
 xmlns:modeler="http://camunda.org/schema/modeler/1.0"\
 id="definitions_{id}" name="{title}" namespace="http://camunda.org/schema/1.0/dmn"\
 modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.7.0">
  <decision id="{id}" name="{title}">
    <decisionTable id="{id}_table" hitPolicy="FIRST">
      <input id="{id}_in">
        <inputExpression id="{id}_in_expression" typeRef="string">
          <text></text>
        </inputExpression>
      </input>
      <output id="{id}_out" name="result" typeRef="string" />
      <rule id="{id}_rule_1">
        <inputEntry id="{id}_rule_1_in">
          <text></text>
        </inputEntry>
        <outputEntry id="{id}_rule_1_out">
          <text></text>
        </outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{id}_diagram">
      <dmndi:DMNShape id="{id}_di" dmnElementRef="{id}">
        <dc:Bounds height="80" width="180" x="160" y="80" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def new_decision(decision_id: str, title: str) -> bytes:
    """A table of one column and one rule, which says nothing yet.

    ``decision_id`` is of small letters, digits and “_”.
    """
    return _NEW.format(id=decision_id, title=escape(title)).encode()


def with_result(data: bytes, rule_id: str, text: str, *, output: int = 0) -> bytes:
    """The file with another text in the cell of a rule's result.

    Raises BadDecisions where it is not clear which bytes are the cell.
    """
    rule = _inside(b"rule", data, attributes=rb'[^>]*\bid="%s"[^>]*' % re.escape(rule_id.encode()))
    if len(rule) != 1:
        raise BadDecisions(f"There is not one rule “{rule_id}”.")
    cells = _inside(b"outputEntry", data, *rule[0])
    texts = _inside(b"text", data, *cells[output]) if output < len(cells) else []
    if len(texts) != 1:
        raise BadDecisions(f"The rule “{rule_id}” has no such result.")
    start, end = texts[0]
    return data[:start] + escape(text, quote=False).encode() + data[end:]


def _inside(
    name: bytes, data: bytes, start: int = 0, end: int | None = None, attributes: bytes = rb"[^>]*"
) -> list[tuple[int, int]]:
    """Where the inside of each such element lies, with a prefix or without."""
    opening = rb"<(?P<prefix>(?:[\w.-]+:)?)" + name + rb"(?=[\s>])" + attributes + rb">"
    whole = opening + rb"(?P<inside>.*?)</(?P=prefix)" + name + rb"\s*>"
    found = re.compile(whole, re.DOTALL).finditer(data, start, len(data) if end is None else end)
    return [each.span("inside") for each in found]
