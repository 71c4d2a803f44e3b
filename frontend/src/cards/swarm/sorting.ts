/** What people click to sort miners, and to choose the span of the curves. */

import { html, type TemplateResult } from "lit";

import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import { column, COLUMNS, type ColumnKey, SORT_KEYS, type SortKey } from "./columns";
import { type Span, SPANS } from "./config";
import { clickedHead, clickedSort, type Sort } from "./order";

type SortBy = (sort: Sort) => void;

const isText = (key: SortKey): boolean =>
  !(key in COLUMNS) || column(key as ColumnKey).text === true;

/** Draws the head of a column, which sorts by it. */
export function renderHead(
  hass: HomeAssistant,
  key: SortKey,
  sort: Sort,
  sortBy: SortBy,
): TemplateResult {
  const active = sort.key === key;
  return html`
    <div
      class=${isText(key) ? "text" : ""}
      role="columnheader"
      aria-sort=${active ? sort.direction : "none"}
    >
      <button
        class="sort ${active ? "active" : ""}"
        title=${localize(hass, `swarm.column_long.${key}`)}
        @click=${() => sortBy(clickedHead(sort, key))}
      >
        ${localize(hass, `swarm.column.${key}`)}
      </button>
    </div>
  `;
}

/** Draws what sorts a list without heads. */
export function renderSortMenu(
  hass: HomeAssistant,
  sort: Sort,
  sortBy: SortBy,
): TemplateResult {
  const direction = localize(hass, `swarm.sort_${sort.direction}`);
  const choose = (event: Event): void => {
    const key = (event.target as HTMLSelectElement).value as SortKey;
    if (key !== sort.key) sortBy(clickedSort(sort, key));
  };
  return html`
    <label>
      <span class="visually-hidden">${localize(hass, "swarm.sort_by")}</span>
      <select .value=${sort.key} @change=${choose}>
        ${SORT_KEYS.map(
          (key) => html`
            <option value=${key} ?selected=${key === sort.key}>
              ${localize(hass, `swarm.column_long.${key}`)}
            </option>
          `,
        )}
      </select>
    </label>
    <button
      class="turn"
      aria-label=${direction}
      title=${direction}
      @click=${() => sortBy(clickedSort(sort, sort.key))}
    >
      <ha-icon
        .icon=${sort.direction === "ascending" ? "mdi:sort-ascending" : "mdi:sort-descending"}
      ></ha-icon>
    </button>
  `;
}

/** Draws the choice of the span of the curves. */
export function renderSpans(
  hass: HomeAssistant,
  shown: Span,
  show: (span: Span) => void,
): TemplateResult {
  return html`
    <div class="spans" role="group" aria-label=${localize(hass, "swarm.span_label")}>
      ${SPANS.map(
        (span) => html`
          <button
            aria-pressed=${span === shown ? "true" : "false"}
            @click=${() => show(span)}
          >
            ${localize(hass, `swarm.span_${span}`)}
          </button>
        `,
      )}
    </div>
  `;
}
