/** Points one or several miners to a pool. */

import { html, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";

import { localize } from "../lib/i18n";
import { define } from "../lib/register";
import { ChangeDialog } from "./change";

export const POOL_DIALOG = "bitaxe-pool-dialog";

const WORKER = "{worker}";

class PoolDialog extends ChangeDialog {
  protected readonly action = "set_pool";
  @state() private pool: "primary" | "fallback" = "primary";
  @state() private entered: Record<string, string> = {};
  @query("#url") private url!: HTMLInputElement;

  /** Host and port of the pool, where all miners have the same. */
  private get present(): [string, string] {
    const key = this.pool === "primary" ? "primary_pool" : "fallback_pool";
    const addresses = new Set(this.miners.map(([, miner]) => miner[key] ?? ""));
    const [only = ""] = addresses.size === 1 ? addresses : [""];
    const colon = only.lastIndexOf(":");
    return colon < 0 ? [only, ""] : [only.slice(0, colon), only.slice(colon + 1)];
  }

  private value(name: string): string {
    const [host, port] = this.present;
    return this.entered[name] ?? { url: host, port }[name] ?? "";
  }

  protected override heading(): string {
    const { hass, miners } = this;
    const [first] = miners;
    return miners.length === 1 && first
      ? localize(hass, "pool.title_of", { name: first[1].name })
      : localize(hass, "pool.title", { count: miners.length });
  }

  protected override form(): TemplateResult {
    const { hass } = this;
    const field = (
      name: "url" | "port" | "user" | "password",
      type: string,
      hint?: string,
    ) => html`
      <div class="field">
        <label for=${name}>${localize(hass, `pool.${name}`)}</label>
        <input
          id=${name}
          type=${type}
          autocomplete=${name === "password" ? "new-password" : "off"}
          autocapitalize="off"
          spellcheck="false"
          inputmode=${name === "port" ? "numeric" : "text"}
          .value=${this.value(name)}
          aria-describedby="${name}-hint"
          @input=${(event: Event) =>
            (this.entered = {
              ...this.entered,
              [name]: (event.target as HTMLInputElement).value,
            })}
        />
        <div class="hint" id="${name}-hint">${hint ?? ""}</div>
      </div>
    `;
    return html`
      <div class="field">
        <label for="pool">${localize(hass, "pool.which")}</label>
        <select
          id="pool"
          @change=${(event: Event) => {
            this.pool = (event.target as HTMLSelectElement).value as "primary";
            const { user, password } = this.entered;
            this.entered = {
              ...(user === undefined ? {} : { user }),
              ...(password === undefined ? {} : { password }),
            };
          }}
        >
          ${(["primary", "fallback"] as const).map(
            (pool) =>
              html`<option value=${pool} ?selected=${pool === this.pool}>
                ${localize(hass, `pool.${pool}`)}
              </option>`,
          )}
        </select>
      </div>
      <div class="fields">${field("url", "text")} ${field("port", "text")}</div>
      <div class="field">
        <label for="tls">${localize(hass, "pool.tls")}</label>
        <select
          id="tls"
          @change=${(event: Event) =>
            (this.entered = {
              ...this.entered,
              tls: (event.target as HTMLSelectElement).value,
            })}
        >
          ${(["keep", "on", "off"] as const).map(
            (value) =>
              html`<option
                value=${value}
                ?selected=${value === (this.entered.tls ?? "keep")}
              >
                ${localize(hass, `pool.tls_${value}`)}
              </option>`,
          )}
        </select>
      </div>
      ${field("user", "text", localize(hass, "pool.user_hint", { worker: WORKER }))}
      ${field("password", "password", localize(hass, "pool.password_hint"))}
      <p class="hint">${localize(hass, "pool.restart")}</p>
    `;
  }

  protected override read(): Record<string, unknown> | undefined {
    const port = Number(this.value("port"));
    const url = this.value("url").trim();
    if (!url || !Number.isInteger(port) || port < 1 || port > 65535) {
      this.problem = localize(this.hass, "pool.address_missing");
      this.url.focus();
      return undefined;
    }
    const { user, password, tls } = this.entered;
    return {
      pool: this.pool,
      url,
      port,
      ...(user ? { user } : {}),
      ...(password ? { password } : {}),
      ...(tls === "on" || tls === "off" ? { tls: tls === "on" } : {}),
    };
  }
}

define(POOL_DIALOG, PoolDialog);
