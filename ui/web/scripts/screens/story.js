// The product's story.

import { el } from "../dom.js";
import { actions } from "../parts/actions.js";
import { headline } from "../parts/panel.js";
import { facts, legend, route, timeline } from "../parts/story.js";
import { picture } from "../parts/picture.js";
import { strip } from "../parts/strip.js";
import { coded } from "../dom.js";

export const story = (view) => [
  el("header", { class: "head" }, strip(view), picture(view.story.picture),
    el("div", {},
      headline(view.field.headline, 2),
      view.field.reason ? el("p", { class: "maker most-2" }, ...coded(view.field.reason)) : null),
    facts(view.story)),
  route(view.story),
  timeline(view),
  legend(view.story),
  actions(view),
];
