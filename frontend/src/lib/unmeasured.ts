/** Which miners have no history to compare, as those cards find that read it. */

const unmeasured = new Set<string>();
const listeners = new Set<() => void>();

/** Says of a miner whether it has one. */
export function report(deviceId: string, measured: boolean): void {
  if (unmeasured.has(deviceId) === !measured) return;
  if (measured) unmeasured.delete(deviceId);
  else unmeasured.add(deviceId);
  listeners.forEach((listener) => listener());
}

/** Whether it is known of a miner that it has none. */
export const isUnmeasured = (deviceId: string): boolean => unmeasured.has(deviceId);

/** Calls a listener whenever this changes; returns what ends that. */
export function follow(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
