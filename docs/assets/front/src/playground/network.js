// Connections on their way to Python: pieces arrive here, and Python waits for them.

const STOP = -1;

/** One connection: what has arrived and was not received yet, and how the client is. */
class Line {
  arrived = [];
  ended = false;
  gone = false;
}

/** Waits until something happens, or time runs out; one at a time, as Python is one thread. */
class Waiter {
  #resolve = null;
  #news = false;

  /** A promise that is kept when there are news, of which Python may know already. */
  wait(seconds) {
    if (this.#news) seconds = 0;
    this.#news = false;
    return new Promise((resolve) => {
      const timer = seconds === undefined ? null : setTimeout(() => done(), seconds * 1000);
      const done = () => {
        clearTimeout(timer);
        this.#resolve = null;
        resolve();
      };
      this.#resolve = done;
    });
  }

  /** Something has happened. */
  wake() {
    if (this.#resolve) this.#resolve();
    else this.#news = true;
  }
}

/** All connections. `tell` is told what happens on them. */
export class Network {
  #lines = new Map();
  #queue = [];
  #waiter = new Waiter();
  #interrupted = false;
  #accepting = [];
  #tell;

  constructor(tell) {
    this.#tell = tell;
  }

  /** What Python calls; see course/playground/page.py. */
  forPython() {
    return {
      accept: () => {
        this.#takesConnections();
        return this.#queue.shift();
      },
      pending: () => {
        this.#takesConnections();
        return this.#queue.length > 0;
      },
      wait: (seconds) => (this.#interrupted ? Promise.resolve() : this.#waiter.wait(seconds)).then(() => this.#stopped()),
      arrival: (number) => this.#next(number),
      waiting: (number) => this.#lines.get(number)?.arrived.length > 0,
      ended: (number) => this.#lines.get(number)?.ended ?? true,
      there: (number) => !this.#lines.get(number)?.gone,
      tell: (happening, number, bytes) => {
        if (happening === "closed" || happening === "reset") this.#lines.delete(number);
        this.#tell(happening, number, bytes);
      },
    };
  }

  /** Resolves when the server takes connections for the first time. */
  firstAccept() {
    return new Promise((resolve) => this.#accepting.push(resolve));
  }

  connect(number, pieces, ends) {
    const line = new Line();
    line.arrived.push(...pieces);
    line.ended = ends;
    this.#lines.set(number, line);
    this.#queue.push(number);
    this.#waiter.wake();
  }

  send(number, pieces) {
    const line = this.#lines.get(number);
    if (!line) return this.#tell("reset", number);
    line.arrived.push(...pieces);
    this.#waiter.wake();
  }

  /** The client ends its side: nothing more comes from it. */
  end(number) {
    const line = this.#lines.get(number);
    if (line) line.ended = true;
    this.#waiter.wake();
  }

  /** The client goes away: nothing more reaches it either. */
  leave(number) {
    const line = this.#lines.get(number);
    if (line) line.gone = line.ended = true;
    this.#waiter.wake();
  }

  refuse(number) {
    this.#tell("refused", number);
  }

  /** Stop, as Ctrl-C does: whatever Python waits for brings this. */
  interrupt() {
    this.#interrupted = true;
    this.#waiter.wake();
  }

  /** A server starts, or has ended: who is connected now is cut off. */
  clear() {
    this.#interrupted = false;
    for (const number of this.#lines.keys()) this.#tell("reset", number);
    this.#lines.clear();
    this.#queue = [];
  }

  #takesConnections() {
    for (const begun of this.#accepting.splice(0)) begun();
  }

  #stopped() {
    if (!this.#interrupted) return undefined;
    this.#interrupted = false;
    return STOP;
  }

  #next(number) {
    const line = this.#lines.get(number);
    if (!line) return new Uint8Array();
    return line.arrived.shift() ?? (line.ended ? new Uint8Array() : undefined);
  }
}
