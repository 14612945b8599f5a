// Draws what the camera sees, as long as a screen shows it; the latest frame wins.

import { frame } from "./host.js";

/** Milliseconds between two frames: 15 a second. */
const EVERY = 66;

/** What draws now: whoever finds another one in its place has been followed by it and ends. */
let loop = null;

/** Where the camera's picture was drawn last. */
let canvasBefore = null;

/** Starts or stops with the screen that is shown; what was seen goes with the screen, not when it is collected. */
export function follow(canvas) {
  if (canvasBefore !== canvas && canvasBefore) [canvasBefore.width, canvasBefore.height] = [0, 0];
  canvasBefore = canvas;
  if (!canvas) {
    loop = null;
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

function paint(canvas, seen) {
  if (canvas.width !== seen.naturalWidth || canvas.height !== seen.naturalHeight) {
    canvas.width = seen.naturalWidth;
    canvas.height = seen.naturalHeight;
  }
  canvas.getContext("2d").drawImage(seen, 0, 0);
}
