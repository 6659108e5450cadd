-- KEYS: token, lease, wait. ARGV: the version; how long it lives since its lease was given, in milliseconds; the value.
if string.match(redis.call('GET', KEYS[2]) or '', '^%d+') == ARGV[1] then
  redis.call('DEL', KEYS[2])
end
local kept = redis.call('GET', KEYS[1])
local version = kept and tonumber(string.match(kept, '^(%d+):'))
if version and version > tonumber(ARGV[1]) then
  return 0
end
-- Versions are times in microseconds. This may come late: it was on its way while the server was stopped.
local time = redis.call('TIME')
local elapsed = math.max(0, time[1] * 1000000 + time[2] - ARGV[1]) / 1000
local left = math.floor(ARGV[2] - elapsed)
if left <= 0 then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[3], 'PX', string.format('%.0f', left))
return 1
