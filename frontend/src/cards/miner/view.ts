/** The readings, warnings, trend and controls of a miner. */

import { html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { attempt, pressButton } from "../../lib/actions";
import { showMoreInfo } from "../../lib/events";
import { formatTime } from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import type { Miner, Warning } from "../../lib/model";
import { define } from "../../lib/register";
import { lookOf, stateName } from "../../lib/states";
import { baseStyles, buttonStyles } from "../../lib/styles";
import { describeWarning, warningsOf } from "../../lib/warnings";
import { DEFAULTS, type MinerCardConfig } from "./config";
import { canControl, facts, pointName, tiles, type Fact, type Tile } from "./readings";
import { headerStyles, sharedStyles } from "./styles";
import { viewStyles } from "./view-styles";

export class MinerView extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) config!: MinerCardConfig;
  @property({ attribute: false }) miner!: Miner;
  /** Whether these are the figures of now. */
  @property({ attribute: false }) connected = true;
  @state() private restoring = false;

  protected override render() {
    const { hass, config, miner } = this;
    return html`
      <div class="card ${this.connected && miner.online ? "" : "stale"}">
        ${this.header(hass, miner, this.connected)} ${this.warnings(hass, miner)}
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
          config.controls && canControl(miner)
            ? html`<bitaxe-miner-controls
                .hass=${hass}
                .device=${config.device_id}
                .miner=${miner}
                .connected=${this.connected}
              ></bitaxe-miner-controls>`
            : nothing
        }
      </div>
    `;
  }

  private header(hass: HomeAssistant, miner: Miner, connected: boolean) {
    const look = lookOf(miner.state);
    const name = this.config.title ?? miner.name;
    const parts = [miner.model, miner.firmware, miner.area].filter(Boolean);
    return html`
      <header style="--state:${look.color}">
        <span class="badge"><ha-icon .icon=${look.icon}></ha-icon></span>
        <div class="name">
          <h2>${name}</h2>
          <div class="secondary">
            <span class="state">${stateName(hass, miner)}</span>
            ${
              connected
                ? miner.online
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
      </header>
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
        }${value}${note ? html` <small>${note}</small>` : nothing}
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

define("bitaxe-miner-view", MinerView);
