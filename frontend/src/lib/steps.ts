/** Sizes that follow from a width. */

/** From a width in px on, a value. */
export type Steps = readonly (readonly [from: number, value: number])[];

/** Returns the value of the last step that begins at a width or below. */
export const stepAt = (steps: Steps, width: number): number =>
  steps.findLast(([from]) => width >= from)?.[1] ?? 0;
