-- KEYS: token, lease, wait. ARGV: nothing; how long the tokens of older leases are refused, in milliseconds.
local function number(key)
  return tonumber(string.match(redis.call('GET', key) or '', '^%d+')) or 0
end
local time = redis.call('TIME')
local version = math.max(time[1] * 1000000 + time[2], number(KEYS[1]) + 1, number(KEYS[2]) + 1)
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('SET', KEYS[1], string.format('%.0f', version) .. ':', 'PX', ARGV[2])
return redis.status_reply('OK')
