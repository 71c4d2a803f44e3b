/** The visual editor of the timeline card. */

import { choice, labelled } from "../../lib/form";
import type { ConfigForm } from "../../lib/hass";
import { localizeFor, pageLanguage } from "../../lib/i18n";
import { MINER } from "../../lib/selectors";
import { DEFAULT_SPAN, type Span, SPANS } from "./config";

export function timelineForm(): ConfigForm {
  const language = pageLanguage();
  return labelled(
    [
      { name: "device_id", selector: MINER },
      { name: "title", selector: { text: {} } },
      {
        name: "span",
        default: DEFAULT_SPAN,
        selector: choice(SPANS, (value) =>
          localizeFor(language, `timeline.spans.${value as Span}`),
        ),
      },
    ],
    "timeline",
  );
}
