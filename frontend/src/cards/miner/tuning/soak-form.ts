/** Which profile is to be tested, and for how many hours, before the test begins. */

import { css, html, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { withUnit } from "../../../lib/format";
import { localize } from "../../../lib/i18n";
import type { TuningProfile, TuningRange } from "../../../lib/live-types";
import { pointName } from "../../../lib/operating-point";
import { define } from "../../../lib/register";
import { startSoakTest } from "../../../lib/tuning";
import { judge } from "../../../lib/number-field";
import { StartForm } from "./start-form";

/** Hours that find a warm afternoon, or the night after one. */
const USUAL_HOURS = 12;

/** Fires `soak-started` once a test began, and `cancel` if nobody wants one. */
class SoakForm extends StartForm {
  @property({ attribute: false }) profiles: readonly TuningProfile[] = [];
  /** What Home Assistant calls its own profiles. */
  @property({ attribute: false }) names: Partial<Record<string, string>> = {};
  /** The profile to begin with. */
  @property() profile = "";
  @property({ attribute: false }) range: TuningRange | undefined;
  @state() private typed: string | undefined;

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
        ${this.renderEnd(field.fault !== undefined)}
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
    await this.begin("soak-started", () =>
      startSoakTest(this.hass, this.device, chosen.name, value),
    );
  };

  static override styles = [
    StartForm.formStyles,
    css`
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
    `,
  ];
}

define("bitaxe-soak-form", SoakForm);
