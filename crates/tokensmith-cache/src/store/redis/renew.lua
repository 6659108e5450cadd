-- KEYS: token, lease, wait. ARGV: the lease; how long it lasts from now on, in milliseconds.
if string.match(redis.call('GET', KEYS[2]) or '', '^%d+') ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[2], ARGV[2])
