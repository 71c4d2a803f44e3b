/** The figures of a miner, ready to be drawn. */

import {
  efficiency,
  formatAge,
  formatDifficulty,
  formatDuration,
  formatHashrate,
  formatNumber,
  formatPercent,
  formatTemperature,
  hashrate,
  percent,
  power,
  quantity,
  type Quantity,
  signed,
  temperature,
  UNKNOWN,
  withUnit,
} from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import { levelOf, shareOfExpected, stabilityLevel, type Level } from "../../lib/levels";
import type { Miner } from "../../lib/model";
import { decimals } from "../../lib/operating-point";

type ReadingName = keyof typeof import("../../translations/en/miner.json").reading;

/** A figure that matters. */
export interface Tile extends Quantity {
  name: ReadingName;
  /** What it is measured against, in words. */
  note: string;
  /** How much of its limit it reaches, from 0 on; undefined where there is none. */
  share?: number | undefined;
  level?: Level | undefined;
  /** Entity whose dialog says more. */
  entity?: string | undefined;
}

/** A figure among others. */
export interface Fact {
  name: ReadingName;
  value: string;
  note?: string | undefined;
  level?: Level | undefined;
}

const share = (value: number | null, whole: number | null): number | undefined =>
  value === null || !whole ? undefined : value / whole;

/** The figures that are seen first. */
export function tiles(hass: HomeAssistant, miner: Miner): Tile[] {
  const { entities } = miner;
  const limit = (value: number | null, celsius: number | null): string =>
    value === null || celsius === null
      ? ""
      : localize(hass, "miner.limit", { limit: formatTemperature(hass, celsius) });
  const reached = shareOfExpected(miner);
  const averaged = miner.expected_ratio_percent !== null;
  return [
    {
      name: "hashrate",
      ...hashrate(hass, miner.hashrate_ghs),
      note:
        reached === undefined
          ? ""
          : localize(
              hass,
              averaged ? "miner.mean_of_expected" : "miner.share_of_expected",
              {
                percent: formatPercent(hass, reached * 100),
                expected: formatHashrate(hass, miner.expected_hashrate_ghs),
              },
            ),
      share: reached,
      level: levelOf(miner, "hashrate"),
      entity: entities.hashrate,
    },
    {
      name: "efficiency",
      ...efficiency(hass, miner.efficiency_j_th),
      note:
        miner.best?.verdict === "change" && miner.best.efficiency_change_j_th !== null
          ? localize(hass, "miner.possible", {
              change: signed(hass, miner.best.efficiency_change_j_th, 1),
            })
          : "",
      entity: entities.efficiency,
    },
    {
      name: "power",
      ...power(hass, miner.power_w),
      note:
        miner.power_limit_w === null
          ? ""
          : localize(hass, "miner.of_limit", {
              limit: withUnit(hass, miner.power_limit_w, "W"),
            }),
      share: share(miner.power_w, miner.power_limit_w),
      level: levelOf(miner, "power"),
      entity: entities.power,
    },
    {
      name: "asic",
      ...quantity(hass, miner.asic_temperature_c, "°C", 1),
      note: limit(miner.asic_temperature_c, miner.asic_limit_c),
      share: share(miner.asic_temperature_c, miner.asic_limit_c),
      level: levelOf(miner, "asic_temperature"),
      entity: entities.asic_temperature,
    },
    {
      name: "vr",
      ...temperature(hass, miner.vr_temperature_c),
      note: limit(miner.vr_temperature_c, miner.vr_limit_c),
      share: share(miner.vr_temperature_c, miner.vr_limit_c),
      level: levelOf(miner, "vr_temperature"),
      entity: entities.vr_temperature,
    },
    {
      name: "fan",
      ...percent(hass, miner.fan_speed_percent),
      note:
        miner.fan_rpm === null
          ? ""
          : localize(hass, "swarm.rpm", { value: formatNumber(hass, miner.fan_rpm) }),
      share: share(miner.fan_speed_percent, 100),
      entity: entities.fan_rpm ?? entities.fan_speed,
    },
    {
      name: "input_voltage",
      ...quantity(hass, miner.input_voltage_v, "V", 2),
      note:
        miner.nominal_voltage_v === null
          ? ""
          : localize(hass, "miner.nominal", {
              voltage: withUnit(hass, miner.nominal_voltage_v, "V"),
            }),
      level: levelOf(miner, "input_voltage"),
      entity: entities.input_voltage,
    },
  ];
}

/** Everything else that is known; what a miner does not have is left out. */
export function facts(hass: HomeAssistant, miner: Miner, now: number): Fact[] {
  const shares = miner.shares_accepted;
  const all: (Fact & { known: unknown })[] = [
    {
      name: "frequency",
      known: miner.frequency_mhz,
      value: withUnit(hass, miner.frequency_mhz, "MHz", decimals(miner.frequency_mhz)),
    },
    {
      name: "core_voltage",
      known: miner.core_voltage_mv,
      value: withUnit(hass, miner.core_voltage_mv, "mV"),
      note:
        miner.core_voltage_actual_mv === null
          ? undefined
          : localize(hass, "miner.measured", {
              value: withUnit(hass, miner.core_voltage_actual_mv, "mV"),
            }),
    },
    {
      name: "fan_control",
      known: miner.auto_fan,
      value: localize(hass, miner.auto_fan ? "miner.auto_fan" : "miner.manual_fan"),
      note:
        miner.auto_fan && miner.target_temperature_c !== null
          ? localize(hass, "miner.aims_at", {
              target: formatTemperature(hass, miner.target_temperature_c),
            })
          : undefined,
    },
    {
      name: "uptime",
      known: miner.online ? miner.boot_time : null,
      value: formatDuration(
        hass,
        miner.boot_time === null ? null : now - miner.boot_time,
      ),
    },
    {
      name: "rejected",
      known: miner.reject_rate_percent,
      value: formatPercent(hass, miner.reject_rate_percent, 2),
      note:
        shares === null
          ? undefined
          : localize(hass, "miner.accepted", { count: formatNumber(hass, shares) }),
      level: levelOf(miner, "reject_rate"),
    },
    {
      name: "reject_reasons",
      known: miner.reject_reasons.length ? true : null,
      value: miner.reject_reasons
        .map(({ message, count }) => `${message} (${formatNumber(hass, count)})`)
        .join(", "),
    },
    {
      name: "errors",
      known: miner.error_rate_percent,
      value: formatPercent(hass, miner.error_rate_percent, 2),
      level: levelOf(miner, "error_rate"),
    },
    {
      name: "stability",
      known: miner.stability,
      value: localize(hass, `common.stability.${miner.stability ?? "unknown"}`),
      note:
        miner.variation_24h_percent === null
          ? undefined
          : `± ${formatPercent(hass, miner.variation_24h_percent, 1)}`,
      level: stabilityLevel(miner.stability),
    },
    {
      name: "best",
      known: miner.best_difficulty,
      value: formatDifficulty(hass, miner.best_difficulty),
      note:
        miner.best_session_difficulty === null
          ? undefined
          : localize(hass, "miner.session", {
              value: formatDifficulty(hass, miner.best_session_difficulty),
            }),
    },
    {
      name: "blocks",
      known: miner.blocks_found ? true : null,
      value: formatNumber(hass, miner.blocks_found),
      level: "good",
    },
    {
      name: "pool",
      known: miner.pool,
      value:
        miner.pool_port == null
          ? (miner.pool ?? UNKNOWN)
          : `${miner.pool ?? UNKNOWN}:${miner.pool_port}`,
      note: miner.using_fallback ? localize(hass, "miner.fallback") : undefined,
      level: miner.using_fallback ? "warning" : undefined,
    },
    {
      name: "worker",
      known: miner.pool_worker ?? null,
      value: miner.pool_worker ?? UNKNOWN,
    },
    atPool(hass, miner, now),
    // The pool that is not in use.
    miner.using_fallback
      ? {
          name: "primary_pool",
          known: miner.primary_pool ?? null,
          value: miner.primary_pool ?? UNKNOWN,
        }
      : {
          name: "fallback_pool",
          known: miner.fallback_pool ?? null,
          value: miner.fallback_pool ?? UNKNOWN,
        },
    {
      name: "pool_difficulty",
      known: miner.pool_difficulty,
      value: formatDifficulty(hass, miner.pool_difficulty),
    },
    {
      name: "response",
      known: miner.response_time_ms,
      value: withUnit(hass, miner.response_time_ms, "ms"),
    },
    {
      name: "wifi",
      known: miner.wifi_rssi_dbm,
      value: withUnit(hass, miner.wifi_rssi_dbm, "dBm"),
      level: levelOf(miner, "wifi_rssi"),
    },
  ];
  return all.filter(({ known }) => known !== null);
}

/** What the pool sees: a hashrate with its standard error, and how old the last share is. */
function atPool(
  hass: HomeAssistant,
  { at_pool: seen }: Miner,
  now: number,
): Fact & { known: unknown } {
  const error = seen?.error_percent ?? null;
  const notes = [
    seen?.last_share == null
      ? null
      : localize(hass, "miner.last_share", {
          age: formatAge(hass, now - seen.last_share),
        }),
    seen && seen.miners > 1
      ? localize(hass, "miner.shared_worker", { count: seen.miners })
      : null,
  ].filter((note) => note !== null);
  return {
    name: "at_pool",
    known: seen?.hashrate_ghs ?? null,
    value:
      formatHashrate(hass, seen?.hashrate_ghs) +
      (error === null ? "" : ` ± ${formatPercent(hass, error, error < 10 ? 1 : 0)}`),
    note: notes.length ? notes.join(", ") : undefined,
  };
}

/** Whether a miner has anything to control, for somebody who may. */
export function canControl({ can_control: may, entities }: Miner): boolean {
  return (
    may &&
    ["frequency", "core_voltage", "fan_speed", "auto_fan", "mining", "restart"].some(
      (key) => entities[key] !== undefined,
    )
  );
}
