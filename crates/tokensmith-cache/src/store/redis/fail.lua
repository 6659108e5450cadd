-- KEYS: token, lease, wait. ARGV: the lease; how long nobody is given the next one, in milliseconds.
if string.match(redis.call('GET', KEYS[2]) or '', '^%d+') ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[2])
if tonumber(ARGV[2]) > redis.call('PTTL', KEYS[3]) then
  redis.call('SET', KEYS[3], '1', 'PX', ARGV[2])
end
return 1
