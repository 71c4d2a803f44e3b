/** What can be set about a miner card, and the form that does it. */

import type { CardConfig, ConfigForm, HomeAssistant } from "../../lib/hass";
import { localize, localizeFor, pageLanguage, type Key } from "../../lib/i18n";

export const SPANS = ["1h", "6h", "24h", "7d"] as const;
export type TrendSpan = (typeof SPANS)[number];
export const METRICS = ["power", "efficiency"] as const;
export type Metric = (typeof METRICS)[number];

export interface MinerCardConfig extends CardConfig {
  /** The miner's device. */
  device_id?: string;
  /** Shown instead of the miner's name. */
  title?: string;
  /** Whether less important figures are shown. */
  details?: boolean;
  /** Whether the trend is shown. */
  chart?: boolean;
  /** Whether people who may control the miner can do so on the card. */
  controls?: boolean;
  /** What the trend shows at first. */
  span?: TrendSpan;
  metric?: Metric;
}

export const DEFAULTS = {
  details: true,
  chart: true,
  controls: true,
  span: "24h",
  metric: "power",
} as const;

/** The first miner there is: devices of ours but the swarm, which is a service. */
export function firstMiner(hass: HomeAssistant): string | undefined {
  return Object.values(hass.devices).find(
    (device) =>
      device.entry_type !== "service" &&
      device.identifiers.some(([domain]) => domain === "bitaxe"),
  )?.id;
}

/** Chooses a miner among the devices of the integration. */
export const MINER_SELECTOR = {
  device: { filter: [{ integration: "bitaxe" }], entity: [{ domain: "sensor" }] },
};

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
      { name: "device_id", required: true, selector: MINER_SELECTOR },
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

/** Name of a span: 24 h. */
export function spanName(hass: HomeAssistant, span: string): string {
  const unit = { h: "common.unit.hour", d: "common.unit.day" }[span.slice(-1)];
  return `${span.slice(0, -1)} ${unit ? localize(hass, unit as Key) : ""}`;
}
