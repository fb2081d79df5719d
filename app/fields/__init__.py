"""What a resource has: columns and live definitions as one registry, asked by every surface."""

from __future__ import annotations

from app.fields.access import Access, Audience
from app.fields.becoming import becoming, is_same
from app.fields.by_column import columns_of
from app.fields.check import check, check_json, deprecated_errors, missing, row_errors
from app.fields.columns import default_of, may_be_empty
from app.fields.definable import definition_errors
from app.fields.desk import languages_of, latest_settings, setting_fields, settings_of, spoken
from app.fields.field import CUSTOM, Field, Option
from app.fields.fieldset import FieldSet
from app.fields.kinds import Kind
from app.fields.refusal import Refused
from app.fields.registry import fields_of, fields_with
from app.fields.schema import Purpose, json_schema
from app.fields.settings import Settings
from app.fields.shaped import read
from app.fields.version import definition_version, remember_version

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
    "Settings",
    "becoming",
    "check",
    "check_json",
    "columns_of",
    "default_of",
    "definition_errors",
    "definition_version",
    "deprecated_errors",
    "fields_of",
    "fields_with",
    "is_same",
    "json_schema",
    "languages_of",
    "latest_settings",
    "may_be_empty",
    "missing",
    "read",
    "remember_version",
    "row_errors",
    "setting_fields",
    "settings_of",
    "spoken",
]
