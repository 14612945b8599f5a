// Updates as their maker makes and signs them, an operator who says where they are, and a web server that has one.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, sep } from "node:path";
import { COMMAND } from "./stand.mjs";

export const MINISIGN = "/usr/bin/minisign";

/** Whoever makes updates, with a key of theirs; `folder` is their own. */
export function maker(folder) {
  mkdirSync(folder);
  const [secret, key] = ["update.key", "update.pub"].map((name) => join(folder, name));
  const minisign = (...args) => execFileSync(MINISIGN, args, { stdio: ["ignore", "ignore", "inherit"] });
  minisign("-G", "-W", "-p", key, "-s", secret);
  return {
    key,
    /** A signed release of one program; its folder. */
    release: (release, program) => {
      const made = join(folder, String(release));
      mkdirSync(made);
      writeFileSync(join(made, "sealight-kiosk"), program);
      const file = { path: "sealight-kiosk", size: program.length, sha256: createHash("sha256").update(program).digest("hex"), executable: true };
      const platform = `${{ x64: "x86_64", arm64: "aarch64" }[process.arch] ?? process.arch}-linux`;
      const manifest = join(made, "manifest.json");
      writeFileSync(manifest, JSON.stringify({ version: 1, release, name: `0.${release}.0`, platform, program: file.path, files: [file] }));
      minisign("-S", "-s", secret, "-m", manifest);
      return made;
    },
  };
}

/** A copy of a release with one bit of its manifest flipped; its folder. */
export function flipped(made) {
  const copy = `${made}-flipped`;
  cpSync(made, copy, { recursive: true });
  const manifest = join(copy, "manifest.json");
  const bytes = readFileSync(manifest);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(manifest, bytes);
  return copy;
}

/** Puts a release where a launcher looks for one, as whoever comes with a stick does. */
export function bring(made, root) {
  cpSync(made, join(root, "arriving"), { recursive: true });
  renameSync(join(root, "arriving"), join(root, "incoming"));
}

/** A web server on loopback that has the release it is given, or none. */
export async function depot() {
  let offered = null;
  const server = createServer((request, response) => {
    const file = offered && join(offered, new URL(request.url, "http://h").pathname);
    const has = file?.startsWith(offered + sep) && existsSync(file);
    response.writeHead(has ? 200 : 404).end(has ? readFileSync(file) : "nothing is here");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    offer: (made) => { offered = made; },
    stop: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
  };
}

/** An operator who says in a signed configuration where updates are; a kiosk's options for that. */
export function operator(folder, updates) {
  mkdirSync(folder);
  const run = (...args) => execFileSync(COMMAND, [...args, "--json"], { cwd: folder, encoding: "utf8" });
  run("key", "new", "operator.json", "--algorithm", "ed25519");
  writeFileSync(join(folder, "operator.pub"), run("key", "show", "operator.json"));
  writeFileSync(join(folder, "shop.json"), JSON.stringify({ version: 1, serial: 1, expires: 4_000_000_000, updates }));
  run("config", "sign", "shop.json", "--key", "operator.json", "-o", "kiosk.config");
  return ["--operator-key", join(folder, "operator.pub"), "--config", folder];
}
