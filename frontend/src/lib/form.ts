/** Parts of the visual editors of the cards. */

import type { ConfigForm } from "./hass";
import { localizeFor, pageLanguage, type Key } from "./i18n";

/** Labels of a form, in the language of the page. */
export function labelled(
  schema: ConfigForm["schema"],
  part: "miner" | "efficiency" | "timeline" | "comparison",
): ConfigForm {
  const text = (name: string): string => localizeFor(pageLanguage(), name as Key);
  return {
    schema,
    computeLabel: ({ name }) => text(`${part}.editor.${name}`),
    computeHelper: ({ name }) => {
      const key = `${part}.editor.${name}_help`;
      const help = text(key);
      return help === key ? undefined : help;
    },
  };
}

/** One of a few values, with the caption of each. */
export function choice(
  options: readonly string[],
  caption: (value: string) => string,
): Record<string, unknown> {
  return {
    select: {
      mode: "dropdown",
      options: options.map((value) => ({ value, label: caption(value) })),
    },
  };
}
