// A ledger with a lot, by the command that everybody uses, and a device that trusts it.

import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The demonstration's ledger, labels and attacks in a folder, with the ledger running. */
export async function world(command, folder) {
  const kept = join(folder, "demo");
  const run = (...args) => execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const told = JSON.parse(run("demo", "--keep", kept, "--json"));
  let ledger = null;
  const start = async () => {
    ledger = spawn(command, ["ledger", "--home", join(kept, "ledger"), "--listen", ledger?.address ?? "127.0.0.1:0", "--until-eof", "--json"],
      { stdio: ["pipe", "pipe", "inherit"] });
    const said = await document(ledger);
    ledger.address = said.url.replace("http://", "");
    return said;
  };
  const said = await start();
  const home = join(folder, "device");
  run("trust", "add", said.url, "--fingerprint", said.fingerprint, "--home", home);
  const label = (at) => join(kept, "lot/labels", `${String(at).padStart(5, "0")}.png`);
  const seals = readFileSync(join(kept, "lot/seals.csv"), "utf8").trim().split("\n").map((row) => row.split(","));
  return {
    told,
    home,
    label,
    invented: join(kept, "attacks/invented-code.png"),
    seals,
    stop: () => { const { address } = ledger; ledger.kill(); ledger = { address, kill() {} }; },
    start,
  };
}

/** The first whole JSON document that a program prints. */
function document(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (bytes) => {
      said += bytes;
      try { resolve(JSON.parse(said)); } catch { /* not whole yet */ }
    });
    child.on("exit", (code) => reject(new Error(`the ledger ended with ${code}: ${said}`)));
  });
}
