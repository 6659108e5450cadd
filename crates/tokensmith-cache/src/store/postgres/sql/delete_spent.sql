-- What is left is a number: later ones are higher by the clock.
DELETE FROM tokensmith_refresh_tokens
WHERE value IS NULL AND section IS NULL AND confirmed IS NULL
    AND last_section < (extract(epoch FROM clock_timestamp() - interval '1 hour') * 1000000)::bigint
