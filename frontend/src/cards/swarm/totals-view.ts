/** The swarm in figures: tiles above the table, one line above the dense list. */

import { html, nothing, type TemplateResult } from "lit";

import {
  difficulty,
  efficiency,
  formatEstimate,
  formatHashrate,
  formatNumber,
  hashrate,
  join,
  localizeCount,
  percent,
  power,
  type Quantity,
  threeDigits,
  UNKNOWN,
} from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import type { Totals } from "./totals";
import { renderUnit } from "./unit";

const DAYS_PER_YEAR = 365.25;

interface Tile extends Quantity {
  name: string;
  note?: string | undefined;
  share?: number | undefined;
}

/** px of a tile with its gap: as it should be, and as little as two on a phone have. */
const TILE = 156;
const LEAST_TILE = 124;
/** px beside all tiles, less one gap. */
const BESIDE = 24;

/**
 * Returns in how many columns so many tiles stand in a width in px, and how many the
 * first takes, so that no row is left with a hole.
 */
export function gridOf(
  tiles: number,
  width: number,
): { columns: number; first: number } {
  const room = width - BESIDE;
  const least = room < 2 * LEAST_TILE ? 1 : 2;
  const most = Math.max(least, Math.floor(room / TILE));
  const rows = Math.ceil(tiles / most);
  const columns = Math.ceil(tiles / rows);
  return { columns, first: 1 + rows * columns - tiles };
}

/** Draws a tile per total in a width in px; those that cannot be known are left out. */
export function renderTiles(
  hass: HomeAssistant,
  totals: Totals,
  width: number,
): TemplateResult {
  const tiles = tilesOf(hass, totals);
  const { columns, first } = gridOf(tiles.length, width);
  return html`
    <dl class="tiles" style="grid-template-columns:repeat(${columns},minmax(0,1fr))">
      ${tiles.map(
        ({ name, value, unit, note, share }, index) => html`
          <div class="tile" style="grid-column:span ${index === 0 ? first : 1}">
            <dt>${name}</dt>
            <dd><span class="value">${value}</span>${renderUnit(unit)}</dd>
            <dd class="second">
              ${
                share === undefined
                  ? nothing
                  : html`<span class="bar" aria-hidden="true"
                      ><span style="transform:scaleX(${share.toFixed(3)})"></span
                    ></span>`
              }
              <span class="note">${note ?? "\u00a0"}</span>
            </dd>
          </div>
        `,
      )}
    </dl>
  `;
}

/** px of a character of the line, between two of its parts, and of all beside it. */
const CHARACTER = 6.8;
const BETWEEN = 9;
const BESIDE_LINE = 185;

/** Draws as many totals as there is room for in one line; the first ones matter most. */
export function renderLine(
  hass: HomeAssistant,
  totals: Totals,
  width: number,
): TemplateResult {
  const share = shareOf(totals);
  let room = width - BESIDE_LINE;
  const parts = [
    `${totals.miners_mining}/${totals.miners}`,
    formatHashrate(hass, totals.hashrate_ghs),
    join(efficiency(hass, totals.efficiency_j_th)),
    join(power(hass, totals.power_w)),
    ...(share === undefined ? [] : [join(percent(hass, share * 100))]),
  ].filter((part, index) => {
    room -= part.length * CHARACTER + BETWEEN;
    return index < 2 || room >= 0;
  });
  return html`<div class="line">
    <span class="visually-hidden">
      ${localize(hass, "swarm.total.mining_count", {
        mining: totals.miners_mining,
        count: totals.miners,
      })}
    </span>
    ${parts.map(
      (part, index) =>
        html`<span aria-hidden=${index === 0 ? "true" : nothing}>
          ${index === 0 ? html`<ha-icon .icon=${"mdi:pickaxe"}></ha-icon>` : nothing}${part}
        </span>`,
    )}
  </div>`;
}

function tilesOf(hass: HomeAssistant, totals: Totals): Tile[] {
  const share = shareOf(totals);
  const tiles: Tile[] = [
    {
      name: localize(hass, "swarm.total.hashrate"),
      ...hashrate(hass, totals.hashrate_ghs),
      share: share === undefined ? undefined : Math.min(1, share),
      note:
        share === undefined
          ? undefined
          : localize(hass, "swarm.total.percent_of", {
              percent: join(percent(hass, share * 100)),
              value: formatHashrate(hass, totals.expected_hashrate_ghs),
            }),
    },
    {
      name: localize(hass, "swarm.total.miners"),
      value: String(totals.miners_mining),
      unit: localize(hass, "swarm.total.mining_of", { count: totals.miners }),
      note: localize(hass, "swarm.total.online", { count: totals.miners_online }),
    },
    {
      name: localize(hass, "swarm.total.efficiency"),
      ...efficiency(hass, totals.efficiency_j_th),
      note: totals.efficiency_j_th
        ? `${formatNumber(hass, 1000 / totals.efficiency_j_th, 1)}\u00a0GH/W`
        : undefined,
    },
    {
      name: localize(hass, "swarm.total.power"),
      ...power(hass, totals.power_w),
      note:
        totals.power_w === null
          ? undefined
          : localize(hass, "swarm.total.per_day", {
              value: `${formatNumber(hass, (totals.power_w * 24) / 1000, 1)}\u00a0kWh`,
            }),
    },
    {
      name: localize(hass, "swarm.total.best_difficulty"),
      ...difficulty(hass, totals.best_difficulty),
      note: totals.best_miner ?? undefined,
    },
  ];
  if (totals.cost_per_day !== null)
    tiles.splice(4, 0, {
      name: localize(hass, "swarm.total.cost"),
      value: formatEstimate(hass, totals.cost_per_day, totals.currency),
      unit: "",
      note: localize(hass, "swarm.total.per_year", {
        value: formatEstimate(
          hass,
          totals.cost_per_day * DAYS_PER_YEAR,
          totals.currency,
        ),
      }),
    });
  const income = incomeOf(hass, totals);
  if (income) tiles.push(income);
  if (totals.years_to_block !== null) tiles.push(oddsOf(hass, totals.years_to_block));
  return tiles;
}

/** What a day brings on average, in money where the price of a bitcoin is known. */
function incomeOf(hass: HomeAssistant, totals: Totals): Tile | undefined {
  const { income_sats_per_day: sats, income_per_day: income, cost_per_day } = totals;
  if (sats === null) return undefined;
  const name = localize(hass, "swarm.total.income");
  if (income === null)
    return { name, value: formatNumber(hass, threeDigits(sats)), unit: "sat" };
  return {
    name,
    value: formatEstimate(hass, income, totals.currency),
    unit: "",
    note:
      cost_per_day === null
        ? `${formatNumber(hass, threeDigits(sats))}\u00a0sat`
        : localize(hass, "swarm.total.margin", {
            value: formatEstimate(hass, income - cost_per_day, totals.currency),
          }),
  };
}

/** The chance of a block within a day, as people write odds: 1 in 890,000. */
function oddsOf(hass: HomeAssistant, years: number): Tile {
  const [time, unit] =
    years < 1
      ? ([years * DAYS_PER_YEAR, "days"] as const)
      : ([years, "years"] as const);
  const days = 1 / -Math.expm1(-1 / (years * DAYS_PER_YEAR));
  return {
    name: localize(hass, "swarm.total.odds"),
    value: Number.isFinite(days)
      ? localize(hass, "swarm.total.one_in", {
          count: formatNumber(hass, Number(days.toPrecision(2))),
        })
      : UNKNOWN,
    unit: "",
    note: Number.isFinite(time)
      ? localizeCount(hass, `swarm.total.${unit}`, time, time < 10 ? 1 : 0)
      : undefined,
  };
}

/** Part of the expected hashrate that is reached. */
function shareOf({
  hashrate_ghs: value,
  expected_hashrate_ghs: expected,
}: Totals): number | undefined {
  return value !== null && expected ? value / expected : undefined;
}
