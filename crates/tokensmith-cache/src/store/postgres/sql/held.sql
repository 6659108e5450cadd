-- $1: name.
SELECT coalesce(section, last_section),
    greatest(0, coalesce(extract(epoch FROM section_ends - clock_timestamp()) * 1000, 0))::bigint
FROM tokensmith_refresh_tokens WHERE name = $1
