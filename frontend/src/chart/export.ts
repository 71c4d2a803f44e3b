/** A trend as a table for spreadsheets, and as a picture. */

import { linear } from "./scale";
import type { Trend } from "./trend";

/** Quotes a text that would be read as more than one. */
const quoted = (text: string): string =>
  /[",;\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** How spreadsheets of a user read tables. */
interface TableStyle {
  /** Where it is a comma, columns are separated by semicolons. */
  decimalMark: "." | ",";
  /** s that the wall clock is ahead of UTC at a time. */
  offset(unix: number): number;
}

/** Significant digits: more than anything is measured to. */
const DIGITS = 6;

/** Writes what a trend shows: a row per time, in UTC and local, a column per line. */
export function trendAsCsv(
  { start, end, times, panels }: Trend,
  { decimalMark, offset }: TableStyle,
): string {
  const iso = (time: number): string =>
    new Date(time * 1000).toISOString().slice(0, 19);
  const lines = panels.flatMap(({ title, unit, lines: found }) =>
    found.map(({ label, values }) => ({
      name: [title, label && `(${label})`, unit && `[${unit}]`]
        .filter(Boolean)
        .join(" "),
      values,
    })),
  );
  const rows = times.flatMap((time, index) =>
    time < start || time > end
      ? []
      : [
          [
            `${iso(time)}Z`,
            iso(time + offset(time)).replace("T", " "),
            ...lines.map(({ values }) => {
              const value = values[index] ?? null;
              return value === null
                ? ""
                : String(Number(value.toPrecision(DIGITS))).replace(".", decimalMark);
            }),
          ],
        ],
  );
  return [["time", "time_local", ...lines.map(({ name }) => quoted(name))], ...rows]
    .map((row) => row.join(decimalMark === "," ? ";" : ","))
    .join("\r\n");
}

const SIZE = {
  width: 1200,
  panel: 240,
  head: 34,
  left: 76,
  right: 24,
  foot: 40,
  top: 48,
};

/** What of the page the picture is drawn with. */
interface PictureStyle {
  background: string;
  text: string;
  faint: string;
  font: string;
  /** Works out a CSS colour, variables and all. */
  resolve(color: string): string;
}

/** Draws a trend with a title and times, to be shared; undefined without a canvas. */
export function trendAsPicture(
  trend: Trend,
  title: string,
  ticks: readonly { time: number; label: string }[],
  style: PictureStyle,
): Promise<Blob | null> {
  const { width, panel, head, left, right, foot, top } = SIZE;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = top + trend.panels.length * (panel + head) + foot;
  const draw = canvas.getContext("2d");
  if (draw === null) return Promise.resolve(null);
  const x = linear(trend.start, trend.end, left, width - right);
  draw.fillStyle = style.background;
  draw.fillRect(0, 0, width, canvas.height);
  const write = (text: string, at: number, y: number, align: CanvasTextAlign): void => {
    draw.textAlign = align;
    draw.fillText(text, at, y);
  };
  draw.fillStyle = style.text;
  draw.font = `500 22px ${style.font}`;
  write(title, left, 32, "left");
  let y0 = top;
  for (const { title: name, lines, tick } of trend.panels) {
    const known = lines.flatMap(({ values }) =>
      values.filter((value, index): value is number => {
        const time = trend.times[index] ?? 0;
        return value !== null && time >= trend.start && time <= trend.end;
      }),
    );
    const low = Math.min(...known);
    const high = Math.max(...known, low + Math.max(Math.abs(low) * 0.02, 1e-6));
    const y = linear(low, high, y0 + head + panel - 8, y0 + head + 8);
    draw.font = `500 16px ${style.font}`;
    draw.fillStyle = style.text;
    write(name, left, y0 + 20, "left");
    draw.font = `14px ${style.font}`;
    let at = width - right;
    for (const { label, color } of [...lines].reverse()) {
      draw.fillStyle = style.resolve(color);
      write(label, at, y0 + 20, "right");
      at -= draw.measureText(label).width + 20;
    }
    draw.strokeStyle = style.faint;
    draw.fillStyle = style.faint;
    draw.lineWidth = 1;
    for (let step = 0; step <= 4; step++) {
      const value = low + ((high - low) * step) / 4;
      const place = y(value);
      draw.globalAlpha = 0.3;
      draw.beginPath();
      draw.moveTo(left, place);
      draw.lineTo(width - right, place);
      draw.stroke();
      draw.globalAlpha = 1;
      write(tick(value, high - low < 4 ? 2 : 0), left - 8, place + 5, "right");
    }
    for (const { time, color } of trend.marks) {
      if (time < trend.start || time > trend.end) continue;
      draw.strokeStyle = color === undefined ? style.text : style.resolve(color);
      draw.setLineDash([3, 4]);
      draw.beginPath();
      draw.moveTo(x(time), y0 + head);
      draw.lineTo(x(time), y0 + head + panel);
      draw.stroke();
    }
    for (const { values, color, dashed } of lines) {
      draw.strokeStyle = style.resolve(color);
      draw.lineWidth = 2;
      draw.setLineDash(dashed ? [6, 6] : []);
      draw.beginPath();
      let drawing = false;
      trend.times.forEach((time, index) => {
        const value = values[index] ?? null;
        if (value === null || time < trend.start || time > trend.end) {
          drawing = false;
          return;
        }
        if (drawing) draw.lineTo(x(time), y(value));
        else draw.moveTo(x(time), y(value));
        drawing = true;
      });
      draw.stroke();
    }
    draw.setLineDash([]);
    y0 += head + panel;
  }
  draw.fillStyle = style.faint;
  draw.font = `14px ${style.font}`;
  for (const { time, label } of ticks) write(label, x(time), y0 + 24, "center");
  return new Promise((resolve) => canvas.toBlob(resolve));
}
