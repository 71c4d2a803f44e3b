/** The lines of a timeline, the latest first. */

import {
  html,
  LitElement,
  nothing,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { property, state } from "lit/decorators.js";
import { sharedStyles } from "../../lib/card-styles";
import { collatorOf } from "../../lib/collation";
import { clockOf } from "../../lib/clock";
import { showMoreInfo } from "../../lib/events";
import {
  describeItem,
  lastingOf,
  loadWords,
  type Words,
} from "../../lib/timeline-text";
import type { HomeAssistant } from "../../lib/hass";
import { fetchTimeline } from "../../lib/history";
import { localize } from "../../lib/i18n";
import type { Miner, Timeline, TimelineItem } from "../../lib/model";
import { explain } from "../../lib/reasons";
import { define } from "../../lib/register";
import { Reload } from "../../lib/reload";
import { renderSegments } from "../../lib/segments";
import { baseStyles, buttonStyles } from "../../lib/styles";
import { DEFAULT_SPAN, type Span, SPANS, type TimelineCardConfig } from "./config";
import { dayName, timeOf } from "./days";
import { timelineStyles } from "./styles";

/** ms between two looks without an occasion, and after one that failed. */
const REFRESH = 5 * 60_000;
const RETRY = 30_000;
/** ms in which more of the same incident comes, and until the recorder has written it. */
const GATHER = 1_500;
const WRITTEN = 8_000;
/** Lines at first, and more with each click. */
const PAGE = 40;

class TimelineView extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) config!: TimelineCardConfig;
  @property({ attribute: false }) miners!: Readonly<Record<string, Miner>>;
  /** Another text whenever something happened. */
  @property({ attribute: false }) traces = "";
  @state() private timeline: Timeline | undefined;
  @state() private words: Words | undefined;
  @state() private problem = "";
  @state() private span: Span | undefined;
  /** Which miner alone is shown. */
  @state() private miner = "";
  @state() private shown = PAGE;
  private asked = "";
  private readonly reload = new Reload(this, () => this.load(0));

  protected override willUpdate(changed: PropertyValues): void {
    const { language } = this.hass.locale;
    const before = changed.get("hass") as HomeAssistant | undefined;
    if (changed.has("hass") && before?.locale.language !== language) {
      void loadWords(this.hass).then((words) => (this.words = words));
    }
    if (this.wanted !== this.asked) {
      this.shown = PAGE;
      void this.load();
    } else if (changed.has("traces") && changed.get("traces") !== undefined) {
      this.reload.after([GATHER, WRITTEN]);
    }
    this.toggleAttribute("waiting", !this.problem && this.waiting);
  }

  private get waiting(): boolean {
    return this.timeline === undefined || this.words === undefined;
  }

  private get wanted(): string {
    return JSON.stringify([this.chosenSpan, this.devices]);
  }

  private get chosenSpan(): Span {
    return this.span ?? this.config.span ?? DEFAULT_SPAN;
  }

  private get devices(): string[] | undefined {
    const { device_id: id, miners } = this.config;
    return id === undefined ? (miners?.length ? miners : undefined) : [id];
  }

  /** Asks for the timeline; an answer older than `seconds` is not good enough. */
  private async load(seconds?: number): Promise<void> {
    const asked = this.wanted;
    this.asked = asked;
    let problem = "";
    try {
      const timeline = await fetchTimeline(this.hass, this.chosenSpan, {
        devices: this.devices,
        ...(seconds === undefined ? {} : { seconds }),
      });
      if (asked === this.asked) this.timeline = timeline;
    } catch (error) {
      problem = await explain(this.hass, error);
    }
    if (asked === this.asked) {
      this.problem = problem;
      if (seconds === undefined || problem) {
        this.reload.after(problem ? RETRY : REFRESH, () => this.load());
      }
    }
  }

  protected override render(): TemplateResult {
    const { hass, config } = this;
    return html`
      <div class="header">
        <h2>${config.title ?? localize(hass, "timeline.title")}</h2>
        ${config.device_id === undefined ? this.renderFilter() : nothing}
        ${renderSegments(
          localize(hass, "timeline.span_label"),
          SPANS,
          this.chosenSpan,
          (span) => localize(hass, `timeline.spans.${span}`),
          (span) => (this.span = span),
        )}
      </div>
      ${this.renderItems()}
    `;
  }

  private renderFilter(): TemplateResult | typeof nothing {
    const { hass } = this;
    const chosen = this.devices;
    const order = collatorOf(hass.locale.language);
    const miners = Object.entries(this.miners)
      .filter(([id]) => chosen === undefined || chosen.includes(id))
      .sort(([, a], [, b]) => order.compare(a.name, b.name));
    if (miners.length < 2) return nothing;
    return html`<label>
      <span class="visually-hidden">${localize(hass, "timeline.filter")}</span>
      <select
        @change=${(event: Event) => {
          this.miner = (event.target as HTMLSelectElement).value;
          this.shown = PAGE;
        }}
      >
        <option value="">${localize(hass, "timeline.all_miners")}</option>
        ${miners.map(
          ([id, { name }]) =>
            html`<option value=${id} ?selected=${id === this.miner}>${name}</option>`,
        )}
      </select>
    </label>`;
  }

  private renderItems(): TemplateResult {
    const { hass, timeline, words } = this;
    const note = (text: string, role = "status"): TemplateResult =>
      html`<div class="note secondary" role=${role}>${text}</div>`;
    // What was answered before is worth more than why there is nothing new.
    if (this.problem && timeline === undefined) return note(this.problem, "alert");
    if (timeline === undefined || words === undefined) {
      return note(localize(hass, "timeline.loading"));
    }
    const items = timeline.items.filter(
      ({ device_id: id }) => this.miner === "" || id === this.miner,
    );
    if (items.length === 0) {
      return html`<div class="note nothing secondary" role="status">
        <ha-icon icon="mdi:check-circle-outline"></ha-icon>
        ${localize(hass, "timeline.empty")}
      </div>`;
    }
    const now = Date.now() / 1000;
    const groups = new Map<string, TimelineItem[]>();
    for (const item of items.slice(0, this.shown)) {
      const day =
        item.phase === "ongoing"
          ? localize(hass, "timeline.now")
          : dayName(hass, clockOf(hass), item.end ?? item.start, now);
      groups.set(day, [...(groups.get(day) ?? []), item]);
    }
    return html`
      ${[...groups].map(
        ([day, found]) => html`
          <h3>${day}</h3>
          <ul>
            ${found.map((item) => this.renderItem(hass, item, words, now))}
          </ul>
        `,
      )}
      ${
        items.length > this.shown
          ? html`<button class="text" @click=${() => (this.shown += PAGE)}>
              ${localize(hass, "timeline.more")}
            </button>`
          : timeline.truncated
            ? note(
                localize(hass, "timeline.truncated", { count: timeline.items.length }),
              )
            : nothing
      }
    `;
  }

  private renderItem(
    hass: HomeAssistant,
    item: TimelineItem,
    words: Words,
    now: number,
  ): TemplateResult {
    const { icon, tone, title, details } = describeItem(hass, item, words);
    const clock = clockOf(hass);
    const lasting = lastingOf(hass, item, now);
    const name = this.miners[item.device_id ?? ""]?.name ?? item.name;
    const entity = this.miners[item.device_id ?? ""]?.entities.state;
    const time = timeOf(clock, item.end ?? item.start);
    return html`<li class="tone-${tone} ${item.phase}">
      <span class="mark"><ha-icon .icon=${icon}></ha-icon></span>
      <div>
        <div class="what">
          ${
            this.config.device_id !== undefined
              ? nothing
              : entity === undefined
                ? html`<b>${name}</b> `
                : html`<button class="name" @click=${() => showMoreInfo(this, entity)}>
                      ${name}</button
                    >${" "}`
          }${title}
        </div>
        <div class="secondary">
          ${[lasting, ...details].filter(Boolean).join(" · ")}
        </div>
      </div>
      <time datetime=${new Date((item.end ?? item.start) * 1000).toISOString()}
        >${time}</time
      >
    </li>`;
  }

  static override styles = [baseStyles, buttonStyles, sharedStyles, timelineStyles];
}

define("bitaxe-timeline-view", TimelineView);
