import { describe, expect, it } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import { asTyped, judge, stepped } from "../../src/lib/number-field";

describe("what is typed into a field", () => {
  it("is the present value until something is", () => {
    expect(judge(undefined, 525, 400, 575)).toEqual({
      value: 525,
      fault: undefined,
      changed: false,
    });
  });

  it("changes something only if it differs", () => {
    expect(judge("525", 525, 400, 575).changed).toBe(false);
    expect(judge("550", 525, 400, 575)).toEqual({
      value: 550,
      fault: undefined,
      changed: true,
    });
  });

  it.each([
    ["en", "1250.5"],
    ["de", "1250,5"],
  ])("is shown as one would type it: %s", (language, text) => {
    const { hass } = new FakeHome({ miners: 1, language });
    expect(asTyped(hass, 1250.5)).toBe(text);
    expect(judge(text, 0, 0, 2000).value).toBe(1250.5);
    expect(asTyped(hass, undefined)).toBe("");
  });

  it("may have a decimal comma", () => {
    expect(judge("543,75", 525, 400, 575).value).toBe(543.75);
  });

  it.each(["1,150", "1.150", "1 150", "1\u202f150", "1’150"])(
    "may be written as the bounds are: %j",
    (text) => {
      expect(judge(text, 1100, 1000, 1300)).toMatchObject({
        value: 1150,
        fault: undefined,
      });
    },
  );

  it("has decimals where these make sense", () => {
    expect(judge("490.625", 525, 400, 575).value).toBe(490.625);
    expect(judge("1,5", 1100, 1000, 1300).fault).toBe("out_of_range");
    expect(judge("52,5", 525, 400, 575).fault).toBe("out_of_range");
  });

  it.each(["", "  ", "fast", "5e", "Infinity"])("is no number: %j", (text) => {
    expect(judge(text, 525, 400, 575)).toEqual({
      value: undefined,
      fault: "not_a_number",
      changed: true,
    });
  });

  it("must be within the limits of the board, where they are known", () => {
    expect(judge("399", 525, 400, 575).fault).toBe("out_of_range");
    expect(judge("576", 525, 400, 575).fault).toBe("out_of_range");
    expect(judge("400", 525, 400, 575).fault).toBeUndefined();
    expect(judge("5000", 525, null, null).fault).toBeUndefined();
  });
});

describe("the buttons beside a field", () => {
  it.each([
    [525, 1, 530],
    [525, -1, 520],
    [527.5, 1, 530],
    [527.5, -1, 525],
    [574, 1, 575],
    [401, -1, 400],
    [undefined, 1, 405],
  ] as const)("lead from %s by %d to %d", (from, direction, to) => {
    expect(stepped(from, 5, direction, 400, 575)).toBe(to);
  });
});
