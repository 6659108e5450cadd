-- KEYS: entry. ARGV: how long the section lasts, in milliseconds; a mark of this call.
local entry = redis.call('HMGET', KEYS[1], 'value', 'last', 'section', 'ends', 'mark', 'confirmed')
local value, last, section, ends, mark, confirmed = unpack(entry)
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local longest = 300000
local duration = math.min(tonumber(ARGV[1]), longest)
if section and tonumber(ends) > now then
  -- The response to this call was lost, and it is made again.
  if mark == ARGV[2] then
    return {'begun', section, 0, value, confirmed}
  end
  -- The clock was set back since it began.
  if tonumber(ends) > now + longest then
    ends = string.format('%.0f', now + longest)
    redis.call('HSET', KEYS[1], 'ends', ends)
  end
  return {'held', section, math.max(1, math.floor(tonumber(ends) - now)), false, false}
end
-- The time: so that the number rises even where all was lost.
local number = math.max(time[1] * 1000000 + time[2], (tonumber(last) or 0) + 1)
number = string.format('%.0f', number)
redis.call('HSET', KEYS[1], 'last', number, 'section', number, 'mark', ARGV[2],
  'ends', string.format('%.0f', math.ceil(now + duration)))
redis.call('PERSIST', KEYS[1])
return {'begun', number, 0, value, confirmed}
