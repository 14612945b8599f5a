// Memory of the kiosk and of its page's process while the camera plays: the slope of a line fitted to
// the median of each minute, since a collector's teeth are no growth.

import { below, answers as counted, lacking as standLacking, memory as held, stand, until } from "./window/stand.mjs";
import { pause } from "./window/screen.mjs";

const MINUTES = Number(process.env.SEALIGHT_KIOSK_MINUTES ?? 45);
/** Of the time, how much is warm-up. */
const WARM = 1 / 3;
/** Megabytes an hour. */
const MOST = 1;
const SECONDS = 5;
const LABELS = [20, 21, 22, 23, 24, 25];

export const lacking = standLacking;

export async function memory(browser) {
  const broken = [];
  const bench = await stand(browser);
  try {
    const kiosk = await bench.alone(["--patience", "10"]);
    const pictures = await Promise.all(LABELS.map((label) => bench.seen.picture([bench.place.label(label)])));
    const shelf = await bench.seen.picture([]);
    const page = await until("the page's process", () => below(kiosk.pid, "WebKitWebProcess")[0]);
    const samples = [];
    let rounds = 0;
    const start = Date.now();
    const hours = () => (Date.now() - start) / 3_600_000;
    for (let round = 0; hours() * 60 < MINUTES; round += 1) {
      // A label is held up, its answer stays, the shelf again: the screens take turns.
      if (round % 3 === 0) pictures[(round / 3) % pictures.length]();
      if (round % 3 === 2) shelf();
      for (let second = 0; second < SECONDS; second += 1) {
        await pause(1000);
        samples.push([hours(), held(kiosk.pid) / 1000, held(page) / 1000]);
      }
      rounds = round;
    }
    const warm = samples.filter(([at]) => at * 60 >= MINUTES * WARM);
    const minutes = byMinute(warm).map((of) => [0, 1, 2].map((column) => median(of.map((sample) => sample[column]))));
    const slopes = [1, 2].map((column) => slope(minutes.map((minute) => [minute[0], minute[column]])));
    console.log(`figure: time with the camera at 15 frames a second: ${MINUTES} minutes`);
    // An app that answers nothing grows by nothing.
    const [told, held_up] = [counted(await bench.counters()), Math.floor(rounds / 3) + 1];
    console.log(`figure: answers meanwhile: ${told} answers to ${held_up} labels`);
    if (told < held_up / 2) broken.push(`${told} answers to ${held_up} labels`);
    for (const [at, name] of [[0, "the app"], [1, "the page's process"]]) {
      console.log(`figure: memory of ${name} at the end: ${minutes.at(-1)[at + 1].toFixed(1)} MB`);
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

/** Samples, those of a minute together. */
function byMinute(samples) {
  const minutes = new Map();
  for (const sample of samples) {
    const minute = Math.floor(sample[0] * 60);
    minutes.set(minute, [...(minutes.get(minute) ?? []), sample]);
  }
  return [...minutes.values()];
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
