INSERT INTO tokensmith_refresh_tokens
    (name, value, last_section, section, section_begins, section_ends, confirmed, saved)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (name) DO UPDATE SET
    value = ?2, last_section = ?3, section = ?4, section_begins = ?5, section_ends = ?6, confirmed = ?7, saved = ?8
