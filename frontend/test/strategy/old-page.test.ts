import { expect, it, vi } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import { BitaxeDashboard } from "../../src/strategy/dashboard";

// The address of the part is gone once the integration is updated.
vi.mock("../../src/parts", () => {
  throw new TypeError("Failed to fetch dynamically imported module");
});

it("says what to do on a page that is older than an update", async () => {
  const { hass } = new FakeHome({ miners: 1 });
  const { views } = await BitaxeDashboard.generate({ type: "custom:bitaxe" }, hass);
  expect(views).toHaveLength(1);
  expect(views[0]?.sections[0]?.cards[0]).toMatchObject({
    type: "markdown",
    content: expect.stringContaining("Reload the page") as string,
  });
});
