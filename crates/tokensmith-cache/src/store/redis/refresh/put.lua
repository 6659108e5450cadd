-- KEYS: entry. ARGV: a mark of this call; the value.
-- The response to this call was lost, and it is made again: what others did meanwhile stays.
if redis.call('HGET', KEYS[1], 'put') == ARGV[1] then
  return redis.status_reply('OK')
end
-- A server without memory refuses HSET and takes HDEL: nothing is removed unless the value is there.
redis.call('HSET', KEYS[1], 'put', ARGV[1], 'value', ARGV[2])
redis.call('HDEL', KEYS[1], 'section', 'ends', 'mark', 'confirmed', 'saved')
redis.call('PERSIST', KEYS[1])
return redis.status_reply('OK')
