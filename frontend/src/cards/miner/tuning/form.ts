/** What a search for the best setting is to achieve, and must not do, before it begins. */

import { css, html, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { withUnit } from "../../../lib/format";
import { localize } from "../../../lib/i18n";
import type { TuningRange } from "../../../lib/live-types";
import { define } from "../../../lib/register";
import { GOALS, startTuning, type Goal } from "../../../lib/tuning";
import { judge, type Field } from "../../../lib/number-field";
import { StartForm } from "./start-form";

/** Limits by their name in the action: unit, and how many s or so are one of it. */
const LIMITS = {
  maximum_power: { unit: "W", scale: 1 },
  maximum_temperature: { unit: "°C", scale: 1 },
  maximum_vr_temperature: { unit: "°C", scale: 1 },
  maximum_fan_speed: { unit: "%", scale: 1 },
  minimum_hashrate: { unit: "GH/s", scale: 1 },
  time_limit: { unit: "h", scale: 3600 },
} as const;
type Limit = keyof typeof LIMITS;
const NAMES = Object.keys(LIMITS) as Limit[];

/** Another miner that could be tuned as well. */
export interface Other {
  id: string;
  name: string;
}

/** Fires `tuning-started` once a run began, and `cancel` if nobody wants one. */
class TuningForm extends StartForm {
  @property({ attribute: false }) others: readonly Other[] = [];
  @property({ attribute: false }) ranges: Partial<Record<string, TuningRange>> = {};
  @state() private goal: Goal = "balanced";
  @state() private typed: Partial<Record<Limit, string>> = {};
  @state() private also: ReadonlySet<string> = new Set();

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    this.renderRoot.querySelector<HTMLElement>("button[aria-pressed=true]")?.focus({
      preventScroll: true,
    });
  }

  private field(name: Limit): Field {
    const range = this.ranges[name];
    const { scale } = LIMITS[name];
    const typed = this.typed[name];
    return judge(
      typed?.trim() === "" ? undefined : typed,
      null,
      range === undefined ? null : range.low / scale,
      range === undefined ? null : range.high / scale,
    );
  }

  override render() {
    const { hass } = this;
    const faulty = NAMES.some((name) => this.field(name).fault !== undefined);
    return html`
      <form
        @submit=${this.start}
        novalidate
        aria-label=${localize(hass, "tuning.find")}
      >
        <div class="field">
          <span id="goal">${localize(hass, "tuning.goal")}</span>
          <div class="segments" role="group" aria-labelledby="goal">
            ${GOALS.map(
              (goal) =>
                html`<button
                  type="button"
                  aria-pressed=${this.goal === goal}
                  ?disabled=${this.pending}
                  @click=${() => (this.goal = goal)}
                >
                  ${localize(hass, `tuning.goals.${goal}`)}
                </button>`,
            )}
          </div>
          <div class="hint">${localize(hass, `tuning.goal_about.${this.goal}`)}</div>
        </div>
        <fieldset>
          <legend>${localize(hass, "tuning.limits")}</legend>
          <div class="limits">${NAMES.map((name) => this.limit(name))}</div>
        </fieldset>
        ${this.others.length > 0 ? this.choice() : nothing}
        <p class="secondary">${localize(hass, "tuning.notes")}</p>
        ${this.renderEnd(faulty)}
      </form>
    `;
  }

  private limit(name: Limit) {
    const { hass } = this;
    const { unit, scale } = LIMITS[name];
    const field = this.field(name);
    const range = this.ranges[name];
    const digits = scale === 1 ? 0 : 1;
    const hint =
      field.fault === "out_of_range" && range !== undefined
        ? localize(hass, "miner.control.range", {
            low: withUnit(hass, range.low / scale, unit, digits),
            high: withUnit(hass, range.high / scale, unit),
          })
        : field.fault === undefined
          ? ""
          : localize(hass, "miner.control.not_a_number");
    return html`<div class="field ${field.fault ? "faulty" : ""}">
      <label for=${name}>${localize(hass, `tuning.limit_field.${name}`)}</label>
      <div class="box">
        <input
          id=${name}
          inputmode="decimal"
          autocomplete="off"
          .value=${this.typed[name] ?? ""}
          ?disabled=${this.pending}
          aria-invalid=${field.fault !== undefined}
          aria-describedby="${name}-hint"
          @input=${(event: Event) => {
            const { value } = event.target as HTMLInputElement;
            this.typed = { ...this.typed, [name]: value };
            this.problem = "";
          }}
        />
        <span class="unit">${unit}</span>
      </div>
      <div id="${name}-hint" class="hint">${hint}</div>
    </div>`;
  }

  private choice() {
    const { hass } = this;
    return html`<fieldset>
      <legend>${localize(hass, "tuning.others")}</legend>
      <div class="others">
        ${this.others.map(
          ({ id, name }) =>
            html`<label>
              <input
                type="checkbox"
                .checked=${this.also.has(id)}
                ?disabled=${this.pending}
                @change=${(event: Event) => {
                  const also = new Set(this.also);
                  if ((event.target as HTMLInputElement).checked) {
                    also.add(id);
                  } else {
                    also.delete(id);
                  }
                  this.also = also;
                }}
              />
              <span>${name}</span>
            </label>`,
        )}
      </div>
    </fieldset>`;
  }

  private readonly start = async (event: Event): Promise<void> => {
    event.preventDefault();
    const fields = NAMES.map((name) => [name, this.field(name)] as const);
    if (this.pending || fields.some(([, field]) => field.fault !== undefined)) {
      return;
    }
    const limits: Partial<Record<string, number>> = {};
    for (const [name, { value }] of fields) {
      if (value !== undefined) {
        limits[name] = value * LIMITS[name].scale;
      }
    }
    const also = this.others.map(({ id }) => id).filter((id) => this.also.has(id));
    await this.begin("tuning-started", () =>
      startTuning(this.hass, [this.device, ...also], this.goal, limits),
    );
  };

  static override styles = [
    StartForm.formStyles,
    css`
      fieldset {
        min-width: 0;
        margin: 0;
        padding: 0;
        border: none;
      }
      legend {
        padding: 0 0 4px;
        font-size: var(--ha-font-size-s, 12px);
        color: var(--secondary-text-color);
      }
      .segments {
        max-width: 420px;
      }
      /* On a tint as they are, the secondary colour is too faint. */
      .field .segments button {
        color: var(--primary-text-color);
        padding: 0 4px;
      }
      .limits {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 112px), 1fr));
        gap: 4px 12px;
      }
      .field {
        align-content: end;
      }
      .others {
        display: flex;
        flex-wrap: wrap;
        gap: 0 16px;
      }
      .others label {
        display: flex;
        gap: 8px;
        align-items: center;
        min-height: 40px;
        overflow-wrap: anywhere;
      }
      input[type="checkbox"] {
        flex: none;
        width: 18px;
        height: 18px;
        margin: 0;
        accent-color: var(--bitaxe-accent-text);
      }
    `,
  ];
}

define("bitaxe-tuning-form", TuningForm);
