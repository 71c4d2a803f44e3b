/** Sizes that follow from a width. */

/** From a width in px on, a value. */
export type Breakpoints = readonly (readonly [from: number, value: number])[];

/** Returns the value of the last breakpoint at a width or below. */
export const atWidth = (breakpoints: Breakpoints, width: number): number =>
  breakpoints.findLast(([from]) => width >= from)?.[1] ?? 0;
