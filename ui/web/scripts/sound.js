// What is heard once for each new answer: sines with a soft attack.

import { SOUND } from "./tokens.js";

const PITCH = { D4: 293.66, F4: 349.23, A4: 440, D5: 587.33, A5: 880 };
const LEVEL = { off: 0, low: 0.12, normal: 0.3 };
/** Milliseconds within which a context that plays has begun to. */
const BEGINS = 1_000;

let context = null;
/** When the last sound was played, and where its context's time stood. */
let last = { at: -Infinity, time: 0 };

/** Plays a sound of the view, at one of the three levels. */
export function play(name, level = "normal") {
  const notes = SOUND[name];
  const loud = LEVEL[level] ?? LEVEL.normal;
  if (!notes || !loud || typeof AudioContext === "undefined") return;
  if (context && standsStill()) leave();
  context ??= new AudioContext();
  context.resume().catch(() => {});
  let at = context.currentTime;
  last = { at: performance.now(), time: at };
  for (const [pitch, ms] of notes) {
    tone(PITCH[pitch], at, ms / 1000, loud);
    at += ms / 1000;
  }
}

/** Whether the context has played nothing of the last sound: it was made, or left, while there was nothing to hear it by. */
function standsStill() {
  if (performance.now() - last.at < BEGINS) return false;
  return context.state !== "running" || context.currentTime === last.time;
}

/** Leaves a context with all that waits in it: what is heard late says something of another bottle. */
function leave() {
  context.close().catch(() => {});
  context = null;
}

function tone(frequency, at, seconds, loud) {
  const [source, gain] = [context.createOscillator(), context.createGain()];
  const attack = SOUND.attack / 1000;
  source.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loud, at + attack);
  gain.gain.setValueAtTime(loud, at + seconds - attack);
  gain.gain.linearRampToValueAtTime(0, at + seconds);
  source.connect(gain).connect(context.destination);
  source.start(at);
  source.stop(at + seconds);
}
