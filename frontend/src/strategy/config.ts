/** Options of the dashboard, and the parts it is made of. */

import type { CardConfig, DeviceEntry, HomeAssistant } from "../lib/hass";
import { minerDevices } from "../lib/devices";

export interface StrategyConfig {
  type: string;
  /** How the swarm is shown; lite where there are many miners, unless chosen. */
  layout?: "full" | "lite";
  /** Device ids; all miners unless given. */
  miners?: string[] | null;
}

/** A card with whatever options its type has. */
export type Card = CardConfig & Record<string, unknown>;

export interface SectionConfig {
  type: "grid";
  column_span?: number;
  row_span?: number;
  cards: Card[];
}

export interface ViewConfig {
  title: string;
  path: string;
  icon?: string;
  show_icon_and_title?: boolean;
  type: "sections";
  max_columns: number;
  dense_section_placement?: boolean;
  subview?: boolean;
  back_path?: string;
  sections: SectionConfig[];
}

export interface DashboardConfig {
  title: string;
  views: ViewConfig[];
}

/** From so many miners on, the swarm is a dense list. */
const MANY_ROWS = 13;
/** Up to so many miners, each has a tab. */
const MOST_TABS = 6;
/** Columns of a view at most; the sections of each view fill two or three. */
export const MAX_COLUMNS = 3;

/** The miners that the dashboard shows, by name. */
export function shownMiners(
  config: StrategyConfig,
  hass: HomeAssistant,
): DeviceEntry[] {
  const miners = minerDevices(hass);
  const chosen = chosenMiners(config);
  return chosen === undefined
    ? miners
    : miners.filter((miner) => chosen.includes(miner.id));
}

/** The device ids of miners that were chosen, if any were. */
export const chosenMiners = ({ miners }: StrategyConfig): string[] | undefined =>
  miners?.length ? miners : undefined;

/** The same as an option of a card. */
export function minersOption(config: StrategyConfig): { miners?: string[] } {
  const miners = chosenMiners(config);
  return miners === undefined ? {} : { miners };
}

export const layoutOf = (config: StrategyConfig, miners: number): "full" | "lite" =>
  config.layout ?? (miners < MANY_ROWS ? "full" : "lite");

/** With many miners their views are reached from the swarm, not by tabs. */
export const asSubviews = (miners: number): boolean => miners > MOST_TABS;

/** Path of the view of a miner. */
export const minerPath = (deviceId: string): string => `miner-${deviceId}`;
