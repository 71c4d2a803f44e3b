/** All miners at a glance: a table, a list on narrow cards, or one dense line each. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";

import { BitaxeCard } from "../../lib/base-card";
import { navigate, showMoreInfo } from "../../lib/events";
import type { ConfigForm, GridOptions, HomeAssistant } from "../../lib/hass";
import { fetchSeries } from "../../lib/history";
import { localize } from "../../lib/i18n";
import type { LiveData } from "../../lib/live";
import type { Miner } from "../../lib/model";
import { cardStyles } from "../../lib/styles";
import { warningsOf } from "../../lib/warnings";
import { type Arrangement, arrange } from "./arrangement";
import { statusOf } from "./cells";
import { column, type ColumnKey, SORT_KEYS, type SortKey } from "./columns";
import {
  readConfig,
  type Settings,
  type Span,
  SPANS,
  type SwarmCardConfig,
} from "./config";
import { type Curve, curvesOf } from "./curve";
import { swarmForm } from "./form";
import { pathOf } from "./navigation";
import { clickedSort, type Entry, Order, type Sort, sortEntries } from "./order";
import type { SwarmRow } from "./row";
import { swarmStyles } from "./styles";
import { computeTotals } from "./totals";
import { renderLine, renderTiles } from "./totals-view";
import { warningList } from "./warning-list";

const MINUTE = 60_000;
/** A finger leaves no pointer behind, although the browser says so. */
const HOVERS = matchMedia("(hover: hover)");

export class SwarmCard extends BitaxeCard<SwarmCardConfig> {
  static override styles = [cardStyles, swarmStyles];

  static getConfigForm(): ConfigForm {
    return swarmForm();
  }

  static getStubConfig(): Partial<SwarmCardConfig> {
    return { layout: "full" };
  }

  /** As configured, and as clicked since. */
  private settings!: Settings;
  @state() private sort!: Sort;
  @state() private span!: Span;
  @state() private width = 0;
  @state() private em = 14;
  @state() private curves: ReadonlyMap<string, Curve> = new Map();
  /** Goes up once a minute. */
  @state() private minute = 0;
  /** Whether the list of what needs attention is open. */
  @state() private attention = false;
  @query(".rows") private rows!: HTMLElement | null;
  private readonly order = new Order();
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly observer = new ResizeObserver(() => this.measure());

  protected override readConfig(config: SwarmCardConfig): SwarmCardConfig {
    const before = this.settings as Settings | undefined;
    this.settings = readConfig(config);
    const { sort, span } = this.settings;
    // While somebody edits the card, what was clicked stays unless it is edited.
    if (sort.key !== before?.sort.key || sort.direction !== before.sort.direction)
      this.sort = sort;
    if (span !== before?.span) this.span = span;
    this.curves = new Map();
    this.toggleAttribute("scrolls", typeof config.grid_options?.rows === "number");
    return config;
  }

  override getCardSize(): number {
    const { layout, miners } = this.settings;
    const count = miners?.length ?? Object.keys(this.live?.miners ?? {}).length;
    return 3 + Math.ceil(layout === "lite" ? count / 2 : count);
  }

  override getGridOptions(): GridOptions {
    return this.settings.layout === "lite"
      ? { columns: 12, rows: "auto", min_columns: 6 }
      : { columns: "full", rows: "auto", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
    this.timer = setInterval(() => this.minute++, MINUTE);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
    clearInterval(this.timer);
  }

  private measure(): void {
    this.width = this.clientWidth;
    const card = this.renderRoot.querySelector("ha-card");
    if (card) this.em = parseFloat(getComputedStyle(card).fontSize) || 14;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const occasions: PropertyKey[] = ["config", "span", "minute"];
    if (
      (occasions.some((name) => changed.has(name)) || this.knowsNoCurves(changed)) &&
      this.settings.columns.includes("history")
    )
      void this.loadCurves();
  }

  /** Whether this is the first chance to ask for the curves. */
  private knowsNoCurves(changed: PropertyValues): boolean {
    return changed.has("hass") && changed.get("hass") === undefined;
  }

  private async loadCurves(): Promise<void> {
    const { hass, span } = this;
    if (!hass) return;
    const { miners } = this.settings;
    try {
      const series = await fetchSeries(hass, span, ["hashrate_ghs"], miners);
      if (span === this.span) this.curves = curvesOf(series, span, this.curves);
    } catch {
      // There is no recorder, or it is busy: the figures are as good without curves.
    }
  }

  protected override renderCard(
    hass: HomeAssistant,
    _config: SwarmCardConfig,
    live: LiveData,
  ): TemplateResult {
    const { settings } = this;
    const entries = this.chooseEntries(live);
    if (entries.length === 0) return this.renderEmpty(hass);
    const layout = arrange(settings.layout, settings.columns, {
      width: this.width,
      em: this.em,
      miners: entries.length,
    });
    const lite = settings.layout === "lite";
    const totals = settings.totals
      ? computeTotals(
          entries.map(([, miner]) => miner),
          live.swarm,
          settings.miners === undefined,
        )
      : undefined;
    const title = settings.title ?? (lite ? "" : live.swarm.name);
    return html`
      <ha-card class=${lite ? "lite" : "full"}>
        <header>
          ${title ? html`<h2>${title}</h2>` : nothing}
          ${totals && lite ? renderLine(hass, totals) : nothing}
          ${this.renderChip(hass, entries)}
        </header>
        ${live.connected ? nothing : this.renderNotice(hass)}
        ${this.attention ? this.renderAttention(hass, entries) : nothing}
        ${totals && !lite ? renderTiles(hass, totals, this.width) : nothing}
        ${this.width === 0 ? nothing : this.renderRows(hass, entries, layout)}
      </ha-card>
    `;
  }

  private chooseEntries({ miners }: LiveData): Entry[] {
    const chosen = this.settings.miners;
    return Object.entries(miners).filter(
      ([id]) => chosen === undefined || chosen.includes(id),
    );
  }

  private renderEmpty(hass: HomeAssistant): TemplateResult {
    const chosen = this.settings.miners !== undefined;
    return html`
      <ha-card>
        <div class="empty">
          <ha-icon .icon=${"mdi:pickaxe"}></ha-icon>
          ${
            chosen
              ? html`<p>${localize(hass, "swarm.missing")}</p>`
              : html`
                  <h2>${localize(hass, "swarm.empty.title")}</h2>
                  <p>${localize(hass, "swarm.empty.text")}</p>
                  ${
                    hass.user?.is_admin
                      ? html`<button
                          class="chip"
                          style="--chip: var(--bitaxe-accent)"
                          @click=${this.addMiner}
                        >
                          ${localize(hass, "swarm.empty.action")}
                        </button>`
                      : nothing
                  }
                `
          }
        </div>
      </ha-card>
    `;
  }

  private renderNotice(hass: HomeAssistant): TemplateResult {
    return html`
      <div class="notice" role="status">
        <ha-icon .icon=${"mdi:lan-disconnect"}></ha-icon>
        ${localize(hass, "common.disconnected")}
      </div>
    `;
  }

  /** Says how many miners need somebody; opens the list of them. */
  private renderChip(hass: HomeAssistant, entries: Entry[]): TemplateResult {
    const count = entries.filter(([, miner]) => warningsOf(miner).length > 0).length;
    if (count === 0)
      return html`
        <span class="chip" style="--chip: var(--bitaxe-good)">
          <ha-icon .icon=${"mdi:check-circle"}></ha-icon>
          ${localize(hass, "swarm.total.all_well")}
        </span>
      `;
    const lite = this.settings.layout === "lite";
    const text =
      count === 1
        ? localize(hass, "swarm.total.attention_one")
        : localize(hass, "swarm.total.attention", { count });
    return html`
      <button
        class="chip"
        style="--chip: var(--bitaxe-warn)"
        aria-expanded=${this.attention ? "true" : "false"}
        title=${text}
        @click=${this.toggleAttention}
      >
        <ha-icon .icon=${"mdi:alert"}></ha-icon>
        ${lite ? html`${count}<span class="visually-hidden">${text}</span>` : text}
        <ha-icon
          .icon=${this.attention ? "mdi:chevron-up" : "mdi:chevron-down"}
        ></ha-icon>
      </button>
    `;
  }

  private renderAttention(
    hass: HomeAssistant,
    entries: Entry[],
  ): TemplateResult | typeof nothing {
    const now = Date.now() / 1000;
    const affected = entries.filter(([, miner]) => warningsOf(miner).length > 0);
    if (affected.length === 0) return nothing;
    const sorted = sortEntries(
      affected,
      { key: "state", direction: "ascending" },
      hass.locale.language,
    );
    return html`
      <div class="attention">
        ${sorted.map(
          ([id, miner]) => html`
            <h3>
              ${
                this.opens
                  ? html`<button @click=${() => this.open(id, miner)}>
                      ${miner.name}
                    </button>`
                  : miner.name
              }
              ${
                miner.state === "mining"
                  ? nothing
                  : html`<span class="secondary">${statusOf(hass, miner, now)}</span>`
              }
            </h3>
            ${warningList(hass, miner, now)}
          `,
        )}
      </div>
    `;
  }

  private get opens(): boolean {
    return this.settings.rowAction !== "none";
  }

  private renderRows(
    hass: HomeAssistant,
    entries: Entry[],
    layout: Arrangement,
  ): TemplateResult {
    const sorted = this.order.arrange(entries, this.sort, {
      language: hass.locale.language,
      now: Date.now(),
      held: this.isHeld(),
    });
    switch (layout.kind) {
      case "table":
        return html`<div class="rows" @click=${this.onClick}>
          ${this.renderTable(hass, sorted, layout)}
        </div>`;
      case "compact":
        return html`
          ${this.renderTools(hass, layout)}
          <div
            class="rows compact"
            role="list"
            style=${styleMap({
              "--columns": layout.tracks,
              "--gap": `${layout.gap}px`,
            })}
            @click=${this.onClick}
          >
            ${this.renderEach(hass, sorted, layout, "listitem")}
          </div>
        `;
      case "dense": {
        const length = Math.ceil(sorted.length / layout.blocks);
        const blocks = Array.from({ length: layout.blocks }, (_, index) =>
          sorted.slice(index * length, (index + 1) * length),
        ).filter((block) => block.length);
        return html`<div class="rows blocks" @click=${this.onClick}>
          ${blocks.map((block, index) =>
            this.renderTable(
              hass,
              block,
              layout,
              blocks.length > 1 ? index * length : undefined,
            ),
          )}
        </div>`;
      }
    }
  }

  /** A table of miners; one of several begins with the miner number `from`. */
  private renderTable(
    hass: HomeAssistant,
    entries: Entry[],
    layout: Arrangement,
    from?: number,
  ): TemplateResult {
    const label =
      from === undefined
        ? localize(hass, "swarm.miners_table")
        : localize(hass, "swarm.miners_part", {
            from: from + 1,
            to: from + entries.length,
          });
    const { kind } = layout;
    return html`
      <div
        class=${kind}
        role="table"
        aria-label=${label}
        style=${styleMap({
          "--columns": layout.tracks,
          "--gap": `${layout.gap}px`,
          "--line": `${layout.line}px`,
        })}
      >
        <div class="head" role="row">
          ${this.renderHeader(hass, this.sort.key === "state" ? "state" : "name", "text")}
          ${layout.columns.map((key) =>
            key === "history"
              ? html`<div role="columnheader">
                  ${kind === "table" ? this.renderSpans(hass) : localize(hass, "swarm.column.history")}
                </div>`
              : this.renderHeader(hass, key, column(key).text ? "text" : ""),
          )}
        </div>
        ${this.renderEach(hass, entries, layout, "row")}
      </div>
    `;
  }

  private renderEach(
    hass: HomeAssistant,
    entries: Entry[],
    { kind, columns }: Arrangement,
    role: string,
  ): unknown {
    const { opens } = this;
    return repeat(
      entries,
      ([id]) => id,
      ([id, miner]) => html`
        <bitaxe-swarm-row
          class="${opens ? "opens" : ""} ${miner.online ? "" : "offline"}"
          role=${role}
          .hass=${hass}
          .deviceId=${id}
          .miner=${miner}
          .kind=${kind}
          .columns=${this.sameColumns(columns)}
          .curve=${this.curves.get(id)}
          .span=${this.span}
          .opens=${opens}
          .minute=${this.minute}
        ></bitaxe-swarm-row>
      `,
    );
  }

  private shownColumns: readonly ColumnKey[] = [];

  /** The columns as the same list, for as long as they are the same. */
  private sameColumns(columns: readonly ColumnKey[]): readonly ColumnKey[] {
    if (columns.join() !== this.shownColumns.join()) this.shownColumns = columns;
    return this.shownColumns;
  }

  private renderHeader(
    hass: HomeAssistant,
    key: SortKey,
    style: string,
  ): TemplateResult {
    const active = this.sort.key === key;
    return html`
      <div
        class=${style}
        role="columnheader"
        aria-sort=${active ? this.sort.direction : "none"}
      >
        <button
          class="sort ${active ? "active" : ""}"
          title=${localize(hass, `swarm.column_long.${key}`)}
          @click=${() => this.sortBy(key)}
        >
          ${localize(hass, `swarm.column.${key}`)}
        </button>
      </div>
    `;
  }

  /** The head of the names goes from A to Z, Z to A, the most urgent, and round. */
  private sortBy(key: SortKey): void {
    const { sort } = this;
    if (key === "state") this.sort = clickedSort(sort, "name");
    else if (key === "name" && sort.key === "name" && sort.direction === "descending")
      this.sort = clickedSort(sort, "state");
    else this.sort = clickedSort(sort, key);
  }

  private renderSpans(hass: HomeAssistant): TemplateResult {
    return html`
      <div class="spans" role="group" aria-label=${localize(hass, "swarm.span_label")}>
        ${SPANS.map(
          (span) => html`
            <button
              aria-pressed=${span === this.span ? "true" : "false"}
              @click=${() => (this.span = span)}
            >
              ${localize(hass, `swarm.span_${span}`)}
            </button>
          `,
        )}
      </div>
    `;
  }

  /** What the head of a table offers, for a list without one. */
  private renderTools(hass: HomeAssistant, { columns }: Arrangement): TemplateResult {
    const { direction } = this.sort;
    return html`
      <div class="tools">
        <label>
          <span class="visually-hidden">${localize(hass, "swarm.sort_by")}</span>
          <select .value=${this.sort.key} @change=${this.onSortChosen}>
            ${SORT_KEYS.map(
              (key) => html`
                <option value=${key} ?selected=${key === this.sort.key}>
                  ${localize(hass, `swarm.column_long.${key}`)}
                </option>
              `,
            )}
          </select>
        </label>
        <button
          class="turn"
          aria-label=${localize(hass, `swarm.sort_${direction}`)}
          title=${localize(hass, `swarm.sort_${direction}`)}
          @click=${() => (this.sort = clickedSort(this.sort, this.sort.key))}
        >
          <ha-icon
            .icon=${direction === "ascending" ? "mdi:sort-ascending" : "mdi:sort-descending"}
          ></ha-icon>
        </button>
        ${columns.includes("history") ? this.renderSpans(hass) : nothing}
      </div>
    `;
  }

  private readonly onSortChosen = (event: Event): void => {
    const key = (event.target as HTMLSelectElement).value as SortKey;
    if (key !== this.sort.key) this.sort = clickedSort(this.sort, key);
  };

  private readonly toggleAttention = (): void => {
    this.attention = !this.attention;
  };

  private readonly addMiner = (): void => {
    navigate("/config/integrations/dashboard/add?domain=bitaxe");
  };

  /** Whether somebody points at a row, or has come to one with the keyboard. */
  private isHeld(): boolean {
    const focused = this.shadowRoot?.activeElement;
    return (
      (focused?.closest("bitaxe-swarm-row") && focused.matches(":focus-visible")) ===
        true ||
      (HOVERS.matches && this.rows?.matches(":hover") === true)
    );
  }

  private readonly onClick = (event: Event): void => {
    const target = event.target as Element;
    const row = target.closest<SwarmRow>("bitaxe-swarm-row");
    if (row !== null && target.closest(".detail") === null)
      this.open(row.deviceId, row.miner);
  };

  private open(id: string, miner: Miner): void {
    const { rowAction, navigationPath } = this.settings;
    if (rowAction === "navigate" && navigationPath !== undefined) {
      navigate(pathOf(navigationPath, id, location.pathname));
    } else if (rowAction === "device" && this.hass?.user?.is_admin) {
      navigate(`/config/devices/device/${id}`);
    } else if (rowAction !== "none") {
      const entity = miner.entities.hashrate ?? Object.values(miner.entities)[0];
      if (entity !== undefined) showMoreInfo(this, entity);
    }
  }
}
