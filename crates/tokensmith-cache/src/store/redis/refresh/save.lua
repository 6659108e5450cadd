-- KEYS: entry. ARGV: section; value.
local entry = redis.call('HMGET', KEYS[1], 'section', 'confirmed', 'saved', 'value')
local section, confirmed, saved, value = unpack(entry)
if section == ARGV[1] or confirmed == ARGV[1] then
  redis.call('HSET', KEYS[1], 'value', ARGV[2], 'saved', ARGV[1])
  redis.call('HDEL', KEYS[1], 'section', 'ends', 'mark', 'confirmed')
  return {1, false}
end
-- The response to the first call was lost, and it is made again.
if saved == ARGV[1] then
  return {1, false}
end
return {0, value}
