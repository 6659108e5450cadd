-- KEYS: entry. ARGV: section.
if redis.call('HGET', KEYS[1], 'section') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'section', 'ends', 'mark')
end
if redis.call('HGET', KEYS[1], 'confirmed') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'confirmed')
end
return redis.status_reply('OK')
