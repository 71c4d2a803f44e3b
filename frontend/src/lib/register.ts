/** Makes elements, cards and strategies known to the browser and to Home Assistant. */

import { minerDevices, swarmDevice } from "./devices";
import type { HomeAssistant } from "./hass";
import { type Key, localize } from "./i18n";

/** Options of a card that shows a device, by one of its entities; none if it does not. */
type Suggest = (
  hass: HomeAssistant,
  deviceId: string,
) => Record<string, unknown> | undefined;

/** For a card of one miner. */
export const suggestMiner: Suggest = (hass, id) =>
  minerDevices(hass).some((device) => device.id === id) ? { device_id: id } : undefined;

/** For a card of all miners. */
export const suggestSwarm: Suggest = (hass, id) =>
  swarmDevice(hass)?.id === id ? {} : undefined;

const DOCUMENTATION =
  "https://github.com/bitaxe-for-home-assistant/bitaxe/blob/main/docs/dashboard.md";

/**
 * Defines an element, unless there is one already: after an update of the integration
 * Home Assistant loads the new module into pages that still have the old one.
 */
export function define(name: string, element: CustomElementConstructor): void {
  if (customElements.get(name) === undefined) {
    customElements.define(name, element);
  }
}

/** Defines a card, and offers it in the card picker. */
export function registerCard(
  type: string,
  element: CustomElementConstructor,
  name: Key,
  description: Key,
  suggest?: Suggest,
): void {
  define(type, element);
  const cards = (window.customCards ??= []);
  if (!cards.some((card) => card.type === type)) {
    cards.push({
      type,
      // Asked for when the picker opens: then the language is known.
      get name() {
        return localize(undefined, name);
      },
      get description() {
        return localize(undefined, description);
      },
      preview: true,
      documentationURL: DOCUMENTATION,
      getEntitySuggestion: (hass, entityId) => {
        const device = hass.entities[entityId]?.device_id;
        const options = device === undefined ? undefined : suggest?.(hass, device);
        return options === undefined
          ? null
          : { config: { type: `custom:${type}`, ...options } };
      },
    });
  }
}

/** Defines a dashboard strategy, and offers it where dashboards are added. */
export function registerDashboardStrategy(
  type: string,
  element: CustomElementConstructor,
  name: Key,
  description: Key,
): void {
  define(`ll-strategy-dashboard-${type}`, element);
  const strategies = (window.customStrategies ??= []);
  if (!strategies.some((strategy) => strategy.type === type)) {
    strategies.push({
      type,
      strategyType: "dashboard",
      get name() {
        return localize(undefined, name);
      },
      get description() {
        return localize(undefined, description);
      },
      documentationURL: DOCUMENTATION,
    });
  }
}
