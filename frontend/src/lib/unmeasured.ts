/** Which miners have no history to compare, as those cards find that read it. */

/** Where the browser stores them, so that the next page has room for them from the start. */
const KEY = "bitaxe-unmeasured";

const unmeasured = new Set<string>();
const known = new Set<string>();
const listeners = new Set<() => void>();
/** Those of the page before. */
let before: ReadonlySet<string> | undefined;

function stored(): ReadonlySet<string> {
  if (before === undefined) {
    try {
      before = new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]") as string[]);
    } catch {
      // Storage that is forbidden, or something else in it.
      before = new Set();
    }
  }
  return before;
}

function store(): void {
  const ids = [...unmeasured, ...[...stored()].filter((id) => !known.has(id))];
  try {
    localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // Storage that is full or forbidden: the line comes a moment later.
  }
}

/** Says of a miner whether it has one. */
export function report(deviceId: string, measured: boolean): void {
  if (known.has(deviceId) && unmeasured.has(deviceId) === !measured) return;
  known.add(deviceId);
  if (measured) unmeasured.delete(deviceId);
  else unmeasured.add(deviceId);
  store();
  listeners.forEach((listener) => listener());
}

/** Whether it is known of a miner that it has none. */
export const isUnmeasured = (deviceId: string): boolean => unmeasured.has(deviceId);

/** Whether it had none when the page before was shown, as long as nothing else is known. */
export const wasUnmeasured = (deviceId: string): boolean =>
  known.has(deviceId) ? unmeasured.has(deviceId) : stored().has(deviceId);

/** Calls a listener whenever this changes; returns what ends that. */
export function follow(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
