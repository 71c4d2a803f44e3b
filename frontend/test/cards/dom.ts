/** What the tests of cards need of a browser and of Home Assistant. */

import { LitElement } from "lit";
import { loadParts } from "../../src/lib/parts";
import type { CardConfig, HomeAssistant } from "../../src/lib/hass";

/** Width that every observed element has. */
const WIDTH = 600;

/** Nothing is laid out in tests, so observers are given these sizes. */
class Resizes implements ResizeObserver {
  constructor(private readonly callback: ResizeObserverCallback) {}
  observe(): void {
    const contentRect = { width: WIDTH } as DOMRectReadOnly;
    this.callback([{ contentRect } as ResizeObserverEntry], this);
  }
  unobserve(): void {
    // Sizes never change here.
  }
  disconnect(): void {
    // Nor is anything left to end.
  }
}
globalThis.ResizeObserver = Resizes;

/** Waits until a card and everything in it is drawn. */
export async function settled(card: LitElement): Promise<void> {
  for (let round = 0; round < 8; round++) {
    await new Promise((resolve) => setTimeout(resolve));
    await card.updateComplete;
  }
}

/** Puts a card on the page. */
export async function show<Card extends LitElement>(
  tag: string,
  hass: HomeAssistant,
  config: Omit<CardConfig, "type"> & Record<string, unknown>,
): Promise<Card> {
  const card = document.createElement(tag) as Card & {
    setConfig(config: CardConfig): void;
    hass: HomeAssistant;
  };
  card.setConfig({ type: `custom:${tag}`, ...config });
  card.hass = hass;
  document.body.append(card);
  await loadParts();
  await settled(card);
  return card;
}

/** All elements of a selector within an element, through the shadow roots in it. */
export function all<E extends Element = HTMLElement>(
  within: Element | ShadowRoot,
  selector: string,
): E[] {
  const root = within instanceof Element ? (within.shadowRoot ?? within) : within;
  return [
    ...root.querySelectorAll<E>(selector),
    ...[...root.querySelectorAll("*")]
      .filter((element) => element.shadowRoot)
      .flatMap((element) => all<E>(element, selector)),
  ];
}

/** The only element of a selector. */
export function one<E extends Element = HTMLElement>(
  within: Element,
  selector: string,
): E {
  const [found, ...others] = all<E>(within, selector);
  if (found === undefined || others.length > 0) {
    throw new Error(`${others.length + Number(!!found)} elements: ${selector}`);
  }
  return found;
}

/** What people read of an element. */
export const text = (element: Element): string =>
  (element.textContent ?? "").replace(/\s+/g, " ").trim();

/** The button with a caption. */
export function button(within: Element, caption: string): HTMLButtonElement {
  const found = all<HTMLButtonElement>(within, "button").find(
    (item) => text(item) === caption || item.getAttribute("aria-label") === caption,
  );
  if (found === undefined) {
    throw new Error(`There is no button ${caption}`);
  }
  return found;
}

/** Answers the question that is asked. */
export async function answer(card: LitElement, caption: string): Promise<void> {
  const dialog = document.querySelector("bitaxe-confirm-dialog");
  if (dialog === null) {
    throw new Error("Nothing is asked");
  }
  button(dialog, caption).click();
  await settled(card);
}
