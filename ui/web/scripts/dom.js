// Elements from tags, attributes and texts. Text is always set as text.

/** Most characters of one text; the core cuts what comes from a label far earlier. */
const LONGEST = 700;
/** Controls, and marks that would turn the direction of what follows; isolates stay. */
const CONTROLS = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\uFEFF]/gu;

/** A text as it is drawn: without controls, not longer than a page can hold. */
export function clean(text) {
  const shown = String(text).replace(CONTROLS, "");
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

/** An element; a string among the children is text, null is nothing. */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An element of a drawing. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A text with its `**bold**` words, its line ends, and what came from outside kept apart. */
export function rich(text) {
  return clean(text).split("**").flatMap((part, at) => {
    const lines = part.split("\n").flatMap((line, n) => (n ? [el("br"), ...apart(line)] : apart(line)));
    return at % 2 ? [el("strong", {}, ...lines)] : lines;
  });
}

/** Characters of a quoted word that is not broken over two lines. */
const SHORT = 18;

/** What stands between first-strong isolates, as an element of its own. */
function apart(line) {
  return line.split(/\u2068([^\u2069]*)\u2069/u).map((part, at) =>
    (at % 2 ? el("bdi", { class: part.length <= SHORT ? "whole" : null }, part) : part));
}

/** A text in which words with figures are set as codes are: slashed zero, distinct l. */
export function coded(text) {
  const words = clean(text).split(/(\s+)/u);
  const isCode = (word) => /[A-Z].*\d|\d{8}/u.test(word) && /^[\u2068\u2069A-Z0-9~*$=.-]{4,}$/u.test(word);
  return words.map((word) => (isCode(word) ? el("span", { class: "code" }, word) : word));
}

/** Makes `old` equal to `next` and keeps what is the same: focus, canvas, scroll. */
export function patch(old, next) {
  // A button that does something else is another button: whoever holds on to it would press what it was not.
  if (old.nodeType !== next.nodeType || old.nodeName !== next.nodeName || old.dataset?.send !== next.dataset?.send) {
    old.replaceWith(next);
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== next.data) old.data = next.data;
    return;
  }
  // Its size is its picture's: set anew, it would be blank until the next frame.
  if (old.nodeName === "CANVAS") return;
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const [mine, theirs] = [[...old.childNodes], [...next.childNodes]];
  mine.slice(theirs.length).forEach((child) => child.remove());
  theirs.forEach((child, at) => (mine[at] ? patch(mine[at], child) : old.append(child)));
}
