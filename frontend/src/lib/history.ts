/** What the recorder says, asked once however many cards want to know. */

import type { Connection, HomeAssistant } from "./hass";
import type {
  Configurations,
  Series,
  SeriesColumn,
  Summary,
  Timeline,
  Uptime,
} from "./model";

interface Entry {
  readonly answer: Promise<unknown>;
  readonly time: number;
}

/** How many answers are cached at most. */
const LIMIT = 40;
/**
 * Seconds for which an answer is used again. Less than cards wait before they ask again:
 * every other time, they would be given the old answer otherwise.
 */
const SERIES_FRESH = 50;
const SUMMARY_FRESH = 290;

const caches = new WeakMap<Connection, Map<string, Entry>>();

/** Sends a command, unless its answer is younger than `seconds`. */
function ask<T>(
  hass: HomeAssistant,
  message: { type: string } & Record<string, unknown>,
  seconds: number,
): Promise<T> {
  let cache = caches.get(hass.connection);
  if (cache === undefined) {
    cache = new Map();
    caches.set(hass.connection, cache);
  }
  const key = JSON.stringify(message);
  const now = Date.now();
  const known = cache.get(key);
  if (known !== undefined && now - known.time < seconds * 1000) {
    return known.answer as Promise<T>;
  }
  const answer = hass.connection.sendMessagePromise<T>(message);
  const entry: Entry = { answer, time: now };
  cache.delete(key);
  cache.set(key, entry);
  for (const oldest of cache.keys()) {
    if (cache.size <= LIMIT) {
      break;
    }
    cache.delete(oldest);
  }
  answer.catch(() => {
    // The next one who asks tries again.
    if (cache.get(key) === entry) {
      cache.delete(key);
    }
  });
  return answer;
}

/** What of a time series is wanted: the less, the less the recorder reads. */
export interface Wanted {
  columns: readonly SeriesColumn[];
  /** Whether changes of the setting are. */
  changes: boolean;
  /** How many points at most. */
  points: number;
}

/**
 * Time series of miners over a span such as `1h`, `24h`, `7d`, or between two moments; of
 * all miners without `devices`.
 */
export function fetchSeries(
  hass: HomeAssistant,
  span: string,
  wanted: Wanted,
  devices?: readonly string[],
  window?: { start: number; end: number },
): Promise<Series> {
  const message = {
    type: "bitaxe/series",
    span,
    ...wanted,
    ...(window === undefined
      ? {}
      : {
          start: new Date(window.start * 1000).toISOString(),
          end: new Date(window.end * 1000).toISOString(),
        }),
  };
  return ask(
    hass,
    devices === undefined ? message : { ...message, device_id: devices },
    SERIES_FRESH,
  );
}

/**
 * How miners did at each operating point; the whole of history unless a span is given.
 * An answer that is older than `seconds` is not good enough.
 */
export function fetchConfigurations(
  hass: HomeAssistant,
  devices?: readonly string[],
  span = "all",
  seconds = 300,
): Promise<Configurations> {
  const message = { type: "bitaxe/configurations", span };
  return ask(
    hass,
    devices === undefined ? message : { ...message, device_id: devices },
    seconds,
  );
}

/** What happened to miners over a span, only of some kinds if named. */
export function fetchTimeline(
  hass: HomeAssistant,
  span: string,
  {
    devices,
    kinds,
    seconds = SERIES_FRESH,
  }: {
    devices?: readonly string[] | undefined;
    kinds?: readonly string[];
    seconds?: number;
  } = {},
): Promise<Timeline> {
  return ask(
    hass,
    {
      type: "bitaxe/timeline",
      span,
      ...(devices === undefined ? {} : { device_id: devices }),
      ...(kinds === undefined ? {} : { kinds }),
    },
    seconds,
  );
}

/** What miners did over a span. An answer older than `seconds` is not good enough. */
export function fetchSummary(
  hass: HomeAssistant,
  span: string,
  devices?: readonly string[],
  seconds = SUMMARY_FRESH,
): Promise<Summary> {
  const message = { type: "bitaxe/summary", span };
  return ask(
    hass,
    devices === undefined ? message : { ...message, device_id: devices },
    seconds,
  );
}

/** How miners spent each of the last days. */
export const fetchUptime = (
  hass: HomeAssistant,
  devices: readonly string[],
  span = "30d",
): Promise<Uptime> =>
  ask(hass, { type: "bitaxe/uptime", span, device_id: devices }, SUMMARY_FRESH);
