-- KEYS: entry. ARGV: a mark of this call.
-- The response to this call was lost, and it is made again: what others did meanwhile stays.
if redis.call('HGET', KEYS[1], 'put') == ARGV[1] then
  return false
end
local value = redis.call('HGET', KEYS[1], 'value')
-- A server without memory refuses HSET and takes HDEL: a deletion is done.
redis.call('HDEL', KEYS[1], 'value', 'section', 'ends', 'mark', 'confirmed', 'saved')
redis.pcall('HSET', KEYS[1], 'put', ARGV[1])
-- What is left is the last number, for whoever may still have an older section.
redis.call('PEXPIRE', KEYS[1], 3600000)
return value
