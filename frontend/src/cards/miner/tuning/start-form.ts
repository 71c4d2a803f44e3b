/** What the forms share that begin a search or a soak test: the end, and how they look. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { sharedStyles } from "../../../lib/card-styles";
import { problemStyles, renderProblem } from "../../../lib/problem";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import { explain } from "../../../lib/reasons";
import { baseStyles, buttonStyles } from "../../../lib/styles";
import { controlStyles } from "../../../lib/control-styles";

/** Fires `cancel` if nobody wants to begin. */
export abstract class StartForm extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property() device = "";
  @property({ attribute: false }) connected = true;
  @state() protected pending = false;
  @state() protected problem = "";

  /** Why it did not begin, and the buttons; a faulty form cannot be sent. */
  protected renderEnd(faulty: boolean): TemplateResult {
    const { hass } = this;
    return html`${renderProblem(this.problem)}
      <div class="buttons">
        <button type="button" class="text" @click=${this.cancel}>
          ${localize(hass, "common.cancel")}
        </button>
        <button class="filled" ?disabled=${faulty || this.pending || !this.connected}>
          ${localize(hass, this.pending ? "tuning.starting" : "tuning.start")}
        </button>
      </div>`;
  }

  /** Asks the miner to begin; fires an event of this name once it did, else shows why not. */
  protected async begin(begun: string, ask: () => Promise<unknown>): Promise<void> {
    this.pending = true;
    this.problem = "";
    try {
      await ask();
      this.dispatchEvent(new CustomEvent(begun));
    } catch (error) {
      this.problem = await explain(this.hass, error);
    }
    this.pending = false;
  }

  private readonly cancel = (): void => {
    this.dispatchEvent(new CustomEvent("cancel"));
  };

  static readonly formStyles = [
    baseStyles,
    buttonStyles,
    sharedStyles,
    problemStyles,
    controlStyles,
    css`
      form {
        display: grid;
        gap: 12px;
        padding: 12px;
        border-radius: 12px;
        background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
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
