/** What can be set about an efficiency card, and the form that does it. */

import type { CardConfig, ConfigForm } from "../../lib/hass";
import { localizeFor, pageLanguage } from "../../lib/i18n";
import { choice, labelled, MINER_SELECTOR } from "../miner/config";

export const SPANS = ["7d", "30d", "1y", "all"] as const;
type NamedSpan = (typeof SPANS)[number];

export interface EfficiencyCardConfig extends CardConfig {
  /** The miner's device. */
  device_id?: string;
  /** Shown instead of the miner's name. */
  title?: string;
  /** How much of the history counts: `30d`, or `all`. */
  span?: string;
  /** Whether the advice, the map and the table are shown. */
  advice?: boolean;
  map?: boolean;
  table?: boolean;
  /** Whether people who may control the miner can apply a configuration. */
  apply?: boolean;
}

export const DEFAULTS = {
  span: "all",
  advice: true,
  map: true,
  table: true,
  apply: true,
} as const;

export function efficiencyForm(): ConfigForm {
  const language = pageLanguage();
  return labelled(
    [
      { name: "device_id", required: true, selector: MINER_SELECTOR },
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
