-- Counts a connection of an address: so many at once, and as many again a minute, one after the other.
-- KEYS: connections of the address. ARGV: how many a minute. Returns 1 when it may be, else 0.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most = tonumber(ARGV[1])
local bucket = redis.call('HMGET', KEYS[1], 'left', 'at')
local left, at = tonumber(bucket[1]) or most, tonumber(bucket[2]) or now
left = math.min(left + math.max(now - at, 0) * most / 60000, most)
local allowed = 0
if left >= 1 then
  left, allowed = left - 1, 1
end
redis.call('HSET', KEYS[1], 'left', string.format('%.6f', left), 'at', string.format('%d', now))
redis.call('PEXPIRE', KEYS[1], 60000)
return allowed
