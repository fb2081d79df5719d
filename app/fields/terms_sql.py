"""Which words a row's custom fields can be found by, so that one index serves every field a desk defines.

A term is `field=word`: the folded text of a value and of each item of a list, a number without needless
zeros, `yes` or `no` of a truth. Whatever kind a field has, or had when the value was written (`stored_sql`),
a row whose value is equal to a word has its term. So a condition asks for the term, and for the value as it
would without.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Text, func
from sqlalchemy.dialects.postgresql import ARRAY

from app.fields.parse.numbers import FALSE, TRUE
from app.fields.stored import NO, NUMBER, YES

LONGEST = 100
"""Characters of a word that are kept: an index holds no long texts."""


def _among(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


TERMS_FUNCTION = f"""
CREATE OR REPLACE FUNCTION frontdesk_terms(x jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000 SET search_path FROM CURRENT AS $terms$
DECLARE
  found text[] := '{{}}';
  name text; value jsonb; form text; word text; item jsonb;
BEGIN
  IF x = '{{}}' OR jsonb_typeof(x) <> 'object' THEN RETURN found; END IF;
  FOR name, value IN SELECT * FROM jsonb_each(x) LOOP
    form := jsonb_typeof(value);
    word := frontdesk_words(value);
    found := found || (name || '=' || left(frontdesk_fold(word), {LONGEST}));
    IF form = 'number' OR (form = 'string' AND word ~ '{NUMBER}') THEN
      found := found || (name || '=' || left(trim_scale(word::numeric)::text, {LONGEST}));
    END IF;
    IF form = 'string' AND lower(word) IN ({_among(TRUE)}) THEN
      found := found || (name || '={YES}');
    ELSIF form = 'string' AND lower(word) IN ({_among(FALSE)}) THEN
      found := found || (name || '={NO}');
    ELSIF form = 'array' THEN
      FOR item IN SELECT * FROM jsonb_array_elements(value) LOOP
        IF jsonb_typeof(item) = 'string' THEN
          found := found || (name || '=' || left(frontdesk_fold(item #>> '{{}}'), {LONGEST}));
        END IF;
      END LOOP;
    END IF;
  END LOOP;
  RETURN array_remove(found, NULL);
END $terms$
"""  # noqa: S608  the words are our own


def has_term(column: ColumnElement[Any], key: str, words: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition, by an index, that custom fields have one of `words` under `key`."""
    terms: ColumnElement[Any] = func.frontdesk_terms(column, type_=ARRAY(Text))
    wanted: ColumnElement[bool] = terms.overlap([f"{key}={word[:LONGEST]}" for word in words])
    return wanted
