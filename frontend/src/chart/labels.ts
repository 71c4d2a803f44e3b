/** Labels of points where there is room for them. */

interface LabelledPoint {
  x: number;
  y: number;
  radius: number;
  text: string;
  /** Those of the most important points are placed first; below 0 none is. */
  importance: number;
}

export interface PlacedLabel {
  x: number;
  y: number;
  text: string;
  anchor: "start" | "middle" | "end";
}

/** px of a digit at 11 px. */
const DIGIT = 6.4;
const HEIGHT = 13;
const SPACE = 4;

type Box = [left: number, right: number, top: number, bottom: number];

/** Places each label beside its point; what would cover something is left out. */
export function placeLabels(
  points: readonly LabelledPoint[],
  within: Box,
): PlacedLabel[] {
  const taken: Box[] = points.map(({ x, y, radius }) => [
    x - radius,
    x + radius,
    y - radius,
    y + radius,
  ]);
  const placed: PlacedLabel[] = [];
  for (const { x, y, radius, text, importance } of [...points].sort(
    (a, b) => b.importance - a.importance,
  )) {
    if (importance < 0) break;
    const width = text.length * DIGIT;
    const reach = radius + SPACE;
    const choices: [PlacedLabel, number][] = [
      [{ x: x + reach, y: y + 4, text, anchor: "start" }, x + reach],
      [{ x: x - reach, y: y + 4, text, anchor: "end" }, x - reach - width],
      [{ x, y: y - reach - 1, text, anchor: "middle" }, x - width / 2],
      [{ x, y: y + reach + 10, text, anchor: "middle" }, x - width / 2],
    ];
    for (const [label, left] of choices) {
      const box: Box = [left, left + width, label.y - HEIGHT + 3, label.y + 2];
      if (
        box[0] < within[0] ||
        box[1] > within[1] ||
        box[2] < within[2] ||
        box[3] > within[3] ||
        taken.some((other) => overlap(box, other))
      )
        continue;
      taken.push(box);
      placed.push(label);
      break;
    }
  }
  return placed;
}

function overlap(a: Box, b: Box): boolean {
  return a[0] < b[1] && b[0] < a[1] && a[2] < b[3] && b[2] < a[3];
}
