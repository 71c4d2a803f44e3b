/** All miners at a glance: a table, a list on narrow cards, or one dense line each. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";

import { BitaxeCard } from "../../lib/base-card";
import { minerDevices } from "../../lib/devices";
import { navigate, showMoreInfo } from "../../lib/events";
import type { ConfigForm, GridOptions, HomeAssistant } from "../../lib/hass";
import { fetchSeries, type Wanted } from "../../lib/history";
import { localize } from "../../lib/i18n";
import type { LiveData } from "../../lib/live";
import { loadParts } from "../../lib/parts";
import type { Miner } from "../../lib/model";
import { cardStyles } from "../../lib/styles";
import { type Arrangement, arrange, heightOf } from "./arrangement";
import { type Opener, renderAttention, renderChip } from "./attention";
import type { ColumnKey } from "./columns";
import {
  EVERYTHING,
  type Filter,
  type Grouping,
  isFiltered,
  MANY,
  matches,
} from "./filter";
import { readConfig, type Settings, type Span, type SwarmCardConfig } from "./config";
import { type Curve, curvesOf } from "./curve";
import { renderEmpty, renderNotice } from "./messages";
import { pathOf } from "../../lib/navigation";
import { BY_NAME, type Entry, Order, type Sort, sortEntries } from "./order";
import type { SwarmRow } from "./row";
import { rowStyles } from "./row-styles";
import { renderHead, renderSortMenu, renderSpans } from "./sorting";
import { swarmStyles } from "./styles";
import { computeTotals } from "./totals";
import { renderLine, renderTiles } from "./totals-view";

const MINUTE = 60_000;
/** px of the search, for which room is kept. */
const TOOLS = 64;
/** px of a card on which the line of the power target takes two lines. */
const NARROW = 480;
/** What curves are made of. No curve has more steps, see `GRID`. */
const WANTED = {
  columns: ["hashrate_ghs"],
  changes: false,
  points: 60,
} as const satisfies Wanted;
/** A finger leaves no pointer behind, although the browser says so. */
const HOVERS = matchMedia("(hover: hover)");

export class SwarmCard extends BitaxeCard<SwarmCardConfig> {
  static override styles = [cardStyles, swarmStyles, rowStyles];

  static async getConfigForm(): Promise<ConfigForm> {
    return (await loadParts()).swarmForm();
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
  /** Those whose block nobody has dismissed. */
  @state() private golden: ReadonlySet<string> = new Set();
  /** Whether the list of what needs attention is open. */
  @state() private attention = false;
  /** Whether search, filters and selection are to be seen; many miners need them. */
  @state() private toolsOpen: boolean | undefined;
  @state() private filter: Filter = EVERYTHING;
  @state() private grouping: Grouping | undefined;
  @state() private selecting = false;
  @state() private selected: ReadonlySet<string> = new Set();
  /** The miners as they stand, for a range of them. */
  private shown: readonly string[] = [];
  private lastPicked: string | undefined;
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
    if (this.settings.groupBy !== before?.groupBy)
      this.grouping = this.settings.groupBy;
    this.curves = new Map();
    this.toggleAttribute("scrolls", typeof config.grid_options?.rows === "number");
    return config;
  }

  override getCardSize(): number {
    const { layout, miners } = this.settings;
    const count = miners?.length ?? Object.keys(this.live?.miners ?? {}).length;
    return 3 + Math.ceil(layout === "lite" ? count / 2 : count);
  }

  protected override expectedHeight(hass: HomeAssistant, width: number): number {
    const { layout, columns, totals, tools } = this.settings;
    const miners = this.settings.miners?.length ?? minerDevices(hass).length;
    return heightOf(arrange(layout, columns, { width, em: this.em, miners }), {
      miners,
      width,
      totals,
      tools: tools && miners >= MANY ? TOOLS : 0,
    });
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

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    // At once: rows that come with the second drawing would push all else down.
    if (this.width === 0) this.measure();
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
      (occasions.some((name) => changed.has(name)) ||
        this.knowsNoCurves(changed) ||
        this.hasCome(changed)) &&
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
      const series = await fetchSeries(hass, span, WANTED, miners);
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
    const all = this.chooseEntries(live);
    if (all.length === 0) return renderEmpty(hass, settings.miners !== undefined);
    const filtered = isFiltered(this.filter);
    const entries = filtered
      ? all.filter(([, miner]) => matches(miner, this.filter))
      : all;
    const tools =
      settings.tools &&
      (this.toolsOpen ?? (all.length >= MANY || this.grouping !== undefined));
    const { selecting } = this;
    const layout = arrange(settings.layout, settings.columns, {
      width: this.width,
      em: this.em,
      miners: entries.length,
      longest: Math.max(0, ...entries.map(([, { name }]) => name.length)),
      selecting,
    });
    const lite = settings.layout === "lite";
    const totals = settings.totals
      ? computeTotals(
          entries.map(([, miner]) => miner),
          live.swarm,
          settings.miners === undefined && !filtered,
        )
      : undefined;
    const title = settings.title ?? (lite ? "" : live.swarm.name);
    return html`
      <ha-card class=${lite ? "lite" : "full"}>
        <div class="header">
          ${title ? html`<h2>${title}</h2>` : nothing}
          ${totals && lite ? renderLine(hass, totals, this.width) : nothing}
          ${renderChip(hass, all, {
            short: lite,
            open: this.attention,
            toggle: this.toggleAttention,
          })}
          ${
            settings.tools && all.length > 1
              ? html`<button
                  class="toggle"
                  aria-expanded=${tools ? "true" : "false"}
                  aria-label=${localize(hass, "swarm.tools")}
                  title=${localize(hass, "swarm.tools")}
                  @click=${() => this.showTools(!tools)}
                >
                  <ha-icon .icon=${"mdi:filter-variant"}></ha-icon>
                </button>`
              : nothing
          }
        </div>
        ${live.connected ? nothing : renderNotice(hass)}
        ${this.renderBlocks(hass, entries, live)}
        ${this.attention ? renderAttention(hass, all, this.opener) : nothing}
        ${tools ? this.renderTools(hass, all, entries.length) : nothing}
        ${totals && !lite ? renderTiles(hass, totals, this.width) : nothing}
        ${lite || filtered ? nothing : this.renderPowerTarget(hass, live, tools)}
        ${
          this.width === 0
            ? nothing
            : entries.length === 0
              ? html`<p class="no-match">${localize(hass, "swarm.no_match")}</p>`
              : this.renderRows(hass, entries, layout)
        }
        ${
          selecting
            ? html`<bitaxe-swarm-selection
                .hass=${hass}
                .entries=${sortEntries(entries, BY_NAME, hass.locale.language)}
                .selected=${this.selected}
                .connected=${live.connected}
                @bitaxe-select=${(event: CustomEvent<{ ids: string[] }>) =>
                  (this.selected = new Set(event.detail.ids))}
              ></bitaxe-swarm-selection>`
            : nothing
        }
      </ha-card>
    `;
  }

  private renderTools(
    hass: HomeAssistant,
    entries: readonly Entry[],
    shown: number,
  ): TemplateResult {
    loadParts().catch(() => undefined);
    return html`<bitaxe-swarm-tools
      class=${entries.length >= MANY ? "kept" : ""}
      .hass=${hass}
      .entries=${entries}
      .filter=${this.filter}
      .shown=${shown}
      .grouping=${this.grouping}
      .selecting=${this.selecting}
      @bitaxe-filter=${(event: CustomEvent<{ filter: Filter }>) =>
        (this.filter = event.detail.filter)}
      @bitaxe-grouping=${(event: CustomEvent<{ grouping: Grouping | undefined }>) =>
        (this.grouping = event.detail.grouping)}
      @bitaxe-selecting=${(event: CustomEvent<{ on: boolean }>) =>
        this.select(event.detail.on)}
    ></bitaxe-swarm-tools>`;
  }

  /** What is hidden must not go on filtering or selecting. */
  private showTools(open: boolean): void {
    this.toolsOpen = open;
    if (open) return;
    this.filter = EVERYTHING;
    this.grouping = undefined;
    this.select(false);
  }

  private select(on: boolean): void {
    this.selecting = on;
    this.selected = new Set();
    this.lastPicked = undefined;
  }

  /** The target of all miners: where there is one, or somebody looks for tools. */
  private renderPowerTarget(
    hass: HomeAssistant,
    { swarm, connected }: LiveData,
    tools: boolean,
  ): TemplateResult | typeof nothing {
    const { power_target: target, entities } = swarm;
    if (!target || this.settings.miners || entities.power_target === undefined)
      return nothing;
    const sets = this.settings.tools && swarm.can_control;
    if (!target.following && !(sets && (tools || target.chosen_w !== null)))
      return nothing;
    loadParts().catch(() => undefined);
    return html`<bitaxe-power-target
      swarm
      ?narrow=${this.width < NARROW}
      .hass=${hass}
      .target=${target}
      .entities=${entities}
      .enabled=${sets && connected}
    ></bitaxe-power-target>`;
  }

  /** What found a block is shown until somebody dismisses it. */
  private renderBlocks(
    hass: HomeAssistant,
    entries: readonly Entry[],
    { swarm }: LiveData,
  ): TemplateResult | typeof nothing {
    const found = entries.filter(([, { blocks_found: count }]) => (count ?? 0) > 0);
    if (found.length === 0) return nothing;
    loadParts().catch(() => undefined);
    return html`<bitaxe-block-banner
      .hass=${hass}
      .miners=${found}
      .networkDifficulty=${swarm.network_difficulty ?? null}
      @bitaxe-blocks=${(event: CustomEvent<{ ids: string[] }>) =>
        (this.golden = new Set(event.detail.ids))}
    ></bitaxe-block-banner>`;
  }

  private chooseEntries({ miners }: LiveData): Entry[] {
    const chosen = this.settings.miners;
    return Object.entries(miners).filter(
      ([id]) => chosen === undefined || chosen.includes(id),
    );
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
    this.shown = sorted.map(([id]) => id);
    switch (layout.kind) {
      case "table":
        return html`<div class="rows" @click=${this.onClick}>
          ${this.renderTable(hass, sorted, layout)}
        </div>`;
      case "compact":
        return html`
          <div class="tools">
            ${renderSortMenu(hass, this.sort, this.sortBy)}
            ${layout.columns.includes("history") ? renderSpans(hass, this.span, this.showSpan) : nothing}
          </div>
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
          ${renderHead(hass, this.sort.key === "state" ? "state" : "name", this.sort, this.sortBy)}
          ${layout.columns.map((key) =>
            key === "history"
              ? html`<div role="columnheader">
                  ${kind === "table" ? renderSpans(hass, this.span, this.showSpan) : localize(hass, "swarm.column.history")}
                </div>`
              : renderHead(hass, key, this.sort, this.sortBy),
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
          class="${opens || this.selecting ? "opens" : ""} ${
            miner.online ? "" : "offline"
          } ${this.golden.has(id) ? "gold" : ""} ${
            this.selected.has(id) ? "selected" : ""
          }"
          role=${role}
          .hass=${hass}
          .deviceId=${id}
          .miner=${miner}
          .kind=${kind}
          .columns=${this.sameColumns(columns)}
          .curve=${this.curves.get(id)}
          .span=${this.span}
          .opens=${opens}
          .selecting=${this.selecting}
          .selected=${this.selected.has(id)}
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

  private readonly sortBy = (sort: Sort): void => {
    this.sort = sort;
  };

  private readonly showSpan = (span: Span): void => {
    this.span = span;
  };

  private readonly toggleAttention = (): void => {
    this.attention = !this.attention;
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
    if (row === null || target.closest(".detail") !== null) return;
    if (this.selecting) this.pick(row, target, event as MouseEvent);
    else this.open(row.deviceId, row.miner);
  };

  /** Selects a row or not; with Shift all of them since the last one. */
  private pick(
    { deviceId, miner }: SwarmRow,
    target: Element,
    event: MouseEvent,
  ): void {
    if (!miner.can_control) return;
    const selected = new Set(this.selected);
    const on = !selected.has(deviceId);
    const from = this.shown.indexOf(this.lastPicked ?? "");
    const to = this.shown.indexOf(deviceId);
    const range =
      event.shiftKey && from >= 0
        ? this.shown.slice(Math.min(from, to), Math.max(from, to) + 1)
        : [deviceId];
    for (const id of range) {
      if (on && this.live?.miners[id]?.can_control === true) selected.add(id);
      else if (!on) selected.delete(id);
    }
    // A box shows what is selected, also where a click on it was not what changed it.
    if (target instanceof HTMLInputElement) target.checked = on;
    this.lastPicked = deviceId;
    this.selected = selected;
  }

  /** Opens a miner, where a click leads anywhere. */
  private get opener(): Opener | undefined {
    return this.opens ? this.open : undefined;
  }

  private readonly open = (id: string, miner: Miner): void => {
    const { rowAction, navigationPath } = this.settings;
    if (rowAction === "navigate" && navigationPath !== undefined) {
      navigate(pathOf(navigationPath, id, location.pathname));
    } else if (rowAction === "device" && this.hass?.user?.is_admin) {
      navigate(`/config/devices/device/${id}`);
    } else if (rowAction !== "none") {
      const entity = miner.entities.hashrate ?? Object.values(miner.entities)[0];
      if (entity !== undefined) showMoreInfo(this, entity);
    }
  };
}
