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
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 300 SET search_path FROM CURRENT AS $terms$
DECLARE
  found text[] := '{{}}';
  name text; value jsonb; form text; word text; items int;
BEGIN
  IF x = '{{}}' OR jsonb_typeof(x) <> 'object' THEN RETURN found; END IF;
  FOR name, value IN SELECT * FROM jsonb_each(x) LOOP
    form := jsonb_typeof(value);
    name := name || '=';
    IF form = 'string' THEN
      word := value #>> '{{}}';
      found := found || (name || left(frontdesk_fold(word), {LONGEST}));
      IF word ~ '{NUMBER}' THEN
        found := found || (name || trim_scale(word::numeric)::text);
      END IF;
      IF length(word) <= {max(map(len, TRUE | FALSE))} THEN
        IF lower(word) IN ({_among(TRUE)}) THEN
          found := found || (name || '{YES}');
        ELSIF lower(word) IN ({_among(FALSE)}) THEN
          found := found || (name || '{NO}');
        END IF;
      END IF;
    ELSIF form = 'number' THEN
      word := value #>> '{{}}';
      found := found || (name || left(word, {LONGEST}));
      IF strpos(word, '.') > 0 THEN
        found := found || (name || left(trim_scale(word::numeric)::text, {LONGEST}));
      END IF;
    ELSIF form = 'boolean' THEN
      found := found || (name || CASE WHEN value = 'true' THEN '{YES}' ELSE '{NO}' END);
    ELSIF form = 'array' THEN
      items := jsonb_array_length(value);
      FOR place IN 0 .. items - 1 LOOP
        IF jsonb_typeof(value -> place) = 'string' THEN
          found := found || (name || left(frontdesk_fold(value ->> place), {LONGEST}));
        END IF;
      END LOOP;
      IF items > 1 THEN
        found := found || (name || left(frontdesk_fold(frontdesk_words(value)), {LONGEST}));
      END IF;
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
