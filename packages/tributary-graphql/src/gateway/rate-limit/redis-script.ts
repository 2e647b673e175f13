/**
 * Takes a cost from a bucket, in one step, by the clock of Redis. A bucket is stored as the time at which it will be full, and
 * expires then: a full bucket is like one that was never used.
 *
 * - `KEYS[1]`: the bucket
 * - `ARGV`: the cost, the burst, the cost that is added per minute, and 1 to take the cost whether or not it is there
 *
 * Returns 1 or 0 for whether it was taken, and what the bucket holds then, as text: Redis would cut a number to an integer.
 */
export const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local cost, burst, perMs = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) / 60000
local fullAt = tonumber(redis.call('GET', KEYS[1]) or now) or now
-- The limit or the clock may have changed: no bucket is further in debt than its burst.
local available = math.max(-burst, burst - math.max(0, fullAt - now) * perMs)
if ARGV[4] ~= '1' and available < cost - 0.000001 then return {0, tostring(available)} end
local held = math.min(burst, math.max(-burst, available - cost))
if held >= burst then
  redis.call('DEL', KEYS[1])
else
  local ms = (burst - held) / perMs
  redis.call('SET', KEYS[1], string.format('%.17g', now + ms), 'PX', string.format('%.0f', math.ceil(ms)))
end
return {1, tostring(held)}
`;
