/** The visual editor of the comparison card. */

import { choice, labelled } from "../../lib/form";
import type { ConfigForm } from "../../lib/hass";
import { localizeFor, pageLanguage } from "../../lib/i18n";
import { MINERS } from "../../lib/selectors";
import { DEFAULT_SPAN, type Metric, METRICS, SPANS } from "./config";

export function comparisonForm(): ConfigForm {
  const language = pageLanguage();
  return labelled(
    [
      { name: "miners", selector: MINERS },
      { name: "title", selector: { text: {} } },
      {
        name: "metric",
        default: METRICS[0],
        selector: choice(METRICS, (value) =>
          localizeFor(language, `comparison.metric.${value as Metric}`),
        ),
      },
      {
        name: "span",
        default: DEFAULT_SPAN,
        selector: choice(SPANS, (value) => value),
      },
      { name: "total", default: false, selector: { boolean: {} } },
    ],
    "comparison",
  );
}
