/** What a person can do with a miner. Nothing is sent before they confirm it. */

import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { applyConfiguration, pressButton, setFan, setSwitch } from "../../lib/actions";
import { confirm } from "../../lib/confirm";
import { showToast } from "../../lib/events";
import { withUnit } from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import type { Miner } from "../../lib/model";
import { explain } from "../../lib/reasons";
import { BACKUPS_DIALOG } from "../../dialogs/backups";
import { COPY_DIALOG } from "../../dialogs/copy";
import { openModal } from "../../dialogs/modal";
import { NOTES_DIALOG } from "../../dialogs/notes";
import { POOL_DIALOG } from "../../dialogs/pool";
import { define } from "../../lib/register";
import { buttonStyles, baseStyles } from "../../lib/styles";
import { controlStyles } from "../../lib/control-styles";
import { sharedStyles } from "../../lib/card-styles";
import { problemStyles, renderProblem } from "../../lib/problem";
import { asTyped, judge, stepped, type Field } from "../../lib/number-field";

type Part = "setting" | "fan" | "device";
type FieldName = "frequency" | "core_voltage";

/** Why a part could not be changed. */
interface Problem {
  part: Part;
  text: string;
}

/** What one press of the buttons beside a field adds. */
const STEPS: Record<FieldName, number> = { frequency: 5, core_voltage: 10 };
const UNITS: Record<FieldName, string> = { frequency: "MHz", core_voltage: "mV" };

/** Below so many % most fans stand still, and it must be meant. */
const SLOW_FAN = 20;

class MinerControls extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property() device = "";
  @property({ attribute: false }) miner!: Miner;
  /** What is sent without a connection would be done whenever there is one again. */
  @property({ attribute: false }) connected = true;
  /** All miners by device id, to copy settings from. */
  @property({ attribute: false }) others: Readonly<Record<string, Miner>> = {};
  @state() private typed: Partial<Record<FieldName, string>> = {};
  @state() private fan: { auto?: boolean; speed?: number } = {};
  /** Which part waits for the miner. */
  @state() private pending: Part | undefined;
  @state() private problem: Problem | undefined;
  @state() private confirmed: Part | undefined;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("device")) {
      this.typed = {};
      this.fan = {};
      this.pending = this.problem = this.confirmed = undefined;
    }
  }

  override render() {
    const { hass, miner } = this;
    const { entities } = miner;
    const tunes = entities.frequency ?? entities.core_voltage;
    const cools = entities.fan_speed ?? entities.auto_fan;
    const commands = entities.mining ?? entities.restart;
    const title = html`<h3>${localize(hass, "miner.control.title")}</h3>`;
    if (!miner.online) {
      return html`${title}
        <p class="secondary">${localize(hass, "miner.control.offline")}</p>
        <div class="buttons start">${this.backups()}${this.notes()}</div>`;
    }
    return html`
      ${title}
      <div class="parts">
        ${tunes === undefined ? nothing : this.setting()}
        ${cools === undefined ? nothing : this.cooling()}
      </div>
      ${commands === undefined ? nothing : this.commands()}
    `;
  }

  private get idle(): boolean {
    return this.pending === undefined && this.miner.online && this.connected;
  }

  private field(name: FieldName): Field {
    const { miner } = this;
    return name === "frequency"
      ? judge(
          this.typed.frequency,
          miner.frequency_mhz,
          miner.frequency_min_mhz,
          miner.frequency_max_mhz,
        )
      : judge(
          this.typed.core_voltage,
          miner.core_voltage_mv,
          miner.core_voltage_min_mv,
          miner.core_voltage_max_mv,
        );
  }

  private setting() {
    const { miner } = this;
    const names = (["frequency", "core_voltage"] as const).filter(
      (name) => miner.entities[name] !== undefined,
    );
    const fields = names.map((name) => this.field(name));
    const changed = fields.some((field) => field.changed);
    const faulty = fields.some((field) => field.fault !== undefined);
    return html`
      <form
        class="part"
        tabindex="-1"
        aria-label=${localize(this.hass, "miner.control.setting")}
        @submit=${this.applySetting}
        novalidate
      >
        <div class="fields">
          ${names.map((name) => this.number(name, this.field(name)))}
        </div>
        ${this.footer("setting", changed, changed && !faulty, () => (this.typed = {}))}
      </form>
    `;
  }

  private number(name: FieldName, field: Field) {
    const { hass, miner } = this;
    const caption = localize(hass, `miner.reading.${name}`);
    const unit = UNITS[name];
    const [low, high] =
      name === "frequency"
        ? [miner.frequency_min_mhz, miner.frequency_max_mhz]
        : [miner.core_voltage_min_mv, miner.core_voltage_max_mv];
    const range = {
      low: withUnit(hass, low, unit),
      high: withUnit(hass, high, unit),
    };
    const step = (direction: 1 | -1) => {
      const next = stepped(field.value, STEPS[name], direction, low, high);
      this.type(name, asTyped(hass, next));
      this.settle(name);
    };
    const hint =
      field.fault === undefined
        ? low === null || high === null
          ? ""
          : localize(hass, "miner.control.range", range)
        : localize(hass, `miner.control.${field.fault}`, range);
    return html`
      <div class="field ${field.fault ? "faulty" : field.changed ? "changed" : ""}">
        <label for=${name}>${caption}</label>
        <div class="box">
          <button
            type="button"
            class="step"
            aria-label=${localize(hass, "miner.control.less", { name: caption })}
            ?disabled=${!this.idle || (low !== null && (field.value ?? low) <= low)}
            @click=${() => step(-1)}
          >
            −
          </button>
          <input
            id=${name}
            inputmode="decimal"
            autocomplete="off"
            .value=${this.typed[name] ?? asTyped(hass, field.value)}
            ?disabled=${!this.idle}
            aria-invalid=${field.fault !== undefined}
            aria-describedby="${name}-hint"
            @input=${(event: Event) =>
              this.type(name, (event.target as HTMLInputElement).value)}
            @change=${() => this.settle(name)}
            @keydown=${(event: KeyboardEvent) => {
              if (event.key === "ArrowUp" || event.key === "ArrowDown") {
                event.preventDefault();
                step(event.key === "ArrowUp" ? 1 : -1);
              }
            }}
          />
          <span class="unit">${unit}</span>
          <button
            type="button"
            class="step"
            aria-label=${localize(hass, "miner.control.more", { name: caption })}
            ?disabled=${!this.idle || (high !== null && (field.value ?? high) >= high)}
            @click=${() => step(1)}
          >
            +
          </button>
        </div>
        <div id="${name}-hint" class="hint">${hint}</div>
      </div>
    `;
  }

  private type(name: FieldName, text: string): void {
    this.typed = { ...this.typed, [name]: text };
    this.problem = this.confirmed = undefined;
  }

  /** Forgets what is typed if it asks for nothing: the miner may change by itself. */
  private settle(name: FieldName): void {
    if (!this.field(name).changed) {
      this.typed = { ...this.typed, [name]: undefined };
    }
  }

  /** The speed that the slider shows in %, if any is known. */
  private get speed(): number | undefined {
    const { fan_speed_percent: present } = this.miner;
    return this.fan.speed ?? (present === null ? undefined : Math.round(present));
  }

  private cooling() {
    const { hass, miner } = this;
    const auto = this.fan.auto ?? miner.auto_fan;
    const { speed } = this;
    const changed =
      (this.fan.auto ?? miner.auto_fan) !== miner.auto_fan ||
      (!auto && this.fan.speed !== undefined);
    const choose = (fan: typeof this.fan): void => {
      this.fan = { ...this.fan, ...fan };
      this.problem = this.confirmed = undefined;
    };
    return html`
      <form class="part" tabindex="-1" aria-labelledby="fan" @submit=${this.applyFan}>
        <div class="field">
          <span id="fan">${localize(hass, "miner.control.fan")}</span>
          ${
            miner.entities.auto_fan === undefined
              ? nothing
              : html`<div class="segments" role="group" aria-labelledby="fan">
                  ${([true, false] as const).map(
                    (value) =>
                      html`<button
                        type="button"
                        aria-pressed=${auto === value}
                        ?disabled=${!this.idle}
                        @click=${() => choose({ auto: value })}
                      >
                        ${localize(
                          hass,
                          value ? "miner.control.automatic" : "miner.control.manual",
                        )}
                      </button>`,
                  )}
                </div>`
          }
          ${
            miner.entities.fan_speed === undefined
              ? nothing
              : html`<div class="slider ${auto ? "off" : ""}">
                  <input
                    type="range"
                    min="0"
                    max="100"
                    .value=${String(speed ?? 0)}
                    style="--share:${speed ?? 0}%"
                    ?disabled=${!this.idle || auto === true}
                    aria-label=${localize(hass, "miner.control.speed")}
                    aria-valuetext=${withUnit(hass, speed, "%")}
                    @input=${(event: Event) =>
                      choose({
                        speed: Number((event.target as HTMLInputElement).value),
                      })}
                  />
                  <output>${withUnit(hass, speed, "%")}</output>
                </div>`
          }
        </div>
        ${this.footer("fan", changed, changed, () => (this.fan = {}))}
      </form>
    `;
  }

  /** What happened to a part, and the buttons that send or drop what was entered. */
  private footer(part: Part, changed: boolean, valid: boolean, drop: () => void) {
    const { hass } = this;
    return html`
      ${this.outcome(part)}
      ${
        changed && this.pending !== part
          ? html`<div class="buttons">
              <button type="button" class="text" @click=${drop}>
                ${localize(hass, "miner.control.discard")}
              </button>
              <button class="filled" ?disabled=${!valid || !this.idle}>
                ${localize(hass, "miner.control.apply")}
              </button>
            </div>`
          : nothing
      }
    `;
  }

  private outcome(part: Part) {
    const { hass } = this;
    const said =
      this.pending === part
        ? html`<span class="wait">
            <i class="spinner"></i>${localize(hass, "miner.control.pending")}
          </span>`
        : this.problem?.part === part
          ? renderProblem(this.problem.text)
          : this.confirmed === part
            ? html`<span class="wait">
                <ha-icon icon="mdi:check-circle" class="good"></ha-icon>
                ${localize(hass, "miner.control.confirmed")}
              </span>`
            : nothing;
    return html`<div class=${said === nothing ? "" : "outcome"} aria-live="polite">
      ${said}
    </div>`;
  }

  private commands() {
    const { hass, miner } = this;
    const { mining, restart } = miner.entities;
    const paused = miner.state === "paused";
    return html`
      <div class="buttons start">
        ${
          mining === undefined
            ? nothing
            : html`<button
                class="tonal"
                ?disabled=${!this.idle}
                @click=${() =>
                  this.send("device", () => setSwitch(hass, mining, paused))}
              >
                <ha-icon .icon=${paused ? "mdi:play" : "mdi:pause"}></ha-icon>
                ${localize(
                  hass,
                  paused ? "miner.control.resume" : "miner.control.pause",
                )}
              </button>`
        }
        ${
          restart === undefined
            ? nothing
            : html`<button
                class="tonal"
                ?disabled=${!this.idle}
                @click=${() => this.restart(restart)}
              >
                <ha-icon icon="mdi:restart"></ha-icon>
                ${localize(hass, "miner.control.restart")}
              </button>`
        }
        <button
          class="tonal"
          ?disabled=${!this.idle}
          @click=${() =>
            openModal(POOL_DIALOG, { hass, miners: [[this.device, miner]] })}
        >
          <ha-icon icon="mdi:server-network"></ha-icon>
          ${localize(hass, "bulk.action.pool")}
        </button>
        ${
          this.sources.length === 0
            ? nothing
            : html`<button
                class="tonal"
                ?disabled=${!this.idle}
                @click=${() =>
                  openModal(COPY_DIALOG, {
                    hass,
                    miners: [[this.device, miner]],
                    sources: this.sources,
                  })}
              >
                <ha-icon icon="mdi:content-copy"></ha-icon>
                ${localize(hass, "bulk.action.copy")}
              </button>`
        }
        ${this.backups()}${this.notes()}
      </div>
      ${this.outcome("device")}
    `;
  }

  /** Those of a miner that does not answer are for the board that replaces it. */
  private backups() {
    const { hass, device, miner, sources } = this;
    return html`<button
      class="tonal"
      ?disabled=${!this.connected}
      @click=${() => openModal(BACKUPS_DIALOG, { hass, device, miner, sources })}
    >
      <ha-icon icon="mdi:backup-restore"></ha-icon>
      ${localize(hass, "bulk.action.backups")}
    </button>`;
  }

  /** Notes can be written whatever the miner does. */
  private notes() {
    const { hass, device, miner } = this;
    return html`<button
      class="tonal"
      ?disabled=${!this.connected}
      @click=${() => openModal(NOTES_DIALOG, { hass, device, name: miner.name })}
    >
      <ha-icon icon="mdi:note-text-outline"></ha-icon>
      ${localize(hass, "bulk.action.notes")}
    </button>`;
  }

  /** Miners to copy settings from. */
  private get sources(): [string, Miner][] {
    return Object.entries(this.others).filter(
      ([id, { can_control: can }]) => can && id !== this.device,
    );
  }

  private readonly applySetting = async (event: Event): Promise<void> => {
    event.preventDefault();
    const [frequency, voltage] = [this.field("frequency"), this.field("core_voltage")];
    const wrong = frequency.fault ?? voltage.fault;
    if (wrong !== undefined || !(frequency.changed || voltage.changed)) {
      return;
    }
    const shown = this.miner;
    const done = await this.send("setting", () =>
      applyConfiguration(
        this.hass,
        this.device,
        {
          frequency_mhz: frequency.changed ? frequency.value : undefined,
          core_voltage_mv: voltage.changed ? voltage.value : undefined,
        },
        shown,
      ),
    );
    if (done) {
      this.typed = {};
    }
  };

  private readonly applyFan = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { hass, device, speed } = this;
    const { name, auto_fan: present } = this.miner;
    const auto = this.fan.auto ?? present;
    if (!auto && speed !== undefined && speed < SLOW_FAN) {
      const sure = await confirm(hass, {
        title: localize(hass, "miner.control.slow_fan_title", { name, speed }),
        text: localize(hass, "miner.control.slow_fan_text"),
        confirm: localize(hass, "miner.control.apply"),
        destructive: true,
      });
      if (!sure) {
        return;
      }
    }
    const done = await this.send("fan", () =>
      setFan(
        hass,
        device,
        auto ? { mode: "auto" } : { mode: "manual", speed },
        present,
      ),
    );
    if (done) {
      this.fan = {};
    }
  };

  private async restart(button: string): Promise<void> {
    const { hass, miner } = this;
    const { name } = miner;
    const sure = await confirm(hass, {
      title: localize(hass, "miner.control.restart_title", { name }),
      text: localize(hass, "miner.control.restart_text"),
      confirm: localize(hass, "miner.control.restart"),
      destructive: true,
    });
    if (sure && (await this.send("device", () => pressButton(hass, button)))) {
      this.confirmed = undefined;
      showToast(this, localize(hass, "miner.control.restarting", { name }));
    }
  }

  /** Waits for what Home Assistant, which asks the miner, says. */
  private async send(part: Part, action: () => Promise<unknown>): Promise<boolean> {
    const { device } = this;
    const focused = this.shadowRoot?.activeElement as HTMLElement | null;
    const form = focused?.closest("form");
    this.pending = part;
    this.problem = this.confirmed = undefined;
    let problem: Problem | undefined;
    try {
      await action();
    } catch (error) {
      problem = { part, text: await explain(this.hass, error) };
    }
    if (this.device !== device) {
      // The card shows another miner by now.
      return false;
    }
    this.pending = undefined;
    void this.keepFocus([focused, form]);
    this.problem = problem;
    this.confirmed = problem === undefined ? part : undefined;
    return problem === undefined;
  }

  /** What has the focus is disabled while something is sent, or gone afterwards. */
  private async keepFocus(
    places: readonly (HTMLElement | null | undefined)[],
  ): Promise<void> {
    await this.updateComplete;
    for (const place of places) {
      if (document.activeElement === document.body) {
        place?.focus({ preventScroll: true });
      }
    }
  }

  static override styles = [
    baseStyles,
    buttonStyles,
    sharedStyles,
    problemStyles,
    controlStyles,
  ];
}

define("bitaxe-miner-controls", MinerControls);
