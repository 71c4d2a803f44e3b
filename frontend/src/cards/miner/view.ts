/** The readings, warnings, trend and controls of a miner. */

import {
  html,
  LitElement,
  nothing,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { property, state } from "lit/decorators.js";
import { attempt, pressButton } from "../../lib/actions";
import { deviceName, minerDevices } from "../../lib/devices";
import { navigate, showMoreInfo } from "../../lib/events";
import { formatDuration, formatTime } from "../../lib/format";
import type { DeviceEntry, HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import type { Miner, Warning } from "../../lib/model";
import { define } from "../../lib/register";
import { canTune, isRestarting, lookOfMiner, stateName } from "../../lib/states";
import { baseStyles, buttonStyles } from "../../lib/styles";
import { describeWarning, warningsOf } from "../../lib/warnings";
import { DEFAULTS, type MinerCardConfig } from "./config";
import { pointName } from "../../lib/operating-point";
import { canControl, facts, tiles, type Fact, type Tile } from "./readings";
import { headerStyles, sharedStyles } from "../../lib/card-styles";
import { pathOf } from "../../lib/navigation";
import type { Other } from "./tuning/form";
import { viewStyles } from "./view-styles";

/** s that a restart takes, about: the firmware, Wi-Fi, and the next reading. */
const RESTART_TAKES = 45;
/** ms for which it is shown how long it took. */
const BACK_SHOWN = 90_000;

class MinerView extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) config!: MinerCardConfig;
  @property({ attribute: false }) miner!: Miner;
  /** Whether these are the figures of now. */
  @property({ attribute: false }) connected = true;
  /** Difficulty of the network, that a block has to reach; null is unknown. */
  @property({ attribute: false }) networkDifficulty: number | null = null;
  /** All miners by device id, this one among them. */
  @property({ attribute: false }) others: Readonly<Record<string, Miner>> = {};
  /** Other miners that could be tuned with this one. */
  @property({ attribute: false }) tunable: readonly Other[] = [];
  @state() private restoring = false;
  /** Goes up each second while the miner restarts. */
  @state() private second = 0;
  /** How long the miner was away, for a while after it is back. */
  @state() private away: number | undefined;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private telling: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticking);
    clearTimeout(this.telling);
    this.ticking = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("miner");
    if (before !== undefined && changed.has("config")) {
      this.away = undefined;
    } else if (before !== undefined) {
      this.followRestart(before, this.miner);
    }
    const restarting = isRestarting(this.miner);
    if (restarting && this.ticking === undefined) {
      this.ticking = setInterval(() => this.second++, 1000);
    } else if (!restarting) {
      clearInterval(this.ticking);
      this.ticking = undefined;
    }
  }

  /** Notes how long a restart took that somebody asked for. */
  private followRestart(before: Miner, now: Miner): void {
    if (isRestarting(now)) {
      this.away = undefined;
    } else if (isRestarting(before) && now.online) {
      this.away = Math.max(
        1,
        Math.round(Date.now() / 1000 - (before.restarting_since ?? 0)),
      );
      clearTimeout(this.telling);
      this.telling = setTimeout(() => (this.away = undefined), BACK_SHOWN);
    }
  }

  /** How a restart goes on: when the miner should be back, or how long it took. */
  private restart(hass: HomeAssistant, miner: Miner): string | undefined {
    if (!isRestarting(miner)) {
      return this.away === undefined
        ? undefined
        : localize(hass, "miner.restart.back", {
            duration: formatDuration(hass, this.away),
          });
    }
    const left = Math.round(
      (miner.restarting_since ?? 0) + RESTART_TAKES - Date.now() / 1000,
    );
    return left > 0
      ? localize(hass, "miner.restart.left", { seconds: Math.min(left, RESTART_TAKES) })
      : localize(hass, "miner.restart.soon");
  }

  protected override render() {
    const { hass, config, miner } = this;
    return html`
      <div class="card ${this.connected && miner.online ? "" : "stale"}">
        ${this.neighbours(hass)} ${this.header(hass, miner, this.connected)}
        ${
          (miner.blocks_found ?? 0) > 0
            ? html`<bitaxe-block-banner
                .hass=${hass}
                .miners=${[[config.device_id, miner]]}
                .networkDifficulty=${this.networkDifficulty}
              ></bitaxe-block-banner>`
            : nothing
        }
        ${this.warnings(hass, miner)}
        <div class="columns ${config.chart ? "" : "single"}">
          <div class="figures">
            <div class="tiles">
              ${tiles(hass, miner).map((tile) => this.tile(tile))}
            </div>
            ${
              config.details
                ? html`<dl>
                    ${facts(hass, miner, Date.now() / 1000).map((fact) =>
                      this.fact(fact),
                    )}
                  </dl>`
                : nothing
            }
          </div>
          ${
            config.chart
              ? html`<bitaxe-miner-trend
                  .hass=${hass}
                  .device=${config.device_id}
                  .miner=${miner}
                  .span=${config.span ?? DEFAULTS.span}
                  .metric=${config.metric ?? DEFAULTS.metric}
                ></bitaxe-miner-trend>`
              : nothing
          }
        </div>
        ${
          config.uptime
            ? html`<bitaxe-uptime-bar
                .hass=${hass}
                .device=${config.device_id}
              ></bitaxe-uptime-bar>`
            : nothing
        }
        ${
          config.controls && canControl(miner)
            ? html`<bitaxe-miner-controls
                .hass=${hass}
                .device=${config.device_id}
                .miner=${miner}
                .connected=${this.connected}
                .others=${this.others}
              ></bitaxe-miner-controls>`
            : nothing
        }
        ${this.powerTarget(hass, miner)}
        ${
          config.tuning && canTune(miner)
            ? html`<bitaxe-miner-tuning
                class=${miner.tuning ? "busy" : ""}
                .hass=${hass}
                .device=${config.device_id}
                .miner=${miner}
                .others=${this.tunable}
                .connected=${this.connected}
              ></bitaxe-miner-tuning>`
            : nothing
        }
      </div>
    `;
  }

  /** For those who may set it; for others only while it is followed. */
  private powerTarget(hass: HomeAssistant, miner: Miner) {
    const { power_target: target, entities } = miner;
    if (!target || entities.power_target === undefined) return nothing;
    const sets = this.config.controls && miner.can_control;
    if (!sets && !target.following && !target.with_swarm) return nothing;
    return html`<bitaxe-power-target
      .hass=${hass}
      .target=${target}
      .entities=${entities}
      .enabled=${sets && this.connected}
    ></bitaxe-power-target>`;
  }

  /** Leads to the miners before and after this one by name, and round. */
  private neighbours(hass: HomeAssistant) {
    const { navigation_path: path, miners: chosen, device_id: id } = this.config;
    if (!path || id === undefined) return nothing;
    const all = minerDevices(hass).filter(
      (device) => !chosen?.length || chosen.includes(device.id),
    );
    const place = all.findIndex((device) => device.id === id);
    const before = all[(place + all.length - 1) % all.length];
    const after = all[(place + 1) % all.length];
    if (place < 0 || all.length < 2 || before === undefined || after === undefined)
      return nothing;
    const link = (key: "previous" | "next", device: DeviceEntry) => {
      const name = deviceName(device);
      return html`<button
        class=${key}
        aria-label=${localize(hass, `miner.${key}`, { name })}
        @click=${() => navigate(pathOf(path, device.id, location.pathname))}
      >
        <ha-icon
          icon=${key === "next" ? "mdi:chevron-right" : "mdi:chevron-left"}
        ></ha-icon>
        <span>${name}</span>
      </button>`;
    };
    return html`<nav aria-label=${localize(hass, "miner.others")}>
      ${link("previous", before)} ${link("next", after)}
    </nav>`;
  }

  private header(hass: HomeAssistant, miner: Miner, connected: boolean) {
    const look = lookOfMiner(miner);
    const name = this.config.title ?? miner.name;
    const restart = this.restart(hass, miner);
    const parts = [miner.model, miner.firmware, miner.area].filter(Boolean);
    return html`
      <div class="header" style="--state:${look.color}">
        <span class="badge"><ha-icon .icon=${look.icon}></ha-icon></span>
        <div class="name">
          <h2>${name}</h2>
          <div class="secondary">
            <span class="state">${stateName(hass, miner)}</span>
            ${restart === undefined ? nothing : html`<span>${restart}</span>`}
            ${
              connected
                ? miner.online || isRestarting(miner)
                  ? parts.map((part) => html`<span>${part}</span>`)
                  : html`<span
                      >${localize(hass, "miner.seen", {
                        time: formatTime(hass, miner.last_seen),
                      })}</span
                    >`
                : html`<span>${localize(hass, "common.disconnected")}</span>`
            }
          </div>
        </div>
        ${
          miner.url === null
            ? nothing
            : html`<a
                href=${miner.url}
                target="_blank"
                rel="noreferrer noopener"
                title=${localize(hass, "miner.web", { name })}
                aria-label=${localize(hass, "miner.web", { name })}
                ><ha-icon icon="mdi:open-in-new"></ha-icon
              ></a>`
        }
      </div>
    `;
  }

  private warnings(hass: HomeAssistant, miner: Miner) {
    const all = warningsOf(miner);
    // People may have switched the alert off; the miner is slow all the same.
    if (miner.detuned !== null && !all.some(({ kind }) => kind === "detuned")) {
      all.push({ kind: "detuned", value: null, limit: null, since: NaN });
    }
    if (all.length === 0) {
      return nothing;
    }
    const titles = all.map((warning) => describeWarning(hass, warning).title);
    // How long they last changes all the time; that is not worth saying again.
    return html`<div class="visually-hidden" role="status">${titles.join(", ")}</div>
      <ul class="warnings">
        ${all.map((warning) => this.warning(hass, miner, warning))}
      </ul>`;
  }

  private warning(hass: HomeAssistant, miner: Miner, warning: Warning) {
    const { icon, level, title, measured, since, advice } = describeWarning(
      hass,
      warning,
    );
    const restore = miner.entities.restore_settings;
    return html`<li class=${level}>
      <ha-icon .icon=${icon}></ha-icon>
      <div>
        <b>${title}</b>
        <div class="secondary">
          ${measured ? html`<span>${measured}</span>` : nothing}
          ${warning.since ? html`<span>${since}</span>` : nothing}
        </div>
        <div class="advice">${advice}</div>
        ${
          warning.kind === "detuned" &&
          miner.detuned !== null &&
          restore !== undefined &&
          miner.can_control &&
          miner.online
            ? html`<button
                class="tonal"
                ?disabled=${this.restoring || !this.connected}
                @click=${() => void this.restore(hass, restore)}
              >
                ${
                  this.restoring
                    ? localize(hass, "miner.control.pending")
                    : localize(hass, "miner.restore", {
                        setting: pointName(hass, miner.detuned),
                      })
                }
              </button>`
            : nothing
        }
      </div>
    </li>`;
  }

  private async restore(hass: HomeAssistant, button: string): Promise<void> {
    this.restoring = true;
    await attempt(this, hass, () => pressButton(hass, button));
    this.restoring = false;
  }

  private tile({ name, value, unit, note, share, level, entity }: Tile) {
    const body = html`
      <span class="label"
        >${localize(this.hass, `miner.reading.${name}`)}${
          level === "warning" || level === "critical"
            ? html`<ha-icon icon="mdi:alert"></ha-icon>`
            : nothing
        }</span
      >
      <span class="value">${value}<small>${unit}</small></span>
      <span class="track"
        >${
          share === undefined
            ? nothing
            : html`<i style="width:${Math.min(Math.max(share, 0), 1) * 100}%"></i>`
        }</span
      >
      <span class="note">${note}</span>
    `;
    const look = `tile ${name} ${level ?? ""} ${share === undefined ? "bare" : ""}`;
    return entity === undefined
      ? html`<div class=${look}>${body}</div>`
      : html`<button class=${look} @click=${() => showMoreInfo(this, entity)}>
          ${body}
        </button>`;
  }

  private fact({ name, value, note, level }: Fact) {
    return html`<div class="fact ${level ?? ""}">
      <dt>${localize(this.hass, `miner.reading.${name}`)}</dt>
      <dd>
        ${
          level === "warning" || level === "critical"
            ? html`<ha-icon icon="mdi:alert"></ha-icon>`
            : nothing
        }${breakable(value)}${note ? html` <small>${note}</small>` : nothing}
      </dd>
    </div>`;
  }

  static override styles = [
    baseStyles,
    buttonStyles,
    sharedStyles,
    headerStyles,
    viewStyles,
  ];
}

/** A text that breaks behind the dots of an address, and before its port. */
const breakable = (text: string): (string | TemplateResult)[] =>
  text
    .split(/(?<=\.)(?=[a-z])|(?=:\d)/i)
    .flatMap((part, index) => (index === 0 ? [part] : [html`<wbr />`, part]));

define("bitaxe-miner-view", MinerView);
