-- KEYS: token, lease, wait. ARGV: the version that is known, or nothing; how long the lease lasts, in milliseconds; a mark of
-- this call.
local kept = redis.call('GET', KEYS[1])
local version = kept and string.match(kept, '^(%d+):')
-- An empty value stands for a token that was deleted.
if version and version ~= ARGV[1] and #kept > #version + 1 then
  return {'found', version, string.sub(kept, #version + 2), redis.call('PTTL', KEYS[1])}
end
local wait = redis.call('PTTL', KEYS[3])
if wait > 0 then
  return {'wait', '0', '', wait}
end
local held = redis.call('PTTL', KEYS[2])
if held > 0 then
  local lease, mark = string.match(redis.call('GET', KEYS[2]), '^(%d+):(.*)$')
  -- The response to this call was lost, and it is made again.
  if mark == ARGV[3] then
    return {'leased', lease, '', 0}
  end
  return {'held', '0', '', held}
end
-- The time: so that the number rises even where all was lost.
local time = redis.call('TIME')
local before = math.max(tonumber(version) or 0, tonumber(ARGV[1]) or 0)
local lease = math.max(time[1] * 1000000 + time[2], before + 1)
lease = string.format('%.0f', lease)
redis.call('SET', KEYS[2], lease .. ':' .. ARGV[3], 'PX', ARGV[2])
return {'leased', lease, '', 0}
