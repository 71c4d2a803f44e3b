/** The visual editor of the miner card, and what that of the efficiency card shares. */

import type { ConfigForm } from "../../lib/hass";
import { localizeFor, pageLanguage, type Key } from "../../lib/i18n";
import { MINER } from "../../lib/selectors";
import { DEFAULTS, METRICS, SPANS, type Metric } from "./config";

/** Labels of a form, in the language of the page. */
export function labelled(
  schema: ConfigForm["schema"],
  part: "miner" | "efficiency",
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

export function minerForm(): ConfigForm {
  const language = pageLanguage();
  return labelled(
    [
      { name: "device_id", required: true, selector: MINER },
      { name: "title", selector: { text: {} } },
      {
        name: "",
        type: "grid",
        flatten: true,
        schema: (["details", "chart"] as const).map((name) => ({
          name,
          default: DEFAULTS[name],
          selector: { boolean: {} },
        })),
      },
      {
        name: "controls",
        default: DEFAULTS.controls,
        selector: { boolean: {} },
      },
      {
        name: "",
        type: "grid",
        flatten: true,
        schema: [
          {
            name: "span",
            default: DEFAULTS.span,
            selector: choice(SPANS, (value) => value),
          },
          {
            name: "metric",
            default: DEFAULTS.metric,
            selector: choice(METRICS, (value) =>
              localizeFor(language, `miner.reading.${value as Metric}`),
            ),
          },
        ],
      },
    ],
    "miner",
  );
}
