-- $1: name. $2: section.
SELECT coalesce(saved = $2, false), value FROM tokensmith_refresh_tokens WHERE name = $1
