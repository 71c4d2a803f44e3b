/** What the card says where it has no rows, or old ones. */

import { html, nothing, type TemplateResult } from "lit";

import { navigate } from "../../lib/events";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";

/** Draws a card without miners: there are none at all, or none of those `chosen`. */
export function renderEmpty(hass: HomeAssistant, chosen: boolean): TemplateResult {
  return html`
    <ha-card>
      <div class="empty">
        <ha-icon .icon=${"mdi:pickaxe"}></ha-icon>
        ${chosen ? html`<p>${localize(hass, "swarm.missing")}</p>` : renderInvitation(hass)}
      </div>
    </ha-card>
  `;
}

function renderInvitation(hass: HomeAssistant): TemplateResult {
  return html`
    <h2>${localize(hass, "swarm.empty.title")}</h2>
    <p>${localize(hass, "swarm.empty.text")}</p>
    ${
      hass.user?.is_admin
        ? html`<button
            class="chip"
            style="--chip: var(--bitaxe-accent)"
            @click=${() => navigate("/config/integrations/dashboard/add?domain=bitaxe")}
          >
            ${localize(hass, "swarm.empty.action")}
          </button>`
        : nothing
    }
  `;
}

/** Says that the figures are old, as Home Assistant cannot be reached. */
export function renderNotice(hass: HomeAssistant): TemplateResult {
  return html`
    <div class="notice" role="status">
      <ha-icon .icon=${"mdi:lan-disconnect"}></ha-icon>
      ${localize(hass, "common.disconnected")}
    </div>
  `;
}
