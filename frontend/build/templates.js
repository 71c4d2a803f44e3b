/** Takes the line breaks and indents out of templates, which browsers ignore anyway. */

const SHORTEN = {
  // One space stays: between words and elements it is seen.
  html: (text) => text.replace(/\s+/g, " "),
  svg: (text) => text.replace(/\s+/g, " "),
  css: (text) =>
    text
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/\s+/g, " ")
      .replace(/ ?([{};]) ?/g, "$1"),
};

/** Every node of a syntax tree. */
function* nodes(value) {
  if (Array.isArray(value)) {
    for (const item of value) {
      yield* nodes(item);
    }
  } else if (typeof value === "object" && value !== null) {
    if ("type" in value) {
      yield value;
    }
    for (const child of Object.values(value)) {
      yield* nodes(child);
    }
  }
}

export const shortenTemplates = () => ({
  name: "shorten-templates",
  apply: "build",
  enforce: "post",
  transform(code, id) {
    if (!id.endsWith(".ts")) {
      return null;
    }
    const parts = [...nodes(this.parse(code))].flatMap((node) => {
      const shorten = SHORTEN[node.tag?.name ?? ""];
      return node.type === "TaggedTemplateExpression" && shorten && node.quasi
        ? node.quasi.quasis.map((quasi) => ({ quasi, shorten }))
        : [];
    });
    let result = "";
    let at = 0;
    for (const { quasi, shorten } of parts.sort(
      (a, b) => a.quasi.start - b.quasi.start,
    )) {
      const begin = code.indexOf(quasi.value.raw, Math.max(at, quasi.start));
      result += code.slice(at, begin) + shorten(quasi.value.raw);
      at = begin + quasi.value.raw.length;
    }
    return { code: result + code.slice(at), map: null };
  },
});
