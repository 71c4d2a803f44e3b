/** The visual editor of the efficiency card. */

import type { ConfigForm } from "../../lib/hass";
import { localizeFor, pageLanguage } from "../../lib/i18n";
import { MINER } from "../../lib/selectors";
import { choice, labelled } from "../miner/form";
import { DEFAULTS, SPANS, type NamedSpan } from "./config";

export function efficiencyForm(): ConfigForm {
  const language = pageLanguage();
  return labelled(
    [
      { name: "device_id", required: true, selector: MINER },
      { name: "title", selector: { text: {} } },
      {
        name: "span",
        default: DEFAULTS.span,
        selector: choice(SPANS, (value) =>
          localizeFor(language, `efficiency.span.${value as NamedSpan}`),
        ),
      },
      {
        name: "",
        type: "grid",
        flatten: true,
        schema: (["advice", "map", "table"] as const).map((name) => ({
          name,
          default: DEFAULTS[name],
          selector: { boolean: {} },
        })),
      },
      { name: "apply", default: DEFAULTS.apply, selector: { boolean: {} } },
    ],
    "efficiency",
  );
}
