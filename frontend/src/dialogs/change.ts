/** A form, then what it would change on which miner, and then the result of each. */

import { html, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { expectedChanges, type Outcome } from "../lib/bulk";
import { problemStyles, renderProblem } from "../lib/problem";
import { change } from "../lib/changes";
import { localize } from "../lib/i18n";
import type { Miner } from "../lib/model";
import { explain } from "../lib/reasons";
import { Modal, modalStyles } from "./modal";
import { outcomeList, outcomeStyles, outcomeSummary } from "./outcomes";

export abstract class ChangeDialog extends Modal {
  static override styles = [...modalStyles, problemStyles, outcomeStyles];

  /** The miners it is about, with their device ids. */
  @property({ attribute: false }) miners!: readonly (readonly [string, Miner])[];
  @state() private phase: "form" | "plan" | "work" | "over" = "form";
  @state() private outcomes: readonly Outcome[] = [];
  @state() protected problem = "";
  /** What was shown, and is what is sent. */
  private data: Record<string, unknown> = {};

  protected abstract readonly action: "set_pool" | "copy_settings";

  /** Those that are to be changed. */
  protected get targets(): readonly (readonly [string, Miner])[] {
    return this.miners;
  }

  /** The fields. */
  protected abstract form(): TemplateResult;

  /** What they ask for; undefined, with the problem set, if they cannot. */
  protected abstract read(): Record<string, unknown> | undefined;

  private readonly plan = async (event?: Event): Promise<void> => {
    event?.preventDefault();
    this.problem = "";
    const data = this.read();
    if (data === undefined) return;
    this.data = { device_id: this.targets.map(([id]) => id), ...data };
    if (await this.run({ ...this.data, preview: true })) this.phase = "plan";
  };

  private readonly start = async (): Promise<void> => {
    this.phase = "work";
    const planned = this.outcomes
      .filter(({ result }) => result === "planned")
      .map(({ device_id: id }) => id);
    const before = this.outcomes;
    const done = await this.run({
      ...this.data,
      device_id: planned,
      expected_changes: expectedChanges(before),
    });
    // Those for which nothing was planned keep what was said of them.
    const results = new Map(this.outcomes.map((item) => [item.device_id, item]));
    this.outcomes = before.map((item) =>
      done
        ? { ...item, ...results.get(item.device_id), changes: item.changes ?? {} }
        : item,
    );
    this.phase = done ? "over" : "plan";
  };

  private async run(data: Record<string, unknown>): Promise<boolean> {
    try {
      this.outcomes = await change(this.hass, this.action, data);
      this.problem = "";
      return true;
    } catch (error) {
      this.problem = await explain(this.hass, error);
      return false;
    }
  }

  protected override body(): TemplateResult {
    const { hass, phase, outcomes } = this;
    return html`
      ${
        phase === "form"
          ? html`<form @submit=${this.plan} novalidate>
              ${this.form()}
              <!-- Enter in a field goes on. -->
              <button type="submit" hidden></button>
            </form>`
          : html`
              <p role="status">
                ${
                  phase === "work"
                    ? localize(hass, "miner.control.pending")
                    : outcomeSummary(hass, outcomes)
                }
              </p>
              ${outcomeList(hass, outcomes)}
            `
      }
      ${renderProblem(this.problem)}
    `;
  }

  protected override buttons(): TemplateResult {
    const { hass, phase } = this;
    if (phase === "over") {
      return html`<button class="filled" @click=${this.close}>
        ${localize(hass, "bulk.close")}
      </button>`;
    }
    const count = this.outcomes.filter(({ result }) => result === "planned").length;
    return html`
      <button
        class="text"
        ?disabled=${phase === "work"}
        @click=${phase === "form" ? this.close : () => (this.phase = "form")}
      >
        ${localize(hass, phase === "form" ? "common.cancel" : "bulk.back")}
      </button>
      ${
        phase === "form"
          ? html`<button class="filled" @click=${() => void this.plan()}>
              ${localize(hass, "bulk.preview")}
            </button>`
          : html`<button
              class="filled"
              ?disabled=${count === 0 || phase === "work"}
              @click=${this.start}
            >
              ${localize(hass, "bulk.confirm", {
                action: localize(hass, "miner.control.apply"),
                count,
              })}
            </button>`
      }
    `;
  }
}
