/** Asks before something is done that is not easily undone. */

import { css, html, LitElement } from "lit";
import { property, query } from "lit/decorators.js";
import type { HomeAssistant } from "./hass";
import { localize } from "./i18n";
import { onLeaving } from "./leaving";
import { define } from "./register";
import { baseStyles, buttonStyles } from "./styles";

interface Question {
  title: string;
  text: string;
  /** Caption of the button that does it. */
  confirm: string;
  /** Shows that button in the colour of danger. */
  destructive?: boolean;
}

class ConfirmDialog extends LitElement {
  static override styles = [
    // It stands beside the cards, not in one: the colours come with it.
    baseStyles,
    buttonStyles,
    css`
      dialog {
        box-sizing: border-box;
        direction: ltr;
        width: min(90vw, 420px);
        padding: 24px;
        border: none;
        border-radius: var(--ha-border-radius-3xl, 24px);
        color: var(--primary-text-color);
        background: var(--card-background-color, #fff);
        font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
        box-shadow: 0 8px 32px rgba(0, 0, 0, 0.3);
      }
      dialog::backdrop {
        background: rgba(0, 0, 0, 0.4);
      }
      h2 {
        margin: 0 0 12px;
        overflow-wrap: anywhere;
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: var(--ha-font-weight-medium, 500);
        line-height: 1.25;
      }
      p {
        margin: 0;
        line-height: 1.5;
        color: var(--secondary-text-color);
        white-space: pre-line;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 8px;
        margin-top: 24px;
      }
    `,
  ];

  @property({ attribute: false }) question!: Question;
  @property({ attribute: false }) hass!: HomeAssistant;
  @query("dialog") private dialog!: HTMLDialogElement;
  private resolve: (confirmed: boolean) => void = () => undefined;

  constructor() {
    super();
    onLeaving(this, () => this.dialog.close());
  }

  ask(): Promise<boolean> {
    return new Promise((resolve) => {
      this.resolve = resolve;
      void this.updateComplete.then(() => this.dialog.showModal());
    });
  }

  override render() {
    const { title, text, confirm, destructive } = this.question;
    return html`
      <dialog
        closedby="any"
        aria-labelledby="title"
        aria-describedby="text"
        @close=${this.onClose}
      >
        <h2 id="title">${title}</h2>
        <p id="text">${text}</p>
        <form method="dialog" class="actions">
          <button class="text" value="no" autofocus>
            ${localize(this.hass, "common.cancel")}
          </button>
          <button class=${destructive ? "danger" : "filled"} value="yes">
            ${confirm}
          </button>
        </form>
      </dialog>
    `;
  }

  private readonly onClose = (): void => {
    this.resolve(this.dialog.returnValue === "yes");
    this.remove();
  };
}

type Asking = Element & Pick<ConfirmDialog, "ask">;

/** Asks the user; Escape, a tap beside the dialog and leaving the page mean no. */
export function confirm(hass: HomeAssistant, question: Question): Promise<boolean> {
  define("bitaxe-confirm-dialog", ConfirmDialog);
  const dialog = document.createElement("bitaxe-confirm-dialog");
  Object.assign(dialog, { hass, question });
  document.body.append(dialog);
  return (dialog as Element as Asking).ask();
}
