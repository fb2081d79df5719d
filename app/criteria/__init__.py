"""Conditions as one JSON tree: checked against the fields, read in memory and in SQL, said in words."""

from __future__ import annotations

from app.criteria.compile import Where, compile_tree, where
from app.criteria.describe import describe
from app.criteria.evaluate import Facts, Step, Verdict, explain, passes
from app.criteria.fold import fold
from app.criteria.fold_sql import fold_functions
from app.criteria.moment import Moment
from app.criteria.operators import Operator, Takes
from app.criteria.parse import parse
from app.criteria.readings import operators_of
from app.criteria.tree import Node, conditions

__all__ = [
    "Facts",
    "Moment",
    "Node",
    "Operator",
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
