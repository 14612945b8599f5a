// Draws what the camera sees, as long as a screen shows it; the latest frame wins.

import { frame } from "./host.js";

/** Milliseconds between two frames: 15 a second. */
const EVERY = 66;

let timer = null;
/** What frames are drawn through, as long as they have its size: one for each would be a megabyte to clear away, 15 times a second. */
let picture = null;

/** Starts or stops with the screen that is shown. */
export function follow(canvas) {
  if (!canvas) {
    clearTimeout(timer);
    timer = null;
    picture = null;
  } else if (timer === null) {
    timer = setTimeout(tick, 0);
  }
}

async function tick() {
  const seen = await frame();
  const canvas = document.querySelector(".preview canvas");
  if (!canvas || timer === null) return;
  if (seen) paint(canvas, seen);
  timer = setTimeout(tick, EVERY);
}

function paint(canvas, { width, height, luma }) {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const pen = canvas.getContext("2d");
  if (picture?.width !== width || picture.height !== height) picture = pen.createImageData(width, height);
  const words = new Uint32Array(picture.data.buffer);
  for (let at = 0; at < luma.length; at += 1) words[at] = (0xff << 24) | (luma[at] * 0x010101);
  pen.putImageData(picture, 0, 0);
}
