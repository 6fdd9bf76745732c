/**
 * A subscriber of a nutgraf daemon that misses nothing. One file; needs the npm package zeromq, version 6.
 *
 *     import { subscribe } from "./nutgraf.mjs";
 *
 *     for await (const m of subscribe("story.en.", { cursor: "my.cursor" })) {
 *       console.log(m.topic, m.data.op, m.data.story.title);
 *     }
 *
 * It joins as docs/protocol.md says: subscribes, waits for the greeting, fetches what the log holds after its cursor
 * while live messages queue, then follows live and drops what it has had. A message whose predecessor never came, and a
 * heartbeat that names a message that never came, mean a loss, which it fetches, as after a reconnection.
 *
 * To ask for the next message says that the one before has taken effect. Only then does the cursor pass it, and the file
 * is written at most once a second: after a crash a second's worth comes again, and nothing is missing.
 *
 * One next() at a time. Nothing is handed out between two of them.
 */
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import * as zmq from "zeromq";

const PROTOCOL = 1;

// Heartbeats that may be missing before we say so, and before we connect anew.
const STALE_BEATS = 3;
const RECONNECT_BEATS = 10;
// Greetings and answers that disagree on the epoch, in a row: a restart between the two explains one.
const EPOCH_REFUSALS = 3;
// Another epoch is read from so long before what we know: clocks may have been set meanwhile.
const EPOCH_MARGIN = 60_000;
// Two losses within this time are no accident; and how often to say so.
const SLOW_WINDOW = 60_000;
const SAVE_INTERVAL = 1_000;

const BREAKS = new Set(["cursor_too_old", "epoch_changed", "future_cursor"]);
const WARNINGS = new Set(["too_slow", "stale", "waiting", "malformed"]);

/** A message as published, once, and after every earlier one of its topic. */
export class Message {
  constructor(topic, body, data, live) {
    this.topic = topic;
    this.body = body; // The bytes, a Buffer.
    this.data = data; // The JSON object: data.type, data.op, data.story …
    this.live = live; // False: it was fetched from the log.
  }
  get seq() {
    return this.data.seq;
  }
}

/**
 * What happened to the stream itself. `kind` is one of
 * waiting, caught_up, gap_found, gap_mended, too_slow, stale, reconnected, malformed: nothing is lost by these;
 * cursor_too_old: the log no longer keeps what we lack; it goes on with the oldest that is kept;
 * epoch_changed, future_cursor: another store, or one that went back in time; messages may come twice.
 */
export class Notice {
  constructor(kind, text, count = 0) {
    this.kind = kind;
    this.text = text;
    this.count = count; // Messages that were fetched, for caught_up and gap_mended.
  }
}

/** The stream is not what the cursor promised: `notice` says why. Iterate again to go on. */
export class Broken extends Error {
  constructor(notice) {
    super(notice.text);
    this.name = "Broken";
    this.notice = notice;
    this.kind = notice.kind;
  }
}

/** Final: the server refuses us, or speaks another protocol. */
export class Refused extends Error {}

/** A Subscription to the topics that begin with any of `prefixes`; none: to all. Options may be the last argument. */
export function subscribe(...prefixes) {
  const options = typeof prefixes.at(-1) === "object" ? prefixes.pop() : {};
  return new Subscription(prefixes, options);
}

/**
 * An async iterator of messages; end it with close(), or by leaving the `for await`.
 *
 * live       the daemon's live endpoint: "host:port", "tcp://host:port" or "ipc://path"
 * sync       the sync endpoint, where the one that the daemon names cannot be reached
 * cursor     a file: begin where it says if it is there, and keep it up to date (`nutgraf tail --cursor` reads it too);
 *            or a cursor itself, an object as from the property `cursor`, which you store with your own data
 * start      where to begin without a cursor: "live", from now on; "all", with the oldest that is kept; "snapshot", with
 *            the latest message of every live event, then live; a Date, or a number of milliseconds ago
 * breaks     what to do at cursor_too_old, epoch_changed and future_cursor: "throw" Broken, after which iterating again
 *            goes on; or "yield" the Notice among the messages and go on
 * onNotice   is called with every other Notice; else the grave ones are warnings of the process
 * follow     false: end when all that is there was delivered
 * serverKey, publicKey, secretKey
 *            CURVE keys in Z85; the first alone: with a key pair made for this run
 * receiveHwm   live messages that may queue here
 * page         messages asked for at once
 * patience     milliseconds that the server may be silent to a greeting or a request that is due
 */
export class Subscription {
  #options;
  #prefixes;
  #start;
  #file = null;
  #cursor = null; // As may be saved.
  #resumes;
  #saved = null;
  #savedAt = -Infinity;

  #out = []; // Messages, notices, and { cursor } between them; from #taken on.
  #taken = 0;
  #phase = "joining"; // joining, snapshot, fetching, live
  #fatal = null;
  #closed = false;
  #caughtUp = false;

  // What has come: everything up to #complete, and of each topic the newest above it.
  #epoch = null;
  #complete = 0;
  #newest = new Map();
  #serverTime = null;
  #lastSeq = 0; // Of the message with the highest seq.
  #lastTime = null;

  // What is being asked for.
  #request = 0;
  #fetched = 0;
  #epochRefusals = 0;
  #since = null;
  #retryAt = null;
  #snapshot = null;
  #mending = false;

  // Signs of life.
  #heartbeat = 1000;
  #heard = now();
  #toldStale = false;
  #toldWaiting = false;
  #lastGap = -Infinity;
  #toldSlow = -Infinity;

  // Each socket has at most one receive() under way; what it brought waits in `frames`.
  #live = null;
  #sync = null;
  #syncEndpoint = "";
  #wake = () => {};

  constructor(prefixes = [], options = {}) {
    this.#options = {
      live: "tcp://127.0.0.1:5556", sync: null, cursor: null, start: "live", breaks: "throw", onNotice: warn, follow: true,
      receiveHwm: 10_000, page: 500, patience: 5_000, ...options,
    };
    this.#options.live = endpointOf("live", this.#options.live);
    if (this.#options.sync) this.#options.sync = endpointOf("sync", this.#options.sync);
    const { live, sync, cursor, start, breaks } = this.#options;
    if (breaks !== "throw" && breaks !== "yield") throw new TypeError('breaks is "throw" or "yield"');
    this.#start = startAt(start);
    this.#prefixes = checkPrefixes(prefixes);
    if (typeof cursor === "string" || cursor instanceof URL) this.#file = cursor;
    this.#cursor = this.#file ? readCursor(this.#file) : cursor;
    this.#saved = this.#cursor;
    this.#resumes = this.#cursor !== null;
    this.#serverTime = time(this.#cursor?.server_time);
    this.#options.curve = curveOptions(this.#options);
    this.#connectLive(live);
    if (sync) this.#connectSync(sync);
  }

  // What the consumer calls.

  [Symbol.asyncIterator]() {
    return this;
  }

  async next() {
    const value = await this.receive();
    return value === null ? { done: true, value: undefined } : { done: false, value };
  }

  async return() {
    this.close();
    return { done: true, value: undefined };
  }

  /** The next message (or Notice, as `breaks` says); null when none came within `timeout` ms, or at the end. */
  async receive(timeout = Infinity) {
    const deadline = now() + timeout;
    let waited = false;
    for (;;) {
      for (let item; (item = this.#takeOut()) !== undefined; ) {
        if (item instanceof Message) return item;
        if (item instanceof Notice) {
          if (!BREAKS.has(item.kind)) this.#options.onNotice(item);
          else if (this.#options.breaks === "yield") return item;
          else throw new Broken(item);
        } else {
          this.#cursor = item.cursor;
        }
      }
      this.#save();
      if (this.#fatal) throw new Refused(this.#fatal);
      if (this.#closed || (this.#caughtUp && !this.#options.follow)) {
        this.close();
        return null;
      }
      if (this.#receiveOne()) continue;
      this.#runTimers();
      if (this.#taken < this.#out.length) continue;
      if (waited && deadline <= now()) return null;
      waited = true; // What has come is told by a turn of the event loop, however short the wait.
      await this.#wait(Math.max(0, Math.min(this.#untilTimer(), deadline - now())));
    }
  }

  /** From where to start next time: covers what was returned before the last call; null before the first page. */
  get cursor() {
    return this.#cursor && { ...this.#cursor };
  }

  /** Saves the cursor and closes the sockets. What was returned last counts as not done: it will come again. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#out = [];
    this.#taken = 0;
    this.#save(true);
    this.#live?.socket.close();
    this.#sync?.socket.close();
    this.#wake();
  }

  // Sockets.

  #connect(Kind, endpoint, options, prefixes = []) {
    const socket = new Kind({
      linger: 0, ipv6: true, heartbeatInterval: 10_000, heartbeatTimeout: 30_000, reconnectInterval: 100,
      reconnectMaxInterval: 2_000, ...this.#options.curve, ...options,
    });
    if (prefixes.length > 0) socket.subscribe(...prefixes);
    socket.connect(endpoint);
    return { socket, frames: null, asked: false };
  }

  /** Afresh; what was queued on the old connection is dropped. */
  #connectLive(endpoint) {
    this.#live?.socket.close();
    const prefixes = this.#prefixes.length > 0 ? [...this.#prefixes, "$hello", "$hb"] : [""];
    this.#live = this.#connect(zmq.Subscriber, endpoint, { receiveHighWaterMark: this.#options.receiveHwm }, prefixes);
  }

  #connectSync(endpoint) {
    this.#sync?.socket.close();
    this.#syncEndpoint = endpoint;
    // No bound: one page at a time was asked for.
    this.#sync = this.#connect(zmq.Dealer, endpoint, { receiveHighWaterMark: 0, sendTimeout: 0 });
  }

  /** What has come on this line, or null. */
  #take(line) {
    const frames = line?.frames ?? null;
    if (frames) line.frames = null;
    if (line) this.#listen(line);
    return frames;
  }

  /** Sees to it that what comes next wakes us. */
  #listen(line) {
    if (line.asked || line.frames) return;
    line.asked = true;
    line.socket.receive().then(
      (received) => {
        line.asked = false;
        line.frames = received;
        this.#wake();
      },
      () => {}, // Closed.
    );
  }

  get #asking() {
    return this.#phase === "fetching" || this.#phase === "snapshot";
  }

  #receiveOne() {
    const answer = this.#take(this.#sync);
    if (answer) {
      this.#takeAnswer(answer);
      return true;
    }
    // While a page is fetched live messages queue. Too many are a loss like any other.
    const frames = this.#asking ? null : this.#take(this.#live);
    if (frames) this.#takeLive(frames);
    return frames !== null;
  }

  #wait(milliseconds) {
    const lines = [this.#sync, this.#asking ? null : this.#live].filter((line) => line !== null);
    if (lines.some((line) => line.frames)) return Promise.resolve();
    lines.forEach((line) => this.#listen(line));
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake(), Math.min(milliseconds, 60_000));
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = () => {};
        resolve();
      };
    });
  }

  #takeOut() {
    if (this.#taken < this.#out.length) return this.#out[this.#taken++];
    this.#out = [];
    this.#taken = 0;
    return undefined;
  }

  // Time.

  #untilTimer() {
    if (this.#asking && this.#retryAt !== null) return Math.max(1, this.#retryAt - now());
    let limit = this.#options.patience;
    if (this.#phase === "live") limit = this.#heartbeat * (this.#toldStale ? RECONNECT_BEATS : STALE_BEATS);
    return Math.max(1, this.#heard + limit - now() + 1);
  }

  /** Called when there was nothing to receive: one who was away for long finds heartbeats queued, and no silence. */
  #runTimers() {
    const silence = now() - this.#heard;
    if (this.#phase === "joining") {
      if (silence <= this.#options.patience) return;
      this.#heard = now();
      if (!this.#toldWaiting) this.#tell("waiting", `nobody answers at ${this.#options.live}; waiting`);
      this.#toldWaiting = true;
    } else if (this.#phase === "live") {
      if (silence > this.#heartbeat * STALE_BEATS && !this.#toldStale) {
        this.#toldStale = true;
        this.#tell("stale", `no heartbeat for ${Math.round(silence)} ms`);
      }
      if (silence > this.#heartbeat * RECONNECT_BEATS) this.#rejoin();
    } else if (this.#retryAt !== null) {
      if (now() >= this.#retryAt) this.#sendRequest();
    } else if (silence > this.#options.patience) {
      if (!this.#toldStale) this.#tell("stale", `${this.#syncEndpoint} does not answer; trying on`);
      this.#toldStale = true;
      this.#rejoin();
    }
  }

  #alive(serverTime = null) {
    this.#heard = now();
    if (!this.#asking) this.#toldStale = false;
    this.#toldWaiting = false;
    if (serverTime !== null && !(serverTime <= this.#serverTime && this.#serverTime !== null)) this.#serverTime = serverTime;
  }

  #rejoin() {
    this.#phase = "joining";
    this.#heard = now();
    this.#retryAt = null;
    this.#connectLive(this.#options.live);
  }

  // What comes.

  #takeLive(frames) {
    const topic = frames[0].toString();
    if (frames.length === 1 && topic.startsWith("$hello")) return this.#takeHello(topic.slice("$hello".length));
    if (this.#phase === "joining") return; // Of the time before the greeting: the page has it.
    this.#heard = now();
    if (frames.length !== 2) this.#tell("malformed", `a message of ${frames.length} frames was dropped`);
    else if (topic === "$hb") this.#takeBeat(frames[1]);
    else if (!topic.startsWith("$")) this.#takeMessage(topic, frames[1]);
  }

  #takeHello(body) {
    const hello = this.#read(body, "$hello", { protocol: Number.isInteger, epoch: isText, head: Number.isInteger });
    if (hello === null) return;
    if (hello.protocol !== PROTOCOL) {
      this.#fatal = `${this.#options.live} speaks protocol ${hello.protocol}, this client ${PROTOCOL}`;
      return;
    }
    if (hello.heartbeat_ms > 0) this.#heartbeat = hello.heartbeat_ms;
    this.#alive();
    try {
      this.#connectSync(this.#options.sync ?? reachable(hello.sync ?? "", this.#options.live));
    } catch (error) {
      this.#fatal = `${this.#syncEndpoint}: cannot connect: ${error.message}`;
      return;
    }
    if (this.#epoch === null) return this.#begin(hello);
    if (hello.epoch !== this.#epoch) return this.#beginEpoch(hello.epoch, "epoch_changed", "the server has another store");
    this.#tell("reconnected", "connected again; fetching what was missed");
    this.#mending = true;
    if (this.#snapshot) this.#askSnapshot();
    else this.#fetch(this.#since);
  }

  #begin(hello) {
    this.#epoch = hello.epoch;
    if (this.#resumes) {
      if (this.#cursor.epoch !== this.#epoch) {
        return this.#beginEpoch(this.#epoch, "epoch_changed", "the cursor is of another store, or of one since restored");
      }
      this.#complete = this.#cursor.seq;
      return this.#fetch();
    }
    if (this.#start === "snapshot") return this.#askSnapshot();
    if (typeof this.#start === "number") return this.#fetch(Date.now() - this.#start);
    if (this.#start instanceof Date) return this.#fetch(this.#start.getTime());
    this.#complete = this.#start === "live" ? hello.head : 0;
    this.#fetch();
  }

  /** Sequence numbers of one epoch mean nothing in another; the time does. */
  #beginEpoch(epoch, kind, why) {
    this.#tell(kind, why + "; messages may come twice");
    this.#epoch = epoch;
    this.#complete = this.#lastSeq = 0;
    this.#newest.clear();
    this.#snapshot = null;
    this.#fetch(this.#serverTime === null ? null : this.#serverTime - EPOCH_MARGIN);
  }

  #takeBeat(body) {
    const isHead = (entry) => Array.isArray(entry) && isText(entry[0]) && Number.isInteger(entry[1]);
    const isList = (value) => Array.isArray(value) && value.every(isHead);
    const beat = this.#read(body, "$hb",
      { epoch: isText, head: Number.isInteger, after: Number.isInteger, topics: isList });
    if (beat === null) return;
    if (beat.epoch !== this.#epoch) return this.#rejoin(); // The greeting tells.
    this.#alive();
    if (beat.topics.some(([topic, seq]) => this.#subscribed(topic) && seq > this.#known(topic))) {
      return this.#foundLoss(`a heartbeat names messages up to ${beat.head} that never came`);
    }
    if (beat.after > this.#complete) return;
    this.#alive(time(beat.time));
    this.#completeTo(beat.head);
    this.#moveCursor();
  }

  #takeMessage(topic, body) {
    const message = this.#readMessage(body, topic);
    if (message === null) return;
    if (message.epoch !== this.#epoch) return this.#rejoin();
    const known = this.#known(topic);
    if (message.seq <= known) return;
    if (message.prev > known) {
      return this.#foundLoss(`${topic} has lost messages after ${known} up to ${message.prev}`);
    }
    this.#accept(topic, body, message, true);
  }

  #accept(topic, body, message, live) {
    this.#newest.set(topic, message.seq);
    this.#lastSeq = message.seq;
    this.#lastTime = message.decided_at ?? null;
    this.#out.push(new Message(topic, body, message, live));
  }

  #foundLoss(text) {
    this.#tell("gap_found", text + "; fetching them");
    const again = now() - this.#lastGap < SLOW_WINDOW;
    this.#lastGap = now();
    if (again && now() - this.#toldSlow >= SLOW_WINDOW) {
      this.#toldSlow = now();
      this.#tell("too_slow", "losses keep coming: messages are read too slowly here");
    }
    this.#mending = true;
    this.#fetch();
  }

  // What is asked for, and the answers.

  #fetch(since = null) {
    this.#phase = "fetching";
    this.#since = since;
    this.#fetched = 0;
    this.#sendRequest();
  }

  #askSnapshot() {
    this.#phase = "snapshot";
    this.#snapshot = { page: 0, step: 1, next: null, seen: new Set() };
    this.#sendRequest();
  }

  #sendRequest() {
    this.#retryAt = null;
    this.#heard = now();
    const call = { id: String(++this.#request) };
    if (this.#prefixes.length > 0) call.prefixes = this.#prefixes;
    if (this.#phase === "snapshot") {
      Object.assign(call, { op: "snapshot", page: this.#snapshot.page });
    } else {
      Object.assign(call, { op: "fetch", epoch: this.#epoch, limit: this.#options.page });
      if (this.#since !== null) call.since = new Date(this.#since).toISOString();
      else Object.assign(call, { after: this.#complete, ...this.#afterTime() });
    }
    // If it cannot be sent there is no answer in time, and we join again.
    this.#sync.socket.send(JSON.stringify(call)).catch(() => {});
  }

  #afterTime() {
    const saved = this.#cursor;
    if (saved?.seq === this.#complete && saved.epoch === this.#epoch && saved.message_time) {
      return { after_time: saved.message_time };
    }
    return this.#complete === this.#lastSeq && this.#lastTime ? { after_time: this.#lastTime } : {};
  }

  #takeAnswer(frames) {
    if (!this.#asking) return;
    this.#heard = now();
    const verb = frames[0].toString();
    if (frames.length === 3 && verb === "MSG") return this.#takePageMessage(frames[1].toString(), frames[2]);
    const answer = frames.length === 2 ? this.#read(frames[1], "an answer", {}) : null;
    if (answer?.id !== String(this.#request)) return;
    if (verb === "ERR") this.#takeError(answer);
    else if (this.#phase === "snapshot") this.#takeSnapshotEnd(answer);
    else this.#takeEnd(answer);
  }

  #takePageMessage(topic, body) {
    // Its epoch is not looked at: a restored log holds messages of the one before, and the request named the log.
    const message = this.#readMessage(body, topic);
    if (message === null) return;
    if (this.#phase === "snapshot") {
      // Above `next` it comes with the pages of the log, in its place.
      const { seen, next } = this.#snapshot;
      if (seen.has(message.seq) || (next !== null && message.seq > next)) return;
      seen.add(message.seq);
      this.#out.push(new Message(topic, body, message, false));
    } else if (message.seq > this.#known(topic)) {
      ++this.#fetched;
      this.#accept(topic, body, message, false);
    }
  }

  /**
   * Pages are counted from the oldest event, and one that closes meanwhile moves those after it forward, past a reader
   * who goes up. So if anything happened while we went up, we go down again and drop what we had.
   */
  #takeSnapshotEnd(end) {
    const at = this.#snapshot;
    at.next ??= end.next ?? 0;
    if (at.step > 0 && !end.more && end.head !== at.next) at.step = -1;
    if ((at.step > 0 && !end.more) || (at.step < 0 && at.page === 0)) {
      this.#snapshot = null;
      this.#complete = at.next;
      return this.#fetch();
    }
    at.page += at.step;
    this.#sendRequest();
  }

  #takeEnd(end) {
    const leads = Number.isInteger(end.next) && (!end.more || end.next > this.#complete || this.#since !== null);
    if (!leads) {
      this.#fatal = `${this.#syncEndpoint} sends pages that lead nowhere`;
      return;
    }
    this.#since = null;
    this.#epochRefusals = 0;
    this.#completeTo(end.next);
    this.#alive(time(this.#lastTime));
    this.#moveCursor();
    if (end.more) return this.#sendRequest();
    this.#phase = "live";
    this.#alive();
    if (!this.#caughtUp) {
      this.#caughtUp = true;
      this.#tell("caught_up", "caught up", this.#fetched);
    } else if (this.#mending) {
      this.#tell("gap_mended", `nothing is missing now; ${this.#fetched} messages were fetched`, this.#fetched);
    }
    this.#mending = false;
  }

  #takeError(error) {
    if (error.code === "busy") {
      this.#retryAt = now() + Math.max(0, error.retry_ms ?? 250);
    } else if (error.code === "epoch_changed") {
      // The greeting tells; live messages of the old epoch that still queue are of no use.
      if (++this.#epochRefusals < EPOCH_REFUSALS) return this.#rejoin();
      this.#fatal = `${this.#options.live} and ${this.#syncEndpoint} are not of the same server`;
    } else if (error.code === "future_cursor") {
      this.#beginEpoch(this.#epoch, "future_cursor", "the server's store went back in time");
    } else if (error.code === "cursor_too_old") {
      const floor = error.floor ?? 1;
      this.#tell("cursor_too_old", `the server keeps no messages before ${floor}; those from ${this.#complete + 1} on ` +
        "are lost; going on from there");
      this.#completeTo(floor - 1);
      this.#sendRequest();
    } else {
      this.#fatal = `${this.#syncEndpoint} refuses: ${error.code} ${error.message ?? ""}`;
    }
  }

  // What is known.

  #known(topic) {
    return this.#newest.get(topic) ?? this.#complete;
  }

  #subscribed(topic) {
    return this.#prefixes.length === 0 || this.#prefixes.some((prefix) => topic.startsWith(prefix));
  }

  #completeTo(seq) {
    if (seq <= this.#complete) return;
    this.#complete = seq;
    for (const [topic, newest] of this.#newest) if (newest <= seq) this.#newest.delete(topic);
  }

  /** At the end of a page and at heartbeats, never with a message: another topic's older loss may yet be found. */
  #moveCursor() {
    const cursor = { epoch: this.#epoch, seq: this.#complete };
    const saved = this.#cursor;
    if (this.#complete === this.#lastSeq && this.#lastTime) cursor.message_time = this.#lastTime;
    else if (saved?.seq === this.#complete && saved.epoch === this.#epoch && saved.message_time) {
      cursor.message_time = saved.message_time;
    }
    if (this.#serverTime !== null) cursor.server_time = new Date(this.#serverTime).toISOString();
    this.#out.push({ cursor });
  }

  #save(atOnce = false) {
    if (!this.#file || this.#cursor === null || this.#cursor === this.#saved) return;
    if (!atOnce && now() - this.#savedAt < SAVE_INTERVAL) return;
    writeCursor(this.#file, this.#cursor);
    this.#saved = this.#cursor;
    this.#savedAt = now();
  }

  #tell(kind, text, count = 0) {
    this.#out.push(new Notice(kind, text, count));
  }

  #readMessage(body, topic) {
    return this.#read(body, topic, { epoch: isText, seq: Number.isInteger, prev: Number.isInteger });
  }

  /** The JSON object, if the members that are needed are of their types; else null, and it is told. */
  #read(body, what, needed) {
    let members = null;
    try {
      members = JSON.parse(body.toString());
    } catch {
      // Told below.
    }
    const whole = members !== null && typeof members === "object" &&
      Object.entries(needed).every(([name, is]) => is(members[name]));
    if (!whole) this.#tell("malformed", `${what}: not as the protocol says; dropped`);
    return whole ? members : null;
  }
}

const now = () => performance.now();
const isText = (value) => typeof value === "string" && value !== "";

/** Milliseconds since 1970, or null. */
function time(text) {
  const moment = Date.parse(text ?? "");
  return Number.isNaN(moment) ? null : moment;
}

function warn(notice) {
  if (WARNINGS.has(notice.kind)) process.emitWarning(notice.text, { type: "NutgrafWarning", code: notice.kind });
}

function checkPrefixes(prefixes) {
  const all = typeof prefixes === "string" ? [prefixes] : [...prefixes];
  const bad = all.find((prefix) => typeof prefix !== "string" || !/^[a-z0-9._-]{0,256}$/.test(prefix));
  if (bad !== undefined) throw new TypeError(`${JSON.stringify(bad)} begins no topic: at most 256 of a-z 0-9 . - _`);
  return all;
}

/** With its scheme, as ZeroMQ wants it, whose own word for anything else is "Invalid argument". */
function endpointOf(name, given) {
  const endpoint = given.includes("://") ? given : `tcp://${given}`;
  const tcp = /^tcp:\/\/[^/]+:([0-9]{1,5})$/.exec(endpoint);
  if (!(tcp ? Number(tcp[1]) > 0 && Number(tcp[1]) < 65536 : /^ipc:\/\/.+$/.test(endpoint))) {
    throw new TypeError(`${name} is ${JSON.stringify(given)}, no host:port, tcp://host:port or ipc://path`);
  }
  return endpoint;
}

function startAt(start) {
  const known = start instanceof Date || Number.isFinite(start) || ["live", "all", "snapshot"].includes(start);
  if (!known) throw new TypeError('start is "live", "all", "snapshot", a Date or milliseconds ago');
  return start;
}

function curveOptions({ serverKey, publicKey, secretKey }) {
  if (!serverKey) {
    if (publicKey || secretKey) throw new TypeError("CURVE needs serverKey");
    return {};
  }
  if (Boolean(publicKey) !== Boolean(secretKey)) throw new TypeError("publicKey and secretKey go together");
  const own = publicKey ? { publicKey, secretKey } : zmq.curveKeyPair();
  return { curveServerKey: serverKey, curvePublicKey: own.publicKey, curveSecretKey: own.secretKey };
}

/** What a server tells that does not know its own name, "tcp://*:5557": on the host that we reached it by. */
function reachable(told, live) {
  const wildcard = /^tcp:\/\/(?:\*|0\.0\.0\.0|\[::\]):(\d+)$/.exec(told);
  return wildcard && live.startsWith("tcp://") ? `${live.slice(0, live.lastIndexOf(":"))}:${wildcard[1]}` : told;
}

function readCursor(file) {
  if (!fs.existsSync(file)) return null;
  try {
    const cursor = JSON.parse(fs.readFileSync(file, "utf8"));
    if (isText(cursor.epoch) && Number.isInteger(cursor.seq) && cursor.seq >= 0) return cursor;
  } catch {
    // Told below.
  }
  throw new Error(`${file} holds no cursor; remove it to begin anew`);
}

/** Beside the file, synced, then renamed over it: a crash leaves the old cursor or the new one. */
function writeCursor(file, cursor) {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const beside = fs.openSync(path + ".new", "w");
  try {
    fs.writeSync(beside, JSON.stringify(cursor) + "\n");
    fs.fsyncSync(beside);
  } finally {
    fs.closeSync(beside);
  }
  fs.renameSync(path + ".new", path);
}
