/** Where a click on a miner leads. */

/**
 * Returns the path of a view of a miner. `{device_id}` stands for the miner's device; a
 * path that does not begin with a slash is beside the view that is shown.
 */
export function pathOf(template: string, deviceId: string, shown: string): string {
  const path = template.replaceAll("{device_id}", deviceId);
  if (path.startsWith("/")) return path;
  const dashboard = shown.split("/")[1] ?? "";
  return `/${dashboard}/${path}`;
}
