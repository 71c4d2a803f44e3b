/** The few types of Home Assistant's frontend that the cards use. */

export interface Locale {
  language: string;
  number_format:
    | "language"
    | "comma_decimal"
    | "decimal_comma"
    | "space_comma"
    | "quote_decimal"
    | "system"
    | "none";
  time_format: "language" | "system" | "12" | "24";
  time_zone: "local" | "server";
}

interface EntityState {
  entity_id: string;
  state: string;
  attributes: Record<string, unknown>;
  last_changed: string;
}

/** An entry of the display registry: only what is not hidden from the screen. */
export interface EntityEntry {
  entity_id: string;
  device_id?: string;
  platform?: string;
  translation_key?: string;
  entity_category?: "config" | "diagnostic";
  hidden?: boolean;
}

export interface DeviceEntry {
  id: string;
  name: string | null;
  name_by_user: string | null;
  area_id: string | null;
  model: string | null;
  identifiers: [string, string][];
  entry_type: "service" | null;
  /** Who disabled it. */
  disabled_by: string | null;
}

export type Unsubscribe = () => Promise<void>;

export interface Connection {
  readonly connected: boolean;
  addEventListener(type: "ready" | "disconnected", listener: () => void): void;
  removeEventListener(type: "ready" | "disconnected", listener: () => void): void;
  sendMessagePromise<T>(message: { type: string }): Promise<T>;
  subscribeMessage<T>(
    callback: (message: T) => void,
    message: { type: string },
    options?: { resubscribe?: boolean },
  ): Promise<Unsubscribe>;
}

export interface HomeAssistant {
  connection: Connection;
  states: Record<string, EntityState>;
  entities: Record<string, EntityEntry>;
  devices: Record<string, DeviceEntry>;
  areas: Record<string, { area_id: string; name: string }>;
  language: string;
  locale: Locale;
  config: { currency: string; time_zone: string; components: string[] };
  user?: { id: string; name: string; is_admin: boolean };
  themes: { darkMode: boolean };
  localize(key: string, values?: Record<string, unknown>): string;
  formatEntityState(state: EntityState): string;
  /** Loads the texts of an integration, and returns what finds them. */
  loadBackendTranslation(
    category: string,
    integration: string,
  ): Promise<(key: string, values?: Record<string, unknown>) => string>;
  callService(
    domain: string,
    service: string,
    data?: Record<string, unknown>,
    target?: { entity_id?: string | string[]; device_id?: string | string[] },
    notifyOnError?: boolean,
    returnResponse?: boolean,
  ): Promise<unknown>;
}

/** What a dashboard says about a card. */
export interface CardConfig {
  type: string;
  grid_options?: Record<string, unknown>;
  view_layout?: unknown;
  visibility?: unknown;
}

/** Size of a card in a section: 12 columns are its width, a row is 56 px and 8 px gap. */
export interface GridOptions {
  columns?: number | "full";
  rows?: number | "auto";
  min_columns?: number;
  max_columns?: number;
  min_rows?: number;
  max_rows?: number;
}

/** A field of Home Assistant's form element `ha-form`. */
export interface FormField {
  name: string;
  required?: boolean;
  default?: unknown;
  selector?: Record<string, unknown>;
  type?: "grid" | "expandable";
  title?: string;
  icon?: string;
  flatten?: boolean;
  schema?: readonly FormField[];
}

/** What a card's static `getConfigForm` answers. */
export interface ConfigForm {
  schema: readonly FormField[];
  computeLabel?: (field: FormField) => string | undefined;
  computeHelper?: (field: FormField) => string | undefined;
  assertConfig?: (config: CardConfig) => void;
}

interface CustomCard {
  type: string;
  name: string;
  description: string;
  preview: boolean;
  documentationURL: string;
  /** What the card offers where somebody has chosen an entity. */
  getEntitySuggestion: (
    hass: HomeAssistant,
    entityId: string,
  ) => { config: CardConfig & Record<string, unknown> } | null;
}

interface CustomStrategy {
  type: string;
  strategyType: "dashboard" | "view" | "section";
  name: string;
  description: string;
  documentationURL: string;
}

declare global {
  interface Window {
    customCards?: CustomCard[];
    customStrategies?: CustomStrategy[];
  }
}
