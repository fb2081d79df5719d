"""Conditions as one JSON tree: checked against the fields, read in memory and in SQL, said in words."""

from __future__ import annotations

from app.criteria.calendar import Calendar
from app.criteria.compile import Judge, Where, compile_tree, where
from app.criteria.describe import describe
from app.criteria.evaluate import Facts, passes
from app.criteria.fold import fold
from app.criteria.fold_sql import fold_functions
from app.criteria.moment import Duration, Moment
from app.criteria.operators import Asks, Operator, Takes
from app.criteria.parse import parse
from app.criteria.period import Period
from app.criteria.present import EVERYWHERE
from app.criteria.readings import ME, READINGS, operators_of
from app.criteria.trace import Step, Verdict, explain
from app.criteria.tree import Node, conditions

__all__ = [
    "EVERYWHERE",
    "ME",
    "READINGS",
    "Asks",
    "Calendar",
    "Duration",
    "Facts",
    "Judge",
    "Moment",
    "Node",
    "Operator",
    "Period",
    "Step",
    "Takes",
    "Verdict",
    "Where",
    "compile_tree",
    "conditions",
    "describe",
    "explain",
    "fold",
    "fold_functions",
    "operators_of",
    "parse",
    "passes",
    "where",
]
