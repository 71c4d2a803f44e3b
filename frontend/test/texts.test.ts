/** Texts that people read: none is in the sources, all are in the translations. */

/// <reference types="vite/client" />

import ts from "typescript";
import { describe, expect, it } from "vitest";

const SOURCES = import.meta.glob<string>("../src/**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Attributes whose value is read, by eye or by a screen reader. */
const READ = /\b(?:aria-label|aria-description|alt|label|placeholder|title)="([^"]*)"/g;
/** Two words, or one written like the beginning of a sentence. */
const SENTENCE = /[A-Za-z]{2,}[,.:;)]? \(?[A-Za-z]{2,}|^[A-Z][a-z]{2,}[.:!?]?$/;
const WORD = /[A-Za-z]{3,}/;
/** Units and names, the same in every language. */
const UNITS = /\b(?:GH|TH|MHz|GHz|rpm|dBm|kWh|sats|Bitaxe|Discord|CSV|PNG)\b/g;

/** Names of keys and events, and of what CSS knows: read by browsers, not by people. */
const FOR_BROWSERS =
  /^(?:Home|End|Escape|\(hover: hover\)|Roboto, Noto, sans-serif)$|^color-mix\(/;
/** Classes of an element that are put together. */
const CLASSES = [`tile \u0000 \u0000 \u0000`, `\u0000 low`];

/** Stands for a placeholder in a text that is put together. */
const HOLE = "\u0000";

/** The text of a template, with its placeholders as holes. */
const joined = (template: ts.TemplateLiteral): string =>
  ts.isNoSubstitutionTemplateLiteral(template)
    ? template.text
    : template.head.text +
      template.templateSpans.map(({ literal }) => HOLE + literal.text).join("");

/** The words that a template of HTML shows: between its tags, and in some attributes. */
function shown(template: string): string[] {
  const attributes = [...template.matchAll(READ)].map(([, value = ""]) => value);
  const between = template
    .replaceAll(/<style[^]*?<\/style>/g, "")
    .replaceAll(/<!--[^]*?-->/g, "")
    .replaceAll(/<[^<>]*>/g, "\n")
    .split("\n");
  return [...between, ...attributes]
    .map((text) => text.replaceAll(HOLE, " ").replaceAll(/&[a-z]+;/g, " "))
    .map((text) => text.replaceAll(UNITS, "").trim())
    .filter((text) => WORD.test(text));
}

/** Every literal of a source that people may read. */
function literals(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node)) {
      const tag = node.tag.getText(file);
      if (tag === "html" || tag === "svg") found.push(...shown(joined(node.template)));
      if (tag !== "css" && !ts.isNoSubstitutionTemplateLiteral(node.template)) {
        node.template.templateSpans.forEach(({ expression }) => visit(expression));
      }
      return;
    }
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isLiteralTypeNode(node)) return;
    if (ts.isStringLiteral(node) && SENTENCE.test(node.text.replaceAll(UNITS, ""))) {
      found.push(node.text);
    }
    if (ts.isTemplateExpression(node)) {
      const text = joined(node).replaceAll(UNITS, "");
      if (/ [a-z]{3,}\b|\b[a-z]{3,}[,.:;!?]? /i.test(text)) found.push(text);
    }
    ts.forEachChild(node, visit);
  };
  const file = ts.createSourceFile("file.ts", source, ts.ScriptTarget.Latest, true);
  visit(file);
  return found.filter((text) => !FOR_BROWSERS.test(text) && !CLASSES.includes(text));
}

describe("texts", () => {
  it.each([
    "html`<p>Nothing measured yet</p>`",
    "html`<p>${name} offline</p>`",
    'html`<button aria-label="Close">×</button>`',
    'const title = "Confirm";',
    "const text = `${name} is offline`;",
    "const text = `offline: ${name}`;",
    "throw new Error(`unknown ${name}`);",
  ])("are noticed: %s", (code) => {
    expect(literals(code)).not.toEqual([]);
  });

  it("are in none of the sources", () => {
    const found = Object.entries(SOURCES).flatMap(([path, source]) =>
      literals(source).map((text) => `${path}: ${text.replaceAll(HOLE, "…")}`),
    );
    expect(found).toEqual([]);
  });
});
