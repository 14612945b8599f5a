// What is heard once for each new answer: sines with a soft attack.

import { SOUND } from "./tokens.js";

const PITCH = { D4: 293.66, F4: 349.23, A4: 440, D5: 587.33, A5: 880 };
const LEVEL = { off: 0, low: 0.12, normal: 0.3 };

let context = null;

/** Plays a sound of the view, at one of the three levels. */
export function play(name, level = "normal") {
  const notes = SOUND[name];
  const loud = LEVEL[level] ?? LEVEL.normal;
  if (!notes || !loud || typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  context.resume();
  let at = context.currentTime;
  for (const [pitch, ms] of notes) {
    tone(PITCH[pitch], at, ms / 1000, loud);
    at += ms / 1000;
  }
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
