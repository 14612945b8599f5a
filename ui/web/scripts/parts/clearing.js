// That the screen clears itself soon, in the last seconds before it does.

import { clean, el } from "../dom.js";

/** Drawn alone: it changes each second, and is said once. */
export const clearing = ({ clears }) =>
  (clears?.warning ? el("p", { class: "clearing", "aria-hidden": "true" }, el("span", { class: "most-1" }, clean(clears.warning))) : null);
