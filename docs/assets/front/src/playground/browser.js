// The mini browser: an address bar, a history, and a frame whose every request goes to the server.

import { visible } from "./bytes.js";
import { button, element } from "./dom.js";
import { ORIGIN, request as toBytes, response as fromBytes, value } from "./http.js";

const MOST_KEPT = 1024 * 1024;
const MOST_REDIRECTS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * What the frame may do: run its scripts and send forms, but open no windows, lead this page away or
 * download. It must be of our origin, as the service worker serves no other; Chromium remarks that
 * its scripts could then free themselves, but all of them come from the reader's own server.
 */
const SANDBOX = "allow-scripts allow-forms allow-same-origin";

const STYLE = `
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem }
  pre { white-space: pre-wrap; overflow-wrap: anywhere }
  .cr, .lf, .byte { border: 1px solid; border-radius: .2em; font-size: .7em; padding: 0 .2em; margin: 0 .1em }
`;

let serial = 0;

export class Browser {
  #server;
  #home;
  #session = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  #entries = [];
  #index = -1;
  #pending = null;
  #redirects = 0;
  #led = false;
  #kept = new Map();
  #frame;
  #address;
  #note;
  #back;
  #forward;

  /** `home` is the address of the folder that the service worker has as its scope. */
  constructor(server, home) {
    this.#server = server;
    this.#home = home;
    const id = `pg-address-${++serial}`;
    this.#back = button("←", () => this.#go(-1), { title: "Back", "aria-label": "Back", disabled: true });
    this.#forward = button("→", () => this.#go(1), { title: "Forward", "aria-label": "Forward", disabled: true });
    const reload = button("↻", () => this.#go(0), { title: "Reload", "aria-label": "Reload" });
    this.#address = element("input", {
      id, className: "pg-address", type: "text", value: ORIGIN, spellcheck: false, autocapitalize: "off", autocomplete: "off",
    });
    const form = element("form", { className: "pg-browser-bar", onsubmit: (event) => this.#entered(event) },
      this.#back, this.#forward, reload,
      element("label", { className: "pg-hidden", for: id, textContent: "Address" }), this.#address,
      element("button", { type: "submit", className: "pg-button", textContent: "Go" }));
    this.#frame = element("iframe", { className: "pg-frame", title: "The page from your server", onload: () => this.#loaded() });
    this.#frame.setAttribute("sandbox", SANDBOX);
    this.#note = element("p", { className: "pg-note", role: "status" });
    this.element = element("div", { className: "pg-browser" }, form, this.#note, this.#frame);
    this.ready = this.#register();
  }

  /** Why there can be no mini browser here, or nothing. */
  static missing() {
    if ("serviceWorker" in navigator) return "";
    return "This browser offers no service worker here (a private window may be the reason), " +
      "and the mini browser needs one; the raw request works.";
  }

  /** Visit an address: "/about?x=1". */
  visit(target, { method = "GET", headers = [], body = null } = {}) {
    this.#entries.splice(this.#index + 1, Infinity, { target, method, headers, body });
    this.#index = this.#entries.length - 1;
    this.#redirects = 0;
    this.#led = false;
    return this.#show();
  }

  /** The server has started: show what it says now to what is open here, or else to this target. */
  begin(target) {
    const open = this.#entries[this.#index];
    if (open?.method === "GET") this.#go(0);
    else this.visit(target);
  }

  /** Leave: nothing is asked of this page any more. */
  close() {
    navigator.serviceWorker?.removeEventListener("message", this.#asked);
    this.#frame.remove();
  }

  async #register() {
    if (Browser.missing()) {
      this.#say(Browser.missing());
      return false;
    }
    navigator.serviceWorker.addEventListener("message", this.#asked);
    navigator.serviceWorker.startMessages?.();
    try {
      const registration = await navigator.serviceWorker.register(`${this.#home}sw.js`, { scope: this.#home });
      await active(registration);
      return true;
    } catch (error) {
      this.#say(`The mini browser needs a service worker, and this browser refused it (${error.message}); the raw request works.`);
      return false;
    }
  }

  async #show() {
    const entry = this.#entries[this.#index];
    this.#update();
    if (!(await this.ready)) return;
    this.#say("");
    this.#pending = entry;
    const address = this.#live(entry.target);
    const { contentWindow } = this.#frame;
    if (this.#frame.src) contentWindow.location.replace(address);
    else this.#frame.src = address;
  }

  #go(by) {
    if (!this.#entries[this.#index + by]) return;
    this.#index += by;
    this.#redirects = 0;
    this.#led = false;
    this.#show();
  }

  #entered(event) {
    event.preventDefault();
    const text = this.#address.value.trim();
    const path = text.replace(/^(127\.0\.0\.1|localhost):8080/, "").replace(/^\//, "");
    const target = this.#inside(/^[a-z]+:\/\//i.test(text) ? text : `${ORIGIN}/${path}`);
    if (target) this.visit(target);
  }

  /** The target that an address means on our server; says so and gives nothing for another server. */
  #inside(address, base = ORIGIN) {
    let url;
    try {
      url = new URL(address, base);
    } catch {
      return void this.#say(`This is no address: ${address}`);
    }
    if (url.origin === ORIGIN || url.origin === "http://localhost:8080") return url.pathname + url.search + url.hash;
    return void this.#say(`${url.href} is not on this server: the mini browser stays here.`);
  }

  /** Where the frame finds a target. */
  #live(target) {
    return `${this.#home}${this.#session}${target}`;
  }

  /** The target that the frame shows, or nothing if it has left our scope. */
  #shown() {
    try {
      const { href, origin, pathname, search, hash } = this.#frame.contentWindow.location;
      const start = `${this.#home}${this.#session}`;
      if (href.startsWith(start)) return { target: href.slice(start.length) || "/" };
      return origin === location.origin ? { left: pathname + search + hash } : {};
    } catch {
      return {};
    }
  }

  #loaded() {
    if (this.#led) {
      this.#led = false;
      return void this.#show();
    }
    const { target, left } = this.#shown();
    if (left && this.#entries.length) return void this.visit(left); // its own script went to /somewhere
    if (!target) return;
    const entry = this.#entries[this.#index];
    if (entry && entry.target !== target) Object.assign(entry, { target, ...(this.#pending ? {} : { method: "GET", body: null }) });
    this.#update();
    const { contentDocument } = this.#frame;
    contentDocument.addEventListener("click", (event) => this.#clicked(event), true);
    contentDocument.addEventListener("submit", (event) => this.#submitted(event));
    this.element.dispatchEvent(new CustomEvent("shown", { detail: target }));
  }

  #update() {
    const entry = this.#entries[this.#index];
    this.#address.value = ORIGIN + (entry?.target ?? "/");
    this.#back.disabled = this.#index <= 0;
    this.#forward.disabled = this.#index >= this.#entries.length - 1;
  }

  get #base() {
    return ORIGIN + (this.#shown().target ?? "/");
  }

  #clicked(event) {
    const link = event.target.closest?.("a[href], area[href]");
    if (!link || event.defaultPrevented) return;
    const href = link.getAttribute("href");
    if (href.startsWith("#") || href.startsWith("javascript:")) return;
    event.preventDefault();
    const target = this.#inside(href, this.#base);
    if (target) this.visit(target);
  }

  #submitted(event) {
    if (event.defaultPrevented) return; // its own script has taken care of it
    event.preventDefault();
    const { target: form, submitter } = event;
    const asked = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
    const target = this.#inside(asked("action") || this.#base, this.#base);
    if (target) this.#send(form, submitter, target, asked("method").toUpperCase(), asked("enctype"));
  }

  async #send(form, submitter, target, method, kind) {
    const { FormData, URLSearchParams, Response } = this.#frame.contentWindow;
    const data = new FormData(form, submitter);
    const pairs = [...data].map(([name, one]) => [name, typeof one === "string" ? one : one.name]);
    const query = new URLSearchParams(pairs).toString();
    if (method !== "POST") return this.visit(`${target.split(/[?#]/)[0]}${query ? `?${query}` : ""}`);
    const plain = pairs.map(([name, one]) => `${name}=${one}\r\n`).join("");
    const content = { "multipart/form-data": data, "text/plain": plain }[kind] ?? query;
    const response = new Response(content); // it knows how to write down each of them
    const types = { "multipart/form-data": response.headers.get("content-type"), "text/plain": "text/plain" };
    const type = types[kind] ?? "application/x-www-form-urlencoded";
    const body = new Uint8Array(await response.arrayBuffer());
    this.visit(target, { method: "POST", headers: [["content-type", type]], body });
  }

  /** The service worker asks for what the frame needs. */
  #asked = async ({ data, ports: [port] }) => {
    const asked = data?.playground;
    if (asked?.session !== this.#session) return;
    port.postMessage("mine");
    port.postMessage(await this.#fetch(this.#meant(asked)));
  };

  /** A frame can only be sent somewhere by GET: put in what its navigation really is. */
  #meant(asked) {
    const pending = this.#pending;
    if (!asked.navigates || pending?.target.split("#")[0] !== asked.target) return asked;
    this.#pending = null;
    const headers = asked.headers.filter(([name]) => name !== "content-type");
    return { ...asked, method: pending.method, headers: [...headers, ...pending.headers], body: pending.body };
  }

  /** Ask the server, follow the rules of a browser, and give what the frame is to get. */
  async #fetch(asked) {
    const kept = asked.method === "GET" ? this.#kept.get(asked.target) : undefined;
    const headers = kept ? [...asked.headers, ...kept.conditions] : asked.headers;
    const { bytes, how } = await this.#exchange({ ...asked, headers });
    const response = fromBytes(bytes, asked.method);
    if (!response || response.problem) return this.#explained(bytes, how, response?.problem, asked);
    if (response.missing && asked.navigates) this.#say(`${response.missing} bytes of the content are missing: Content-Length promised more than came.`);
    if (kept && response.status === 304) return kept.response;
    this.#keep(asked, response);
    const location = value(response.headers, "location");
    if (REDIRECTS.has(response.status) && location) return this.#redirected(asked, response, location);
    return asked.navigates ? { ...response, status: shownStatus(response.status) } : response;
  }

  #keep({ method, target }, response) {
    const tag = value(response.headers, "etag");
    const date = value(response.headers, "last-modified");
    const conditions = [tag && ["if-none-match", tag], date && ["if-modified-since", date]].filter(Boolean);
    const fits = response.status === 200 && response.body.length < MOST_KEPT;
    if (method === "GET" && fits && conditions.length) this.#kept.set(target, { conditions, response });
    else if (method === "GET") this.#kept.delete(target);
  }

  /** A navigation is led on by us, so that the frame ends where the server wants it to be. */
  #redirected(asked, response, location) {
    const target = this.#inside(location, ORIGIN + asked.target);
    if (!target) return page("Redirect", `The server redirects to ${location}, which is not on this server.`);
    if (asked.navigates) return this.#ledOn(asked, response.status, target);
    const headers = response.headers.filter(([name]) => name.toLowerCase() !== "location");
    return { ...response, headers: [...headers, ["Location", this.#live(target)]] };
  }

  #ledOn(asked, status, target) {
    if (++this.#redirects > MOST_REDIRECTS) return page("Redirect", `The server has redirected ${MOST_REDIRECTS} times: a browser gives up.`);
    const keeps = status > 303 || (status !== 303 && asked.method !== "POST");
    const next = keeps ? asked : { method: "GET", headers: [], body: null };
    const headers = next.headers.filter(([name]) => name.startsWith("content-"));
    this.#entries[this.#index] = { target, method: next.method, headers, body: next.body };
    this.#led = true;
    return page("Redirect", ""); // once this is loaded, the frame goes on
  }

  /** Send the request on a connection of its own; resolves with all that came back. */
  #exchange(asked) {
    const from = `from the mini browser: ${asked.method} ${asked.target}`;
    const connection = this.#server.connect([toBytes(asked)], { from });
    return new Promise((resolve) => {
      connection.addEventListener("change", ({ detail }) => {
        const { bytes } = connection;
        const whole = detail === "sent" && fromBytes(bytes, asked.method)?.complete;
        if (!whole && !connection.sentAll) return;
        if (!connection.over) connection.leave();
        resolve({ bytes, how: connection.how });
      });
    });
  }

  #explained(bytes, how, problem, { navigates }) {
    if (!navigates) return { status: 502, reason: "Bad Gateway", headers: [], body: new Uint8Array() };
    if (how === "refused") return page("No connection", "Nothing listens on 127.0.0.1:8080. Start the server.");
    if (!bytes.length) return page("No answer", `The server closed the connection without an answer${how === "reset" ? " (it was reset)" : ""}.`);
    return page("No HTTP", `${problem ?? "The head of the response has no end."} A browser shows nothing of it. This came:`, bytes);
  }

  #say(text) {
    this.#note.textContent = text;
  }
}

/** A page is shown whatever its status; the real browser around us would note an error for 404. */
function shownStatus(status) {
  return status >= 400 ? 200 : status;
}

/** A page of our own, with bytes to be looked at. */
function page(title, words, bytes = new Uint8Array()) {
  const box = document.createElement("main");
  box.append(element("p", { textContent: words }));
  if (bytes.length) box.append(element("pre", {}, visible(bytes.subarray(0, 4000))));
  const head = `<meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${title}</title>`;
  const html = `<!doctype html><html lang="en">${head}<style>${STYLE}</style>${box.outerHTML}</html>`;
  return { status: 200, reason: "", headers: [["Content-Type", "text/html; charset=utf-8"]], body: new TextEncoder().encode(html) };
}

/** Resolves once the service worker can take requests. */
function active(registration) {
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (worker.state === "activated") return undefined;
  return new Promise((resolve) => {
    worker.addEventListener("statechange", () => worker.state === "activated" && resolve());
  });
}
