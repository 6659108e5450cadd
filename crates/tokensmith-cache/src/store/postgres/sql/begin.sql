-- $1: name. $2: how long the section lasts, in milliseconds. $3: how long this statement may wait for a lock, in milliseconds:
-- its caller is gone by then. now() is the time at which it arrived.
WITH clock AS MATERIALIZED (
    -- The time: so that the number rises even where rows were lost.
    SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS number
)
INSERT INTO tokensmith_refresh_tokens AS entry (name, last_section, section, section_ends)
SELECT $1, number, number, clock_timestamp() + $2 * interval '1 millisecond' FROM clock
WHERE clock_timestamp() < now() + $3 * interval '1 millisecond'
ON CONFLICT (name) DO UPDATE SET
    last_section = greatest(entry.last_section + 1, excluded.last_section),
    section = greatest(entry.last_section + 1, excluded.last_section),
    section_ends = clock_timestamp() + $2 * interval '1 millisecond'
WHERE (entry.section IS NULL OR entry.section_ends <= clock_timestamp())
    AND clock_timestamp() < now() + $3 * interval '1 millisecond'
RETURNING section, value, confirmed
