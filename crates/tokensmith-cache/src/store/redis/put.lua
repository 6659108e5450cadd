-- KEYS: token, lease, wait. ARGV: the version; how long it lives, in milliseconds; the value.
if string.match(redis.call('GET', KEYS[2]) or '', '^%d+') == ARGV[1] then
  redis.call('DEL', KEYS[2])
end
local kept = redis.call('GET', KEYS[1])
local version = kept and tonumber(string.match(kept, '^(%d+):'))
if version and version > tonumber(ARGV[1]) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[3], 'PX', ARGV[2])
return 1
