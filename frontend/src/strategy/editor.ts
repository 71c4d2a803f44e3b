/** The form that Home Assistant shows for the dashboard. */

import { html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { fireEvent } from "../lib/events";
import type { FormField, HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import { MINERS } from "../lib/selectors";
import type { StrategyConfig } from "./config";

export class StrategyEditor extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;
  @state() private config?: StrategyConfig;

  setConfig(config: StrategyConfig): void {
    this.config = config;
  }

  private get schema(): FormField[] {
    const options = (["full", "lite"] as const).map((value) => ({
      value,
      label: localize(this.hass, `strategy.layout_${value}`),
    }));
    return [
      { name: "miners", selector: MINERS },
      { name: "layout", selector: { select: { mode: "dropdown", options } } },
    ];
  }

  protected override render() {
    if (this.hass === undefined || this.config === undefined) {
      return nothing;
    }
    return html`
      <ha-form
        .hass=${this.hass}
        .data=${this.config}
        .schema=${this.schema}
        .computeLabel=${this.label}
        .computeHelper=${this.helper}
        @value-changed=${this.onChanged}
      ></ha-form>
    `;
  }

  private readonly label = ({ name }: FormField): string =>
    localize(this.hass, name === "miners" ? "strategy.miners" : "strategy.layout");

  private readonly helper = ({ name }: FormField): string =>
    localize(
      this.hass,
      name === "miners" ? "strategy.miners_help" : "strategy.layout_help",
    );

  private onChanged(event: CustomEvent<{ value: StrategyConfig }>): void {
    event.stopPropagation();
    const { miners, layout, ...rest } = event.detail.value;
    const config: StrategyConfig = {
      ...rest,
      ...(miners?.length ? { miners } : {}),
      ...(layout ? { layout } : {}),
    };
    fireEvent(this, "config-changed", { config });
  }
}
