-- $1: name. $2: section.
UPDATE tokensmith_refresh_tokens
SET section = nullif(section, $2),
    section_ends = CASE WHEN section = $2 THEN NULL ELSE section_ends END,
    confirmed = nullif(confirmed, $2)
WHERE name = $1 AND $2 IN (section, confirmed)
