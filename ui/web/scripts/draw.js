// One view becomes one screen.

import { el, patch } from "./dom.js";
import { fit } from "./fit.js";
import { actions, moreAfter } from "./parts/actions.js";
import { clearing } from "./parts/clearing.js";
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

/** What a view shows beside the seconds that are left. */
const still = ({ clears, actions: buttons, ...rest }) =>
  JSON.stringify([rest, clears?.last, Boolean(clears?.warning), buttons.map(({ action, rank }) => [action, rank])]);

/** Each second that goes by changes a button and a line: the rest is neither built nor measured anew. */
function tick(view, stage) {
  const [acts, bar] = [".acts", ".clearing"].map((part) => stage.querySelector(part));
  if (acts) patch(acts, actions(view));
  if (bar) patch(bar, clearing(view));
}

/** The first of the moments that were left out until now. */
function opened(before, view, stage) {
  const after = before && moreAfter(before);
  return after && !moreAfter(view) ? stage.querySelectorAll(".timeline li")[after] : null;
}

/** The button that does what the one did that is gone, or where the screen begins. */
function instead({ dataset: { send } }, stage) {
  const same = [...stage.querySelectorAll("[data-send]")].find((button) => button.dataset.send === send);
  return same ?? stage.querySelector("h1");
}

/** On the same screen the focus moves to what a press has brought, and where it was on something that is gone. */
function moveFocus(focused, brought, stage) {
  if (brought) brought.focus();
  else if (focused && !focused.isConnected) instead(focused, stage)?.focus({ preventScroll: true });
}

/** Draws a view; tells whether it is a new screen or the same one a moment later. */
export function draw(view, stage) {
  const root = document.documentElement;
  const [before, fresh, focused] = [shown, isNew(view), document.activeElement];
  // Whatever follows a view that cannot be drawn is a new screen.
  shown = null;
  // The same view once more is drawn whole: what is typed, or the panel, has changed.
  if (before && before !== view && !fresh && still(before) === still(view)) {
    tick(view, stage);
    shown = view;
    return false;
  }
  if (!view.keypad || before?.screen !== view.screen) forget();
  root.lang = view.language;
  root.dir = root.dataset.dir ?? (RIGHT_TO_LEFT.has(view.language.split("-")[0]) ? "rtl" : "ltr");
  const part = view.screen.split("-")[0];
  const kind = view.story ? "story" : part === "report" ? part : part === "pin" ? "typing pin" : view.screen;
  const screen = view.screen === "story" && !view.story ? verdict : SCREENS[view.screen];
  const drawn = el("main", { class: `kiosk ${kind} tone-${view.tone}${fresh ? " enter" : ""}` }, ...screen(view), clearing(view));
  if (fresh || !stage.firstElementChild) stage.replaceChildren(drawn);
  else {
    drawn.className = stage.firstElementChild.className;
    patch(stage.firstElementChild, drawn);
  }
  fit(stage);
  if (fresh) stage.querySelector("h1")?.focus({ preventScroll: true });
  else moveFocus(focused, opened(before, view, stage), stage);
  shown = view;
  return fresh;
}
