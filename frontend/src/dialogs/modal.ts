/** A dialog of its own over the page: title, content that scrolls, and buttons. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import type { HomeAssistant } from "../lib/hass";
import { onLeaving } from "../lib/leaving";
import { baseStyles, buttonStyles } from "../lib/styles";

export abstract class Modal extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @query("dialog") private dialog!: HTMLDialogElement;

  constructor() {
    super();
    onLeaving(this, () => this.close());
  }

  protected abstract heading(): string;
  protected abstract body(): TemplateResult;
  protected abstract buttons(): TemplateResult;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.dialog.showModal());
  }

  /** Closes it; Escape does so as well. */
  readonly close = (): void => this.dialog.close();

  protected override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="title" @close=${() => this.remove()}>
        <h2 id="title">${this.heading()}</h2>
        <!-- The keyboard scrolls it too. -->
        <div class="body" tabindex="0">${this.body()}</div>
        <div class="actions">${this.buttons()}</div>
      </dialog>
    `;
  }
}

/** Opens a dialog with some properties; it closes itself. */
export function openModal(tag: string, properties: object): HTMLElement {
  const modal = document.createElement(tag);
  Object.assign(modal, properties);
  document.body.append(modal);
  return modal;
}

/** What dialogs and the forms in them look like. */
export const modalStyles = [
  baseStyles,
  buttonStyles,
  css`
    dialog {
      box-sizing: border-box;
      display: none;
      flex-direction: column;
      width: min(94vw, 560px);
      max-height: min(90vh, 90dvh);
      padding: 0;
      border: none;
      border-radius: var(--ha-border-radius-3xl, 24px);
      color: var(--primary-text-color);
      background: var(--card-background-color, #fff);
      font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
      font-size: var(--ha-font-size-m, 14px);
      line-height: 1.4;
      box-shadow: 0 8px 32px rgba(0, 0, 0, 0.3);
    }
    dialog[open] {
      display: flex;
    }
    dialog::backdrop {
      background: rgba(0, 0, 0, 0.4);
    }
    h2 {
      flex: none;
      margin: 0;
      padding: 24px 24px 12px;
      overflow-wrap: anywhere;
      font-size: var(--ha-font-size-xl, 20px);
      font-weight: var(--ha-font-weight-medium, 500);
      line-height: 1.25;
    }
    .body {
      flex: 1 1 auto;
      min-height: 0;
      padding: 0 24px;
      overflow-y: auto;
    }
    .actions {
      display: flex;
      flex: none;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: 8px;
      padding: 16px 24px 24px;
    }
    p {
      margin: 0 0 12px;
    }
    .field {
      display: flex;
      flex: 1 1 200px;
      flex-direction: column;
      gap: 4px;
      min-width: 0;
      margin-bottom: 12px;
    }
    .fields {
      display: flex;
      flex-wrap: wrap;
      gap: 0 12px;
    }
    label,
    legend {
      padding: 0;
      font-size: var(--ha-font-size-s, 12px);
      color: var(--secondary-text-color);
    }
    .hint {
      font-size: var(--ha-font-size-s, 12px);
      color: var(--secondary-text-color);
    }
    input:not([type="checkbox"], [type="radio"]),
    textarea,
    select {
      box-sizing: border-box;
      width: 100%;
      min-width: 0;
      min-height: 44px;
      padding: 8px 12px;
      border: 1px solid var(--secondary-text-color);
      border-radius: 8px;
      font: inherit;
      color: var(--primary-text-color);
      background: var(--card-background-color, #fff);
    }
    .check {
      display: flex;
      gap: 10px;
      align-items: center;
      min-height: 40px;
      font-size: inherit;
      color: inherit;
    }
    input:is([type="checkbox"], [type="radio"]) {
      flex: none;
      width: 20px;
      height: 20px;
      margin: 0;
      accent-color: var(--bitaxe-accent-text);
    }
    fieldset {
      margin: 0 0 12px;
      padding: 0;
      border: none;
    }
    .problem {
      margin-bottom: 12px;
    }
  `,
];
