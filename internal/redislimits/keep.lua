-- Notes what has become of a server's guests.
-- KEYS: the server; guests; for each registration, those of the address; for each guest inside, and then each gone, those of
-- the address and those of the network.
-- ARGV: how long guests count, in ms; how long a registration counts, in ms; how many are registered, inside, and gone; each
-- registration with how many ms ago it was; the guests inside; the guests gone.
-- Returns 1 when the server was known, else 0.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease, hour = tonumber(ARGV[1]), tonumber(ARGV[2])
local known = redis.call('EXISTS', KEYS[1])
redis.call('SET', KEYS[1], now, 'PX', lease)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local k, a = 3, 6
for _ = 1, tonumber(ARGV[3]) do
  local ago = tonumber(ARGV[a + 1])
  if ago < hour then
    redis.call('ZADD', KEYS[k], 'NX', now - ago, ARGV[a])
    redis.call('PEXPIRE', KEYS[k], hour)
  end
  k, a = k + 1, a + 2
end
for _ = 1, tonumber(ARGV[4]) do
  for _, key in ipairs({KEYS[2], KEYS[k], KEYS[k + 1]}) do
    redis.call('ZADD', key, now + lease, ARGV[a])
    redis.call('PEXPIRE', key, lease)
  end
  k, a = k + 2, a + 1
end
for _ = 1, tonumber(ARGV[5]) do
  for _, key in ipairs({KEYS[2], KEYS[k], KEYS[k + 1]}) do
    redis.call('ZREM', key, ARGV[a])
  end
  k, a = k + 2, a + 1
end
return known
