/** What each miner did over a day, a week or a month. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { BitaxeCard } from "../../lib/base-card";
import {
  formatEfficiency,
  formatHashrate,
  formatMoney,
  formatPercent,
  withUnit,
} from "../../lib/format";
import type { ConfigForm, GridOptions, HomeAssistant } from "../../lib/hass";
import { minerDevices } from "../../lib/devices";
import { fetchSummary } from "../../lib/history";
import { localize } from "../../lib/i18n";
import type { LiveData } from "../../lib/live";
import { loadParts } from "../../lib/parts";
import type { MinerSummary, Summary } from "../../lib/model";
import { explain } from "../../lib/reasons";
import { buttonStyles, cardStyles } from "../../lib/styles";
import { follow, wasUnmeasured } from "../../lib/unmeasured";
import { type Column, COLUMNS, formatEnergy, KINDS, sortRows } from "./columns";
import { readConfig, type Span, SPANS, type SummaryCardConfig } from "./config";
import { styles } from "./styles";

/** ms between two looks at the history. */
const REFRESH = 300_000;
/** ms in which others come online as well, as after a start of Home Assistant. */
const GATHER = 3_000;
/** px of what is above the table, and of a row: one head, one per miner, one of totals. */
const HEADER = 65;
const ROW = 41;

export class SummaryCard extends BitaxeCard<SummaryCardConfig> {
  static override styles = [cardStyles, buttonStyles, styles];

  @state() private span: Span = "24h";
  @state() private summary: Summary | undefined;
  @state() private failure: string | undefined;
  @state() private loading = false;
  @state() private column: Column = "name";
  @state() private descending = false;
  /** Goes up with each question, so that the answer to an older one is known. */
  private asked = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  /** Miners that were online at any time since live data come. */
  private seen: ReadonlySet<string> | undefined;
  private unfollow: (() => void) | undefined;
  private gathering: ReturnType<typeof setTimeout> | undefined;

  static getStubConfig(): Partial<SummaryCardConfig> {
    return { span: "24h" };
  }

  static async getConfigForm(): Promise<ConfigForm> {
    return (await loadParts()).summaryForm();
  }

  override getGridOptions(): GridOptions {
    return { columns: "full", min_columns: 6, rows: "auto" };
  }

  protected override expectedHeight(hass: HomeAssistant): number {
    const chosen = this.config?.miners?.length ?? 0;
    const rows = chosen > 0 ? chosen : minerDevices(hass).length;
    return HEADER + ROW * (rows > 1 ? rows + 2 : rows + 1);
  }

  protected override readConfig(config: SummaryCardConfig): SummaryCardConfig {
    return readConfig(config);
  }

  override setConfig(config: SummaryCardConfig): void {
    super.setConfig(config);
    this.span = config.span ?? "24h";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => void this.load(), REFRESH);
    this.unfollow = follow(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
    clearTimeout(this.gathering);
    this.unfollow?.();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const before = changed.get("hass") as HomeAssistant | undefined;
    const come = this.hasCome(changed);
    if (
      changed.has("span") ||
      changed.has("config") ||
      (changed.has("hass") && before?.connection !== this.hass?.connection) ||
      // What was asked for while Home Assistant was away or starting has failed.
      come
    ) {
      void this.load();
    }
    if (come) {
      this.seen = undefined;
    }
    if (changed.has("live") && this.hasNewcomers()) {
      clearTimeout(this.gathering);
      this.gathering = setTimeout(() => void this.load(0), GATHER);
    }
  }

  /** Whether miners came online that were not yet, so that the summary lacks them. */
  private hasNewcomers(): boolean {
    const before = this.seen;
    const online = Object.entries(this.live?.miners ?? {}).flatMap(([id, miner]) =>
      miner.online ? [id] : [],
    );
    if (this.live !== undefined) this.seen = new Set([...(before ?? []), ...online]);
    return before !== undefined && online.some((id) => !before.has(id));
  }

  /** Asks for the summary; an answer older than `seconds` is not good enough. */
  private async load(seconds?: number): Promise<void> {
    if (this.hass === undefined || this.config === undefined) {
      return;
    }
    const asked = ++this.asked;
    const { miners } = this.config;
    this.loading = true;
    try {
      const summary = await fetchSummary(
        this.hass,
        this.span,
        miners?.length ? miners : undefined,
        seconds,
      );
      if (asked === this.asked) {
        this.summary = summary;
        this.failure = undefined;
      }
    } catch (error) {
      const failure = await explain(this.hass, error);
      if (asked === this.asked) {
        this.failure = failure;
      }
    }
    if (asked === this.asked) {
      this.loading = false;
    }
  }

  protected override renderCard(
    hass: HomeAssistant,
    _config: SummaryCardConfig,
    { miners }: LiveData,
  ): TemplateResult {
    // The history knows a miner by the name it was added with.
    const items = this.summary?.miners.map((item) => ({
      ...item,
      name: miners[item.device_id]?.name ?? item.name,
    }));
    const waits = this.summary === undefined && this.failure === undefined;
    return html`
      <ha-card style=${waits ? this.keepRoom(hass) : nothing}>
        <div class="header">
          <h2>${localize(hass, "summary.title")}</h2>
          <div
            class="spans"
            role="group"
            aria-label=${localize(hass, "summary.span_label")}
          >
            ${SPANS.map(
              (span) => html`
                <button
                  aria-pressed=${span === this.span ? "true" : "false"}
                  @click=${() => (this.span = span)}
                >
                  ${localize(hass, `summary.spans.${span}`)}
                </button>
              `,
            )}
          </div>
        </div>
        ${guard(
          [
            this.summary,
            this.failure,
            this.loading,
            this.column,
            this.descending,
            hass.locale,
            items?.map(({ name }) => name).join("\n"),
          ],
          () => this.renderContent(hass, items ?? []),
        )}
        ${this.renderUnmeasured(hass, miners)}
      </ha-card>
    `;
  }

  /** Those whose settings cannot be compared yet, in one line. */
  private renderUnmeasured(
    hass: HomeAssistant,
    miners: LiveData["miners"],
  ): TemplateResult | typeof nothing {
    const chosen = this.config?.miners ?? [];
    const names = Object.entries(miners)
      .filter(([id]) => wasUnmeasured(id) && (!chosen.length || chosen.includes(id)))
      .map(([, { name }]) => name);
    return names.length === 0
      ? nothing
      : html`<div class="unmeasured">
          ${localize(hass, "summary.unmeasured", {
            names: new Intl.ListFormat(hass.locale.language).format(names),
          })}
        </div>`;
  }

  private renderContent(
    hass: HomeAssistant,
    items: readonly MinerSummary[],
  ): TemplateResult {
    const { summary } = this;
    if (this.failure !== undefined) {
      return html`<div class="message" role="alert">
        ${localize(hass, "summary.failed", { message: this.failure })}
      </div>`;
    }
    if (summary === undefined) {
      return html`<div class="message" role="status">
        ${localize(hass, "summary.loading")}
      </div>`;
    }
    if (items.length === 0) {
      return html`<div class="message">${localize(hass, "summary.empty")}</div>`;
    }
    return html`
      <div
        class="scroll ${this.loading ? "old" : ""}"
        aria-busy=${this.loading ? "true" : "false"}
      >
        <table>
          <thead>
            <tr>
              ${COLUMNS.map((column) => this.renderHead(hass, column))}
            </tr>
          </thead>
          <tbody>
            ${sortRows(items, this.column, this.descending, hass.locale.language).map(
              (item) => html`
                <tr>
                  ${COLUMNS.map((column) =>
                    column === "name"
                      ? html`<th scope="row" title=${item.name}>${item.name}</th>`
                      : html`<td class=${column}>
                          ${KINDS[column].text(hass, item, summary.currency)}
                        </td>`,
                  )}
                </tr>
              `,
            )}
          </tbody>
          ${items.length > 1 ? this.renderTotal(hass, summary) : ""}
        </table>
      </div>
      ${this.renderWall(hass, summary)}
    `;
  }

  private renderHead(hass: HomeAssistant, column: Column): TemplateResult {
    const name = localize(hass, `summary.columns.${column}`);
    const sorted = column === this.column;
    const content = html`<button
      title=${localize(hass, "summary.sort_by", { column: name })}
      @click=${() => this.sort(column)}
    >
      ${name}
    </button>`;
    return sorted
      ? html`<th
          scope="col"
          class=${column}
          aria-sort=${this.descending ? "descending" : "ascending"}
        >
          ${content}
        </th>`
      : html`<th scope="col" class=${column}>${content}</th>`;
  }

  private renderTotal(
    hass: HomeAssistant,
    { total, currency }: Summary,
  ): TemplateResult {
    const texts: Partial<Record<Column, string>> = {
      hashrate: formatHashrate(hass, total.hashrate_ghs),
      efficiency: formatEfficiency(hass, total.efficiency_j_th),
      energy: formatEnergy(hass, total.energy_kwh, total.idle_energy_kwh),
      cost: formatMoney(hass, total.cost, currency),
    };
    return html`
      <tfoot>
        <tr>
          ${COLUMNS.map((column) =>
            column === "name"
              ? html`<th scope="row">${localize(hass, "summary.total")}</th>`
              : html`<td class=${column}>${texts[column] ?? ""}</td>`,
          )}
        </tr>
      </tfoot>
    `;
  }

  /** What plugs measured: a line for each power supply. */
  private renderWall(
    hass: HomeAssistant,
    { total, currency }: Summary,
  ): TemplateResult | typeof nothing {
    if (!total.wall.length) return nothing;
    return html`<ul class="wall">
      ${total.wall.map((item) => {
        const parts = [
          localize(hass, "summary.wall", {
            name: item.name,
            power: withUnit(hass, item.power_w, "W", 1),
          }),
        ];
        if (item.efficiency_j_th !== null) {
          parts.push(formatEfficiency(hass, item.efficiency_j_th));
        }
        parts.push(withUnit(hass, item.energy_kwh, "kWh", 1));
        if (item.cost !== null) parts.push(formatMoney(hass, item.cost, currency));
        if (item.loss_w !== null) {
          parts.push(
            localize(hass, "summary.wall_loss", {
              loss: withUnit(hass, item.loss_w, "W", 1),
              share: formatPercent(hass, item.loss_percent, 1),
            }),
          );
        }
        if (item.is_part) {
          const hours = withUnit(hass, item.observed_hours, "h", 1);
          parts.push(localize(hass, "summary.wall_hours", { hours }));
        }
        return html`<li>${parts.join(" · ")}</li>`;
      })}
    </ul>`;
  }

  private sort(column: Column): void {
    this.descending =
      column === this.column ? !this.descending : KINDS[column].descending;
    this.column = column;
  }
}
