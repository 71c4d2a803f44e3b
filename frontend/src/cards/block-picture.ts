/** A picture of a block that was found, to be shared. */

const WIDTH = 1200;
const HEIGHT = 630;
const GOLD = "#ffc107";
const FONT = "Roboto, Noto, sans-serif";

/** px of the largest font below `size` in which a text is not wider than `room`. */
function fitting(
  draw: CanvasRenderingContext2D,
  text: string,
  size: number,
  room: number,
): number {
  draw.font = `700 ${size}px ${FONT}`;
  const { width } = draw.measureText(text);
  return width <= room ? size : Math.floor((size * room) / width);
}

/** Draws a title and lines below it, gold on dark; null without a canvas. */
export function blockAsPicture(
  title: string,
  lines: readonly string[],
): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const draw = canvas.getContext("2d");
  if (draw === null) return Promise.resolve(null);
  draw.fillStyle = "#14171a";
  draw.fillRect(0, 0, WIDTH, HEIGHT);
  draw.strokeStyle = GOLD;
  draw.lineWidth = 12;
  draw.strokeRect(6, 6, WIDTH - 12, HEIGHT - 12);
  // A block, seen from a corner.
  const [x, y, side] = [WIDTH / 2, 96, 84];
  const face = (points: readonly [number, number][], alpha: number): void => {
    draw.globalAlpha = alpha;
    draw.fillStyle = GOLD;
    draw.beginPath();
    points.forEach(([dx, dy], index) =>
      index === 0
        ? draw.moveTo(x + dx * side, y + dy * side)
        : draw.lineTo(x + dx * side, y + dy * side),
    );
    draw.fill();
    draw.globalAlpha = 1;
  };
  face(
    [
      [0, -0.5],
      [0.87, 0],
      [0, 0.5],
      [-0.87, 0],
    ],
    1,
  );
  face(
    [
      [-0.87, 0],
      [0, 0.5],
      [0, 1.5],
      [-0.87, 1],
    ],
    0.75,
  );
  face(
    [
      [0.87, 0],
      [0, 0.5],
      [0, 1.5],
      [0.87, 1],
    ],
    0.5,
  );
  draw.textAlign = "center";
  draw.fillStyle = "#ffffff";
  draw.font = `700 ${fitting(draw, title, 68, WIDTH - 120)}px ${FONT}`;
  draw.fillText(title, WIDTH / 2, 344);
  lines.forEach((line, index) => {
    const size = fitting(draw, line, 36, WIDTH - 120);
    draw.font = `400 ${size}px ${FONT}`;
    draw.fillStyle = index === 0 ? GOLD : "#c9ccd1";
    draw.fillText(line, WIDTH / 2, 420 + index * 56);
  });
  return new Promise((resolve) => canvas.toBlob(resolve));
}
