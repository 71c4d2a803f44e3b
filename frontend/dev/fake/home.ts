/** A made-up Home Assistant with made-up miners: for the page, tests and benchmarks. */

import type { Connection, DeviceEntry, HomeAssistant } from "../../src/lib/hass";
import type { LiveMessage, Miner, SeriesColumn, Swarm } from "../../src/lib/model";
import { DIFFERENCES, makeBackups } from "./backups";
import { makeConfigurations, makeSeries, makeSummary, makeUptime } from "./history";
import { deviceId, makeMiner, makeSwarm } from "./miners";
import { Random } from "./random";
import type { TuningMiner } from "../../src/lib/tuning";
import { makeTimeline } from "./timeline";
import { makeTuners, RANGES } from "./tuning";

export interface FakeOptions {
  miners: number;
  language?: string;
  dark?: boolean;
  /** ms between two live messages; none come by themselves if 0. */
  interval?: number;
  canControl?: boolean;
  /** ms until anything is answered. */
  latency?: number;
  /** Unix s that everything starts from. */
  now?: number;
}

interface Command {
  type: string;
  device_id?: string[];
  span?: string;
  columns?: SeriesColumn[];
  changes?: boolean;
  points?: number;
  kinds?: string[];
  value?: unknown;
  action?: string;
  profile?: string;
  preview?: boolean;
}

const COLUMNS: SeriesColumn[] = [
  "hashrate_ghs",
  "hashrate_15min_ghs",
  "hashrate_24h_ghs",
  "expected_hashrate_ghs",
  "power_w",
  "efficiency_j_th",
  "asic_temperature_c",
  "vr_temperature_c",
  "fan_speed_percent",
];

export class FakeHome {
  readonly hass: HomeAssistant;
  readonly miners: Record<string, Miner> = {};
  /** Calls of actions: domain, name, data, target. */
  readonly calls: unknown[][] = [];
  /** Commands that were sent. */
  readonly commands: Command[] = [];
  /** What the next commands of a type fail with. */
  readonly failures: Record<string, unknown> = {};
  /** Texts of the integration in the user's language, by their keys. */
  readonly texts: Record<string, string> = {};
  /** What Home Assistant keeps for the user. */
  userData: unknown = null;
  private readonly random = new Random(21);
  /** What is different of the tuners of miners, by device. */
  readonly tuners: Record<string, Partial<TuningMiner>> = {};
  private readonly tuning: ((message: unknown) => void)[] = [];
  private readonly receivers = new Set<(message: LiveMessage) => void>();
  private readonly events = new EventTarget();
  private swarm: Swarm;
  private connected = true;
  private readonly latency: number;
  private now: number;

  constructor(options: FakeOptions) {
    this.latency = options.latency ?? 0;
    this.now = options.now ?? Math.floor(Date.now() / 1000);
    for (let index = 0; index < options.miners; index++) {
      const miner = makeMiner(this.random, index, this.now);
      this.miners[deviceId(index)] = {
        ...miner,
        can_control: options.canControl ?? true,
      };
    }
    this.swarm = makeSwarm(Object.values(this.miners));
    this.hass = this.makeHass(options);
    const interval = options.interval ?? 0;
    if (interval > 0) {
      setInterval(() => this.live(interval / 1000), interval);
    }
  }

  /** Lets miners live for some seconds, and notifies all subscribers. */
  live(seconds: number, share = 0.3): void {
    this.now += seconds;
    const changes: Record<string, Partial<Miner>> = {};
    for (const [id, miner] of Object.entries(this.miners)) {
      if (!miner.online || this.random.next() > share) {
        continue;
      }
      const expected = miner.expected_hashrate_ghs ?? 0;
      const hashing = miner.state === "mining";
      const hashrate = hashing ? expected * (0.985 + 0.02 * this.random.normal()) : 0;
      const power = hashing ? (miner.power_w ?? 0) + 0.1 * this.random.normal() : 4;
      changes[id] = {
        last_seen: this.now,
        hashrate_ghs: hashrate,
        power_w: power,
        efficiency_j_th: hashing ? (power / hashrate) * 1000 : null,
        asic_temperature_c:
          (miner.asic_temperature_c ?? 55) + 0.1 * this.random.normal(),
        vr_temperature_c: (miner.vr_temperature_c ?? 60) + 0.1 * this.random.normal(),
        fan_rpm: Math.round((miner.fan_rpm ?? 4000) + 20 * this.random.normal()),
        shares_accepted: (miner.shares_accepted ?? 0) + (hashing ? 1 : 0),
        response_time_ms: 15 + 20 * this.random.next(),
      };
    }
    this.change(changes);
  }

  /** Changes miners (or removes them: null), and notifies all subscribers. */
  change(changes: Record<string, Partial<Miner> | null>): void {
    for (const [id, change] of Object.entries(changes)) {
      if (change === null) {
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
        delete this.miners[id];
      } else {
        this.miners[id] = { ...this.miners[id], ...change } as Miner;
      }
    }
    this.swarm = makeSwarm(Object.values(this.miners));
    this.send({ type: "diff", miners: changes, swarm: this.swarm });
  }

  /** Changes what is set up of the swarm, and notifies all subscribers. */
  setUp(options: Partial<Pick<Swarm, "has_price" | "has_notifications">>): void {
    this.swarm = { ...this.swarm, ...options };
    this.send({ type: "diff", swarm: options });
  }

  send(message: LiveMessage): void {
    for (const receive of [...this.receivers]) {
      receive(message);
    }
  }

  /** How many live subscriptions there are. */
  get subscriptions(): number {
    return this.receivers.size;
  }

  /** Changes what the tuner of a miner does, and notifies those who follow it. */
  tune(device: string, change: Partial<TuningMiner>): void {
    this.tuners[device] = { ...this.tuners[device], ...change };
    for (const receive of this.tuning) {
      receive({ type: "diff", miners: { [device]: change } });
    }
  }

  /** Breaks the connection to Home Assistant. */
  disconnect(): void {
    this.connected = false;
    this.receivers.clear();
    this.events.dispatchEvent(new Event("disconnected"));
  }

  reconnect(): void {
    this.connected = true;
    this.events.dispatchEvent(new Event("ready"));
  }

  private connection(): Connection {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const home = this;
    return {
      get connected() {
        return home.connected;
      },
      addEventListener: (type, listener) =>
        this.events.addEventListener(type, listener),
      removeEventListener: (type, listener) =>
        this.events.removeEventListener(type, listener),
      sendMessagePromise: <T>(message: Command) => this.answer(message) as Promise<T>,
      subscribeMessage: async <T>(callback: (message: T) => void, message: Command) => {
        await this.check(message);
        if (message.type === "bitaxe/bulk_work") {
          this.work(message, callback as (message: unknown) => void);
          return () => Promise.resolve();
        }
        const receive = callback as (message: unknown) => void;
        if (message.type === "bitaxe/tuning") {
          this.tuning.push(receive);
          receive({
            type: "full",
            ranges: RANGES,
            miners: makeTuners(Object.entries(this.miners), this.tuners),
          });
          return () => Promise.resolve();
        }
        this.receivers.add(receive);
        receive({
          type: "full",
          miners: structuredClone(this.miners),
          swarm: { ...this.swarm },
        });
        return () => {
          this.receivers.delete(receive);
          return Promise.resolve();
        };
      },
    };
  }

  /** What would become of miners: those that do not answer are refused. */
  private outcomes(message: Command, result: string): Record<string, unknown>[] {
    return (message.device_id ?? []).map((id) => {
      const miner = this.miners[id] as Miner;
      const refused = !miner.online && !message.action?.endsWith("maintenance");
      return {
        device_id: id,
        name: miner.name,
        result: refused ? "refused" : result,
        reason: refused ? { message: "The miner could not be reached." } : null,
        changes:
          message.action === "apply_profile" && !refused
            ? { frequency: [miner.frequency_mhz, 490], core_voltage: [1150, 1100] }
            : {},
      };
    });
  }

  /** What an action on settings of several miners answers. */
  private respond(data: Record<string, unknown>): unknown {
    const ids = data.device_id as string[];
    return {
      miners: ids.map((id) => ({
        device_id: id,
        name: this.miners[id]?.name,
        result: data.preview ? "planned" : "done",
        reason: null,
        changes: this.changesOf(data),
        password: "password" in data,
        restart: true,
      })),
    };
  }

  private changesOf(data: Record<string, unknown>): unknown {
    if (!("backup_id" in data)) {
      const wanted = `${String(data.url)}:${String(data.port)}`;
      return { primary_pool: ["solo.example.org:3333", wanted] };
    }
    const chosen = data.settings as string[] | undefined;
    return Object.fromEntries(
      Object.entries(DIFFERENCES).filter(
        ([name]) => chosen?.some((setting) => name.startsWith(setting)) ?? true,
      ),
    );
  }

  private work(message: Command, send: (event: unknown) => void): void {
    send({ type: "begun", work: "1" });
    for (const outcome of this.outcomes(message, "done")) {
      send({ type: "outcome", ...outcome });
    }
    send({ type: "end", stopped: false });
  }

  private async check(message: Command): Promise<void> {
    this.commands.push(message);
    await (this.latency > 0
      ? new Promise((resolve) => setTimeout(resolve, this.latency))
      : Promise.resolve());
    const failure = this.failures[message.type];
    if (failure !== undefined) {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw failure;
    }
  }

  private async answer(message: Command): Promise<unknown> {
    await this.check(message);
    const miners = Object.entries(this.miners).filter(
      ([id]) => message.device_id?.includes(id) ?? true,
    );
    switch (message.type) {
      case "bitaxe/series":
        return makeSeries(
          miners,
          message.span ?? "24h",
          message.columns ?? COLUMNS,
          this.now,
        );
      case "bitaxe/configurations":
        return makeConfigurations(miners, this.now);
      case "frontend/get_user_data":
        return { value: this.userData };
      case "frontend/set_user_data":
        this.userData = message.value;
        return undefined;
      case "bitaxe/bulk_work":
        return { miners: this.outcomes(message, "planned") };
      case "bitaxe/stop_bulk_work":
        return undefined;
      case "bitaxe/timeline":
        return makeTimeline(miners, message.kinds, this.now);
      case "bitaxe/backups":
        return { backups: makeBackups(this.now) };
      case "bitaxe/uptime":
        return makeUptime(miners, this.now);
      case "bitaxe/summary":
        return makeSummary(miners, message.span ?? "24h", this.now);
      default:
        throw new Error(`The made-up Home Assistant knows no ${message.type}`);
    }
  }

  private makeHass(options: FakeOptions): HomeAssistant {
    const language = options.language ?? "en";
    const devices: Record<string, DeviceEntry> = {};
    for (const [id, miner] of Object.entries(this.miners)) {
      devices[id] = {
        id,
        name: miner.name,
        name_by_user: null,
        area_id: null,
        model: miner.model,
        identifiers: [["bitaxe", id]],
        entry_type: null,
        disabled_by: null,
      };
    }
    const swarm = this.swarm.device_id ?? "";
    devices[swarm] = {
      id: swarm,
      name: this.swarm.name,
      name_by_user: null,
      area_id: null,
      model: null,
      identifiers: [["bitaxe", "swarm"]],
      entry_type: "service",
      disabled_by: null,
    };
    return {
      connection: this.connection(),
      states: {},
      entities: {},
      devices,
      areas: {},
      language,
      locale: {
        language,
        number_format: "language",
        time_format: "language",
        time_zone: "local",
      },
      config: { currency: "EUR", time_zone: "Europe/Berlin", components: ["bitaxe"] },
      user: { id: "user", name: "Demo", is_admin: true },
      themes: { darkMode: options.dark ?? false },
      localize: (key) => key,
      formatEntityState: (state) => state.state,
      loadBackendTranslation: () =>
        Promise.resolve((key, values = {}) =>
          Object.entries(values).reduce(
            (text, [name, value]) => text.replace(`{${name}}`, value as string),
            this.texts[key] ?? "",
          ),
        ),
      callService: (domain, action, data, target, _notify, returnResponse) => {
        this.calls.push([domain, action, data, ...(target ? [target] : [])]);
        return Promise.resolve(
          returnResponse ? { response: this.respond(data ?? {}) } : undefined,
        );
      },
    };
  }
}
