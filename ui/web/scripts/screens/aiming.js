// What the camera sees with its guide; while an answer is made, the facts that became true.

import { clean, el, rich } from "../dom.js";
import { actions, others } from "../parts/actions.js";
import { headline } from "../parts/panel.js";
import { strip } from "../parts/strip.js";
import { guide, icon, mark, shape } from "../shapes.js";

const preview = (view, drawn) =>
  el("div", { class: "preview" }, strip(view),
    el("canvas", { width: 1, height: 1, "aria-hidden": "true" }), el("div", { class: "veil" }), drawn);

export const aiming = (view) => [
  preview(view, guide()),
  el("div", { class: "panel", "data-region": true },
    headline(view.field.headline, 2),
    view.field.reason ? el("p", { class: "hint" }, icon("tilt"), el("span", { class: "most-2" }, ...rich(view.field.reason))) : null,
    others(view)),
  actions(view),
];

function half() {
  const drawn = shape("half");
  drawn.setAttribute("class", "guide shape half");
  return drawn;
}

export const checking = (view) => [
  preview(view, half()),
  el("div", { class: "panel", "data-region": true },
    headline(view.field.headline, 2),
    el("ul", { class: "progress" }, ...view.progress.map(({ what, value, done }) =>
      el("li", { class: done ? "done" : "wait" }, mark(done ? "proven" : "nobody"),
        el("span", { class: "most-2" }, clean(what)),
        value === null ? null : el("span", { class: "value most-1" }, clean(value))))),
    others(view)),
  actions(view),
];
