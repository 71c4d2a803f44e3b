/** What happened, in the words of the logbook. */

import { loadBackendTexts } from "./backend-texts";
import {
  formatAge,
  formatDifficulty,
  formatEfficiency,
  formatHashrate,
  formatNumber,
  formatPower,
  formatTemperature,
  withUnit,
} from "./format";
import type { HomeAssistant } from "./hass";
import { localize, localizeDynamic } from "./i18n";
import type { TimelineItem } from "./model";
import { levelOf, writeValue } from "./warnings";

/** The rest of a sentence that begins with a miner, by `<kind>_<phase>`. */
export type Words = (name: string) => string;

/** How something that happened looks. */
export type Tone = "critical" | "warning" | "good" | "info" | "gold";

interface ItemText {
  icon: string;
  tone: Tone;
  /** Continues the name of the miner. */
  title: string;
  /** What was measured, from what to what, by whom; piece by piece. */
  details: string[];
}

const ACTIVITIES: Record<string, string> = {
  settings_changed: "mdi:tune-variant",
  note: "mdi:note-text-outline",
  restarted: "mdi:restart",
  online: "mdi:lan-connect",
  overheated: "mdi:thermometer-alert",
  fault: "mdi:alert-octagon",
  guard: "mdi:shield-alert",
  power: "mdi:lightning-bolt",
};
const UNITS: Record<string, string> = {
  frequency: "MHz",
  core_voltage: "mV",
  fan_speed: "%",
  minimum_fan_speed: "%",
  target_temperature: "°C",
  overheat_temperature: "°C",
};
/** What was measured, and not set: read as everywhere else. */
const MEASURED: Record<string, (hass: HomeAssistant, value: number) => string> = {
  hashrate: formatHashrate,
  power: formatPower,
  efficiency: formatEfficiency,
  temperature: formatTemperature,
};

/** Loads the words that the logbook has, in the user's language. */
export async function loadWords(hass: HomeAssistant): Promise<Words> {
  const prefix = "component.bitaxe.selector.alert_message.options.";
  try {
    const text = await loadBackendTexts(hass, "selector", "bitaxe");
    return (name) => text(prefix + name);
  } catch {
    // Without a connection there are only the words of the cards.
    return () => "";
  }
}

/** Describes one item. */
export function describeItem(
  hass: HomeAssistant,
  item: TimelineItem,
  words: Words,
): ItemText {
  return {
    icon:
      (item.asked_for ? ACTIVITIES.restarted : undefined) ??
      item.alert?.icon ??
      ACTIVITIES[item.kind] ??
      "mdi:information-outline",
    tone: toneOf(item),
    title: titleOf(hass, item, words),
    details: detailsOf(hass, item, words),
  };
}

function toneOf(item: TimelineItem): Tone {
  if (item.kind === "block_found" || item.kind === "new_best_difficulty") return "gold";
  if (item.kind === "tuning") {
    return (
      ({
        finished: "good",
        failed: "warning",
        soak_passed: "good",
        soak_failed: "warning",
      }[item.action ?? ""] as Tone) ?? "info"
    );
  }
  if (item.kind === "power") {
    const { action, reason } = item;
    if (action === "reached") return "good";
    return action === "unreached" || (action === "ended" && reason)
      ? "warning"
      : "info";
  }
  if (item.phase === "over") return "good";
  if (item.asked_for || item.kind === "settings_changed") return "info";
  if (item.alert) return levelOf(item.alert);
  return item.kind in ACTIVITIES ? "warning" : "info";
}

const PHASES = { ongoing: "raised", over: "cleared", once: "happened" } as const;

function titleOf(hass: HomeAssistant, item: TimelineItem, words: Words): string {
  const { kind, phase, reason } = item;
  if (kind === "settings_changed") return localize(hass, "timeline.settings_changed");
  if (kind === "restarted" && item.asked_for) {
    return localize(hass, "timeline.restarted_asked");
  }
  if (phase === "over" && (item.unmeasured || item.end === null)) {
    return words(`${kind}_raised`) || fallback(hass, kind);
  }
  return (
    (item.action && item.origin
      ? words(`${kind}_${item.action}_${item.origin}`)
      : "") ||
    (phase === "ongoing" && reason !== null ? words(`${kind}_${reason}`) : "") ||
    (item.action ? words(`${kind}_${item.action}`) : "") ||
    words(`${kind}_${PHASES[phase]}`) ||
    words(`${kind}_raised`) ||
    fallback(hass, kind)
  );
}

const fallback = (hass: HomeAssistant, kind: string): string =>
  localizeDynamic(
    hass,
    `timeline.kind.${kind}`,
    localizeDynamic(hass, `warning.${kind}.title`, kind.replaceAll("_", " ")),
  );

/** What people call a setting. */
export const settingName = (hass: HomeAssistant, name: string): string =>
  localizeDynamic(hass, `timeline.setting.${name}`, name.replaceAll("_", " "));

/** A setting with what it was and what it is, or is to be. */
export const changeText = (
  hass: HomeAssistant,
  name: string,
  before: unknown,
  after: unknown,
): string =>
  localize(hass, "timeline.change", {
    name: settingName(hass, name),
    before: settingValue(hass, name, before),
    after: settingValue(hass, name, after),
  });

function detailsOf(hass: HomeAssistant, item: TimelineItem, words: Words): string[] {
  const { kind, value, limit, reason, description } = item;
  const details = Object.entries(item.changes).map(([name, [before, after]]) =>
    changeText(hass, name, before, after),
  );
  const write = (figure: number | null): string =>
    (kind === "guard" || kind === "power") && item.unit !== null && figure !== null
      ? withUnit(
          hass,
          figure,
          item.unit,
          Number.isInteger(figure) ? 0 : item.unit === "W" ? 1 : 2,
        )
      : writeValue(hass, item.alert, figure);
  const { profile } = item;
  if (profile) details.push(words("profile").replace("{name}", () => profile));
  const measured = write(value);
  if (measured) details.push(measured);
  if (measured && limit !== null) {
    details.push(localize(hass, "timeline.limit", { limit: write(limit) }));
  }
  const difficulty = item.difficulty ?? (kind === "new_best_difficulty" ? value : null);
  if (difficulty !== null) details.push(formatDifficulty(hass, difficulty));
  if (item.previous !== null) {
    details.push(
      localize(hass, "timeline.previous", {
        value: formatDifficulty(hass, item.previous),
      }),
    );
  }
  if (item.block_height !== null) {
    details.push(
      localize(hass, "timeline.height", {
        height: formatNumber(hass, item.block_height),
      }),
    );
  }
  if (kind === "tuning" && item.action !== "started" && item.reason) {
    details.push(words(`reason_${item.reason}`) || item.reason);
  } else if (item.phase !== "over" && !item.asked_for) {
    for (const text of [reason, description]) {
      if (text) details.push(words(`reason_${text}`) || text);
    }
  }
  const author = authorOf(hass, item);
  if (author) details.push(author);
  return details;
}

/** Who changed settings. */
function authorOf(hass: HomeAssistant, item: TimelineItem): string {
  if (item.kind === "note") {
    return item.user ? localize(hass, "timeline.by.user", { name: item.user }) : "";
  }
  if (item.kind !== "settings_changed" && item.kind !== "tuning") return "";
  if (item.kind === "tuning" && item.origin === null) return "";
  if (item.kind !== "tuning" && item.by !== "home_assistant")
    return localize(hass, "timeline.by.other");
  const origin = item.origin ?? "person";
  if (item.user) {
    return localize(
      hass,
      origin === "discord" ? "timeline.by.discord_user" : "timeline.by.user",
      { name: item.user },
    );
  }
  return localizeDynamic(
    hass,
    `timeline.by.${origin}`,
    localize(hass, "timeline.by.person"),
  );
}

function settingValue(hass: HomeAssistant, name: string, value: unknown): string {
  if (typeof value === "number") {
    const measured = MEASURED[name];
    if (measured !== undefined) return measured(hass, value);
    const digits = Number.isInteger(value) ? 0 : 2;
    const unit = UNITS[name];
    return unit === undefined
      ? formatNumber(hass, value, digits)
      : withUnit(hass, value, unit, digits);
  }
  if (typeof value === "boolean") {
    return localize(hass, value ? "timeline.on" : "timeline.off");
  }
  return typeof value === "string" ? value : localize(hass, "timeline.none");
}

/** How long something lasted, or lasts at a Unix time; empty for what just happened. */
export function lastingOf(
  hass: HomeAssistant,
  item: TimelineItem,
  now: number,
): string {
  if (item.phase === "once") return "";
  if (item.phase === "ongoing") {
    return localize(hass, "timeline.lasts", {
      duration: formatAge(hass, now - item.start),
    });
  }
  if (item.unmeasured || item.end === null) {
    return localize(hass, "timeline.end_unknown");
  }
  return localize(hass, "timeline.lasted", {
    duration: formatAge(hass, item.seconds ?? item.end - item.start),
  });
}
