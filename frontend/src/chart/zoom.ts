/** The part of a chart's time that is looked at. */

export interface TimeWindow {
  /** Unix s. */
  readonly start: number;
  readonly end: number;
}

/** s below which there is nothing more to see: two rows of the recorder. */
const LEAST = 600;

/** Returns a window of a length that lies within limits, near where it should be. */
function within({ start, end }: TimeWindow, limits: TimeWindow): TimeWindow {
  const whole = limits.end - limits.start;
  const length = Math.min(Math.max(end - start, Math.min(LEAST, whole)), whole);
  const from = Math.min(Math.max(start, limits.start), limits.end - length);
  return { start: from, end: from + length };
}

/** Returns the window that shows `factor` times as much, around a moment in it. */
export function zoomed(
  window: TimeWindow,
  limits: TimeWindow,
  factor: number,
  around: number,
): TimeWindow {
  const length = Math.max((window.end - window.start) * factor, LEAST);
  const share = (around - window.start) / (window.end - window.start);
  const start = around - share * length;
  return within({ start, end: start + length }, limits);
}

/** Returns the window that is moved by a share of its length; later is positive. */
export function panned(
  window: TimeWindow,
  limits: TimeWindow,
  share: number,
): TimeWindow {
  const by = (window.end - window.start) * share;
  return within({ start: window.start + by, end: window.end + by }, limits);
}

/** Whether a window shows all that there is. */
export const isWhole = (window: TimeWindow, limits: TimeWindow): boolean =>
  window.end - window.start >= (limits.end - limits.start) * 0.999;
