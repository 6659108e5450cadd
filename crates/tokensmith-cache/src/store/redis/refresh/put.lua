-- KEYS: entry. ARGV: a mark of this call; the value, or nothing to delete it.
-- The response to this call was lost, and it is made again: what others did meanwhile stays.
if redis.call('HGET', KEYS[1], 'put') == ARGV[1] then
  return redis.status_reply('OK')
end
-- A server without memory refuses HSET and takes HDEL: nothing is removed unless the value is there, and a deletion is done.
if ARGV[2] then
  redis.call('HSET', KEYS[1], 'put', ARGV[1], 'value', ARGV[2])
else
  redis.call('HDEL', KEYS[1], 'value')
  redis.pcall('HSET', KEYS[1], 'put', ARGV[1])
end
redis.call('HDEL', KEYS[1], 'section', 'ends', 'mark', 'confirmed', 'saved')
return redis.status_reply('OK')
