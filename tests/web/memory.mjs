// Memory of the kiosk and of its page's process while visitors aim before the camera's picture, hold a
// label up and go: the slope of a line fitted to the median of each visit, since a collector's teeth
// are no growth.

import { spawn } from "node:child_process";
import { answers, below, lacking as standLacking, memory as held, stand, until } from "./window/stand.mjs";
import { pause } from "./window/screen.mjs";

const MINUTES = Number(process.env.SEALIGHT_KIOSK_MINUTES ?? 45);
/** Of the time, how much is warm-up. */
const WARM = 1 / 3;
/** Megabytes an hour. */
const MOST = 1;
/** Frames a second that the page shows at most. */
const RATE = 15;
/** How long screens stay, in percent: an answer for 13 s, the camera's picture for 6 s after the last touch. */
const PATIENCE = 30;
/** Seconds of a step, and the steps of a visit. */
const [SECONDS, STEPS] = [5, 12];
/** Of the steps, those before a label is held up. */
const AIMING = 8;
/** Places on the upright panel: "Scan", and one where nothing is. */
const [SCAN, NOTHING] = [[890, 1812], [540, 20]];
const LABELS = [20, 21, 22, 23, 24, 25];

export const lacking = standLacking;

export async function memory(browser) {
  const broken = [];
  const bench = await stand(browser);
  try {
    const kiosk = await bench.alone(["--patience", String(PATIENCE)]);
    const pictures = await Promise.all(LABELS.map((label) => bench.seen.picture([bench.place.label(label)])));
    const shelf = await bench.seen.picture([]);
    const page = await until("the page's process", () => below(kiosk.pid, "WebKitWebProcess")[0]);
    await until("the page", async () => (await bench.counters())?.page_up === 1);
    const samples = [];
    let visits = 0;
    const start = Date.now();
    const hours = () => (Date.now() - start) / 3_600_000;
    for (let step = 0; hours() * 60 < MINUTES; step = (step + 1) % STEPS) {
      // A visitor aims until a label is held up; the answer stays for a while after it has gone.
      if (step === 0) visits += 1;
      if (step < AIMING) await touch(bench.where, step === 0 ? SCAN : NOTHING);
      if (step === AIMING) pictures[visits % pictures.length]();
      if (step === AIMING + 1) shelf();
      for (let second = 0; second < SECONDS; second += 1) {
        await pause(1000);
        samples.push([hours(), held(kiosk.pid) / 1000, held(page) / 1000, visits]);
      }
    }
    const warm = samples.filter(([at]) => at * 60 >= MINUTES * WARM);
    const each = byVisit(warm).map((of) => [0, 1, 2].map((column) => median(of.map((sample) => sample[column]))));
    const slopes = [1, 2].map((column) => slope(each.map((visit) => [visit[0], visit[column]])));
    console.log(`figure: time with the camera at 15 frames a second: ${MINUTES} minutes`);
    // What answers nothing and shows nothing grows by nothing.
    const counted = await bench.counters();
    const [told, shown, most] = [answers(counted), counted.frames_shown_total, MINUTES * 60 * RATE];
    console.log(`figure: answers meanwhile: ${told} answers to ${visits} labels`);
    console.log(`figure: frames that the page showed: ${shown} of ${most} frames`);
    if (told < visits / 2) broken.push(`${told} answers to ${visits} labels`);
    if (shown < most / 2) broken.push(`${shown} frames shown of ${most}`);
    for (const [at, name] of [[0, "the app"], [1, "the page's process"]]) {
      console.log(`figure: memory of ${name} at the end: ${each.at(-1)[at + 1].toFixed(1)} MB`);
      console.log(`figure: memory of ${name} rises by: ${slopes[at].toFixed(2)} MB an hour`);
      if (MINUTES >= 45 && slopes[at] >= MOST) broken.push(`${name} grows by ${slopes[at].toFixed(2)} MB an hour`);
    }
    if (MINUTES < 45) console.log("skipped: a slope over less than 45 minutes says nothing");
  } catch (error) {
    broken.push(String(error.stack ?? error));
  } finally {
    await bench.stop();
  }
  return broken;
}

/** A finger at a place of the display; a driver that held the page would be in its memory. */
function touch(where, [x, y]) {
  const finger = spawn("xdotool", ["mousemove", String(x), String(y), "click", "1"], { env: { ...process.env, DISPLAY: where.name } });
  return new Promise((resolve, reject) => {
    finger.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`xdotool ended with ${code}`))));
  });
}

/** Samples, those of a visit together. */
function byVisit(samples) {
  const visits = new Map();
  for (const sample of samples) visits.set(sample[3], [...(visits.get(sample[3]) ?? []), sample]);
  return [...visits.values()];
}

function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The slope of the line that fits points best (least squares). */
function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([at]) => at), mean(([, value]) => value)];
  const over = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return over / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}
