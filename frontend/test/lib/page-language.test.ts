import { expect, it, vi } from "vitest";

it("has the texts of a language that the page comes to speak", async () => {
  document.documentElement.lang = "en";
  vi.resetModules();
  const { followPageLanguage, localize } = await import("../../src/lib/i18n");
  followPageLanguage();
  expect(localize(undefined, "common.cancel")).toBe("Cancel");
  document.documentElement.lang = "de";
  await vi.waitFor(() =>
    expect(localize(undefined, "common.cancel")).toBe("Abbrechen"),
  );
});
