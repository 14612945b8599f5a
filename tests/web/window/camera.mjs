// A camera that is not there: labels drawn into pictures, played by `v4l2.c` to the kiosk.

import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WIDTH = 1280;
const HEIGHT = 720;

/** Builds the library that plays a file as a camera; its path. */
export function shim(folder) {
  const library = join(folder, "v4l2.so");
  execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, fileURLToPath(new URL("v4l2.c", import.meta.url)), "-ldl"]);
  return library;
}

/** A camera whose pictures are drawn by a browser. */
export async function camera(browser, folder) {
  const page = await browser.newPage();
  const file = join(folder, "video0");
  const play = (letters, bytes) => {
    const head = Buffer.alloc(12);
    head.write(letters, "ascii");
    head.writeUInt32LE(WIDTH, 4);
    head.writeUInt32LE(HEIGHT, 8);
    writeFileSync(`${file}.new`, Buffer.concat([head, bytes]));
    renameSync(`${file}.new`, file);
  };
  /** A picture of labels beside each other, to be played as often as wanted. */
  const picture = async (labels, letters = "YUYV") => {
    const pictures = labels.map((label) => readFileSync(label).toString("base64"));
    const drawn = await page.evaluate(draw, { pictures, letters, width: WIDTH, height: HEIGHT });
    const bytes = Buffer.from(drawn, "base64");
    return () => play(letters, bytes);
  };
  return {
    picture,
    /** Holds up labels, given as PNG files, beside each other; none leaves the shelf. */
    show: async (labels, letters = "YUYV") => (await picture(labels, letters))(),
    unplug: () => rmSync(file, { force: true }),
  };
}

/** Runs in the browser: a shelf, and labels held a little askew. */
async function draw({ pictures, letters, width, height }) {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  const shade = pen.createLinearGradient(0, 0, width, height);
  shade.addColorStop(0, "#8c8578");
  shade.addColorStop(1, "#4b4a52");
  pen.fillStyle = shade;
  pen.fillRect(0, 0, width, height);
  for (const [at, picture] of pictures.entries()) {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    pen.save();
    pen.translate(width / 2 + at * 420, height / 2);
    pen.rotate(0.12);
    pen.drawImage(image, -190, -190, 380, 380);
    pen.restore();
  }
  let out;
  if (letters === "MJPG") out = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 })).arrayBuffer());
  else {
    const { data } = pen.getImageData(0, 0, width, height);
    out = new Uint8Array(width * height * 2).fill(128);
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      out[pixel * 2] = (data[pixel * 4] * 77 + data[pixel * 4 + 1] * 150 + data[pixel * 4 + 2] * 29) >> 8;
    }
  }
  let text = "";
  for (let at = 0; at < out.length; at += 32768) text += String.fromCharCode(...out.subarray(at, at + 32768));
  return btoa(text);
}
