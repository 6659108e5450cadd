-- $1: name. $2: value. $3: as for `begin`.
INSERT INTO tokensmith_refresh_tokens AS entry (name, value, last_section)
SELECT $1, $2, 0
WHERE clock_timestamp() < now() + $3 * interval '1 millisecond'
ON CONFLICT (name) DO UPDATE SET
    value = excluded.value, section = NULL, section_ends = NULL, confirmed = NULL, saved = NULL
WHERE clock_timestamp() < now() + $3 * interval '1 millisecond'
RETURNING name
