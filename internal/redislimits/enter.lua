-- Takes in a guest, or says which limit keeps them out: all, address, network or registrations, as 1 to 4.
-- KEYS: the server; guests; those of the address; those of the network; registrations of the address.
-- ARGV: the guest; how long they count, in ms; the four limits, of which 0 is none; how long a registration counts, in ms.
-- Returns the limit, 0 for none; after how many ms a registration counts no more, 0 when nobody knows; and 1 when the server was
-- known, else 0.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease, hour = tonumber(ARGV[2]), tonumber(ARGV[7])
local known = redis.call('EXISTS', KEYS[1])
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then
  return {0, 0, known}
end
for i = 2, 4 do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
end
redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - hour)
for i = 1, 3 do
  local limit = tonumber(ARGV[2 + i])
  if limit > 0 and redis.call('ZCARD', KEYS[1 + i]) >= limit then
    return {i, 0, known}
  end
end
local limit = tonumber(ARGV[6])
local registered = redis.call('ZCARD', KEYS[5])
if limit > 0 and registered + redis.call('ZCARD', KEYS[3]) >= limit then
  if registered < limit then
    return {4, 0, known}
  end
  local first = redis.call('ZRANGE', KEYS[5], registered - limit, registered - limit, 'WITHSCORES')
  return {4, first[2] + hour - now, known}
end
for i = 2, 4 do
  redis.call('ZADD', KEYS[i], now + lease, ARGV[1])
  redis.call('PEXPIRE', KEYS[i], lease)
end
return {0, 0, known}
