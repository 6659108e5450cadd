CREATE TABLE tokensmith_refresh_tokens (
    name text PRIMARY KEY CHECK (length(name) = 64),
    value bytea,
    last_section bigint NOT NULL,
    section bigint,
    section_ends timestamptz,
    confirmed bigint,
    saved bigint,
    CHECK ((section IS NULL) = (section_ends IS NULL))
);
