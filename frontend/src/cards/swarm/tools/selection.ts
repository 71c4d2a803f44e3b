/** What can be done to the miners that are selected; stays in sight below them. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";

import { fireEvent } from "../../../lib/events";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import { openModal } from "../../../dialogs/modal";
import { define } from "../../../lib/register";
import { baseStyles, buttonStyles } from "../../../lib/styles";
import type { Entry } from "../order";
import { BULK_DIALOG, type Choice } from "../../../dialogs/bulk";
import { COPY_DIALOG } from "../../../dialogs/copy";
import { POOL_DIALOG } from "../../../dialogs/pool";

const ICONS: Record<Choice, string> = {
  restart: "mdi:restart",
  pause: "mdi:pause",
  resume: "mdi:play",
  apply_profile: "mdi:speedometer",
  start_maintenance: "mdi:wrench",
};

class SwarmSelection extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  /** The miners that are shown, in the order in which dialogs list them. */
  @property({ attribute: false }) entries!: readonly Entry[];
  @property({ attribute: false }) selected!: ReadonlySet<string>;
  @property({ attribute: false }) connected = true;

  private get chosen(): Entry[] {
    return this.entries.filter(([id]) => this.selected.has(id));
  }

  protected override render(): TemplateResult {
    const { hass, entries, chosen } = this;
    const all = entries.filter(([, { can_control: can }]) => can).map(([id]) => id);
    const every = all.length > 0 && chosen.length === all.length;
    const none = chosen.length === 0 || !this.connected;
    return html`
      <div class="head" role="status">
        <span>${localize(hass, "bulk.selected", { count: chosen.length })}</span>
        <button
          class="text"
          @click=${() => fireEvent(this, "bitaxe-select", { ids: every ? [] : all })}
        >
          ${localize(hass, every ? "bulk.select_none" : "bulk.select_all")}
        </button>
      </div>
      <div class="actions">
        ${(Object.keys(ICONS) as Choice[]).map(
          (action) => html`
            <button
              class="tonal"
              ?disabled=${none}
              @click=${() =>
                openModal(BULK_DIALOG, { hass, action, miners: this.chosen })}
            >
              <ha-icon .icon=${ICONS[action]}></ha-icon>
              ${localize(hass, `bulk.action.${action}`)}
            </button>
          `,
        )}
        <button
          class="tonal"
          ?disabled=${none}
          @click=${() => openModal(POOL_DIALOG, { hass, miners: this.chosen })}
        >
          <ha-icon icon="mdi:server-network"></ha-icon>
          ${localize(hass, "bulk.action.pool")}
        </button>
        <button
          class="tonal"
          ?disabled=${none || all.length < 2}
          @click=${() => this.copy()}
        >
          <ha-icon icon="mdi:content-copy"></ha-icon>
          ${localize(hass, "bulk.action.copy")}
        </button>
      </div>
    `;
  }

  /** From any other miner to the chosen ones, an unchosen one first. */
  private copy(): void {
    const { hass, chosen } = this;
    const able = this.entries.filter(([, { can_control: can }]) => can);
    const sources = [
      ...able.filter(([id]) => !this.selected.has(id)),
      ...(chosen.length > 1 ? chosen : []),
    ];
    openModal(COPY_DIALOG, { hass, miners: chosen, sources });
  }

  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        container-type: inline-size;
        position: sticky;
        z-index: 2;
        bottom: 0;
        padding: 4px 16px 12px;
        border-top: 1px solid var(--divider-color);
        background: var(--ha-card-background, var(--card-background-color, #fff));
      }
      .head,
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      .head {
        justify-content: space-between;
      }
      .actions button {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        padding: 0 12px;
      }
      /* One row to be swiped, where several would cover the miners. */
      @container (width < 560px) {
        .actions {
          flex-wrap: nowrap;
          margin: 0 -16px -4px;
          padding: 4px 16px;
          overflow-x: auto;
          scrollbar-width: none;
        }
        .actions button {
          flex: none;
        }
      }
      ha-icon {
        --mdc-icon-size: 18px;
      }
    `,
  ];
}

define("bitaxe-swarm-selection", SwarmSelection);
