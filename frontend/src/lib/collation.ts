/** The order in which people expect names. */

const collators = new Map<string, Intl.Collator>();

/** Returns what compares texts in a language, "miner 2" before "miner 10". */
export function collatorOf(language: string): Intl.Collator {
  let collator = collators.get(language);
  if (collator === undefined) {
    collator = new Intl.Collator(language, { numeric: true });
    collators.set(language, collator);
  }
  return collator;
}
