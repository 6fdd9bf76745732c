// The Node client as `nutgraf tail --json` would be: messages on stdout, what happened on stderr.
//   drive_client.mjs LIVE SYNC CURSOR START PREFIX...        SYNC -: as the server says; $CLIENT_OPTIONS: more, in JSON
import { writeSync } from "node:fs";
import { Broken, Notice, subscribe } from "./nutgraf.mjs";

const [live, sync, cursor, start, ...prefixes] = process.argv.slice(2);
const tell = (notice) => writeSync(2, `${notice.kind}: ${notice.text}\n`);
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const given = Object.entries(JSON.parse(process.env.CLIENT_OPTIONS ?? "{}"));
const options = Object.fromEntries(given.map(([name, value]) => [camel(name), value === "raise" ? "throw" : value]));
const stream = subscribe(...prefixes,
  { live, sync: sync === "-" ? null : sync, cursor, start, breaks: "yield", onNotice: tell, ...options });
for (let done = false; !done; ) {
  try {
    for await (const m of stream) {
      if (m instanceof Notice) tell(m);
      else writeSync(1, Buffer.concat([m.body, Buffer.from("\n")]));
    }
    done = true;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    writeSync(2, `raised ${error.kind}: ${error.message}\n`);
  }
}
