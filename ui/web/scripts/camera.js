// Draws what the camera sees, as long as a screen shows it; the latest frame wins.

import { frame } from "./host.js";

/** Milliseconds between two frames: 15 a second. */
const EVERY = 66;

/** What draws now: whoever finds another one in its place has been followed by it and ends. */
let loop = null;
/** What frames are drawn through, as long as they have its size: one for each would be a megabyte to clear away, 15 times a second. */
let picture = null;

/** Starts or stops with the screen that is shown. */
export function follow(canvas) {
  if (!canvas) {
    loop = null;
    picture = null;
  } else if (!loop) {
    loop = {};
    tick(loop);
  }
}

async function tick(mine) {
  if (loop !== mine) return;
  const seen = await frame();
  // Meanwhile the preview may have been left, and come back with a loop of its own.
  if (loop !== mine) return;
  const canvas = document.querySelector(".preview canvas");
  if (seen && canvas) paint(canvas, seen);
  setTimeout(tick, EVERY, mine);
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
