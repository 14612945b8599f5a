// One view becomes one screen.

import { el, patch } from "./dom.js";
import { fit } from "./fit.js";
import { aiming, checking } from "./screens/aiming.js";
import { attract } from "./screens/attract.js";
import { history } from "./screens/history.js";
import { staff } from "./screens/staff.js";
import { report } from "./screens/report.js";
import { story } from "./screens/story.js";
import { trouble } from "./screens/trouble.js";
import { forget, typing } from "./screens/typing.js";
import { verdict } from "./screens/verdict.js";

const SCREENS = {
  attract, aiming, typing, checking, "half-way": verdict, verdict, story, history, trouble, staff, pin: typing,
  "report-kind": report, "report-phrases": report, "report-review": report, "report-told": report,
};
/** Languages that are written from right to left. */
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

let shown = null;

const isNew = (view) =>
  !shown || ["screen", "turn", "language", "tone", "shape"].some((part) => shown[part] !== view[part]);

/** Draws a view; tells whether it is a new screen or the same one a moment later. */
export function draw(view, stage) {
  const root = document.documentElement;
  const fresh = isNew(view);
  if (!view.keypad || shown?.screen !== view.screen) forget();
  root.lang = view.language;
  root.dir = root.dataset.dir ?? (RIGHT_TO_LEFT.has(view.language.split("-")[0]) ? "rtl" : "ltr");
  const part = view.screen.split("-")[0];
  const kind = view.story ? "story" : part === "report" ? part : part === "pin" ? "typing pin" : view.screen;
  const screen = view.screen === "story" && !view.story ? verdict : SCREENS[view.screen];
  const drawn = el("main", { class: `kiosk ${kind} tone-${view.tone}${fresh ? " enter" : ""}` }, ...screen(view));
  if (fresh || !stage.firstElementChild) stage.replaceChildren(drawn);
  else {
    drawn.className = stage.firstElementChild.className;
    patch(stage.firstElementChild, drawn);
  }
  fit(stage);
  if (fresh) stage.querySelector("h1")?.focus({ preventScroll: true });
  shown = view;
  return fresh;
}
