/** What is left to do in the beginning: steps that tick themselves off. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { hide, navigate } from "../lib/events";
import type { HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import { firstLive, type LiveData, subscribe } from "../lib/live";
import { define } from "../lib/register";
import { buttonStyles, cardStyles } from "../lib/styles";
import { saveUserData, loadUserData } from "../lib/user-data";

const STEPS = ["search", "price", "phone"] as const;
type Step = (typeof STEPS)[number];

const INTEGRATION = "/config/integrations/integration/bitaxe";
const PATHS: Record<Step, string> = {
  search: "/config/integrations/dashboard/add?domain=bitaxe",
  price: INTEGRATION,
  phone: INTEGRATION,
};
const ICONS: Record<Step, string> = {
  search: "mdi:magnify",
  price: "mdi:cash",
  phone: "mdi:cellphone-message",
};

/** Which steps are done, as far as live data show it. */
const stepsDone = ({ miners, swarm }: LiveData): Record<Step, boolean> => ({
  search: Object.keys(miners).length > 0,
  price: swarm.has_price === true,
  phone: swarm.has_notifications === true,
});

/** Whether a user has steps left to do, and wants to see them. */
export async function hasStepsLeft(hass: HomeAssistant): Promise<boolean> {
  if (hass.user?.is_admin !== true) return false;
  const { steps_dismissed: dismissed } = await loadUserData(hass).catch(() => ({
    steps_dismissed: false,
  }));
  if (dismissed === true) return false;
  const live = await firstLive(hass);
  return live !== undefined && Object.values(stepsDone(live)).some((done) => !done);
}

class StepsCard extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;
  @state() private live: LiveData | undefined;
  @state() private dismissed = false;
  private unsubscribe: (() => void) | undefined;

  setConfig(): void {
    // There is nothing to set.
  }

  getCardSize(): number {
    return 4;
  }

  getGridOptions() {
    return { columns: "full", rows: "auto" };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { hass } = this;
    const before = changed.get("hass") as HomeAssistant | undefined;
    if (before !== undefined && before.connection !== hass?.connection) {
      this.unsubscribe?.();
      this.unsubscribe = undefined;
    }
    if (hass !== undefined && this.isConnected && this.unsubscribe === undefined) {
      this.unsubscribe = subscribe(hass, (live) => (this.live = live));
    }
    hide(this, this.dismissed || this.isDone);
  }

  /** Whether nothing is left to do. */
  private get isDone(): boolean {
    return (
      this.live !== undefined && Object.values(stepsDone(this.live)).every(Boolean)
    );
  }

  private readonly dismiss = (): void => {
    this.dismissed = true;
    // Where it cannot be kept, the steps are back with the next page.
    if (this.hass)
      saveUserData(this.hass, { steps_dismissed: true }).catch(() => undefined);
  };

  protected override render() {
    const { hass, live } = this;
    if (hass === undefined || this.hidden) return nothing;
    const done = live === undefined ? undefined : stepsDone(live);
    // Price and phone belong to the swarm, which comes with the first miner.
    const first = done?.search !== true;
    return html`
      <ha-card>
        <div class="header">
          <h2>${localize(hass, first ? "steps.title_first" : "steps.title")}</h2>
          ${
            first
              ? nothing
              : html`<button class="tonal" @click=${this.dismiss}>
                  ${localize(hass, "steps.dismiss")}
                </button>`
          }
        </div>
        <ol>
          ${STEPS.map((step) =>
            this.step(hass, step, done?.[step] === true, first && step !== "search"),
          )}
        </ol>
      </ha-card>
    `;
  }

  private step(hass: HomeAssistant, step: Step, done: boolean, later: boolean) {
    return html`<li class=${done ? "done" : later ? "later" : ""}>
      <ha-icon .icon=${done ? "mdi:check-circle" : ICONS[step]}></ha-icon>
      <div>
        <b>${localize(hass, `steps.${step}.title`)}</b>
        ${
          done
            ? html`<span class="visually-hidden">${localize(hass, "steps.done")}</span>`
            : html`<div class="secondary">${localize(hass, `steps.${step}.text`)}</div>`
        }
      </div>
      ${
        done || later
          ? nothing
          : html`<button class="tonal" @click=${() => navigate(PATHS[step])}>
              ${localize(hass, `steps.${step}.action`)}
            </button>`
      }
    </li>`;
  }

  static override styles = [
    cardStyles,
    buttonStyles,
    css`
      :host([hidden]) {
        display: none;
      }
      ha-card {
        padding: 16px;
      }
      .header,
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-items: center;
      }
      .header {
        justify-content: space-between;
      }
      h2 {
        margin: 0;
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: var(--ha-font-weight-medium, 500);
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        margin-top: 12px;
      }
      li > div {
        flex: 1 1 200px;
      }
      ha-icon {
        flex: none;
        color: var(--bitaxe-accent);
      }
      .done ha-icon {
        color: var(--bitaxe-good);
      }
      .later ha-icon {
        color: var(--bitaxe-off);
      }
      .done b {
        font-weight: var(--ha-font-weight-normal, 400);
      }
    `,
  ];
}

define("bitaxe-steps-card", StepsCard);
