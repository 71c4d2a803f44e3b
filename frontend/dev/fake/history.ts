import { deviceId } from "./miners";
/** Made-up answers about the past of made-up miners. */

import type {
  Configuration,
  Configurations,
  MinerSeries,
  Miner,
  MinerConfigurations,
  Series,
  SeriesColumn,
  StabilityWindow,
  Summary,
  Uptime,
  WallSummary,
} from "../../src/lib/model";
import { Random } from "./random";

/** s of a span, and of its steps. */
const SPANS: Record<string, [number, number]> = {
  "1h": [3600, 300],
  "4h": [14_400, 300],
  "6h": [21_600, 300],
  "8h": [28_800, 300],
  "24h": [86_400, 300],
  "3d": [259_200, 900],
  "7d": [604_800, 3600],
  "30d": [2_592_000, 3600],
};

const span = (name: string, now: number) => ({
  name,
  start: new Date((now - (SPANS[name] ?? [86_400])[0]) * 1000).toISOString(),
  end: new Date(now * 1000).toISOString(),
});

type Miners = readonly (readonly [string, Miner])[];

export function makeSeries(
  miners: Miners,
  name: string,
  columns: readonly SeriesColumn[],
  now: number,
): Series {
  const [length, step] = SPANS[name] ?? [86_400, 300];
  const count = length / step;
  const allSeries = miners.map(([id, miner], index): MinerSeries => {
    const random = new Random(index + 1);
    const expected = miner.expected_hashrate_ghs ?? 1000;
    const change = Math.floor(count * 0.6);
    const figures: Record<SeriesColumn, () => number> = {
      hashrate_ghs: () => expected * (0.98 + 0.02 * random.normal()),
      hashrate_15min_ghs: () => expected * (0.98 + 0.01 * random.normal()),
      hashrate_24h_ghs: () => expected * 0.98,
      expected_hashrate_ghs: () => expected,
      power_w: () => (expected / 1000) * 16 * (1 + 0.01 * random.normal()),
      efficiency_j_th: () => 16.2 + 0.3 * random.normal(),
      asic_temperature_c: () => 58 + 1.2 * random.normal(),
      vr_temperature_c: () => 62 + 1.5 * random.normal(),
      fan_speed_percent: () => 55 + 6 * random.normal(),
    };
    const values = (column: SeriesColumn): (number | null)[] =>
      Array.from({ length: count }, (_, at) => {
        const value = figures[column]() * (at < change ? 0.93 : 1);
        // The miner was off for a while.
        return index % 3 === 1 && at > count * 0.3 && at < count * 0.36 ? null : value;
      });
    return {
      device_id: id,
      name: miner.name,
      mean_hashrate_ghs: expected * 0.96,
      columns: {
        time: Array.from({ length: count }, (_, at) => now - length + at * step),
        seconds: Array.from({ length: count }, () => step),
        ...Object.fromEntries(columns.map((column) => [column, values(column)])),
      },
      changes: [
        {
          time: now - length + change * step,
          before: { frequency_mhz: 550, core_voltage_mv: 1130 },
          after: { frequency_mhz: 600, core_voltage_mv: 1150 },
        },
      ],
    };
  });
  return { span: span(name, now), miners: allSeries };
}

export function makeConfigurations(miners: Miners, now: number): Configurations {
  return {
    span: { name: "all", start: null, end: new Date(now * 1000).toISOString() },
    currency: "EUR",
    miners: miners.map(([id, miner], index) => makeOne(id, miner, index, now)),
  };
}

function makeOne(
  id: string,
  miner: Miner,
  index: number,
  now: number,
): MinerConfigurations {
  const random = new Random(index + 77);
  const frequency = miner.frequency_mhz ?? 500;
  const voltage = miner.core_voltage_mv ?? 1150;
  const perMegahertz = (miner.expected_hashrate_ghs ?? frequency * 2) / frequency;
  const configurations = [-100, -75, -50, -25, 0, 25].flatMap((df) =>
    [-60, -30, 0, 30].map((dv): Configuration => {
      const f = frequency + df;
      const v = voltage + dv;
      const starved = Math.max(0, df / 25 - dv / 15 - 1) * 1.6;
      const expected = f * perMegahertz;
      const ratio = 99 - starved + 0.4 * random.normal();
      const hashrate = (expected * ratio) / 100;
      const efficiency = 15.2 * (v / 1130) ** 2 * (100 / ratio) + 0.1 * random.normal();
      const heat = 50 + ((hashrate / 1000) * efficiency) / 3;
      return {
        frequency_mhz: f,
        core_voltage_mv: v,
        present: df === 0 && dv === 0,
        hours: Math.round(random.between(1, 160) * 10) / 10,
        first_seen: new Date((now - 30 * 86_400) * 1000).toISOString(),
        last_seen: new Date((now - 86_400) * 1000).toISOString(),
        hashrate_ghs: hashrate,
        hashrate_error_ghs: hashrate * 0.003,
        hashrate_min_ghs: hashrate * 0.93,
        hashrate_max_ghs: hashrate * 1.05,
        expected_hashrate_ghs: expected,
        expected_ratio_percent: ratio,
        power_w: (hashrate * efficiency) / 1000,
        power_max_w: (hashrate * efficiency) / 980,
        efficiency_j_th: efficiency,
        efficiency_error_j_th: 0.05 + 0.1 * random.next(),
        efficiency_gh_w: 1000 / efficiency,
        efficiency_error_gh_w: 0.4,
        asic_temperature_c: heat,
        asic_temperature_max_c: heat + 4,
        vr_temperature_c: heat + 5,
        vr_temperature_max_c: heat + 9,
        input_voltage_v: 5.02,
        input_voltage_min_v: 4.96,
        fan_speed_percent: 50 + df / 5,
        error_rate_percent: starved,
        shares_accepted: 2000,
        shares_rejected: 6,
        reject_rate_percent: 0.3,
        variation_percent: 4.2,
        variation_seconds: 300,
        bucket_variance_percent: 12,
        // The second miner has a plug of its own.
        wall_hours: id === deviceId(1) ? 20 : null,
        wall_power_w: id === deviceId(1) ? (hashrate * efficiency) / 900 : null,
        wall_efficiency_j_th: id === deviceId(1) ? efficiency / 0.9 : null,
        measured_enough: random.next() > 0.1,
        bottlenecks:
          starved > 3
            ? [{ kind: "errors", critical: starved > 5, value: starved, limit: 2 }]
            : [],
      };
    }),
  );
  const known = configurations.filter((item) => item.measured_enough);
  const figure = (item: Configuration, name: string) => item[name] as number;
  const pick = (better: (a: Configuration, b: Configuration) => boolean) =>
    known.reduce((a, b) => (better(a, b) ? a : b));
  const present = configurations.find((item) => item.present) as Configuration;
  const advise = (best: Configuration) => ({
    verdict: best === present ? "keep" : index % 4 === 3 ? "uncertain" : "change",
    best: {
      frequency_mhz: best.frequency_mhz,
      core_voltage_mv: best.core_voltage_mv,
      hashrate_ghs: figure(best, "hashrate_ghs"),
      efficiency_j_th: figure(best, "efficiency_j_th"),
      hours: figure(best, "hours"),
    },
    change:
      best === present
        ? null
        : {
            hashrate_ghs:
              figure(best, "hashrate_ghs") - figure(present, "hashrate_ghs"),
            hashrate_percent:
              (figure(best, "hashrate_ghs") / figure(present, "hashrate_ghs") - 1) *
              100,
            power_w: figure(best, "power_w") - figure(present, "power_w"),
            efficiency_j_th:
              figure(best, "efficiency_j_th") - figure(present, "efficiency_j_th"),
            efficiency_percent:
              (figure(best, "efficiency_j_th") / figure(present, "efficiency_j_th") -
                1) *
              100,
            energy_kwh_per_month:
              (figure(best, "power_w") - figure(present, "power_w")) * 0.73,
            cost_per_month:
              (figure(best, "power_w") - figure(present, "power_w")) * 0.73 * 0.3,
          },
  });
  const front = known.filter(
    (item) =>
      !known.some(
        (other) =>
          figure(other, "hashrate_ghs") > figure(item, "hashrate_ghs") &&
          figure(other, "efficiency_j_th") < figure(item, "efficiency_j_th"),
      ),
  );
  return {
    device_id: id,
    name: miner.name,
    present: { frequency_mhz: frequency, core_voltage_mv: voltage },
    configurations,
    recommendations: {
      efficiency: advise(
        pick((a, b) => figure(a, "efficiency_j_th") < figure(b, "efficiency_j_th")),
      ),
      hashrate: advise(
        pick((a, b) => figure(a, "hashrate_ghs") > figure(b, "hashrate_ghs")),
      ),
      balanced: advise(
        pick(
          (a, b) =>
            figure(a, "hashrate_ghs") / figure(a, "efficiency_j_th") >
            figure(b, "hashrate_ghs") / figure(b, "efficiency_j_th"),
        ),
      ),
    },
    pareto_front: front.map(({ frequency_mhz, core_voltage_mv }) => ({
      frequency_mhz,
      core_voltage_mv,
    })),
    missing_figures: [],
  };
}

export function makeSummary(miners: Miners, name: string, now: number): Summary {
  const hours = (SPANS[name] ?? [86_400])[0] / 3600;
  const window: StabilityWindow = {
    coverage_percent: 99,
    mean_ghs: 1100,
    median_ghs: 1102,
    bucket_variance_percent: 11.4,
    label: "excellent",
    variation_percent: 3.9,
    robust_variation_percent: 3.1,
    skewed: false,
  };
  const all = miners.map(([id, miner], index) => {
    const hashrate = (miner.expected_hashrate_ghs ?? 1000) * 0.97;
    const power = (hashrate / 1000) * (15 + (index % 5));
    return {
      device_id: id,
      name: miner.name,
      hashrate_ghs: hashrate,
      mean_hashrate_ghs: hashrate * 0.99,
      hashrate_min_ghs: hashrate * 0.9,
      hashrate_max_ghs: hashrate * 1.04,
      power_w: power,
      power_max_w: power * 1.04,
      efficiency_j_th: 15 + (index % 5),
      work_th: hashrate * 0.99 * hours * 3.6,
      energy_kwh: (power * hours) / 1000,
      idle_energy_kwh: index % 4 === 3 ? (power * hours) / 10_000 : 0,
      cost: ((power * hours) / 1000) * 0.3,
      observed_hours: hours,
      watched_seconds: index % 5 === 4 ? hours * 360 : null,
      hashing_hours: hours * 0.99,
      availability_percent: 100 - (index % 4) * 0.7,
      restarts: index % 3,
      total_uptime_hours: hours,
      lifetime_uptime_hours: 1500 + index,
      asic_temperature_c: 57,
      asic_temperature_max_c: 62,
      vr_temperature_c: 60,
      vr_temperature_max_c: 66,
      shares_accepted: 9000,
      shares_rejected: 12,
      reject_rate_percent: 0.13,
      stability: {
        "1h": window,
        "4h": window,
        "8h": window,
        "24h": window,
        "3d": window,
      },
    };
  });
  const sum = (figure: (item: (typeof all)[number]) => number) =>
    all.reduce((total, item) => total + figure(item), 0);
  return {
    span: span(name, now),
    currency: "EUR",
    total: {
      miners: all.length,
      observed_hours: hours,
      watched_seconds: null,
      hashrate_ghs: sum((item) => item.mean_hashrate_ghs),
      power_w: sum((item) => item.power_w),
      efficiency_j_th:
        (sum((item) => item.power_w) / sum((item) => item.hashrate_ghs)) * 1000,
      work_th: sum((item) => item.work_th),
      energy_kwh: sum((item) => item.energy_kwh),
      idle_energy_kwh: sum((item) => item.idle_energy_kwh),
      cost: sum((item) => item.cost),
      wall: makeWall(all.slice(0, all.length > 3 ? 2 : 0), hours),
    },
    miners: all,
  };
}

/** A power supply that feeds some miners and loses a tenth of what it takes. */
function makeWall(
  fed: { name: string; power_w: number; work_th: number }[],
  hours: number,
): WallSummary[] {
  if (!fed.length) return [];
  const power = fed.reduce((total, item) => total + item.power_w, 0) / 0.9;
  const work = fed.reduce((total, item) => total + item.work_th, 0);
  // The plug was put there a week ago.
  const measured = Math.min(hours, 7 * 24);
  const energy = (power * measured) / 1000;
  return [
    {
      name: "Shelf",
      miners: fed.map(({ name }) => name),
      observed_hours: measured,
      is_part: measured < hours,
      power_w: power,
      efficiency_j_th: ((power * hours) / 1000 / work) * 3_600_000,
      energy_kwh: energy,
      cost: energy * 0.3,
      loss_w: power * 0.1,
      loss_percent: 10,
    },
  ];
}

export function makeUptime(miners: Miners, now: number): Uptime {
  const today = Math.floor(now / 86_400) * 86_400;
  return {
    miners: miners.map(([id, { name }], index) => {
      const random = new Random(index + 5);
      return {
        device_id: id,
        name,
        days: Array.from({ length: 30 }, (_, at) => {
          const start = today - (29 - at) * 86_400;
          const hours = Math.min(now - start, 86_400) / 3600;
          const unknown = at < 2 ? hours : 0;
          const rest = hours - unknown;
          const offline = random.next() > 0.85 ? Math.min(3, rest) : 0;
          const stopped = random.next() > 0.9 ? Math.min(6, rest - offline) : 0;
          return {
            start,
            hashing_hours: rest - offline - stopped,
            stopped_hours: stopped,
            offline_hours: offline,
            unknown_hours: unknown,
          };
        }),
      };
    }),
  };
}
