import { LitElement } from "lit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Reload } from "../../src/lib/reload";

const asked = vi.fn();

class Asking extends LitElement {
  readonly reload = new Reload(this, asked);
}
customElements.define("test-asking", Asking);

let element: Asking;

beforeEach(() => {
  vi.useFakeTimers();
  asked.mockReset();
  element = document.body.appendChild(new Asking());
});

afterEach(() => {
  element.remove();
  vi.useRealTimers();
});

it("asks when it is due, and not when it was due before", () => {
  expect(asked).not.toHaveBeenCalled();
  element.reload.after(1000);
  element.reload.after(3000);
  vi.advanceTimersByTime(2999);
  expect(asked).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(asked).toHaveBeenCalledTimes(1);
});

it("asks several times, and in another way where that is wanted", () => {
  const otherwise = vi.fn();
  element.reload.after([1000, 8000], otherwise);
  vi.advanceTimersByTime(8000);
  expect(otherwise).toHaveBeenCalledTimes(2);
  expect(asked).not.toHaveBeenCalled();
});

it("asks nothing while it is on no page, and at once when it is back", () => {
  element.reload.after(1000);
  element.remove();
  vi.advanceTimersByTime(60_000);
  // An answer that was still on its way.
  element.reload.after(1000);
  vi.advanceTimersByTime(60_000);
  expect(asked).not.toHaveBeenCalled();
  document.body.append(element);
  expect(asked).toHaveBeenCalledTimes(1);
});
