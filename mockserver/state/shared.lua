-- The store's verbs, each atomic by being part of one script. ARGV: the verb, then what it takes, word by word.
-- KEYS[1] begins the names of all that is ours here:
--   rows            by key: the row's version, its place in the order of arrival, its value
--   order:<words>   the keys that begin with these words, by their place
--   bytes, evicted  by shelf
--   version         the last that was given
local OURS = KEYS[1]
local ROWS, BYTES, EVICTED, VERSION = OURS .. 'rows', OURS .. 'bytes', OURS .. 'evicted', OURS .. 'version'
local LAID, SOME = '!laid', 1000

local place, quotas, version = 1, {}, nil

local function take()
  place = place + 1
  return ARGV[place]
end

local function each(act)
  for _ = 1, tonumber(take()) do act() end
end

local function whole(number)
  return string.format('%.0f', number)
end

local function shelf_of(key)
  return string.match(key, '^[^/]*')
end

local function place_and_size(row)
  local order, from = string.match(row, '^%d+ (%d+) ()')
  return order, #row - from + 1
end

-- A version is never given twice, not even by a server that has forgotten all: it begins with the time of day.
local function next_version()
  if not version then
    version = tonumber(redis.call('GET', VERSION))
    if not version then
      local time = redis.call('TIME')
      version = time[1] * 1000000 + time[2]
    end
  end
  version = version + 1
  return whole(version)
end

local function keep_version()
  if version then redis.call('SET', VERSION, whole(version)) end
end

local function each_list(key, act)
  local slash = string.find(key, '/', 1, true)
  if not slash then act(OURS .. 'order:' .. key) end
  while slash do
    act(OURS .. 'order:' .. string.sub(key, 1, slash - 1))
    slash = string.find(key, '/', slash + 1, true)
  end
end

-- Return how many bytes are left on the shelf, nothing where there was no such row.
local function remove(key)
  local row = redis.call('HGET', ROWS, key)
  if not row then return nil end
  local _, size = place_and_size(row)
  redis.call('HDEL', ROWS, key)
  each_list(key, function(list) redis.call('ZREM', list, key) end)
  return redis.call('HINCRBY', BYTES, shelf_of(key), -size)
end

-- Let the oldest go, but never the one that was just put.
local function trim(shelf, newest, bytes)
  local quota, list = quotas[shelf], OURS .. 'order:' .. shelf
  while quota do
    local count = redis.call('ZCARD', list)
    if count < 2 or (count <= quota.count and bytes <= quota.bytes) then return end
    local oldest = redis.call('ZRANGE', list, 0, 1)
    bytes = remove(oldest[1] ~= newest and oldest[1] or oldest[2])
    redis.call('HINCRBY', EVICTED, shelf, 1)
  end
end

local function put(key, value)
  local shelf, row, now, grown = shelf_of(key), redis.call('HGET', ROWS, key), next_version(), #value
  if row then
    local order, size = place_and_size(row)
    redis.call('HSET', ROWS, key, now .. ' ' .. order .. ' ' .. value)
    grown = grown - size
  else
    redis.call('HSET', ROWS, key, now .. ' ' .. now .. ' ' .. value)
    each_list(key, function(list) redis.call('ZADD', list, now, key) end)
  end
  trim(shelf, key, redis.call('HINCRBY', BYTES, shelf, grown))
end

local function add(key, number)
  local row = redis.call('HGET', ROWS, key)
  put(key, whole(number + (row and tonumber(string.match(row, '^%d+ %d+ (.*)')) or 0)))
end

local function take_quotas()
  each(function()
    local shelf = take()
    quotas[shelf] = { count = tonumber(take()), bytes = tonumber(take()) }
  end)
end

-- The name of a list, and the key that is the prefix itself: it stands in lists of fewer words only.
local function list_of(prefix)
  return OURS .. 'order:' .. prefix, string.find(prefix, '/', 1, true) and redis.call('HGET', ROWS, prefix)
end

local function clear(prefix)
  local list, own = list_of(prefix)
  local keys = redis.call('ZRANGE', list, 0, -1)
  if own then keys[#keys + 1] = prefix end
  for _, key in ipairs(keys) do remove(key) end
  return #keys
end

local function load()
  each(function()
    local shelf = take()
    clear(shelf)
    redis.call('HDEL', EVICTED, shelf)
  end)
  each(function() put(take(), take()) end)
  each(function() redis.call('HINCRBY', EVICTED, take(), take()) end)
  keep_version()
end

local verbs = {}

function verbs.commit()
  local is_as_expected = true
  each(function()
    local key, wanted = take(), take()
    local row = redis.call('HGET', ROWS, key)
    if (row and string.match(row, '^%d+') or '0') ~= wanted then is_as_expected = false end
  end)
  if not is_as_expected then return 0 end
  take_quotas()
  each(function()
    local kind, key, value = take(), take(), take()
    if kind == '=' then put(key, value) elseif kind == '+' then add(key, tonumber(value)) else remove(key) end
  end)
  keep_version()
  return 1
end

-- Return keys and their rows in turn, and behind them the row of the prefix itself, where there is one.
function verbs.scan()
  local command, prefix, from, to, limit = take(), take(), take(), take(), take()
  local list, own = list_of(prefix)
  local keys, found = redis.call(command, list, from, to, 'LIMIT', 0, limit), {}
  for first = 1, #keys, SOME do
    local some = { unpack(keys, first, math.min(first + SOME - 1, #keys)) }
    for index, row in ipairs(redis.call('HMGET', ROWS, unpack(some))) do
      found[#found + 1] = some[index]
      found[#found + 1] = row
    end
  end
  if own then
    found[#found + 1] = prefix
    found[#found + 1] = own
  end
  return found
end

function verbs.count()
  local list, own = list_of(take())
  return redis.call('ZCARD', list) + (own and 1 or 0)
end

function verbs.clear()
  return clear(take())
end

-- Return of each shelf that ever held something: its name, rows, bytes, and how many were pushed out.
function verbs.filled()
  local found = {}
  for _, shelf in ipairs(redis.call('HKEYS', BYTES)) do
    local count = redis.call('ZCARD', OURS .. 'order:' .. shelf)
    found[#found + 1] = { shelf, count, redis.call('HGET', BYTES, shelf), redis.call('HGET', EVICTED, shelf) or '0' }
  end
  return found
end

function verbs.dump()
  return { redis.call('HGETALL', ROWS), redis.call('HGETALL', EVICTED) }
end

function verbs.load()
  take_quotas()
  load()
end

-- Lay a beginning, unless somebody has; say whether it was this one.
function verbs.lay()
  if redis.call('HEXISTS', ROWS, LAID) == 1 then return 0 end
  take_quotas()
  load()
  redis.call('HSET', ROWS, LAID, '1')
  return 1
end

return verbs[ARGV[1]]()
