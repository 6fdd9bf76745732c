// Prints every story in English once, over restarts of the daemon and of this program. Needs npm install zeromq@6.
import { Notice, subscribe } from "./nutgraf.mjs";

for await (const m of subscribe("story.en.", { cursor: "stories.cursor", start: "all", breaks: "yield" })) {
  if (m instanceof Notice) {
    console.log("!", m.text); // The log is another, or keeps no longer what we lack: the text says which.
  } else if (m.data.op !== "retract") {
    console.log(m.seq, m.data.story.title, "-", m.data.story.url ?? "");
  }
}
