/** Copies settings from one miner to others. */

import { html, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { localize } from "../lib/i18n";
import type { Miner } from "../lib/model";
import { define } from "../lib/register";
import { ChangeDialog } from "./change";

export const COPY_DIALOG = "bitaxe-copy-dialog";

const PARTS = ["fan", "pool", "display"] as const;

class CopyDialog extends ChangeDialog {
  protected readonly action = "copy_settings";
  /** Those to copy from. */
  @property({ attribute: false }) sources!: readonly (readonly [string, Miner])[];
  @state() private source: string | undefined;
  @state() private parts: readonly string[] = [];

  private get chosenSource(): string | undefined {
    return this.source ?? this.sources[0]?.[0];
  }

  /** A miner is not copied to itself. */
  protected override get targets() {
    return this.miners.filter(([id]) => id !== this.chosenSource);
  }

  protected override heading(): string {
    return localize(this.hass, "copy.title");
  }

  protected override form(): TemplateResult {
    const { hass, targets, sources } = this;
    return html`
      <p>${localize(hass, "copy.text")}</p>
      <div class="field">
        <label for="source">${localize(hass, "copy.source")}</label>
        <select
          id="source"
          @change=${(event: Event) =>
            (this.source = (event.target as HTMLSelectElement).value)}
        >
          ${sources.map(
            ([id, { name }]) =>
              html`<option value=${id} ?selected=${id === this.chosenSource}>
                ${name}
              </option>`,
          )}
        </select>
      </div>
      <div class="field">
        <label for="targets">${localize(hass, "copy.targets")}</label>
        <div id="targets">${targets.map(([, { name }]) => name).join(", ")}</div>
      </div>
      <fieldset>
        <legend>${localize(hass, "copy.parts")}</legend>
        ${PARTS.map(
          (part) => html`
            <label class="check">
              <input
                type="checkbox"
                .checked=${this.parts.includes(part)}
                @change=${() =>
                  (this.parts = PARTS.filter(
                    (other) => (other === part) !== this.parts.includes(other),
                  ))}
              />
              ${localize(hass, `copy.${part}`)}
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  protected override read(): Record<string, unknown> | undefined {
    if (this.chosenSource === undefined || this.parts.length === 0) {
      this.problem = localize(this.hass, "copy.nothing");
      return undefined;
    }
    return { source: this.chosenSource, settings: this.parts };
  }
}

define(COPY_DIALOG, CopyDialog);
