"""DMN: decision tables and all other boxed logic, evaluated and checked."""

from engine.decisions.checking import DecisionFinding
from engine.decisions.decisions import Decisions, read
from engine.decisions.errors import BadDecisions, NoSuchDecision
from engine.decisions.evaluation import Outcome
from engine.decisions.tables import MatchedRule
from engine.decisions.writing import new_decision, with_result

__all__ = [
    "BadDecisions",
    "DecisionFinding",
    "Decisions",
    "MatchedRule",
    "NoSuchDecision",
    "Outcome",
    "new_decision",
    "read",
    "with_result",
]
