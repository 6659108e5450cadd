-- KEYS: entry. ARGV: section; how long it lasts from now on, in milliseconds.
if redis.call('HGET', KEYS[1], 'section') ~= ARGV[1] then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'confirmed', ARGV[1], 'ends', string.format('%.0f', now + math.min(tonumber(ARGV[2]), 300000)))
return 1
