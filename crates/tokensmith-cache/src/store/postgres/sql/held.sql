-- $1: name. $2: how long a section lasts at most, in milliseconds: one that lasts longer is from before the clock was set back.
WITH limited AS (
    UPDATE tokensmith_refresh_tokens
    SET section_ends = clock_timestamp() + $2 * interval '1 millisecond'
    WHERE name = $1 AND section_ends > clock_timestamp() + $2 * interval '1 millisecond'
)
SELECT coalesce(section, last_section),
    least($2, greatest(0, coalesce(extract(epoch FROM section_ends - clock_timestamp()) * 1000, 0))::bigint)
FROM tokensmith_refresh_tokens WHERE name = $1
