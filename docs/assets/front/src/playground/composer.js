// The raw request: bytes written by hand, sent as they are. The page's telnet and nc.

import { fromLatin1, joined, read, visible, written } from "./bytes.js";
import { button, element } from "./dom.js";

const PLAIN = { name: "", title: "A plain GET", pieces: ["GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"], end: "wait", expect: "" };
const LINE = { name: "", title: "A line of text", pieces: ["hello\n"], end: "close", expect: "" };

let serial = 0;

export class Composer {
  #server;
  #mistake;
  #connection = null;
  #text;
  #presets;
  #choice;
  #split;
  #end;
  #expect;
  #answer;
  #state;
  #more;

  /** `http`: whether the server speaks it; `mistake`: whether it has one. */
  constructor(server, requests, { http, mistake }) {
    this.#server = server;
    this.#mistake = mistake;
    const id = `pg-composer-${++serial}`;
    this.#presets = [...requests, ...(http ? [PLAIN] : [LINE, PLAIN])];
    this.#choice = element("select", { id: `${id}-preset`, onchange: () => this.choose(this.#presets[this.#choice.value]) });
    this.#text = element("textarea", {
      id: `${id}-text`, className: "pg-raw", rows: 7, spellcheck: false, autocapitalize: "off",
      "aria-describedby": `${id}-help`, onkeydown: (event) => this.#key(event),
    });
    this.#split = element("select", { id: `${id}-split` },
      new Option("each piece by itself", "marks"), new Option("in one piece", "one"), new Option("byte by byte", "bytes"));
    this.#end = element("select", { id: `${id}-end` },
      new Option("keep the connection open", "wait"), new Option("close our side", "close"));
    this.#expect = element("p", { className: "pg-expect" });
    this.#answer = element("pre", { className: "pg-bytes pg-answer", tabIndex: 0, role: "region", "aria-label": "What came back" });
    this.#state = element("p", { className: "pg-note", role: "status" });
    this.#more = element("div", { className: "pg-actions", hidden: true },
      button("Send on this connection", () => this.#sendMore()),
      button("Close our side", () => this.#connection?.end()),
      button("Hang up", () => this.#hangUp()));
    this.element = element("div", { className: "pg-composer" },
      this.#field(this.#choice, "Request"), this.#expect,
      element("label", { className: "pg-label", for: `${id}-text`, textContent: "Bytes to send" }), this.#text,
      element("p", { className: "pg-help", id: `${id}-help` },
        "Enter writes ", code("\\r\\n"), " and goes to the next line; what you see is what is sent, line breaks aside. ",
        code("\\|"), " parts two pieces, ", code("\\xe9"), " is a byte."),
      element("div", { className: "pg-fields" }, this.#field(this.#split, "Send"), this.#field(this.#end, "then")),
      element("div", { className: "pg-actions" }, button("Send", () => this.send(), { className: "pg-button pg-primary" })),
      this.#more, this.#state, this.#answer);
    this.#offer();
    this.choose(this.#presets[0]);
  }

  /** Put a request into the form, be it one of the presets or not. */
  choose(request) {
    let index = this.#presets.findIndex((one) => one === request || (request.name && one.name === request.name));
    if (index < 0) {
      this.#presets.unshift(request);
      this.#offer();
      index = 0;
    }
    this.#choice.value = String(index);
    this.#text.value = written(request.pieces.map(fromLatin1));
    this.#split.value = "marks";
    this.#end.value = request.end ?? "wait";
    this.#expect.replaceChildren(...(request.expect ? [element("b", { textContent: this.#whose(request.expect) }), request.expect] : []));
  }

  /** Connect and send what is written. */
  send() {
    const pieces = this.#pieces();
    const connection = this.#server.connect(pieces, { end: this.#end.value, from: "from the raw request" });
    this.#connection = connection;
    this.#answer.replaceChildren();
    this.#changed(connection, "");
    connection.addEventListener("change", ({ detail }) => this.#changed(connection, detail));
  }

  /** Whose answer is expected: a text that does not tell by itself speaks of the right server. */
  #whose(expect) {
    return this.#mistake && !/mistake|from both/.test(expect) ? "Expect, without the mistake: " : "Expect: ";
  }

  #sendMore() {
    this.#connection?.send(this.#pieces());
    if (this.#end.value === "close") this.#connection?.end();
  }

  #hangUp() {
    this.#connection?.leave();
    this.#connection = null;
    this.#more.hidden = true;
    this.#say("You hung up.");
  }

  #pieces() {
    const pieces = read(this.#text.value);
    if (this.#split.value === "one") return [joined(pieces)];
    if (this.#split.value === "bytes") return [...joined(pieces)].map((byte) => Uint8Array.of(byte));
    return pieces;
  }

  #changed(connection, happening) {
    if (connection !== this.#connection) return;
    if (happening === "sent") this.#answer.replaceChildren(visible(connection.bytes));
    this.#more.hidden = connection.over || !this.#server.canSuspend;
    const nothing = connection.received.length ? "" : " It sent nothing.";
    const words = {
      "": "Sent. Waiting for an answer.",
      finished: "The server has ended its side: nothing more will come.",
      closed: `The server closed the connection.${nothing}`,
      reset: "The connection was reset: the server closed while bytes lay unread, or ended. A client may lose the answer so.",
      refused: "Connection refused: nothing listens on port 8080. Start the server.",
    };
    if (happening in words) this.#say(words[happening]);
    if (connection.sentAll && !connection.over) connection.leave();
  }

  #say(text) {
    this.#state.textContent = text;
  }

  #offer() {
    this.#choice.replaceChildren(...this.#presets.map((one, index) => new Option(one.title, String(index))));
  }

  #field(control, label) {
    return element("p", { className: "pg-field" }, element("label", { for: control.id, textContent: label }), control);
  }

  /** Enter writes the end of a line as the wire has it. */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#text.setRangeText("\\r\\n\n", this.#text.selectionStart, this.#text.selectionEnd, "end");
  }
}

function code(text) {
  return element("code", { textContent: text });
}
