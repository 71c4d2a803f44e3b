/** The visual editor of the miner card. */

import type { ConfigForm } from "../../lib/hass";
import { choice, labelled } from "../../lib/form";
import { localizeFor, pageLanguage } from "../../lib/i18n";
import { MINER, MINERS } from "../../lib/selectors";
import { DEFAULTS, METRICS, SPANS, type Metric } from "./config";

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
      { name: "navigation_path", selector: { text: {} } },
      { name: "miners", selector: MINERS },
      {
        name: "",
        type: "grid",
        flatten: true,
        schema: (["uptime", "controls"] as const).map((name) => ({
          name,
          default: DEFAULTS[name],
          selector: { boolean: {} },
        })),
      },
      {
        name: "tuning",
        default: DEFAULTS.tuning,
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
