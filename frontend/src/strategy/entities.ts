/** Finds entities of a device, whatever their ids are. */

import type { EntityEntry, HomeAssistant } from "../lib/hass";

const domainOf = (entity: EntityEntry): string =>
  entity.entity_id.split(".", 1)[0] ?? "";

/** The entities of each device, those apart that somebody hid. */
export function entitiesByDevice(hass: HomeAssistant): Map<string, EntityEntry[]> {
  const found = new Map<string, EntityEntry[]>();
  for (const entity of Object.values(hass.entities)) {
    if (entity.device_id !== undefined && !entity.hidden) {
      const others = found.get(entity.device_id);
      if (others === undefined) {
        found.set(entity.device_id, [entity]);
      } else {
        others.push(entity);
      }
    }
  }
  return found;
}

/** The ids of entities of one domain with these keys, in the order of the keys. */
export function pick(
  entities: readonly EntityEntry[],
  domain: string,
  keys: readonly string[],
): string[] {
  return keys.flatMap((key) =>
    entities
      .filter((entity) => entity.translation_key === key && domainOf(entity) === domain)
      .map((entity) => entity.entity_id),
  );
}

/** The entities but those with these keys. */
export const without = (
  entities: readonly EntityEntry[],
  keys: readonly string[],
): EntityEntry[] =>
  entities.filter(({ translation_key: key }) => !keys.includes(key ?? ""));

/** The ids of all entities of some domains, of a category if one is given. */
export function pickAll(
  entities: readonly EntityEntry[],
  domains: readonly string[],
  category?: EntityEntry["entity_category"],
): string[] {
  const order = new Map(domains.map((domain, index) => [domain, index]));
  return entities
    .filter(
      (entity) =>
        order.has(domainOf(entity)) &&
        (category === undefined || entity.entity_category === category),
    )
    .sort(
      (a, b) =>
        (order.get(domainOf(a)) ?? 0) - (order.get(domainOf(b)) ?? 0) ||
        a.entity_id.localeCompare(b.entity_id),
    )
    .map((entity) => entity.entity_id);
}
