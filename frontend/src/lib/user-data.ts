/** What we store in Home Assistant for a user, on all devices. */

import type { Connection, HomeAssistant } from "./hass";

const KEY = "bitaxe";

interface UserData {
  /** By device, how many blocks were dismissed. */
  blocks?: Record<string, number>;
  /** Whether the steps of the beginning were dismissed. */
  steps_dismissed?: boolean;
}

const loaded = new WeakMap<Connection, Promise<UserData>>();

/** What the user has seen and dismissed. */
export function loadUserData(hass: HomeAssistant): Promise<UserData> {
  let known = loaded.get(hass.connection);
  if (known === undefined) {
    known = hass.connection
      .sendMessagePromise<{ value: UserData | null }>({
        type: "frontend/get_user_data",
        key: KEY,
      } as { type: string })
      .then(({ value }) => value ?? {});
    loaded.set(hass.connection, known);
    known.catch(() => loaded.delete(hass.connection));
  }
  return known;
}

/** Stores something more, beside what is stored already. */
export async function saveUserData(
  hass: HomeAssistant,
  change: UserData,
): Promise<void> {
  const value = { ...(await loadUserData(hass)), ...change };
  loaded.set(hass.connection, Promise.resolve(value));
  await hass.connection.sendMessagePromise({
    type: "frontend/set_user_data",
    key: KEY,
    value,
  } as { type: string });
}
