// The wire log: every connection with the bytes that went over it, and what the server printed.

import { count, visible } from "./bytes.js";
import { button, element } from "./dom.js";

const SHORT = 1200;
const MOST_ENTRIES = 60;

/** What is shown of a connection, or of what is printed, when a loop has no end. */
const MOST_ROWS = 300;
const MOST_PRINTED = 100000;

/** A line of an access log, in the Common Log Format or in JSON: nothing to be alarmed at. */
const ACCESS = /^(\S+ \S+ \S+ \[[^\]]+\] "|\{")/;

const WORDS = {
  accepted: "accepted by the server",
  finished: "the server ended its side",
  closed: "the server closed the connection",
  reset: "reset: the server closed while bytes lay unread, and the client may lose what it was sent",
  cut: "cut off: the server has ended",
  refused: "refused: nothing listens on port 8080",
};

export class WireLog {
  #list;
  #entries = new Map();
  #output = null;
  #newest = null;
  #place = 0;

  constructor(server) {
    this.#list = element("div", { className: "pg-log", role: "log", tabIndex: 0, "aria-label": "What went over the wire" });
    this.element = element(
      "section",
      { className: "pg-panel pg-wire", "aria-label": "Wire log", "data-panel": "wire" },
      element("div", { className: "pg-panel-bar" },
        element("h3", { className: "pg-heading", textContent: "Wire log" }),
        button("Clear", () => this.clear())),
      this.#list,
    );
    this.clear();
    server.addEventListener("opened", ({ detail }) => this.#following(() => this.#opened(detail.connection)));
    server.addEventListener("wire", ({ detail }) => this.#following(() => this.#happened(detail)));
    server.addEventListener("output", ({ detail }) => this.#following(() => this.#printed(detail)));
  }

  clear() {
    this.#entries.clear();
    this.#output = this.#newest = null;
    this.#place = 0;
    this.#list.replaceChildren(element("p", { className: "pg-empty", textContent: "Every byte between client and server will be here." }));
  }

  /** A remark of the page's own. */
  note(text) {
    this.#append(element("p", { className: "pg-note", textContent: text }));
  }

  #append(node) {
    this.#list.querySelector(".pg-empty")?.remove();
    this.#output = null;
    this.#list.append(node);
    while (this.#list.childElementCount > MOST_ENTRIES) this.#list.firstElementChild.remove();
  }

  /** Do something to the log, and let the newest connection begin at its top, unless somebody reads elsewhere. */
  #following(change) {
    const list = this.#list;
    const end = list.scrollHeight - list.clientHeight;
    const follows = Math.min(Math.abs(list.scrollTop - this.#place), end - list.scrollTop) < 40;
    change();
    if (!follows || !this.#newest) return;
    list.scrollTop += this.#newest.getBoundingClientRect().top - list.getBoundingClientRect().top;
    this.#place = list.scrollTop;
  }

  #opened(connection) {
    const state = element("span", { className: "pg-connection-state", textContent: "waits to be accepted" });
    const title = element("p", { className: "pg-connection-title" },
      element("b", { textContent: `Connection ${connection.number}` }), ` ${connection.from} `, state);
    const article = element("div", { className: "pg-connection", role: "group", "aria-label": `Connection ${connection.number}` }, title);
    this.#entries.set(connection.number, { article, state, since: Date.now(), rows: 0 });
    this.#newest = article;
    this.#append(article);
  }

  #happened({ connection, happening, bytes, at }) {
    const entry = this.#entries.get(connection.number);
    if (!entry) return;
    if (happening === "received" || happening === "sent") {
      this.#add(entry, happening, bytes, at - entry.since);
      entry.state.textContent = "open";
    } else {
      entry.state.textContent = WORDS[happening] ?? happening;
      entry.article.classList.toggle("pg-bad", happening === "reset" || happening === "refused");
    }
  }

  #add(entry, happening, bytes, after) {
    entry.rows += 1;
    if (entry.rows <= MOST_ROWS) entry.article.append(bytes.length ? row(happening, bytes, after) : ended(after));
    else if (entry.rows === MOST_ROWS + 1) entry.article.append(element("div", { className: "pg-row pg-meta", textContent: "There is more, which is not shown." }));
  }

  #printed({ stream: source, text }) {
    const stream = source === "stderr" && ACCESS.test(text) ? "access" : source;
    if (!this.#output || this.#output.dataset.stream !== stream) {
      const output = element("pre", { className: `pg-output pg-${stream}`, "data-stream": stream });
      this.#append(output);
      this.#output = output;
      if (stream === "command" || stream === "stderr") this.#newest = output; // a start, or a traceback, is to be seen
    }
    this.#output.append(stream === "command" ? `$ ${text}` : text);
    if (this.#output.textContent.length > MOST_PRINTED) this.#output.textContent = this.#output.textContent.slice(-MOST_PRINTED / 2);
  }
}

function row(happening, bytes, after) {
  const incoming = happening === "received";
  const pre = element("pre", { className: "pg-bytes" }, visible(bytes.subarray(0, SHORT)));
  if (bytes.length > SHORT) {
    const more = button(`show all ${count(bytes.length)}`, () => {
      pre.replaceChildren(visible(bytes));
      more.remove();
    });
    pre.append("\n", more);
  }
  const words = incoming ? "→ recv" : "← send";
  return element("div", { className: `pg-row ${incoming ? "pg-in" : "pg-out"}` },
    element("span", { className: "pg-meta", textContent: `${words} ${count(bytes.length)}, after ${after} ms` }), pre);
}

function ended(after) {
  return element("div", { className: "pg-row pg-in" },
    element("span", { className: "pg-meta", textContent: `→ recv gave b"": the client has ended its side, after ${after} ms` }));
}
