/** What the miners on the card do altogether. Unknown is not zero. */

import type { Miner, Swarm } from "../../lib/model";

const HASHES_PER_DIFFICULTY = 2 ** 32;
const SECONDS_PER_YEAR = 365.25 * 86_400;

export interface Totals {
  hashrate_ghs: number | null;
  expected_hashrate_ghs: number | null;
  power_w: number | null;
  efficiency_j_th: number | null;
  miners: number;
  miners_online: number;
  miners_mining: number;
  best_difficulty: number | null;
  best_miner: string | null;
  cost_per_day: number | null;
  currency: string | null;
  years_to_block: number | null;
  income_sats_per_day: number | null;
  income_per_day: number | null;
}

/**
 * Sums up what is shown. Of all miners the swarm knows better, as it has stored the best
 * of those that are gone; unless it sends nothing.
 */
export function computeTotals(
  miners: readonly Miner[],
  swarm: Swarm | undefined,
  all: boolean,
): Totals {
  const counted = countMiners(miners);
  if (all && swarm && swarm.miners !== null)
    return {
      ...counted,
      hashrate_ghs: swarm.hashrate_ghs,
      expected_hashrate_ghs: swarm.expected_hashrate_ghs,
      power_w: swarm.power_w,
      efficiency_j_th: swarm.efficiency_j_th,
      best_difficulty: swarm.best_difficulty,
      best_miner: swarm.best_miner,
      cost_per_day: swarm.cost_per_day,
      currency: swarm.currency,
      years_to_block: swarm.years_to_block,
      income_sats_per_day: swarm.income_sats_per_day,
      income_per_day: swarm.income_per_day,
    };
  const hashrate = sum(miners, (miner) => miner.hashrate_ghs);
  const power = sum(miners, (miner) => miner.power_w);
  const best = bestOf(miners);
  return {
    ...counted,
    hashrate_ghs: hashrate,
    expected_hashrate_ghs: sum(miners, (miner) =>
      !miner.online ? null : miner.state === "paused" ? 0 : miner.expected_hashrate_ghs,
    ),
    power_w: power,
    efficiency_j_th: efficiency(miners),
    best_difficulty: best?.best_difficulty ?? null,
    best_miner: best?.name ?? null,
    cost_per_day: cost(power, swarm),
    currency: swarm?.currency ?? null,
    years_to_block: yearsToBlock(hashrate, swarm?.network_difficulty ?? null),
    income_sats_per_day: income(hashrate, swarm, swarm?.income_sats_per_day),
    income_per_day: income(hashrate, swarm, swarm?.income_per_day),
  };
}

function countMiners(
  miners: readonly Miner[],
): Pick<Totals, "miners" | "miners_online" | "miners_mining"> {
  const count = (test: (miner: Miner) => boolean): number => miners.filter(test).length;
  return {
    miners: miners.length,
    miners_online: count((miner) => miner.online),
    miners_mining: count((miner) => miner.state === "mining"),
  };
}

function sum(
  miners: readonly Miner[],
  figure: (miner: Miner) => number | null,
): number | null {
  let total: number | null = null;
  for (const miner of miners) {
    const value = figure(miner);
    if (value !== null) total = (total ?? 0) + value;
  }
  return total;
}

/** Σ power / Σ hashrate over the miners that report both, in J/TH. */
function efficiency(miners: readonly Miner[]): number | null {
  const both = miners.filter(
    (miner) => miner.hashrate_ghs !== null && miner.power_w !== null,
  );
  const hashrate = sum(both, (miner) => miner.hashrate_ghs);
  const power = sum(both, (miner) => miner.power_w);
  return hashrate && power !== null ? (power / hashrate) * 1000 : null;
}

function bestOf(miners: readonly Miner[]): Miner | undefined {
  let best: Miner | undefined;
  for (const miner of miners)
    if ((miner.best_difficulty ?? -1) > (best?.best_difficulty ?? -1)) best = miner;
  return best;
}

/** All miners pay the same price, so cost goes with power. */
function cost(power: number | null, swarm: Swarm | undefined): number | null {
  if (power === null || swarm?.cost_per_day == null || !swarm.power_w) return null;
  return (swarm.cost_per_day * power) / swarm.power_w;
}

/** Each hash is as likely a block as any other, so income goes with hashrate. */
function income(
  hashrate: number | null,
  swarm: Swarm | undefined,
  ofSwarm: number | null | undefined,
): number | null {
  if (hashrate === null || ofSwarm == null || !swarm?.hashrate_ghs) return null;
  return (ofSwarm * hashrate) / swarm.hashrate_ghs;
}

function yearsToBlock(
  hashrate: number | null,
  difficulty: number | null,
): number | null {
  if (!hashrate || !difficulty) return null;
  return (difficulty * HASHES_PER_DIFFICULTY) / (hashrate * 1e9) / SECONDS_PER_YEAR;
}
