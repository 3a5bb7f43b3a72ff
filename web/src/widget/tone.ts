const SIDE = 12;
const MOST_SATURATION = 80;

/** A cover's prevailing colour, of medium lightness; undefined where its pixels may not be read. */
export function toneOf(image: HTMLImageElement): string | undefined {
  const pixels = pixelsOf(image);
  if (!pixels) return undefined;
  let [x, y] = [0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
    // The plane of hue and chroma: https://en.wikipedia.org/wiki/HSL_and_HSV, "Hue and chroma".
    x += red - (green + blue) / 2;
    y += (Math.sqrt(3) / 2) * (green - blue);
  }
  const chroma = Math.hypot(x, y) / (SIDE * SIDE * 255);
  const hue = Math.round((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
  return `hsl(${hue} ${Math.round(Math.min(chroma * 200, MOST_SATURATION))}% 50%)`;
}

function pixelsOf(image: HTMLImageElement): Uint8ClampedArray | undefined {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d");
  try {
    context?.drawImage(image, 0, 0, SIDE, SIDE);
    return context?.getImageData(0, 0, SIDE, SIDE).data;
  } catch {
    return undefined;
  }
}
