-- KEYS: entry. ARGV: section.
if redis.call('HGET', KEYS[1], 'section') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'section', 'ends', 'mark')
  -- Nobody is signed in: what is left is the last number, for whoever may still have an older section.
  if redis.call('HEXISTS', KEYS[1], 'value') == 0 then
    redis.call('PEXPIRE', KEYS[1], 3600000)
  end
end
if redis.call('HGET', KEYS[1], 'confirmed') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'confirmed')
end
return redis.status_reply('OK')
