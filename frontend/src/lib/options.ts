/** Checks options of cards as people write them. */

import { localize } from "./i18n";

/**
 * Returns the value of an option that is one of a few.
 *
 * @throws Error in words: Home Assistant shows it in place of the card.
 */
export function oneOf<T extends string>(
  name: string,
  allowed: readonly T[],
  value: unknown,
): T {
  if (allowed.includes(value as T)) return value as T;
  throw new Error(
    localize(undefined, "common.error.option", { name, values: allowed.join(", ") }),
  );
}

/**
 * Returns the list that an option is; undefined for an empty one, which editors leave
 * behind.
 *
 * @throws Error in words: Home Assistant shows it in place of the card.
 */
export function listOf<T>(
  name: string,
  value: readonly T[] | null | undefined,
): readonly T[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) {
    throw new Error(localize(undefined, "common.error.list", { name }));
  }
  return value.length > 0 ? value : undefined;
}
