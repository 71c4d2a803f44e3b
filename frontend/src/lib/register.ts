/** Makes elements, cards and strategies known to the browser and to Home Assistant. */

import { type Key, localize } from "./i18n";

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
