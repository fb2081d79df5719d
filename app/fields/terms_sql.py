"""Which words a row's custom fields can be found by, so that one index serves every field a desk defines.

A term is `field=word`: the folded text of a value and of each item of a list, a number without needless
zeros, `yes` or `no` of a truth. Whatever kind a field has, or had when the value was written (`stored_sql`),
a row whose value is equal to a word has its term. So a condition asks for the term, and for the value as it
would without. A number, a day and a moment also have `field~digits` for the beginnings of their rank
(`ranks`), by which they are found between two others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Text, func
from sqlalchemy.dialects.postgresql import ARRAY

from app.fields import ranks
from app.fields.parse.numbers import FALSE, TRUE
from app.fields.stored import DAY, ISO_DAY, MOMENT, NO, NUMBER, YES

LONGEST = 100
"""Characters of a word that are kept: an index holds no long texts."""


def _among(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


LENGTHS = (ISO_DAY, len("2026-03-31T00:00:00.000000Z"))
UPSIDE_DOWN = ", ".join(f"'{digits}'" for digits in ranks.UPSIDE_DOWN)
BEGINNINGS = ", ".join(f"rank || left(digits, {length})" for length in range(1, ranks.LENGTH + 1))
TERMS_FUNCTION = f"""
CREATE OR REPLACE FUNCTION frontdesk_terms(x jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 300 SET search_path FROM CURRENT AS $terms$
DECLARE
  found text[] := '{{}}';
  name text; value jsonb; form text; word text; items int;
  number numeric; figures text; digits text; size int; rank text;
BEGIN
  IF x = '{{}}' OR jsonb_typeof(x) <> 'object' THEN RETURN found; END IF;
  FOR name, value IN SELECT * FROM jsonb_each(x) LOOP
    form := jsonb_typeof(value);
    rank := name || '~';
    name := name || '=';
    number := NULL;
    digits := NULL;
    IF form = 'string' THEN
      word := value #>> '{{}}';
      found := found || (name || left(frontdesk_fold(word), {LONGEST}));
      IF word ~ '{NUMBER}' THEN
        number := word::numeric;
        found := found || (name || trim_scale(number)::text);
      ELSIF length(word) IN {LENGTHS} AND (word ~ '{DAY}' OR word ~ '{MOMENT}') THEN
        digits := lpad((left(word, {ISO_DAY})::date - '0001-01-01'::date + 1)::text, {ranks.LENGTH}, '0');
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
      number := word::numeric;
      IF strpos(word, '.') > 0 THEN
        found := found || (name || left(trim_scale(number)::text, {LONGEST}));
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
    IF number = 0 THEN
      digits := '{ranks.ZERO}';
    ELSIF number IS NOT NULL THEN
      word := replace(abs(number)::text, '.', '');
      figures := ltrim(word, '0');
      size := length(trunc(abs(number))::text) - 1 - length(word) + length(figures);
      digits := CASE
        WHEN size > {ranks.MOST} THEN '999999'
        WHEN size < -{ranks.MOST} THEN '000000'
        ELSE lpad((size + {ranks.MIDDLE})::text, 2, '0')
          || rpad(left(figures, {ranks.FIGURES}), {ranks.FIGURES}, '0')
      END;
      digits := CASE WHEN number > 0 THEN '1' || digits ELSE '0' || translate(digits, {UPSIDE_DOWN}) END;
    END IF;
    IF digits IS NOT NULL THEN
      found := found || ARRAY[{BEGINNINGS}];
    END IF;
  END LOOP;
  RETURN array_remove(found, NULL);
END $terms$
"""  # noqa: S608  the words are our own


def has_term(column: ColumnElement[Any], key: str, words: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition, by an index, that custom fields have one of `words` under `key`."""
    return _overlap(column, [f"{key}={word[:LONGEST]}" for word in words])


def has_rank(
    column: ColumnElement[Any], key: str, low: ranks.Rankable | None, high: ranks.Rankable | None
) -> ColumnElement[bool]:
    """Return the condition, by an index, that the value under `key` may lie between two (None: no bound)."""
    return _overlap(column, [f"{key}~{digits}" for digits in ranks.between(low, high)])


def _overlap(column: ColumnElement[Any], terms: list[str]) -> ColumnElement[bool]:
    known: ColumnElement[Any] = func.frontdesk_terms(column, type_=ARRAY(Text))
    wanted: ColumnElement[bool] = known.overlap(terms)
    return wanted
