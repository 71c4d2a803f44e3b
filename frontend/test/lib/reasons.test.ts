import { describe, expect, it } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import { pressButton } from "../../src/lib/actions";
import { loadLanguage } from "../../src/lib/i18n";
import { explain, sensorNames } from "../../src/lib/reasons";

const REFUSAL = {
  message: "There is no history.",
  translation_domain: "bitaxe",
  translation_key: "recorder_missing",
  translation_placeholders: { miner: "Küche" },
};

describe("why something was not done", () => {
  it("is given in the user's language", async () => {
    const { hass, texts } = new FakeHome({ miners: 0 });
    texts["component.bitaxe.exceptions.recorder_missing.message"] = "Es gibt nichts.";
    expect(await explain(hass, REFUSAL)).toBe("Es gibt nichts.");
  });

  it("names a setting in the user's language, whatever that of Home Assistant is", async () => {
    const { hass, texts } = new FakeHome({ miners: 0 });
    const refusal = {
      translation_domain: "bitaxe",
      translation_key: "unsupported_setting",
      translation_placeholders: { setting: "pause", setting_key: "pause" },
    };
    texts["component.bitaxe.exceptions.unsupported_setting.message"] =
      "Ohne {setting}.";
    expect(await explain(hass, refusal)).toBe("Ohne pause.");
    texts["component.bitaxe.selector.miner_setting.options.pause"] = "Pausieren";
    expect(await explain(hass, refusal)).toBe("Ohne Pausieren.");
  });

  it("is given in English where there is no other text", async () => {
    const { hass } = new FakeHome({ miners: 0 });
    expect(await explain(hass, REFUSAL)).toBe("There is no history.");
    expect(await explain(hass, { message: "Connection lost" })).toBe("Connection lost");
  });

  it("is given although texts cannot be loaded", async () => {
    const { hass } = new FakeHome({ miners: 0 });
    hass.loadBackendTranslation = () => Promise.reject(new Error("Connection lost"));
    expect(await explain(hass, REFUSAL)).toBe("There is no history.");
  });

  it("is given alike to all who ask while texts are loaded", async () => {
    const { hass, texts } = new FakeHome({ miners: 0 });
    texts["component.bitaxe.exceptions.recorder_missing.message"] = "Es gibt nichts.";
    const { loadBackendTranslation: load } = hass;
    let asked = false;
    // As Home Assistant: what was asked for once is taken for loaded.
    hass.loadBackendTranslation = async (category, domain) => {
      if (asked) return () => "";
      asked = true;
      await new Promise((resolve) => setTimeout(resolve));
      return load(category, domain);
    };
    const reasons = await Promise.all([explain(hass, REFUSAL), explain(hass, REFUSAL)]);
    expect(reasons).toEqual(["Es gibt nichts.", "Es gibt nichts."]);
  });

  it("may be that the connection was lost", async () => {
    const { hass } = new FakeHome({ miners: 0, language: "en" });
    const lost = { type: "result", success: false, error: { code: 3, message: "" } };
    expect(await explain(hass, lost)).toBe(
      "The connection to Home Assistant was lost.",
    );
  });

  it.each([
    ["unauthorized", "Unauthorized", "Das darfst du nicht."],
    ["unknown_command", "Unknown command.", "Die Bitaxe-Integration antwortet nicht"],
  ])(
    "is not left to the English of Home Assistant: %s",
    async (code, message, shown) => {
      await loadLanguage("de");
      const { hass } = new FakeHome({ miners: 0, language: "de" });
      expect(await explain(hass, { code, message })).toBe(shown);
    },
  );

  it("is unknown where nothing was said", async () => {
    const { hass } = new FakeHome({ miners: 0 });
    expect(await explain(hass, undefined)).toBe("unknown error");
    expect(await explain(undefined, {})).toBe("unknown error");
  });

  it("is shown once: Home Assistant itself stays silent", async () => {
    const { hass } = new FakeHome({ miners: 0 });
    const notified: unknown[] = [];
    hass.callService = (...call) => Promise.resolve(notified.push(call[4]));
    await pressButton(hass, "button.restart");
    expect(notified).toEqual([false]);
  });
});

describe("names of sensors", () => {
  it("are those of Home Assistant, or else their keys", async () => {
    const { hass, texts } = new FakeHome({ miners: 0 });
    texts["component.bitaxe.entity.sensor.power.name"] = "Leistung";
    expect(await sensorNames(hass, ["power", "fan_rpm"])).toEqual([
      "Leistung",
      "fan_rpm",
    ]);
  });
});
