/** Asks once before something is done to several miners, and shows the result of each. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { problemStyles, renderProblem } from "../lib/problem";
import {
  beginBulk,
  type BulkAction,
  type Order,
  type Outcome,
  expectedChanges,
  previewBulk,
  type Work,
} from "../lib/bulk";
import { localize } from "../lib/i18n";
import { Modal, modalStyles } from "./modal";
import type { Miner } from "../lib/model";
import { loadProfileNames } from "../lib/profiles";
import { explain } from "../lib/reasons";
import { define } from "../lib/register";
import { outcomeList, outcomeStyles, outcomeSummary } from "./outcomes";

export const BULK_DIALOG = "bitaxe-bulk-dialog";

/** What people choose from: both ends of maintenance are one button. */
export type Choice = Exclude<BulkAction, "end_maintenance">;

/** s that maintenance can be chosen to last. */
const DURATIONS = [1, 2, 4, 8, 24].map((hours) => hours * 3600);

class BulkDialog extends Modal {
  static override styles = [...modalStyles, problemStyles, outcomeStyles];

  @property({ attribute: false }) action!: Choice;
  /** The chosen miners with their device ids. */
  @property({ attribute: false }) miners!: readonly (readonly [string, Miner])[];
  @state() private order: Order | undefined;
  @state() private outcomes: readonly Outcome[] | undefined;
  @state() private waiting: ReadonlySet<string | null> = new Set();
  @state() private phase: "plan" | "work" | "over" = "plan";
  @state() private problem = "";
  @state() private profileNames: Readonly<Record<string, string>> = {};
  private work: Work | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("action")) {
      const { action } = this;
      const [profile] = action === "apply_profile" ? this.profiles : [];
      this.order =
        action === "apply_profile"
          ? profile === undefined
            ? undefined
            : { action, profile }
          : action === "start_maintenance"
            ? { action, duration: DURATIONS[1] as number }
            : { action };
      if (action === "apply_profile") void this.nameProfiles();
      void this.plan();
    }
  }

  /** The profiles that any of the miners has, as their selects offer them. */
  private get profiles(): string[] {
    const options = this.miners.flatMap(([, { entities }]) => {
      const offered =
        this.hass.states[entities.profile ?? ""]?.attributes.options ?? [];
      return offered as string[];
    });
    return [...new Set(options)].filter((name) => name !== "no_profile");
  }

  private async nameProfiles(): Promise<void> {
    this.profileNames = await loadProfileNames(this.hass, this.profiles);
  }

  private async plan(): Promise<void> {
    const { order } = this;
    this.outcomes = undefined;
    this.problem = "";
    if (order === undefined) return;
    try {
      const outcomes = await previewBulk(
        this.hass,
        order,
        this.miners.map(([id]) => id),
      );
      if (order === this.order) this.outcomes = outcomes;
    } catch (error) {
      this.problem = await explain(this.hass, error);
    }
  }

  private choose(order: Order): void {
    this.order = order;
    void this.plan();
  }

  private readonly start = async (): Promise<void> => {
    const { order, outcomes } = this;
    if (order === undefined || outcomes === undefined) return;
    const planned = outcomes
      .filter(({ result }) => result === "planned")
      .map(({ device_id: id }) => id as string);
    this.phase = "work";
    this.waiting = new Set(planned);
    try {
      this.work = await beginBulk(
        this.hass,
        { ...order, expected_changes: expectedChanges(outcomes) },
        planned,
        (outcome) => this.take(outcome),
        () => this.end(),
      );
    } catch (error) {
      this.problem = await explain(this.hass, error);
      this.end();
    }
  };

  private take(outcome: Outcome): void {
    this.outcomes = this.outcomes?.map((before) =>
      before.device_id === outcome.device_id
        ? { ...before, ...outcome, changes: before.changes ?? {} }
        : before,
    );
    const waiting = new Set(this.waiting);
    waiting.delete(outcome.device_id);
    this.waiting = waiting;
  }

  private end(): void {
    const why = localize(this.hass, "bulk.stopped");
    this.outcomes = this.outcomes?.map((outcome) =>
      this.waiting.has(outcome.device_id)
        ? { ...outcome, result: "refused", why }
        : outcome,
    );
    this.waiting = new Set();
    this.phase = "over";
  }

  protected override heading(): string {
    return localize(this.hass, `bulk.title.${this.action}`);
  }

  protected override body(): TemplateResult {
    const { hass, outcomes, phase } = this;
    return html`
      ${phase === "plan" ? this.form() : nothing} ${renderProblem(this.problem)}
      ${
        outcomes === undefined
          ? this.problem || this.order === undefined
            ? nothing
            : html`<p role="status">${localize(hass, "common.waiting")}</p>`
          : html`
              <p role="status">
                ${
                  phase === "work"
                    ? localize(hass, "bulk.waiting", { count: this.waiting.size })
                    : outcomeSummary(hass, outcomes)
                }
              </p>
              ${outcomeList(hass, outcomes, this.waiting)}
            `
      }
    `;
  }

  private form(): TemplateResult {
    const { hass, order, action } = this;
    if (action === "apply_profile") return this.profileForm();
    if (action !== "start_maintenance") {
      return html`<p>${localize(hass, `bulk.text.${action}`)}</p>`;
    }
    const ends = order?.action === "end_maintenance";
    return html`
      <div class="field">
        <label for="maintenance">${localize(hass, "bulk.maintenance")}</label>
        <select
          id="maintenance"
          @change=${(event: Event) => {
            const seconds = Number((event.target as HTMLSelectElement).value);
            this.choose(
              seconds
                ? { action: "start_maintenance", duration: seconds }
                : { action: "end_maintenance" },
            );
          }}
        >
          ${DURATIONS.map(
            (seconds) =>
              html`<option value=${seconds} ?selected=${order?.duration === seconds}>
                ${localize(hass, "bulk.for_hours", { count: seconds / 3600 })}
              </option>`,
          )}
          <option value="0" ?selected=${ends}>
            ${localize(hass, "bulk.end_maintenance")}
          </option>
        </select>
      </div>
      <p>${localize(hass, `bulk.text.${ends ? "end_maintenance" : action}`)}</p>
    `;
  }

  private profileForm(): TemplateResult {
    const { hass, profiles } = this;
    if (profiles.length === 0) {
      return html`<p>${localize(hass, "bulk.no_profiles")}</p>`;
    }
    return html`
      <div class="field">
        <label for="profile">${localize(hass, "bulk.profile")}</label>
        <select
          id="profile"
          @change=${(event: Event) =>
            this.choose({
              action: "apply_profile",
              profile: (event.target as HTMLSelectElement).value,
            })}
        >
          ${profiles.map(
            (name) =>
              html`<option value=${name} ?selected=${name === this.order?.profile}>
                ${this.profileNames[name] ?? name}
              </option>`,
          )}
        </select>
      </div>
      <p>${localize(hass, "bulk.text.apply_profile")}</p>
    `;
  }

  protected override buttons(): TemplateResult {
    const { hass, phase, outcomes } = this;
    const planned = outcomes?.filter(({ result }) => result === "planned").length ?? 0;
    if (phase === "over") {
      return html`<button class="filled" @click=${this.close}>
        ${localize(hass, "bulk.close")}
      </button>`;
    }
    if (phase === "work") {
      return html`
        <button class="text" @click=${() => void this.work?.stop()}>
          ${localize(hass, "bulk.stop")}
        </button>
        <button class="tonal" @click=${this.close}>
          ${localize(hass, "bulk.go_on")}
        </button>
      `;
    }
    return html`
      <button class="text" autofocus @click=${this.close}>
        ${localize(hass, "common.cancel")}
      </button>
      <button
        class=${this.action === "restart" || this.action === "pause" ? "danger" : "filled"}
        ?disabled=${planned === 0}
        @click=${this.start}
      >
        ${localize(hass, "bulk.confirm", {
          action: localize(hass, `bulk.action.${this.order?.action ?? this.action}`),
          count: planned,
        })}
      </button>
    `;
  }
}

define(BULK_DIALOG, BulkDialog);
