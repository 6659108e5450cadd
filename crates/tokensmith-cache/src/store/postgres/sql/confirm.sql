-- $1: name. $2: section. $3: how long it lasts from now on, in milliseconds.
UPDATE tokensmith_refresh_tokens
SET section = $2, confirmed = $2, section_ends = clock_timestamp() + $3 * interval '1 millisecond'
WHERE name = $1 AND $2 IN (section, confirmed)
RETURNING name
