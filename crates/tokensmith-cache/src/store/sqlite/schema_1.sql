CREATE TABLE tokensmith_refresh_tokens (
    name TEXT PRIMARY KEY CHECK (length(name) = 64),
    value BLOB,
    last_section INTEGER NOT NULL,
    section INTEGER,
    section_begins INTEGER,
    section_ends INTEGER,
    confirmed INTEGER,
    saved INTEGER
) STRICT;
