// The page: draws what the host shows, tells it what a person does.

import { follow } from "./camera.js";
import { clean } from "./dom.js";
import { draw } from "./draw.js";
import { onView, send } from "./host.js";
import { animate } from "./screens/attract.js";
import { forget, press } from "./screens/typing.js";
import { play } from "./sound.js";
import { measure } from "./stage.js";

const stage = document.getElementById("stage");
const aloud = document.getElementById("aloud");
let view = null;
let drawn = false;
let heard = null;
let lastKey = -Infinity;
let held = null;
let active = -Infinity;
let waiting = null;

/** Milliseconds between keys that no person types. */
const BURST = 30;
/** Milliseconds after which the host is told again that somebody is there. */
const ACTIVE = 1_000;
/** Milliseconds for which the wordmark is held to get to the staff's page. */
const HELD = 3_000;
/** Milliseconds between two signs of life. */
const ALIVE = 2_000;
/** Milliseconds after which a view that was drawn counts, painted or not. */
const UNPAINTED = 10_000;
/** Most milliseconds by which two clocks that run together differ. */
const CLOSE = 10_000;

/** How the kiosk was set up: what the shell's address says, of the values that there are. */
function settle() {
  const asked = new URLSearchParams(location.search);
  const known = { theme: ["light", "dark"], sound: ["off", "low", "normal"], camera: ["top", "left", "right", "bottom"] };
  for (const [name, values] of Object.entries(known)) {
    if (values.includes(asked.get(name))) document.documentElement.dataset[name] = asked.get(name);
  }
  // The operator's own, whose contrast the host has seen to.
  const colour = asked.get("colour") ?? "";
  if (/^[0-9A-F]{6}$/u.test(colour)) document.documentElement.style.setProperty("--porcelain", `#${colour}`);
}

/** Tells that a view stands on the screen: after the frame that it is painted in. A panel that is dark at night asks for none. */
function tellDrawn() {
  const tell = () => send("drawn");
  requestAnimationFrame(() => setTimeout(tell));
  setTimeout(tell, UNPAINTED);
}

function show(next) {
  view = next;
  const fresh = draw(view, stage);
  follow(stage.querySelector(".preview canvas"));
  if (!drawn) tellDrawn();
  drawn = true;
  if (fresh) aloud.textContent = clean(view.aloud);
  if (view.sound && heard !== view.turn) play(view.sound, document.documentElement.dataset.sound);
  heard = view.turn;
}

/** Tells that somebody is there, so that the screen stays: who goes by keys or a switch, or scrolls, touches no button. */
function touch() {
  const now = performance.now();
  if (now - active < ACTIVE) return;
  active = now;
  send({ act: "touch" });
}

/** A scan's first key looks like a person's until the next one comes: it waits for that long. */
function awaitScan(key) {
  waiting = { key, timer: setTimeout(settleKey, BURST, true) };
}

/** The key that waits was a person's, or a scan's. */
function settleKey(person) {
  const was = waiting;
  waiting = null;
  clearTimeout(was?.timer);
  if (was && person && view?.keypad) type(was.key);
}

/** A key of the pad, from the screen or from a keyboard. */
function type(key) {
  const number = press(key, view.keypad);
  if (number === null) touch();
  else if (view.screen === "pin") {
    send({ pin: number });
    forget();
  } else send({ typed: number });
  draw(view, stage);
}

stage.addEventListener("click", ({ target, detail }) => {
  // A PIN comes from fingers alone: what a key presses has no clicks to count.
  if (view?.screen === "pin" && !detail) return;
  const button = target.closest("button");
  if (button?.dataset.key) type(button.dataset.key);
  else if (button?.dataset.send) send(JSON.parse(button.dataset.send));
  else if (view?.screen === "attract") send({ act: "scan" });
  else touch();
});

// What moves a region counts, not that it moved: a view that is drawn anew moves it too.
for (const moved of ["pointerdown", "wheel", "touchmove"]) addEventListener(moved, touch, { capture: true, passive: true });

// Whoever holds the wordmark down for so long is of the staff, or will not know the PIN.
stage.addEventListener("pointerdown", ({ target }) => {
  clearTimeout(held);
  if (target.closest(".word")) held = setTimeout(() => send({ act: "staff" }), HELD);
});
for (const end of ["pointerup", "pointercancel", "pointerleave"]) stage.addEventListener(end, () => clearTimeout(held));

addEventListener("keydown", (event) => {
  const { key, code, target, ctrlKey, altKey, metaKey, shiftKey, timeStamp } = event;
  // The display server's time, which wraps after 49 days: then the page's own.
  const at = Math.abs(timeStamp - performance.now()) < CLOSE ? timeStamp : performance.now();
  // Scanners type; the host tells a scan from a person.
  send({ key: { code, shift: shiftKey, control: ctrlKey, alt: altKey || event.getModifierState("AltGraph"), at: Math.max(0, Math.round(at)) } });
  // A scanner's keys must not press what has the focus, nor scroll or leave the page.
  const burst = at - lastKey < BURST;
  lastKey = at;
  settleKey(!burst);
  // A key that something lies on is nobody.
  if (!burst && !event.repeat) touch();
  if (burst || view?.screen === "pin" || !["Enter", " ", "Tab"].includes(key) && !key.startsWith("Arrow")) event.preventDefault();
  if (burst || !view?.keypad || view.screen === "pin" || ctrlKey || altKey || metaKey || target.closest?.("button")) return;
  const typed = { Backspace: "erase", Enter: "enter" }[key] ?? key.toUpperCase();
  if (["erase", "enter"].includes(typed) || view.keypad.rows.some((row) => typed.length === 1 && row.includes(typed))) awaitScan(typed);
});
addEventListener("contextmenu", (event) => event.preventDefault());
addEventListener("resize", () => {
  measure();
  if (view) draw(view, stage);
});
setInterval(() => animate(stage), 500);
// Whoever watches the page loads it again once this is missing.
setInterval(() => send("alive"), ALIVE);

settle();
measure();
document.fonts.ready.then(() => view && draw(view, stage));
onView(show);
// For a page that lists views, and for tests: the same door that the host uses.
addEventListener("message", ({ data, source, origin }) => {
  if (source === window && origin === location.origin && data?.view) show(data.view);
});
