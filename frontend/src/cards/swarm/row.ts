/** One miner of the swarm card, drawn anew only when something of it changes. */

import {
  html,
  LitElement,
  nothing,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { styleMap } from "lit/directives/style-map.js";

import { join } from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import type { Miner, Warning } from "../../lib/model";
import { loadParts } from "../../lib/parts";
import { sparkline } from "../../lib/sparkline";
import { isRestarting, lookOfMiner, missesReadings, stateName } from "../../lib/states";
import { describeWarning, warningsOf } from "../../lib/warnings";
import { type Cell, cellOf, statusOf } from "./cells";
import { column, type ColumnKey } from "./columns";
import type { Span } from "./config";
import { type Curve, scaleOf } from "./curve";
import { renderUnit } from "./unit";
import { warningList } from "./warning-list";

/** A row of the table, an item of the list on a narrow card, a line of the dense list. */
export type RowKind = "table" | "compact" | "dense";

/** Characters, as people count them, at the end of a name that are not cut. */
const TAIL = 4;
const CHARACTERS = new Intl.Segmenter();
/** In two parts, a name that is written from right to left would be out of order. */
const RIGHT_TO_LEFT = /[\p{sc=Arab}\p{sc=Hebr}\p{sc=Nkoo}\p{sc=Syrc}\p{sc=Thaa}]/u;

/** Parts by name: finding its characters took a quarter of drawing a dense row. */
const named = new Map<string, [string, string]>();

function cutName(name: string): [string, string] {
  if (RIGHT_TO_LEFT.test(name)) return [name, ""];
  const all = Array.from(CHARACTERS.segment(name), ({ segment }) => segment);
  return [all.slice(0, -TAIL).join(""), all.slice(-TAIL).join("")];
}

/** The part of a name that may be cut, and its end. */
function partsOf(name: string): [string, string] {
  let parts = named.get(name);
  if (parts === undefined) {
    parts = cutName(name);
    named.set(name, parts);
  }
  return parts;
}

/**
 * It draws into the card's own tree, so that forty rows share one style sheet and
 * assistive technology finds cells right below their row.
 */
export class SwarmRow extends LitElement {
  @property({
    attribute: false,
    // Every state of the house makes a new `hass`; the language makes other texts.
    hasChanged: (now?: HomeAssistant, before?: HomeAssistant) =>
      now?.locale !== before?.locale,
  })
  hass!: HomeAssistant;
  @property({ attribute: false }) deviceId!: string;
  @property({ attribute: false }) miner!: Miner;
  @property({ attribute: false }) kind!: RowKind;
  @property({ attribute: false }) columns!: readonly ColumnKey[];
  @property({ attribute: false }) curve: Curve | undefined;
  @property({ attribute: false }) span!: Span;
  /** Whether a click leads somewhere. */
  @property({ attribute: false }) opens!: boolean;
  /** Whether rows are being selected, and this one is. */
  @property({ attribute: false }) selecting = false;
  @property({ attribute: false }) selected = false;
  /** Goes up once a minute: durations are drawn anew. */
  @property({ attribute: false }) minute!: number;
  @state() private expanded = false;
  /** Whether somebody has pointed at it: until then nobody can read its tooltips. */
  @state() private pointed = false;

  private warnings: readonly Warning[] = [];

  constructor() {
    super();
    this.addEventListener("pointerenter", () => (this.pointed = true), { once: true });
  }

  protected override createRenderRoot(): this {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("miner")) this.warnings = warningsOf(this.miner);
  }

  protected override render(): TemplateResult {
    const now = Date.now() / 1000;
    switch (this.kind) {
      case "table":
        return this.renderTable(now);
      case "compact":
        return this.renderCompact(now);
      case "dense":
        return this.renderDense(now);
    }
  }

  private renderTable(now: number): TemplateResult {
    return html`
      <div class="name" role="rowheader">
        ${this.renderBadge()}
        <div class="who">${this.renderOpener()} ${this.renderStatus(now)}</div>
      </div>
      ${this.columns.map((key) =>
        key === "history"
          ? html`<div class="cell curve" role="cell">${this.renderCurve()}</div>`
          : this.renderCell(key, cellOf(key, this.hass, this.miner, now)),
      )}
      ${this.renderDetail(now)}
    `;
  }

  private renderCompact(now: number): TemplateResult {
    const { hass, miner } = this;
    const main = cellOf("hashrate", hass, miner, now);
    const state = stateName(hass, miner);
    return html`
      ${this.renderBadge()}
      <div class="title">
        ${this.renderOpener()}
        <span
          class=${
            // Of one that is offline, the line below says more.
            !miner.online ||
            (miner.state === "mining" && !missesReadings(miner) && !isRestarting(miner))
              ? "visually-hidden"
              : "status"
          }
          >${state}</span
        >
      </div>
      ${
        this.columns.includes("history")
          ? html`<div class="curve">${this.renderCurve()}</div>`
          : nothing
      }
      <div class="main">${this.renderFigure("hashrate", main)}</div>
      <div class="below">
        ${
          miner.online
            ? html`<div class="figures">
                ${this.columns.map((key) =>
                  key === "history"
                    ? nothing
                    : this.renderFigure(key, cellOf(key, hass, miner, now)),
                )}
              </div>`
            : nothing
        }
        ${
          this.warnings.length
            ? this.renderWarningButton(now)
            : miner.online
              ? nothing
              : html`<span class="status">${statusOf(hass, miner, now)}</span>`
        }
      </div>
      ${this.renderDetail(now)}
    `;
  }

  private renderDense(now: number): TemplateResult {
    const { hass, miner } = this;
    const [warning] = this.warnings;
    const look = lookOfMiner(miner);
    const text = warning && describeWarning(hass, warning, now);
    const title = [statusOf(hass, miner, now), text?.title, text?.measured]
      .filter(Boolean)
      .join(" · ");
    const color = !text
      ? look.color
      : text.level === "critical"
        ? "var(--bitaxe-bad)"
        : "var(--bitaxe-warn)";
    return html`
      <div class="name" role="rowheader" title=${title}>
        ${
          this.selecting
            ? this.renderPick()
            : html`<ha-icon
                .icon=${miner.state === "mining" && !missesReadings(miner) && !isRestarting(miner) && text ? "mdi:alert" : look.icon}
                style=${styleMap({ color })}
                aria-hidden="true"
              ></ha-icon>`
        }
        ${this.renderOpener()}<span class="visually-hidden">${title}</span>
      </div>
      ${this.columns.map((key) => {
        if (key === "history")
          return html`<div class="cell curve" role="cell">${this.renderCurve()}</div>`;
        const cell = cellOf(key, hass, miner, now);
        return html`
          <div
            class="cell ${column(key).text ? "text" : ""} ${this.levelOf(key, cell)}"
            role="cell"
            title=${this.titleOf(cell) ?? nothing}
          >
            <span class="value">${cell.value}</span
            >${this.renderUnit(key, cell)}${this.renderLevel(cell.level)}
          </div>
        `;
      })}
    `;
  }

  /** What selects the row, with the keyboard too; a click anywhere else does as well. */
  private renderPick(): TemplateResult {
    return html`<input
      type="checkbox"
      class="pick"
      aria-label=${localize(this.hass, "swarm.pick", { name: this.miner.name })}
      .checked=${this.selected}
      ?disabled=${!this.miner.can_control}
    />`;
  }

  private renderBadge(): TemplateResult {
    if (this.selecting)
      return html`<span class="badge picking">${this.renderPick()}</span>`;
    const { icon, color } = lookOfMiner(this.miner);
    return html`
      <span class="badge" style=${styleMap({ "--state": color })} aria-hidden="true">
        <ha-icon .icon=${icon}></ha-icon>
      </span>
    `;
  }

  /** The name. Where it is cut its end stays: that distinguishes miners. */
  private renderOpener(): TemplateResult {
    const { name } = this.miner;
    const [start, end] = partsOf(name);
    const parts = html`<span dir="auto">${start}</span><span>${end}</span>`;
    return this.opens && !this.selecting
      ? html`<button class="open" title=${name}>${parts}</button>`
      : html`<span class="open" title=${name}>${parts}</span>`;
  }

  /** State, and what is wrong; below the name. */
  private renderStatus(now: number): TemplateResult | typeof nothing {
    const { hass, miner } = this;
    if (this.warnings.length) {
      return html`${miner.online ? html`<span class="visually-hidden">${stateName(hass, miner)}</span>` : nothing}${this.renderWarningButton(now)}`;
    }
    const area = miner.area && !this.columns.includes("area") ? miner.area : "";
    const status = statusOf(hass, miner, now);
    return html`
      <span class="status">
        ${status}${area && miner.online ? ` · ${area}` : nothing}
      </span>
    `;
  }

  private renderWarningButton(now: number): TemplateResult | typeof nothing {
    const { hass, miner } = this;
    const [worst] = this.warnings;
    if (worst === undefined) return nothing;
    const { icon, level, title: wrong } = describeWarning(hass, worst, now);
    const title = miner.online ? wrong : statusOf(hass, miner, now);
    const more = this.warnings.length - 1;
    return html`
      <button
        class="warnings ${level}"
        aria-expanded=${this.expanded ? "true" : "false"}
        @click=${this.toggle}
      >
        <ha-icon .icon=${icon}></ha-icon>
        <span class="visually-hidden"
          >${localize(hass, "swarm.show_warnings", { name: miner.name })}:
        </span>
        <span class="what">${title}</span>
        ${more ? html`<span>${localize(hass, "swarm.more_warnings", { count: more })}</span>` : nothing}
        <ha-icon
          class="chevron"
          .icon=${this.expanded ? "mdi:chevron-up" : "mdi:chevron-down"}
        ></ha-icon>
      </button>
    `;
  }

  private renderDetail(now: number): TemplateResult | typeof nothing {
    const { hass, miner } = this;
    if (!this.expanded || this.warnings.length === 0) return nothing;
    return html`
      <div class="detail" role=${this.kind === "table" ? "cell" : nothing}>
        ${warningList(hass, miner, now)}
        <bitaxe-uptime-bar .hass=${hass} .device=${this.deviceId}></bitaxe-uptime-bar>
      </div>
    `;
  }

  private renderCurve(): unknown {
    const { curve, miner, span, hass } = this;
    if (!curve?.some((value) => value !== null)) return nothing;
    return guard([curve, miner.expected_hashrate_ghs, hass.locale], () =>
      sparkline({
        values: curve,
        label: localize(hass, "swarm.history_label", {
          span: localize(hass, `swarm.span_${span}`),
        }),
        ...scaleOf(curve, miner.expected_hashrate_ghs),
      }),
    );
  }

  private renderCell(key: ColumnKey, cell: Cell): TemplateResult {
    return html`
      <div
        class="cell ${column(key).text ? "text" : ""} ${this.levelOf(key, cell)}"
        role="cell"
        title=${this.titleOf(cell) ?? nothing}
      >
        <div>
          <span class="value">${cell.value}</span
          >${this.renderUnit(key, cell)}${this.renderLevel(cell.level)}
        </div>
        ${this.renderSecond(cell)}
      </div>
    `;
  }

  private titleOf({ title }: Cell): string | undefined {
    return this.pointed ? title?.() : undefined;
  }

  private renderUnit(key: ColumnKey, { unit }: Cell): TemplateResult | typeof nothing {
    return column(key).headed ? nothing : renderUnit(unit);
  }

  /** What stands below the value: a bar, a note, both or neither. */
  private renderSecond({ share, note, noteLevel }: Cell): TemplateResult {
    return html`
      <div class="second">
        ${share === undefined ? nothing : this.renderBar(share)}
        <span class="note ${noteLevel ?? ""}"
          >${note ?? (share === undefined ? "\u00a0" : "")}</span
        >${this.renderLevel(noteLevel)}
      </div>
    `;
  }

  private renderBar(share: number): TemplateResult {
    const filled = Math.min(1, Math.max(0, share));
    return html`
      <span class="bar" aria-hidden="true"
        ><span style="transform:scaleX(${filled.toFixed(2)})"></span
      ></span>
    `;
  }

  /** A figure of the narrow list; bars lie below it and take no room. */
  private renderFigure(key: ColumnKey, cell: Cell): TemplateResult {
    const { hass } = this;
    return html`
      <span
        class="figure ${this.levelOf(key, cell)}"
        title=${
          this.pointed
            ? `${localize(hass, `swarm.column_long.${key}`)}: ${this.titleOf(cell) ?? join(cell)}`
            : nothing
        }
      >
        ${
          column(key).named
            ? html`<span class="label">${localize(hass, `swarm.column.${key}`)}</span>`
            : nothing
        }<span class="value">${cell.value}</span
        >${renderUnit(cell.unit)}${this.renderLevel(cell.level)}
        ${cell.share === undefined ? nothing : this.renderBar(cell.share)}
      </span>
    `;
  }

  /** Classes that colour a value and mark it as too much or too little. */
  private levelOf(key: ColumnKey, { level }: Cell): string {
    if (level === undefined) return "";
    return column(key).precious ? `${level} low` : level;
  }

  /** What a colour says, for those who do not see it. */
  private renderLevel(level: Cell["level"]): TemplateResult | typeof nothing {
    if (level === undefined || level === "good") return nothing;
    return html`<span class="visually-hidden"
      >, ${localize(this.hass, `swarm.level.${level}`)}</span
    >`;
  }

  private readonly toggle = (event: Event): void => {
    event.stopPropagation();
    this.expanded = !this.expanded;
    // The bar of days is loaded where somebody looks at it.
    if (this.expanded) loadParts().catch(() => undefined);
  };
}
