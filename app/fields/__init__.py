"""What a resource has: columns and live definitions as one registry, asked by every surface."""

from __future__ import annotations

from app.fields.check import check, check_json, missing, row_errors
from app.fields.definable import definition_errors
from app.fields.field import CUSTOM, Access, Audience, Field, Option
from app.fields.fieldset import FieldSet
from app.fields.kinds import Kind
from app.fields.refusal import Refused
from app.fields.registry import definition_version, fields_of, remember_version
from app.fields.schema import Purpose, json_schema

__all__ = [
    "CUSTOM",
    "Access",
    "Audience",
    "Field",
    "FieldSet",
    "Kind",
    "Option",
    "Purpose",
    "Refused",
    "check",
    "check_json",
    "definition_errors",
    "definition_version",
    "fields_of",
    "json_schema",
    "missing",
    "remember_version",
    "row_errors",
]
