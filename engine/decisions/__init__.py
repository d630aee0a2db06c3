"""DMN: decision tables and all other boxed logic, evaluated and checked."""

from engine.decisions.checking import DecisionFinding
from engine.decisions.decisions import Decisions, read
from engine.decisions.errors import BadDecisions, NoSuchDecision
from engine.decisions.evaluation import Outcome
from engine.decisions.tables import MatchedRule
from engine.decisions.writing import with_result

__all__ = [
    "BadDecisions",
    "DecisionFinding",
    "Decisions",
    "MatchedRule",
    "NoSuchDecision",
    "Outcome",
    "read",
    "with_result",
]
