/** Search, filters and totals of groups, above the miners of the swarm card. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { collatorOf } from "../../../lib/collation";
import { fireEvent } from "../../../lib/events";
import {
  efficiency,
  formatHashrate,
  formatNumber,
  join,
  power,
} from "../../../lib/format";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import { define } from "../../../lib/register";
import { baseStyles, buttonStyles } from "../../../lib/styles";
import {
  EVERYTHING,
  type Filter,
  type Grouping,
  GROUPINGS,
  groupsOf,
  isFiltered,
  MANY,
} from "../filter";
import type { Entry } from "../order";
import { computeTotals } from "../totals";

class SwarmTools extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  /** All miners of the card, whether or not the filter shows them. */
  @property({ attribute: false }) entries!: readonly Entry[];
  @property({ attribute: false }) filter!: Filter;
  /** How many miners the filter shows. */
  @property({ attribute: false }) shown = 0;
  /** By what there are totals. */
  @property({ attribute: false }) grouping: Grouping | undefined;
  @property({ attribute: false }) selecting = false;
  /** Whether the filters are to be seen; with few miners they are all there is. */
  @state() private open = false;

  protected override render(): TemplateResult {
    const { hass, entries, filter, selecting } = this;
    const many = entries.length >= MANY;
    const controls = entries.some(([, { can_control: can }]) => can);
    const filtered = isFiltered(filter);
    return html`
      <div class="bar">
        ${
          many
            ? html`<input
                type="search"
                .value=${filter.text}
                placeholder=${localize(hass, "bulk.search")}
                aria-label=${localize(hass, "bulk.search")}
                @input=${(event: Event) =>
                  this.change({ text: (event.target as HTMLInputElement).value })}
              />`
            : nothing
        }
        ${
          many
            ? html`<button
                class="tonal"
                aria-expanded=${this.open}
                @click=${() => (this.open = !this.open)}
              >
                ${localize(hass, "bulk.filter")}
              </button>`
            : nothing
        }
        ${
          controls
            ? html`<button
                class="tonal"
                aria-pressed=${selecting}
                @click=${() => fireEvent(this, "bitaxe-selecting", { on: !selecting })}
              >
                ${localize(hass, selecting ? "bulk.ready" : "bulk.select")}
              </button>`
            : nothing
        }
      </div>
      ${this.open || !many || this.grouping !== undefined ? this.filters() : nothing}
      ${
        filtered
          ? html`<div class="bar" role="status">
              <span>
                ${localize(hass, "bulk.shown", {
                  shown: this.shown,
                  count: entries.length,
                })}
              </span>
              <button class="text" @click=${() => this.change(EVERYTHING)}>
                ${localize(hass, "bulk.clear")}
              </button>
            </div>`
          : nothing
      }
      ${this.grouping === undefined ? nothing : this.groups(this.grouping)}
    `;
  }

  private change(change: Partial<Filter>): void {
    fireEvent(this, "bitaxe-filter", { filter: { ...this.filter, ...change } });
  }

  /** The groups there are, in the order of their names. */
  private namesOf(grouping: Grouping): string[] {
    const names = this.entries.flatMap(([, miner]) => groupsOf(miner, grouping));
    return [...new Set(names)].sort(collatorOf(this.hass.locale.language).compare);
  }

  private filters(): TemplateResult {
    const { hass, filter, grouping } = this;
    const groups = GROUPINGS.map((name) => [name, this.namesOf(name)] as const).filter(
      ([name, all]) => all.length > (name === "model" ? 1 : 0),
    );
    return html`
      <div class="bar filters">
        ${groups.map(
          ([name, all]) => html`
            <select
              aria-label=${localize(hass, `bulk.${name}`)}
              @change=${(event: Event) =>
                this.change({ [name]: (event.target as HTMLSelectElement).value })}
            >
              <option value="" ?selected=${filter[name] === ""}>
                ${localize(hass, `bulk.all_${name}`)}
              </option>
              ${all.map(
                (group) =>
                  html`<option value=${group} ?selected=${filter[name] === group}>
                    ${group}
                  </option>`,
              )}
            </select>
          `,
        )}
        <button
          class="tonal"
          aria-pressed=${filter.attention}
          @click=${() => this.change({ attention: !filter.attention })}
        >
          ${localize(hass, "bulk.attention")}
        </button>
        <select
          aria-label=${localize(hass, "bulk.totals")}
          @change=${(event: Event) =>
            fireEvent(this, "bitaxe-grouping", {
              grouping: (event.target as HTMLSelectElement).value || undefined,
            })}
        >
          <option value="" ?selected=${grouping === undefined}>
            ${localize(hass, "bulk.no_totals")}
          </option>
          ${groups.map(
            ([name]) =>
              html`<option value=${name} ?selected=${grouping === name}>
                ${localize(hass, `bulk.totals_${name}`)}
              </option>`,
          )}
        </select>
      </div>
    `;
  }

  /** What each group does altogether; its name shows only its miners. */
  private groups(grouping: Grouping): TemplateResult {
    const { hass, filter } = this;
    const rest = this.entries.filter(
      ([, miner]) => groupsOf(miner, grouping).length === 0,
    );
    const row = (
      name: TemplateResult | string,
      entries: readonly Entry[],
    ): TemplateResult => {
      const totals = computeTotals(
        entries.map(([, miner]) => miner),
        undefined,
        false,
      );
      return html`<tr>
        <th scope="row">${name}</th>
        <td>${totals.miners_mining}/${totals.miners}</td>
        <td>${formatHashrate(hass, totals.hashrate_ghs)}</td>
        <td>${join(power(hass, totals.power_w))}</td>
        <td>${efficiency(hass, totals.efficiency_j_th).value}</td>
      </tr>`;
    };
    return html`
      <table>
        <caption class="visually-hidden">
          ${localize(hass, `bulk.totals_${grouping}`)}
        </caption>
        <thead>
          <tr>
            <th scope="col">${localize(hass, `bulk.${grouping}`)}</th>
            <th scope="col">${localize(hass, "swarm.total.miners")}</th>
            <th scope="col">${localize(hass, "swarm.total.hashrate")}</th>
            <th scope="col">${localize(hass, "swarm.total.power")}</th>
            <th scope="col">J/TH</th>
          </tr>
        </thead>
        <tbody>
          ${this.namesOf(grouping).map((group) =>
            row(
              html`<button
                class="group"
                aria-pressed=${filter[grouping] === group}
                @click=${() =>
                  this.change({ [grouping]: filter[grouping] === group ? "" : group })}
              >
                ${group}
              </button>`,
              this.entries.filter(([, miner]) =>
                groupsOf(miner, grouping).includes(group),
              ),
            ),
          )}
          ${
            rest.length === 0
              ? nothing
              : row(
                  localize(hass, "bulk.others", {
                    count: formatNumber(hass, rest.length),
                  }),
                  rest,
                )
          }
        </tbody>
      </table>
    `;
  }

  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        padding: 4px 16px;
        font-size: var(--ha-font-size-s, 12px);
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        padding: 4px 0;
      }
      input,
      select {
        box-sizing: border-box;
        flex: 1 1 120px;
        min-width: 0;
        min-height: 40px;
        padding: 0 12px;
        border: 1px solid var(--divider-color);
        border-radius: var(--ha-border-radius-pill, 9999px);
        font: inherit;
        font-size: var(--ha-font-size-m, 14px);
        color: var(--primary-text-color);
        background: var(--card-background-color, #fff);
      }
      input::placeholder {
        color: var(--secondary-text-color);
        opacity: 1;
      }
      input {
        flex-basis: 180px;
      }
      select {
        max-width: 220px;
      }
      .bar button {
        flex: none;
      }
      button[aria-pressed="true"].tonal {
        color: var(--card-background-color, #fff);
        background: var(--bitaxe-accent-text);
      }
      table {
        width: 100%;
        max-width: 640px;
        margin: 4px 0 8px;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 4px 0 4px 8px;
        font-weight: var(--ha-font-weight-normal, 400);
        text-align: end;
        white-space: nowrap;
      }
      th:first-child {
        padding-inline-start: 0;
        text-align: start;
        white-space: normal;
        overflow-wrap: anywhere;
      }
      thead th {
        color: var(--secondary-text-color);
      }
      tbody tr {
        border-top: 1px solid var(--divider-color);
      }
      button.group {
        min-height: 28px;
        padding: 0;
        border-radius: 4px;
        font-size: inherit;
        text-align: start;
        text-decoration: underline;
        text-decoration-color: color-mix(in srgb, currentColor 40%, transparent);
        text-underline-offset: 3px;
      }
      button.group[aria-pressed="true"] {
        font-weight: var(--ha-font-weight-bold, 700);
      }
    `,
  ];
}

define("bitaxe-swarm-tools", SwarmTools);
