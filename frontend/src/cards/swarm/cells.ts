/** What a miner's figures say in the columns of the card. */

import {
  difficulty,
  efficiency,
  formatAge,
  formatDifficulty,
  formatDuration,
  formatHashrate,
  formatNumber,
  hashrate,
  join,
  percent,
  power,
  type Quantity,
  temperature,
  UNKNOWN,
  withUnit,
} from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import { type Level, levelOf, shareOfExpected, stabilityLevel } from "../../lib/levels";
import type { Miner } from "../../lib/model";
import { isRestarting, stateName } from "../../lib/states";
import type { ColumnKey } from "./columns";

export interface Cell extends Quantity {
  /** How good the value is; undefined where that means nothing. */
  level?: Level | undefined;
  /** Part of what is possible or allowed, 0 to 1; drawn as a bar. */
  share?: number | undefined;
  /** Beside the bar or below the value. */
  note?: string | undefined;
  noteLevel?: Level | undefined;
  /** Writes all of it, for those who point at it. */
  title?: (() => string | undefined) | undefined;
}

/** Room temperature in °C, where bars of heat begin. */
const COOL = 20;

type Write = (hass: HomeAssistant, miner: Miner, now: number) => Cell;

const CELLS: Record<Exclude<ColumnKey, "history">, Write> = {
  hashrate(hass, miner) {
    const { hashrate_ghs: value, expected_hashrate_ghs: expected } = miner;
    const share = shareOfExpected(miner);
    return {
      ...hashrate(hass, value),
      level: levelOf(miner, "hashrate"),
      share,
      note: share === undefined ? undefined : join(percent(hass, share * 100)),
      title: () =>
        of(
          hass,
          formatHashrate(hass, value),
          expected && formatHashrate(hass, expected),
        ),
    };
  },
  efficiency: (hass, miner) => efficiency(hass, miner.efficiency_j_th),
  power(hass, miner) {
    const { power_w: value, power_limit_w: limit } = miner;
    return {
      ...power(hass, value),
      level: levelOf(miner, "power"),
      share: limit && value !== null ? value / limit : undefined,
      title: () =>
        of(hass, join(power(hass, value)), limit && withUnit(hass, limit, "W")),
    };
  },
  asic_temperature: (hass, miner) =>
    heat(
      hass,
      miner.asic_temperature_c,
      miner.asic_limit_c,
      levelOf(miner, "asic_temperature"),
    ),
  vr_temperature: (hass, miner) =>
    heat(
      hass,
      miner.vr_temperature_c,
      miner.vr_limit_c,
      levelOf(miner, "vr_temperature"),
    ),
  fan(hass, miner) {
    const { auto_fan: automatic, target_temperature_c: target } = miner;
    return {
      ...percent(hass, miner.fan_speed_percent),
      note:
        miner.fan_rpm === null
          ? undefined
          : localize(hass, "swarm.rpm", { value: formatNumber(hass, miner.fan_rpm) }),
      title: () =>
        automatic === null
          ? undefined
          : !automatic
            ? localize(hass, "swarm.fan_manual")
            : target === null
              ? localize(hass, "swarm.fan_auto")
              : localize(hass, "swarm.fan_auto_target", {
                  value: join(temperature(hass, target)),
                }),
    };
  },
  settings(hass, miner) {
    const { frequency_mhz: frequency, core_voltage_mv: voltage, detuned } = miner;
    return {
      value: formatNumber(hass, frequency),
      unit: frequency === null ? "" : "MHz",
      level: detuned ? "warning" : undefined,
      note: voltage === null ? undefined : withUnit(hass, voltage, "mV"),
      title: () =>
        detuned
          ? localize(hass, "swarm.intended", {
              frequency: withUnit(hass, detuned.frequency_mhz, "MHz"),
              voltage: withUnit(hass, detuned.core_voltage_mv, "mV"),
            })
          : undefined,
    };
  },
  uptime: (hass, { boot_time: boot }, now) => ({
    value: boot === null ? UNKNOWN : formatDuration(hass, now - boot),
    unit: "",
  }),
  shares(hass, miner) {
    const { shares_accepted: accepted, reject_rate_percent: rate } = miner;
    return {
      value: formatNumber(hass, accepted),
      unit: "",
      note:
        rate === null
          ? undefined
          : localize(hass, "swarm.rejected", {
              rate: join(percent(hass, rate, rate < 10 ? 2 : 0)),
            }),
      noteLevel: levelOf(miner, "reject_rate"),
    };
  },
  best_difficulty(hass, miner) {
    const { best_session_difficulty: session } = miner;
    return {
      ...difficulty(hass, miner.best_difficulty),
      note:
        session === null
          ? undefined
          : localize(hass, "swarm.session", { value: formatDifficulty(hass, session) }),
    };
  },
  stability(hass, { variation_24h_percent: variation, stability: label }) {
    const { value, unit } = percent(hass, variation, 1);
    return {
      value: variation === null ? value : `±${value}`,
      unit,
      note:
        label === null || label === "unknown"
          ? undefined
          : localize(hass, `common.stability.${label}`),
      noteLevel: stabilityLevel(label),
    };
  },
  error_rate: (hass, miner) => ({
    ...percent(hass, miner.error_rate_percent, 2),
    level: levelOf(miner, "error_rate"),
  }),
  input_voltage(hass, miner) {
    const { input_voltage_v: value, nominal_voltage_v: nominal } = miner;
    return {
      value: formatNumber(hass, value, 2),
      unit: value === null ? "" : "V",
      level: levelOf(miner, "input_voltage"),
      note:
        value === null || nominal === null
          ? undefined
          : of(hass, "", withUnit(hass, nominal, "V")),
    };
  },
  wifi: (hass, miner) => ({
    value: formatNumber(hass, miner.wifi_rssi_dbm),
    unit: miner.wifi_rssi_dbm === null ? "" : "dBm",
    level: levelOf(miner, "wifi_rssi"),
  }),
  pool(hass, { pool, using_fallback: fallback, response_time_ms: time }) {
    return {
      value: pool ?? UNKNOWN,
      unit: "",
      note: fallback
        ? localize(hass, "swarm.fallback")
        : time === null
          ? undefined
          : withUnit(hass, time, "ms"),
      noteLevel: fallback ? "warning" : undefined,
      title: () => pool ?? undefined,
    };
  },
  model: (_, { model, firmware }) => ({
    value: model ?? UNKNOWN,
    unit: "",
    note: firmware ?? undefined,
    title: () => model ?? undefined,
  }),
  area: (_, { area }) => ({
    value: area ?? UNKNOWN,
    unit: "",
    title: () => area ?? undefined,
  }),
};

/** Writes a figure of a miner at a Unix time in s. */
export function cellOf(
  key: Exclude<ColumnKey, "history">,
  hass: HomeAssistant,
  miner: Miner,
  now: number,
): Cell {
  return CELLS[key](hass, miner, now);
}

function heat(
  hass: HomeAssistant,
  value: number | null,
  limit: number | null,
  level: Level | undefined,
): Cell {
  return {
    ...temperature(hass, value),
    level,
    share:
      value === null || limit === null ? undefined : (value - COOL) / (limit - COOL),
    title: () =>
      of(
        hass,
        join(temperature(hass, value)),
        limit !== null && join(temperature(hass, limit)),
      ),
  };
}

/** "58 °C of 70 °C", or nothing where there is no limit. */
function of(
  hass: HomeAssistant,
  value: string,
  limit: string | number | false | null,
): string | undefined {
  if (!limit) return undefined;
  return `${value} ${localize(hass, "swarm.of", { value: limit })}`.trim();
}

/** What a miner says below its name, as it does not hash as it should. */
export function statusOf(hass: HomeAssistant, miner: Miner, now: number): string {
  const state = stateName(hass, miner);
  if (miner.online || isRestarting(miner)) return state;
  const seen =
    miner.last_seen === null
      ? localize(hass, "swarm.never_seen")
      : localize(hass, "swarm.last_seen", {
          duration: formatAge(hass, now - miner.last_seen),
        });
  return `${state} · ${seen}`;
}
