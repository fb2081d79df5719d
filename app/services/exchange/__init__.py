"""Rows to files and back, in values that stay the same: what is exported can be imported again."""

from __future__ import annotations

from app.services.exchange.cells import Column, cell, cells, row_values
from app.services.exchange.load import Loaded, Plan, Trial, load, try_out
from app.services.exchange.reading import LARGEST, MOST, Read, read_rows
from app.services.exchange.stream import Rows, chunks
from app.services.exchange.writing import FORMATS, Format, Writer, write_csv

__all__ = [
    "FORMATS",
    "LARGEST",
    "MOST",
    "Column",
    "Format",
    "Loaded",
    "Plan",
    "Read",
    "Rows",
    "Trial",
    "Writer",
    "cell",
    "cells",
    "chunks",
    "load",
    "read_rows",
    "row_values",
    "try_out",
    "write_csv",
]
