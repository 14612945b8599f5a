// Writes what the web pages take from tokens.json; with --check, fails where that is not what stands.
import { readFileSync, writeFileSync } from "node:fs";

const at = (path) => new URL(path, import.meta.url);
const tokens = JSON.parse(readFileSync(at("tokens.json"), "utf8"));

const properties = (values, unit = "", prefix = "") =>
  Object.entries(values).map(([name, value]) => `  --${prefix}${name}: ${value}${unit};\n`).join("");
const block = (selector, ...lists) => `${selector} {\n${lists.join("")}}\n`;

const css = [
  "/* Written by ui/tokens.mjs from ui/tokens.json. */\n",
  block(
    ":root",
    properties(tokens.color.light),
    properties(tokens.type.upright, "px", "size-"),
    properties(tokens["line-height"], "", "leading-"),
    properties(tokens.duration, "ms", "time-"),
    properties(tokens.easing, "", "ease-"),
  ),
  block(':root[data-theme="dark"]', properties(tokens.color.dark)),
  block(':root[data-size="lying"]', properties(tokens.type.lying, "px", "size-")),
  block(":root:lang(zh)", properties(tokens.type["upright-zh"], "px", "size-")),
  block(':root[data-size="lying"]:lang(zh)', properties(tokens.type["lying-zh"], "px", "size-")),
].join("");

const js = [
  "// Written by ui/tokens.mjs from ui/tokens.json.\n",
  `export const SOUND = ${JSON.stringify(tokens.sound)};\n`,
  `export const DURATION = ${JSON.stringify(tokens.duration)};\n`,
].join("");

const files = [["web/style/tokens.css", css], ["web/scripts/tokens.js", js]];
if (process.argv.includes("--check")) {
  const old = files.filter(([path, text]) => readFileSync(at(path), "utf8") !== text);
  for (const [path] of old) console.error(`ui/${path} is not what tokens.json says: node ui/tokens.mjs`);
  process.exit(old.length ? 1 : 0);
}
for (const [path, text] of files) writeFileSync(at(path), text);
