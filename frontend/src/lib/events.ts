/** Events that Home Assistant's frontend listens to. */

export function fireEvent(node: EventTarget, type: string, detail: object = {}): void {
  node.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

/** Opens the dialog of an entity. */
export function showMoreInfo(node: EventTarget, entityId: string): void {
  fireEvent(node, "hass-more-info", { entityId });
}

/** Shows a short message at the bottom of the screen. */
export function showToast(node: EventTarget, message: string): void {
  fireEvent(node, "hass-notification", { message });
}

/** Hides a card, or shows it again; the view leaves no gap where it would be. */
export function hide(card: HTMLElement, hidden: boolean): void {
  if (card.hidden === hidden) return;
  card.hidden = hidden;
  fireEvent(card, "card-visibility-changed", { value: !hidden });
}

/** Opens another page of Home Assistant. */
export function navigate(path: string): void {
  history.pushState(null, "", path);
  fireEvent(window, "location-changed", { replace: false });
}
