/** What every card does the same way. */

import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import type { CardConfig, GridOptions, HomeAssistant } from "./hass";
import { isLoaded, type Key, loadLanguage, localize } from "./i18n";
import { subscribe, type LiveData, type LiveError } from "./live";

/**
 * A card with a configuration and live data. It draws anew with new data, not with
 * every state of every entity in the house.
 */
export abstract class BitaxeCard<Config extends CardConfig> extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;
  @state() protected config?: Config;
  @state() protected live: LiveData | undefined;
  @state() protected liveError: LiveError | undefined;
  /** px for which room was kept: a view knows its columns only after its cards. */
  @state() private roomWidth = 0;
  private readonly roomObserver = new ResizeObserver(() => {
    this.roomWidth = this.clientWidth;
  });
  private unsubscribe: (() => void) | undefined;

  /**
   * Checks what the dashboard says and fills in what it leaves out.
   *
   * @throws Error in words: Home Assistant shows it in place of the card.
   */
  protected abstract readConfig(config: Config): Config;

  /** Draws the card; there is a configuration, a `hass` and live data. */
  protected abstract renderCard(
    hass: HomeAssistant,
    config: Config,
    live: LiveData,
  ): TemplateResult;

  abstract getGridOptions(): GridOptions;

  /**
   * Returns the height in px that the card will about have once it has data, at a width
   * in px: room is kept for it, so that nothing below moves.
   */
  protected abstract expectedHeight(hass: HomeAssistant, width: number): number;

  /** Style of a card whose content is still to come. */
  protected keepRoom(hass: HomeAssistant): unknown {
    const width = this.roomWidth || this.clientWidth;
    const height = width && this.expectedHeight(hass, width);
    return styleMap(height > 0 ? { "min-height": `${Math.round(height)}px` } : {});
  }

  setConfig(config: Config): void {
    this.config = this.readConfig(config);
  }

  /** Height in units of 50 px, for masonry views. */
  getCardSize(): number {
    return 6;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.roomObserver.observe(this);
    this.subscribe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.roomObserver.disconnect();
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (changed.size > 1 || !changed.has("hass")) {
      return true;
    }
    const before = changed.get("hass") as HomeAssistant | undefined;
    return before === undefined || this.isAffected(before, this.hass as HomeAssistant);
  }

  /** Returns whether a new `hass` shows differently; cards that use more of it add to this. */
  protected isAffected(before: HomeAssistant, now: HomeAssistant): boolean {
    return (
      before.connection !== now.connection ||
      before.locale !== now.locale ||
      before.themes?.darkMode !== now.themes?.darkMode ||
      before.user !== now.user
    );
  }

  protected override willUpdate(changed: PropertyValues): void {
    const before = changed.get("hass") as HomeAssistant | undefined;
    if (before !== undefined && before.connection !== this.hass?.connection) {
      this.unsubscribe?.();
      this.unsubscribe = undefined;
    }
    this.subscribe();
  }

  /** Whether live data come that did not: at first, or after a lost connection. */
  protected hasCome(changed: PropertyValues): boolean {
    const before = changed.get("live") as LiveData | undefined;
    return (
      changed.has("live") && this.live?.connected === true && before?.connected !== true
    );
  }

  private subscribe(): void {
    if (this.hass !== undefined && this.isConnected && this.unsubscribe === undefined) {
      this.unsubscribe = subscribe(this.hass, (live, error) => {
        this.live = live;
        this.liveError = error;
      });
    }
  }

  protected override render(): TemplateResult {
    const { hass, config, live } = this;
    if (hass === undefined || config === undefined) {
      return html``;
    }
    const { language } = hass.locale;
    if (!isLoaded(language)) {
      void loadLanguage(language).then(() => this.requestUpdate());
      return html`<ha-card style=${this.keepRoom(hass)}></ha-card>`;
    }
    if (live !== undefined) {
      return this.renderCard(hass, config, live);
    }
    if (this.liveError !== undefined) {
      return this.renderMessage(
        "common.error.no_live_data",
        "mdi:alert-circle-outline",
      );
    }
    return html`<ha-card style=${this.keepRoom(hass)}>
      ${this.renderText("common.waiting", "mdi:timer-sand")}
    </ha-card>`;
  }

  /** A card that has nothing but something to say. */
  protected renderMessage(
    key: Key,
    icon: string,
    values?: Record<string, string | number>,
  ): TemplateResult {
    return html`<ha-card>${this.renderText(key, icon, values)}</ha-card>`;
  }

  private renderText(
    key: Key,
    icon: string,
    values?: Record<string, string | number>,
  ): TemplateResult {
    return html`
      <div class="message" role="status">
        <ha-icon .icon=${icon}></ha-icon>
        <span>${localize(this.hass, key, values)}</span>
      </div>
    `;
  }
}
