-- $1: name. $2: section. $3: how long it lasts from now on, in milliseconds.
UPDATE tokensmith_refresh_tokens
SET confirmed = section, section_ends = clock_timestamp() + $3 * interval '1 millisecond'
WHERE name = $1 AND section = $2
RETURNING name
