/** Home Assistant's own cards, as the views use them. */

import type { Card, SectionConfig } from "./config";

/** The name of an entity without that of its device, which the heading says. */
const SHORT_NAME = { type: "entity" } as const;

const FULL = { columns: "full" } as const;
/** A third of a wide section, and all of a narrow one; as high as its neighbours. */
const TILE = { columns: 12, rows: 5 } as const;

export const heading = (text: string, icon: string, path?: string): Card => ({
  type: "heading",
  heading: text,
  icon,
  heading_style: "title",
  ...(path === undefined
    ? {}
    : { tap_action: { action: "navigate", navigation_path: path } }),
});

/** Rows of entities with the names that they have within their device. */
export const entities = (ids: readonly string[]): Card => ({
  type: "entities",
  show_header_toggle: false,
  grid_options: FULL,
  entities: ids.map((entity) => ({ entity, name: SHORT_NAME })),
});

/** A setting with a slider of its own below its name, whatever the width. */
export const slider = (entity: string): Card => ({
  type: "tile",
  entity,
  name: SHORT_NAME,
  features: [{ type: "numeric-input", style: "slider" }],
  grid_options: FULL,
});

/** The mean over days, as a line. */
export const statistics = (
  ids: readonly string[],
  options: { days: number; title?: string },
): Card => ({
  type: "statistics-graph",
  ...(options.title === undefined ? {} : { title: options.title }),
  // A title says it all of a single line.
  hide_legend: ids.length === 1 && options.title !== undefined,
  chart_type: "line",
  days_to_show: options.days,
  period: options.days > 2 ? "hour" : "5minute",
  stat_types: ["mean"],
  fit_y_data: true,
  grid_options: FULL,
  entities: ids.map((entity) => ({
    entity,
    name: SHORT_NAME,
  })),
});

/** What a counter added, day by day. */
export const perDay = (id: string, days: number, title: string): Card => ({
  type: "statistics-graph",
  title,
  chart_type: "bar",
  days_to_show: days,
  period: "day",
  stat_types: ["change"],
  hide_legend: true,
  grid_options: FULL,
  entities: [{ entity: id, name: SHORT_NAME }],
});

/** What happened to miners, in so many rows; `auto` is as high as what happened takes. */
export const timeline = (
  options: { device_id: string } | { miners?: string[] },
  size: { columns: number | "full"; rows: number | "auto" },
): Card => ({ type: "custom:bitaxe-timeline-card", ...options, grid_options: size });

/** The card as one of equals beside and below each other. */
export const asTile = (card: Card | undefined): Card[] =>
  card === undefined ? [] : [{ ...card, grid_options: TILE }];

/** What is left to do in the beginning; the card hides itself when nothing is. */
export const steps = (): Card => ({
  type: "custom:bitaxe-steps-card",
  grid_options: FULL,
});

/** What Home Assistant wants to have mended; nothing if there is nothing. */
export const repairs = (): Card => ({
  type: "repairs",
  hide_empty: true,
  grid_options: FULL,
});

/** A heading and its cards, or nothing if the cards are missing that it is about. */
export function group(head: Card, cards: readonly (Card | undefined)[]): Card[] {
  const present = cards.filter((card) => card !== undefined);
  return present.length === 0 ? [] : [head, ...present];
}

/** A section of cards, or none if there is nothing in it. */
export const section = (
  cards: Card[],
  spans: Pick<SectionConfig, "column_span" | "row_span"> = {},
): SectionConfig[] => (cards.length === 0 ? [] : [{ type: "grid", ...spans, cards }]);

/** A card of entities, unless there are none. */
export const unlessEmpty = (
  ids: readonly string[],
  card: (ids: readonly string[]) => Card,
): Card | undefined => (ids.length === 0 ? undefined : card(ids));
