// The step's server, seen from the page: starting it, stopping it, and connecting to it.

import { joined } from "./bytes.js";
import { Ended, Python } from "./python.js";

const STOP_TIMES = 2;
const STOP_MILLISECONDS = 700;
const ANSWER_MILLISECONDS = 5000;
const PING_MILLISECONDS = 1000;

/** A client's connection to the server. */
export class Connection extends EventTarget {
  received = [];
  sentAll = false;
  over = false;
  how = "";

  constructor(server, number, from) {
    super();
    this.server = server;
    this.number = number;
    this.from = from;
  }

  /** All that the server has sent so far. */
  get bytes() {
    return joined(this.received);
  }

  /** Send more pieces. */
  send(pieces) {
    this.server.python.tell("send", { line: this.number, pieces });
  }

  /** End our side: the server's `recv` gives b"". */
  end() {
    this.server.python.tell("end", { line: this.number });
  }

  /** Go away. */
  leave() {
    this.server.python.tell("leave", { line: this.number });
  }

  /** Something has happened on it. */
  happened(happening, bytes) {
    if (happening === "sent") this.received.push(bytes);
    if (happening === "finished") this.sentAll = true;
    if (["closed", "reset", "refused"].includes(happening)) {
      this.over = this.sentAll = true;
      this.how = happening;
    }
    this.dispatchEvent(new CustomEvent("change", { detail: happening }));
  }
}

/** The server. Its `state` is "off", "starting", "on" or "stopping"; it tells "state", "ended", "loaded", "wire", "output". */
export class Server extends EventTarget {
  state = "off";
  canSuspend = true;
  edits = "";
  #connections = new Map();
  #number = 0;

  constructor(address, step) {
    super();
    this.python = new Python(address, step, (event) => this.#heard(event));
  }

  /** Start the script with these edits, with one of its models of serving, and for an application. Resolves to whether it runs. */
  async start({ step, script, model = "", app = "" }, edits) {
    this.#become("starting");
    this.edits = JSON.stringify(edits);
    try {
      const { canSuspend } = await this.python.load();
      this.canSuspend = canSuspend;
      this.#tell("loaded");
      const { running } = await this.python.call("start", { step, script, model, app, edits });
      this.#become(running ? "on" : "off");
      return running;
    } catch (error) {
      this.#become("off");
      if (error instanceof Ended) return false;
      this.python.end();
      throw error;
    }
  }

  /** Stop it: first as Ctrl-C would, a second time where the first is not enough, then, if its code does not let go, by ending its worker. */
  async stop() {
    if (this.state === "off") return;
    const soft = this.state === "on" && this.canSuspend;
    this.#become("stopping");
    for (let time = 0; soft && time < STOP_TIMES && this.state !== "off"; time++) {
      this.python.tell("interrupt");
      const late = new Promise((resolve) => setTimeout(resolve, STOP_MILLISECONDS));
      await Promise.race([late, this.#stopped()]);
    }
    if (this.state !== "off") this.kill();
  }

  /** End the worker, and make a new one ready. */
  kill() {
    this.python.end();
    this.#cutOff();
    this.#become("off");
    this.python.load().catch(() => {});
  }

  /** Give all of it back. */
  close() {
    this.python.end();
    this.#cutOff();
    this.#become("off");
  }

  /** Connect and send these pieces, one arrival each; `end` as in a request: "wait" or "close". */
  connect(pieces, { end = "wait", from = "" } = {}) {
    const number = ++this.#number;
    const connection = new Connection(this, number, from);
    this.#connections.set(number, connection);
    this.#tell("opened", { connection });
    if (this.state === "on") {
      this.python.tell("connect", { line: number, pieces, end });
      setTimeout(() => this.#wonder(connection), ANSWER_MILLISECONDS);
    } else {
      queueMicrotask(() => this.#wire({ happening: "refused", line: number }));
    }
    return connection;
  }

  /** After a while without an answer, find out whether the server waits or its code runs on. */
  async #wonder(connection) {
    if (connection.sentAll || connection.received.length || this.state !== "on") return;
    const answers = await this.python.answers(PING_MILLISECONDS).catch(() => true);
    if (!answers && this.state === "on" && !connection.over) this.#tell("hangs");
  }

  #heard(event) {
    if (event.event === "wire") this.#wire(event);
    else if (event.event === "ended") this.#ended();
    else this.#tell(event.event, event);
  }

  #ended() {
    const unasked = this.state === "on";
    this.#become("off");
    if (unasked) this.#tell("ended");
  }

  #wire({ happening, line, bytes, at = Date.now() }) {
    const connection = this.#connections.get(line);
    if (!connection || connection.over) return;
    this.#tell("wire", { connection, happening, bytes, at });
    connection.happened(happening, bytes);
    if (connection.over) this.#connections.delete(line);
  }

  #cutOff() {
    for (const line of [...this.#connections.keys()]) this.#wire({ happening: "reset", line });
  }

  #stopped() {
    return new Promise((resolve) => this.addEventListener("state", () => this.state === "off" && resolve()));
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.#tell("state", { state });
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
