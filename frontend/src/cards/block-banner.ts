/** A block was found: what everybody has waited for, until somebody dismisses it. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { attempt } from "../lib/actions";
import { dismissBlocks, dismissedBlocks } from "../lib/blocks";
import { download } from "../lib/download";
import { fireEvent } from "../lib/events";
import { formatDifficulty, formatNumber, formatTime } from "../lib/format";
import type { HomeAssistant } from "../lib/hass";
import { fetchTimeline } from "../lib/history";
import { localize } from "../lib/i18n";
import type { Miner, TimelineItem } from "../lib/model";
import { define } from "../lib/register";
import { baseStyles, buttonStyles } from "../lib/styles";
import { blockAsPicture } from "./block-picture";

/** As far back as the recorder keeps states, unless people changed that. */
const SPAN = "30d";

/** Saves a picture of a block, to be shared. */
async function savePicture(title: string, lines: readonly string[]): Promise<void> {
  const picture = await blockAsPicture(title, lines);
  if (picture !== null) download(picture, `${title}.png`);
}

const DISMISSED = "bitaxe-block-dismissed";

class BlockBanner extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  /** Those that have found a block. */
  @property({ attribute: false }) miners: readonly (readonly [string, Miner])[] = [];
  /** Of the network; null is unknown. */
  @property({ attribute: false }) networkDifficulty: number | null = null;
  @state() private dismissed: Readonly<Record<string, number>> | undefined;
  @state() private items: readonly TimelineItem[] = [];
  private announced = "";
  private count = "";

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(DISMISSED, this.reload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener(DISMISSED, this.reload);
  }

  /** Somebody dismissed a block, maybe on another card. */
  private readonly reload = (): void => {
    void dismissedBlocks(this.hass).then((dismissed) => (this.dismissed = dismissed));
  };

  protected override willUpdate(changed: PropertyValues): void {
    const count = this.miners
      .map(([id, { blocks_found: found }]) => `${id} ${found}`)
      .join();
    if (changed.has("miners") && count !== this.count) {
      this.count = count;
      void this.load();
    }
  }

  private async load(): Promise<void> {
    const { hass } = this;
    // Without an answer nothing is dismissed: better seen twice than never.
    this.dismissed = await dismissedBlocks(hass).catch(() => ({}));
    try {
      const { items } = await fetchTimeline(hass, SPAN, {
        devices: this.miners.map(([id]) => id),
        kinds: ["block_found"],
        seconds: 0,
      });
      this.items = items;
    } catch {
      // There is no recorder: the block is as good without its time.
    }
  }

  private get shown(): [string, Miner][] {
    const { dismissed } = this;
    if (dismissed === undefined) return [];
    return this.miners
      .filter(([id, miner]) => (miner.blocks_found ?? 0) > (dismissed[id] ?? 0))
      .map(([id, miner]) => [id, miner]);
  }

  protected override updated(): void {
    const ids = this.shown.map(([id]) => id);
    if (ids.join() !== this.announced) {
      this.announced = ids.join();
      fireEvent(this, "bitaxe-blocks", { ids });
    }
  }

  protected override render(): unknown {
    return this.shown.map(([id, miner]) => this.renderBlock(id, miner));
  }

  private renderBlock(id: string, miner: Miner): unknown {
    const { hass, networkDifficulty: network } = this;
    const item = this.items.find(({ device_id: device }) => device === id);
    const fresh = (miner.blocks_found ?? 0) - (this.dismissed?.[id] ?? 0);
    const best = miner.best_difficulty;
    const details = [
      item === undefined ? "" : formatTime(hass, item.start),
      item?.block_height == null
        ? ""
        : localize(hass, "common.block.height", {
            height: formatNumber(hass, item.block_height),
          }),
      network === null
        ? ""
        : best !== null && best >= network
          ? localize(hass, "common.block.against", {
              value: formatDifficulty(hass, best),
              network: formatDifficulty(hass, network),
            })
          : localize(hass, "common.block.network", {
              network: formatDifficulty(hass, network),
            }),
    ].filter(Boolean);
    const found = localize(
      hass,
      fresh > 1 ? "common.block.found_more" : "common.block.found",
      { name: miner.name, count: fresh },
    );
    return html`<div class="block" role="status">
      <ha-icon icon="mdi:trophy"></ha-icon>
      <div class="what">
        <b>${found}</b>
        ${details.length > 0 ? html`<div>${details.join(" · ")}</div>` : nothing}
      </div>
      <button class="tonal" @click=${() => void savePicture(found, details)}>
        ${localize(hass, "common.block.picture")}
      </button>
      <button class="filled" @click=${() => void this.dismiss(id, miner)}>
        ${localize(hass, "common.block.dismiss")}
      </button>
    </div>`;
  }

  private async dismiss(id: string, miner: Miner): Promise<void> {
    await attempt(this, this.hass, async () => {
      await dismissBlocks(this.hass, id, miner.blocks_found ?? 0);
      fireEvent(window, DISMISSED);
    });
  }

  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        --gold: var(--amber-color, #ffc107);
      }
      .block {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
        margin: 8px 0;
        padding: 16px;
        border: 2px solid var(--gold);
        border-radius: var(--ha-border-radius-lg, 12px);
        color: var(--primary-text-color);
        line-height: 1.4;
        background: color-mix(in srgb, var(--gold) 22%, transparent);
      }
      ha-icon {
        flex: none;
        --mdc-icon-size: 40px;
        color: var(--gold);
      }
      .what {
        flex: 1 1 150px;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      /* Gold shines through the button, which leaves the accent too little contrast. */
      button.tonal {
        color: var(--primary-text-color);
      }
      b {
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: var(--ha-font-weight-bold, 700);
      }
    `,
  ];
}

define("bitaxe-block-banner", BlockBanner);
