/** The map of a search with its legend, and what it says of one point. */

import { html } from "lit";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import type { TuningMap } from "./map";

/** Renders the map, and calls `point` with the index of what somebody points at. */
export const renderMap = (
  hass: HomeAssistant,
  drawn: TuningMap | undefined,
  {
    name,
    running,
    pointed,
    point,
  }: {
    name: string;
    running: boolean;
    pointed: number;
    point: (index: number) => void;
  },
) => {
  if (drawn === undefined) {
    return html`<div class="map">
      <div class="none secondary">${localize(hass, "tuning.no_best")}</div>
    </div>`;
  }
  return html`<div class="map">
    <div class="legend secondary" aria-hidden="true">
      <span><i class="best"></i>${localize(hass, "tuning.best")}</span>
      <span
        ><i class="now"></i
        >${localize(hass, running ? "tuning.now" : "tuning.before")}</span
      >
      <span><i></i>${localize(hass, "tuning.tried_point")}</span>
      <span><i class="wall">×</i>${localize(hass, "tuning.wall")}</span>
    </div>
    <bitaxe-map-chart
      .map=${drawn.map}
      .selected=${-1}
      .label=${localize(hass, "tuning.map_label", { name })}
      @point-selected=${(event: CustomEvent<{ index: number }>) =>
        point(event.detail.index)}
    ></bitaxe-map-chart>
    <div class="words secondary">
      ${drawn.words[pointed] ?? localize(hass, "tuning.map_hint")}
    </div>
  </div>`;
};
