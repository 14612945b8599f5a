// What the page plays, and by which context: one that stands in for the system's, and what is done with it.

import { shelled } from "./shell.mjs";

/** Milliseconds after which it shows whether a context plays. */
const LATER = 1_200;

/** Leaves a context in the page, whose time goes on or not. */
function stand(sink) {
  const param = () => ({ value: 0, setValueAtTime() {}, linearRampToValueAtTime() {} });
  globalThis.made = [];
  globalThis.AudioContext = class {
    constructor() {
      Object.assign(this, { state: sink.state, tones: 0, begun: performance.now() });
      globalThis.made.push(this);
    }
    get currentTime() { return sink.goes ? (performance.now() - this.begun) / 1_000 : 0; }
    async resume() {}
    async close() { this.state = "closed"; }
    createOscillator() {
      this.tones += 1;
      return { frequency: param(), connect: (to) => to, start() {}, stop() {} };
    }
    createGain() { return { gain: param(), connect: (to) => to }; }
  };
}

/** A context that plays nothing is left for another one, with all that waits in it; one that plays is kept. */
export async function heard(browser, address, view) {
  const broken = [];
  const sinks = [
    ["plays", { state: "running", goes: true }, ["running 2"]],
    ["stands still", { state: "running", goes: false }, ["closed 1", "running 1"]],
    ["was stopped", { state: "suspended", goes: true }, ["closed 1", "suspended 1"]],
  ];
  for (const [what, sink, wants] of sinks) {
    const page = await shelled(browser, address, view, {}, (page) => page.addInitScript(stand, sink));
    await page.waitForTimeout(LATER);
    await page.evaluate((view) => globalThis.draw(view), { ...view, turn: view.turn + 1 });
    const made = await page.evaluate(() => globalThis.made.map(({ state, tones }) => `${state} ${tones}`));
    if (made.join() !== wants.join()) broken.push(`a sound where the context ${what}: ${made.join(", ")}, not ${wants.join(", ")}`);
    await page.close();
  }
  return broken;
}
