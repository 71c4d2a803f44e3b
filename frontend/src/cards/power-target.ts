/** The power that a miner or all of them keep to: what came of it, and how to set it. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { setNumber, setSwitch } from "../lib/actions";
import { sharedStyles } from "../lib/card-styles";
import { problemStyles, renderProblem } from "../lib/problem";
import { withUnit } from "../lib/format";
import type { HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import type { PowerTarget } from "../lib/model";
import { explain, translate } from "../lib/reasons";
import { define } from "../lib/register";
import { baseStyles, buttonStyles } from "../lib/styles";
import { controlStyles } from "../lib/control-styles";
import { asTyped, judge, stepped, type Field } from "../lib/number-field";

/** W above which no target of a miner or of the swarm is taken. */
const MOST_OF_MINER = 1000;
const MOST_OF_SWARM = 100_000;
/** Reasons for which nobody has to do anything. */
const CALM: ReadonlySet<string> = new Set([
  "on_target",
  "at_highest",
  "guard_time",
  "lowering",
  "with_swarm",
  "heating",
  "too_expensive",
]);

export class PowerTargetPart extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) target!: PowerTarget;
  /** Entity ids of the number and the switch; without them it can only be looked at. */
  @property({ attribute: false }) entities: Readonly<Record<string, string>> = {};
  /** Whether the user may change it, and Home Assistant is connected. */
  @property({ attribute: false }) enabled = false;
  /** Whether it is that of all miners: then it is one line until somebody opens it. */
  @property({ type: Boolean, reflect: true }) swarm = false;
  @state() private typed: string | undefined;
  @state() private open = false;
  @state() private pending = false;
  @state() private problem = "";
  @state() private words: Partial<Record<string, string>> = {};

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("target")) void this.loadWords();
  }

  /** Loads what Home Assistant calls the reason. */
  private async loadWords(): Promise<void> {
    const { reason } = this.target;
    if (reason === null || this.words[reason] !== undefined) return;
    const text = await translate(
      this.hass,
      "entity",
      "bitaxe",
      `number.power_target.state_attributes.reason.state.${reason}`,
    );
    this.words = { ...this.words, [reason]: text };
  }

  private get canSet(): boolean {
    return this.enabled && this.entities.power_target !== undefined;
  }

  private get field(): Field {
    const most = this.swarm ? MOST_OF_SWARM : MOST_OF_MINER;
    return judge(this.typed, this.target.chosen_w, 0, most);
  }

  protected override render() {
    const { hass, target } = this;
    const open = this.canSet && (this.open || !this.swarm);
    const active = target.following || target.with_swarm;
    return html`
      <div class="line ${active ? "active" : ""}">
        <ha-icon icon="mdi:lightning-bolt"></ha-icon>
        <h3>${localize(hass, "power.title")}</h3>
        <span class="now">${this.now()}</span>
        ${this.setBy()} ${this.reason()}
        ${
          this.swarm && this.canSet
            ? html`<button
                class="open"
                aria-expanded=${open}
                aria-label=${localize(hass, "power.change")}
                title=${localize(hass, "power.change")}
                @click=${() => (this.open = !this.open)}
              >
                <ha-icon
                  .icon=${open ? "mdi:chevron-up" : "mdi:tune-variant"}
                ></ha-icon>
              </button>`
            : nothing
        }
      </div>
      ${this.bar()} ${open ? this.form() : nothing}
    `;
  }

  private now(): string {
    const { hass, target } = this;
    const reached = withUnit(hass, target.reached_w, "W", 0);
    if (target.target_w !== null && target.reached_w !== null)
      return localize(hass, "power.reached", {
        reached,
        target: withUnit(hass, target.target_w, "W", 0),
      });
    if (target.with_swarm) return localize(hass, "power.drawn", { reached });
    return target.chosen_w === null
      ? localize(hass, "power.none")
      : localize(hass, "power.chosen", {
          target: withUnit(hass, target.chosen_w, "W", 0),
        });
  }

  /** What decides about the target that all miners share. */
  private setBy() {
    const { set_by: by } = this.target;
    return this.swarm && by !== null
      ? html`<span class="by">${localize(this.hass, `power.set_by_${by}`)}</span>`
      : nothing;
  }

  private reason() {
    const { reason } = this.target;
    const text = reason === null ? "" : this.words[reason];
    if (reason === null || !text) return nothing;
    const calm = CALM.has(reason);
    return html`<span class="reason ${calm ? "" : "warn"}">
      ${calm ? nothing : html`<ha-icon icon="mdi:alert-outline"></ha-icon>`}${text}
    </span>`;
  }

  private bar() {
    const { target_w: target, reached_w: reached } = this.target;
    if (target === null || reached === null) return nothing;
    const share = target > 0 ? Math.min(reached / target, 1) : 1;
    const over = reached > target * 1.02;
    return html`<div class="bar" aria-hidden="true">
      <i class=${over ? "over" : ""} style="width:${(100 * share).toFixed(1)}%"></i>
    </div>`;
  }

  private form() {
    const { hass, target, field } = this;
    const most = this.swarm ? MOST_OF_SWARM : MOST_OF_MINER;
    const idle = !this.pending;
    const caption = localize(hass, "power.value");
    const step = this.swarm ? 10 : 1;
    const press = (direction: 1 | -1) => () => {
      this.type(asTyped(hass, stepped(field.value, step, direction, 0, most)));
      if (!this.field.changed) this.typed = undefined;
    };
    const hint =
      field.fault === undefined
        ? target.most_w === null
          ? ""
          : localize(hass, "power.most", {
              high: withUnit(hass, target.most_w, "W", 0),
            })
        : localize(hass, `power.${field.fault}`, {
            low: withUnit(hass, 0, "W", 0),
            high: withUnit(hass, most, "W", 0),
          });
    const button = (key: "less" | "more", direction: 1 | -1) =>
      html`<button
        type="button"
        class="step"
        aria-label=${localize(hass, `miner.control.${key}`, { name: caption })}
        ?disabled=${!idle || (direction < 0 && (field.value ?? 0) <= 0)}
        @click=${press(direction)}
      >
        ${direction < 0 ? "−" : "+"}
      </button>`;
    return html`
      <form class="fields" @submit=${this.apply} novalidate>
        <div class="field ${field.fault ? "faulty" : field.changed ? "changed" : ""}">
          <div class="box">
            ${button("less", -1)}
            <input
              inputmode="decimal"
              autocomplete="off"
              aria-label=${caption}
              aria-invalid=${field.fault !== undefined}
              aria-describedby="hint"
              .value=${this.typed ?? asTyped(hass, field.value)}
              ?disabled=${!idle}
              @input=${(event: Event) => this.type((event.target as HTMLInputElement).value)}
            />
            <span class="unit">W</span>
            ${button("more", 1)}
          </div>
          <div id="hint" class="hint">${hint}</div>
        </div>
        <div class="side">
          ${this.follow(idle)}
          ${
            field.changed
              ? html`<button
                  class="filled"
                  ?disabled=${!idle || field.fault !== undefined}
                >
                  ${localize(hass, "miner.control.apply")}
                </button>`
              : nothing
          }
        </div>
      </form>
      <div aria-live="polite">${renderProblem(this.problem)}</div>
    `;
  }

  private follow(idle: boolean) {
    const { follow_power_target: entity } = this.entities;
    if (entity === undefined) return nothing;
    const { following } = this.target;
    return html`<button
      type="button"
      class="switch"
      role="switch"
      aria-checked=${following}
      ?disabled=${!idle}
      @click=${() => void this.send(() => setSwitch(this.hass, entity, !following))}
    >
      <i></i>${localize(this.hass, "power.follow")}
    </button>`;
  }

  private type(text: string): void {
    this.typed = text;
    this.problem = "";
  }

  private readonly apply = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { field } = this;
    const entity = this.entities.power_target;
    const { value } = field;
    if (entity === undefined || value === undefined || field.fault || !field.changed)
      return;
    if (await this.send(() => setNumber(this.hass, entity, value)))
      this.typed = undefined;
  };

  private async send(action: () => Promise<unknown>): Promise<boolean> {
    this.pending = true;
    this.problem = "";
    try {
      await action();
      return true;
    } catch (error) {
      this.problem = await explain(this.hass, error);
      return false;
    } finally {
      this.pending = false;
    }
  }

  static override styles = [
    baseStyles,
    buttonStyles,
    sharedStyles,
    problemStyles,
    controlStyles,
    css`
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 10px;
        align-items: center;
        min-height: 40px;
      }
      .line > ha-icon {
        color: var(--secondary-text-color);
        --mdc-icon-size: 20px;
      }
      .line.active > ha-icon {
        color: var(--bitaxe-accent-text);
      }
      :host([swarm]) {
        padding: 4px 16px;
      }
      :host([swarm]) h3 {
        font-size: var(--ha-font-size-m, 14px);
      }
      .now {
        font-weight: var(--ha-font-weight-medium, 500);
      }
      .by,
      .reason {
        color: var(--secondary-text-color);
      }
      .reason {
        display: inline-flex;
        gap: 4px;
        align-items: center;
        --mdc-icon-size: 16px;
      }
      .reason.warn {
        color: var(--primary-text-color);
      }
      .reason.warn ha-icon {
        color: var(--bitaxe-warn);
      }
      button.open {
        display: grid;
        place-items: center;
        width: 40px;
        margin-inline-start: auto;
        padding: 0;
        color: var(--secondary-text-color);
        --mdc-icon-size: 20px;
      }
      .bar {
        height: 4px;
        margin: 4px 0 8px;
        overflow: hidden;
        border-radius: 2px;
        background: var(--bitaxe-track);
      }
      .bar i {
        display: block;
        height: 100%;
        border-radius: 2px;
        background: var(--bitaxe-accent);
      }
      .bar i.over {
        background: var(--bitaxe-warn);
      }
      form {
        align-items: start;
        margin-top: 8px;
      }
      .side {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-items: center;
        min-height: 44px;
      }
      .side .filled {
        margin-inline-start: auto;
      }
      .switch {
        display: inline-flex;
        gap: 10px;
        align-items: center;
        padding: 0;
      }
      .switch i {
        position: relative;
        width: 36px;
        height: 20px;
        border-radius: 10px;
        background: color-mix(in srgb, var(--primary-text-color) 28%, transparent);
        transition: background 0.15s;
      }
      .switch i::after {
        content: "";
        position: absolute;
        inset: 2px auto 2px 2px;
        width: 16px;
        border-radius: 50%;
        background: var(--card-background-color, #fff);
        transition: translate 0.15s;
      }
      .switch[aria-checked="true"] i {
        background: var(--bitaxe-accent);
      }
      .switch[aria-checked="true"] i::after {
        translate: 16px 0;
      }
      @media (forced-colors: active) {
        .switch i,
        .bar i {
          forced-color-adjust: none;
        }
      }
    `,
  ];
}

define("bitaxe-power-target", PowerTargetPart);
