-- $1: name. $2: as $3 of `begin`. The row stays: it remembers the last number.
WITH before AS MATERIALIZED (
    SELECT name, value FROM tokensmith_refresh_tokens WHERE name = $1 FOR UPDATE
), deleted AS (
    UPDATE tokensmith_refresh_tokens AS entry
    SET value = NULL, section = NULL, section_ends = NULL, confirmed = NULL, saved = NULL
    FROM before
    WHERE entry.name = before.name AND clock_timestamp() < now() + $2 * interval '1 millisecond'
    RETURNING before.value
)
SELECT EXISTS (SELECT FROM before) AND NOT EXISTS (SELECT FROM deleted), (SELECT value FROM deleted)
