-- $1: name. $2: as $3 of `begin`. The row stays: it remembers the last number.
UPDATE tokensmith_refresh_tokens
SET value = NULL, section = NULL, section_ends = NULL, confirmed = NULL, saved = NULL
WHERE name = $1 AND clock_timestamp() < now() + $2 * interval '1 millisecond'
