/** The visual editor of the summary card. */

import type { ConfigForm } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import { MINERS } from "../../lib/selectors";
import { SPANS } from "./config";

export const summaryForm = (): ConfigForm => ({
  schema: [
    { name: "miners", selector: MINERS },
    {
      name: "span",
      selector: {
        select: {
          mode: "dropdown",
          options: SPANS.map((value) => ({
            value,
            label: localize(undefined, `summary.spans.${value}`),
          })),
        },
      },
    },
  ],
  computeLabel: ({ name }) =>
    localize(
      undefined,
      name === "miners" ? "summary.editor.miners" : "summary.editor.span",
    ),
  computeHelper: ({ name }) =>
    name === "miners" ? localize(undefined, "summary.editor.miners_help") : undefined,
});
