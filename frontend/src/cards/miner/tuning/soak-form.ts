/** Which profile is to be tested, and for how many hours, before the test begins. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { problemStyles, sharedStyles } from "../../../lib/card-styles";
import { withUnit } from "../../../lib/format";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import type { TuningProfile, TuningRange } from "../../../lib/live-types";
import { pointName } from "../../../lib/operating-point";
import { explain } from "../../../lib/reasons";
import { define } from "../../../lib/register";
import { baseStyles, buttonStyles } from "../../../lib/styles";
import { startSoakTest } from "../../../lib/tuning";
import { controlLook } from "../controls-styles";
import { judge } from "../tune";

/** Hours that find a warm afternoon, or the night after one. */
const USUAL_HOURS = 12;

/** Fires `soak-started` once a test began, and `cancel` if nobody wants one. */
export class SoakForm extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property() device = "";
  @property({ attribute: false }) profiles: readonly TuningProfile[] = [];
  /** What Home Assistant calls its own profiles. */
  @property({ attribute: false }) names: Partial<Record<string, string>> = {};
  /** The profile to begin with. */
  @property() profile = "";
  @property({ attribute: false }) range: TuningRange | undefined;
  @property({ attribute: false }) connected = true;
  @state() private typed: string | undefined;
  @state() private pending = false;
  @state() private problem = "";

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    this.renderRoot.querySelector("select")?.focus({ preventScroll: true });
  }

  private get chosen(): TuningProfile | undefined {
    return this.profiles.find(({ name }) => name === this.profile) ?? this.profiles[0];
  }

  override render() {
    const { hass, chosen, range } = this;
    const field = this.hours;
    return html`
      <form
        @submit=${this.start}
        novalidate
        aria-label=${localize(hass, "tuning.soak_start")}
      >
        <div>
          <b>${localize(hass, "tuning.soak_start")}</b>
          <p class="secondary">${localize(hass, "tuning.soak_about")}</p>
        </div>
        <div class="fields">
          <div class="field">
            <label for="profile">${localize(hass, "tuning.soak_profile")}</label>
            <select
              id="profile"
              ?disabled=${this.pending}
              aria-describedby="profile-hint"
              @change=${(event: Event) => {
                this.profile = (event.target as HTMLSelectElement).value;
                this.problem = "";
              }}
            >
              ${this.profiles.map(
                ({ name }) =>
                  html`<option value=${name} ?selected=${name === chosen?.name}>
                    ${this.names[name] ?? name}
                  </option>`,
              )}
            </select>
            <div id="profile-hint" class="hint">
              ${chosen === undefined ? nothing : pointName(hass, chosen)}
            </div>
          </div>
          <div class="field ${field.fault ? "faulty" : ""}">
            <label for="hours">${localize(hass, "tuning.soak_hours")}</label>
            <div class="box">
              <input
                id="hours"
                inputmode="decimal"
                autocomplete="off"
                .value=${this.typed ?? String(USUAL_HOURS)}
                ?disabled=${this.pending}
                aria-invalid=${field.fault !== undefined}
                aria-describedby="hours-hint"
                @input=${(event: Event) => {
                  this.typed = (event.target as HTMLInputElement).value;
                  this.problem = "";
                }}
              />
              <span class="unit">h</span>
            </div>
            <div id="hours-hint" class="hint">
              ${
                range === undefined
                  ? nothing
                  : localize(hass, "miner.control.range", {
                      low: withUnit(hass, range.low, "h", 0),
                      high: withUnit(hass, range.high, "h", 0),
                    })
              }
            </div>
          </div>
        </div>
        ${
          this.problem
            ? html`<div class="problem" role="alert">
                <ha-icon icon="mdi:alert-circle-outline"></ha-icon>
                <span>${this.problem}</span>
              </div>`
            : nothing
        }
        <div class="buttons">
          <button type="button" class="text" @click=${this.cancel}>
            ${localize(hass, "common.cancel")}
          </button>
          <button
            class="filled"
            ?disabled=${field.fault !== undefined || this.pending || !this.connected}
          >
            ${localize(hass, this.pending ? "tuning.starting" : "tuning.start")}
          </button>
        </div>
      </form>
    `;
  }

  private get hours() {
    const { range } = this;
    return judge(this.typed, USUAL_HOURS, range?.low ?? null, range?.high ?? null);
  }

  private readonly start = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { chosen } = this;
    const { value, fault } = this.hours;
    if (this.pending || !chosen || fault !== undefined || value === undefined) {
      return;
    }
    this.pending = true;
    this.problem = "";
    try {
      await startSoakTest(this.hass, this.device, chosen.name, value);
      this.dispatchEvent(new CustomEvent("soak-started"));
    } catch (error) {
      this.problem = await explain(this.hass, error);
    }
    this.pending = false;
  };

  private readonly cancel = (): void => {
    this.dispatchEvent(new CustomEvent("cancel"));
  };

  static override styles = [
    baseStyles,
    buttonStyles,
    sharedStyles,
    problemStyles,
    controlLook,
    css`
      form {
        display: grid;
        gap: 12px;
        padding: 12px;
        border-radius: 12px;
        background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
      }
      select {
        width: 100%;
        min-height: 44px;
        padding: 0 8px;
        border: 1px solid color-mix(in srgb, var(--primary-text-color) 28%, transparent);
        border-radius: 10px;
        font: inherit;
        color: inherit;
        background: var(--card-background-color, #fff);
      }
      b {
        font-weight: var(--ha-font-weight-medium, 500);
      }
      .box input {
        padding-inline-start: 8px;
      }
      .box .unit {
        flex: none;
        padding-inline: 6px 10px;
      }
      p {
        margin: 0;
        line-height: 1.4;
      }
      .buttons {
        margin: 0;
      }
    `,
  ];
}

define("bitaxe-soak-form", SoakForm);
