// The staff's page in the real window: by PIN and by stick, five wrong tries, and how the program ends.

import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { eyes } from "./window/eyes.mjs";
import { pause } from "./window/screen.mjs";
import { COMMAND, below, lacking as standLacking, stand, until } from "./window/stand.mjs";

const PIN = "271828";
const WORD = ".strip .word";

export const lacking = standLacking;

/** Runs the command with a text as standard input. */
const fed = (args, text) => new Promise((done, fail) => {
  const child = spawn(COMMAND, args, { stdio: ["pipe", "ignore", "inherit"] });
  child.once("exit", (code) => (code === 0 ? done() : fail(new Error(`${args} ended with ${code}`))));
  child.stdin.end(text);
});

export async function staff(browser) {
  const broken = [];
  const bench = await stand(browser);
  let [steps, ended] = [() => 0, 0];
  try {
    await fed(["config", "pin", "--home", bench.place.home], `${PIN}\n`);
    const kiosk = await bench.driven(["--patience", "100"]);
    const eye = eyes(kiosk, "staff");
    const { sees, act } = eye;
    steps = eye.steps;
    const dots = () => kiosk.run(() => [...document.querySelector(".typed")?.textContent ?? ""].filter((one) => one === "●").length);
    const type = async (pin) => {
      for (const digit of pin) await kiosk.press(`[data-key="${digit}"]`);
      await until("all digits", async () => (await dots()) === pin.length);
      await kiosk.press("[data-key=enter]");
    };
    const enter = async (pin) => {
      await kiosk.hold(WORD, 4000);
      await sees("the pad", "pin", /type the PIN/u);
      await type(pin);
    };

    // A visitor's answer stands there; whoever holds the wordmark sees none of it.
    await sees("attract", "attract");
    await bench.seen.show([bench.place.label(41)]);
    await sees("an answer", "verdict", /Blue Reverie/u);
    await kiosk.hold(WORD, 4000);
    const { text } = await sees("the pad", "pin");
    if (/Blue Reverie|BR-/u.test(text)) broken.push("the pad tells what the visitor scanned");
    await bench.seen.show([]);

    // Keys and scanners do not reach the pad, nor does what is only meant to look like a finger.
    await kiosk.type(`${PIN}\n`);
    await kiosk.run((pin) => [...pin].forEach((digit) => document.querySelector(`[data-key="${digit}"]`)?.click()), PIN);
    await pause(1500);
    if (await dots()) broken.push("the pad took keys that no finger pressed");
    await sees("the pad, still", "pin");

    await type(PIN);
    const page = await sees("the staff's page", "staff", /This kiosk today/u, /Scans/u);
    if (/Blue Reverie|BR-/u.test(page.text)) broken.push("the page tells what a visitor scanned");
    await bench.seen.show([bench.place.label(41)]);
    await pause(1500);
    await sees("the page, whatever is held up", "staff");
    await bench.seen.show([]);
    await act("done");
    await sees("attract again", "attract");

    // A stick opens the page without a PIN.
    const media = join("/media", `sealight-test-${process.pid}`);
    let stick = true;
    try { mkdirSync(media, { recursive: true }); } catch { stick = false; }
    if (stick) {
      try {
        await fed(["config", "staff-key", media, "--home", bench.place.home], "");
        await sees("the page, by a stick", "staff");
      } finally {
        rmSync(media, { recursive: true, force: true });
      }
      await act("done");
      await sees("attract after the stick", "attract");
    } else console.log("skipped: /media cannot be written: no stick");

    // Five wrong tries, then none for ten minutes, over a restart too.
    for (let left = 4; left >= 1; left -= 1) {
      await enter("000000");
      await sees(`wrong, ${left} left`, "pin", new RegExp(`Tries left: ${left}`, "u"));
      await kiosk.press(`[data-send='{"act":"stop"}']`);
      await sees("attract after a wrong try", "attract");
    }
    await enter("000000");
    await sees("locked", "pin", /Too many tries/u);
    if (await kiosk.run(() => document.querySelectorAll("[data-key]").length)) broken.push("a locked pad has keys");
    await kiosk.stop();
    const again = await bench.driven(["--patience", "100"]);
    Object.assign(kiosk, again);
    await sees("attract after a restart", "attract");
    await kiosk.hold(WORD, 4000);
    await sees("locked, still", "pin", /Too many tries/u);
    // Whoever may open the device's folder may forget the tries: setting the PIN anew does.
    await kiosk.stop();
    await fed(["config", "pin", "--home", bench.place.home], `${PIN}\n`);
    Object.assign(kiosk, await bench.driven([]));
    await sees("attract with a new PIN", "attract");
    await enter(PIN);
    await sees("the page with a new PIN", "staff");
    const [program] = below(kiosk.driver, "sealight-kiosk");
    await act("exit");
    await until("the end of the program", () => !below(kiosk.driver, "sealight-kiosk").includes(program));
    ended = 1;
  } catch (error) {
    broken.push(String(error.stack ?? error));
  } finally {
    await bench.stop();
  }
  console.log(`figure: steps to and from the staff's page: ${steps() + ended} steps`);
  return broken;
}
