/** The base of cards whose content is loaded on demand; most show one miner. */

import { html, type nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { BitaxeCard } from "../lib/base-card";
import { minerDevices } from "../lib/devices";
import type { CardConfig, GridOptions, HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import { loadParts } from "../lib/parts";
import { renderProblem } from "../lib/problem";

interface MinerConfig extends CardConfig {
  device_id?: string;
}

/** A card whose parts are loaded once there is such a card. */
export abstract class LazyCard<Config extends MinerConfig> extends BitaxeCard<Config> {
  /** The parts could not be loaded: a page that is older than an update asks in vain. */
  @state() protected incomplete = false;
  /** The parts are there. */
  @state() protected loaded = false;

  static getStubConfig(hass: HomeAssistant): Partial<MinerConfig> {
    const [first] = minerDevices(hass);
    return first === undefined ? {} : { device_id: first.id };
  }

  override getGridOptions(): GridOptions {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    loadParts().then(
      () => (this.loaded = true),
      () => (this.incomplete = true),
    );
  }

  /** What to do about parts that could not be loaded. */
  protected renderIncomplete(): TemplateResult | typeof nothing {
    return renderProblem(
      localize(this.hass, "common.error.incomplete"),
      html`<button class="tonal" @click=${() => location.reload()}>
        ${localize(this.hass, "common.reload")}
      </button>`,
      "mdi:reload-alert",
    );
  }
}
