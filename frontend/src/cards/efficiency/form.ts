/** The visual editor of the efficiency card. */

import type { ConfigForm } from "../../lib/hass";
import { choice, labelled } from "../../lib/form";
import { localizeFor, pageLanguage } from "../../lib/i18n";
import { MINER } from "../../lib/selectors";
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
      {
        name: "hide_unmeasured",
        default: DEFAULTS.hide_unmeasured,
        selector: { boolean: {} },
      },
      { name: "apply", default: DEFAULTS.apply, selector: { boolean: {} } },
    ],
    "efficiency",
  );
}
