-- $1: name. $2: section. $3: value.
UPDATE tokensmith_refresh_tokens
SET value = $3, saved = $2, section = NULL, section_ends = NULL, confirmed = NULL
WHERE name = $1 AND $2 IN (section, confirmed)
RETURNING name
