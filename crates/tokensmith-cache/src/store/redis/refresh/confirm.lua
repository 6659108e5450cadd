-- KEYS: entry. ARGV: section; how long it lasts from now on, in milliseconds.
local section, confirmed = unpack(redis.call('HMGET', KEYS[1], 'section', 'confirmed'))
if section ~= ARGV[1] and confirmed ~= ARGV[1] then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
redis.call('HSET', KEYS[1], 'section', ARGV[1], 'confirmed', ARGV[1],
  'ends', string.format('%.0f', math.ceil(now + math.min(tonumber(ARGV[2]), 300000))))
if section ~= ARGV[1] then
  -- The call that began the later section gets it no more.
  redis.call('HDEL', KEYS[1], 'mark')
end
return 1
