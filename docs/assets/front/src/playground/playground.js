// The playground: the step's code, its checks, its server, a browser for it and the bytes between.

import { Browser } from "./browser.js";
import { Checks } from "./checks.js";
import { Composer } from "./composer.js";
import { button, element } from "./dom.js";
import { Editor } from "./editor.js";
import { Exercises } from "./exercises.js";
import { Files } from "./files.js";
import { Loading } from "./loading.js";
import { missing } from "./python.js";
import { Server } from "./server.js";
import { WireLog } from "./wire.js";
import { zip } from "./zip.js";

const MEMORY = "course-playground/1";
const VIEWS = { code: "Code", client: "Browser", wire: "Wire log", checks: "Checks" };

/** The playground that runs now: its server is stopped when another one starts. */
let active = null;

/**
 * Build a playground in its place in the page and start its server.
 * @param {HTMLElement} place  the element that holds the poster
 * @param {object} config  what the page says it starts with
 */
export async function open(place, config) {
  const problem = missing();
  if (problem) throw new Error(problem);
  const assets = new URL("./", import.meta.url);
  await style(new URL("playground.css", assets).href);
  const response = await fetch(new URL(`steps/${config.step}.json`, assets));
  if (!response.ok) throw new Error(`the step's files could not be loaded (${response.status})`);
  return new Playground(place, config, await response.json(), assets);
}

/** Load a style sheet once. */
function style(href) {
  if (document.querySelector(`link[href="${href}"]`)) return undefined;
  return new Promise((resolve, reject) => {
    const link = element("link", { rel: "stylesheet", href, onload: resolve, onerror: () => reject(new Error("the playground's style could not be loaded")) });
    document.head.append(link);
  });
}

class Playground {
  #config;
  #step;
  #files;
  #server;
  #editor;
  #checks;
  #exercises;
  #browser;
  #composer;
  #wire;
  #tabs = [];
  #undo = null;

  // Elements that change
  #status;
  #loading = new Loading();
  #toggle;
  #restart;
  #wide;
  #tablist;
  #others;
  #reset;
  #resetAll;
  #putBack;
  #undoButton;
  #download;
  #clients;

  constructor(place, config, step, assets) {
    this.#config = config;
    this.#step = step;
    const key = config.mistake ? undefined : `${MEMORY}/${config.step}`;
    this.#files = new Files(step, { key, replace: config.replace });
    const worker = new URL("worker.js", assets);
    this.#server = new Server(worker, config.step);
    this.#wire = new WireLog(this.#server);
    this.#checks = new Checks(worker, config.step, this.#files);
    this.#browser = new Browser(this.#server, new URL("live/", assets).href);
    this.#composer = new Composer(this.#server, config.requests, { http: this.#speaksHttp });
    this.#exercises = new Exercises(step.exercises, {
      begin: (exercise) => this.#begin(exercise),
      check: (exercise) => this.#check(exercise.id),
    });
    this.#build(place);
    this.#listen();
    for (const name of config.open) this.#open(name);
    this.#open(config.open[0]);
    this.#editor.revealChange();
    this.#show(this.#speaksHttp ? "browser" : "composer");
  }

  /** Whether a browser has something to see: step 01's echo server says nothing by itself. */
  get #speaksHttp() {
    return !(this.#config.step === "01" && this.#config.script === "server.py");
  }

  /** Start the server, or start it anew with what was changed, and let the browser open its page. */
  async start() {
    if (active !== this) active?.rest();
    active = this;
    this.#say("Starting the server.");
    if (this.#server.state !== "off") await this.#server.stop();
    try {
      const runs = await this.#server.start(this.#config.step, this.#config.script, this.#files.edits);
      if (!runs) return this.#say("The server has ended: the wire log says why.");
    } catch (error) {
      return this.#say(`The server could not be started: ${error.message}`);
    } finally {
      this.#loading.ends();
    }
    this.#say(this.#server.canSuspend
      ? "The server runs at http://127.0.0.1:8080, in this page."
      : "The server runs in this page. This browser cannot let Python wait, so the script is run anew for each connection.");
    if (this.#speaksHttp) this.#browser.visit(this.#config.path);
    return undefined;
  }

  /** Stop the server. */
  async stop() {
    await this.#server.stop();
    this.#say("The server has stopped.");
  }

  /** Give back what it takes: another playground of the page starts. */
  rest() {
    if (this.#server.state !== "off") this.#say("The server has stopped, as another one of this page has started.");
    this.#server.close();
    this.#checks.close();
  }

  /** Put a request into the form for raw requests, ready to be sent. */
  async send(request) {
    if (active !== this || this.#server.state === "off") await this.start();
    this.#composer.choose(request);
    this.#show("composer");
    this.#view("client");
    this.root.scrollIntoView({ block: "nearest" });
    this.#composer.send();
  }

  #build(place) {
    const { mistake, step, title } = this.#config;
    this.#status = element("p", { className: "pg-status", role: "status" });
    this.#toggle = button("Start the server", () => this.#toggled(), { className: "pg-button pg-primary" });
    this.#restart = button("Restart with your changes", () => this.start(), { hidden: true });
    this.#wide = button("Expand", () => this.#expand(!this.root.classList.contains("pg--wide")), { "aria-pressed": "false" });
    const bar = element("div", { className: "pg-bar" },
      element("h3", { className: "pg-title", textContent: `Step ${step}: ${title}` }),
      this.#toggle, this.#restart, button("Run checks", () => this.#check()), this.#exercises.choice, this.#wide);
    const views = element("div", { className: "pg-views", role: "group", "aria-label": "Show" },
      ...Object.entries(VIEWS).map(([name, label]) => button(label, () => this.#view(name), { "data-view": name, "aria-pressed": "false" })));
    this.root = element("section", { className: "pg", "aria-label": `Playground: step ${step}, ${title}`, onkeydown: (event) => this.#key(event) },
      bar,
      mistake ? element("p", { className: "pg-mistake" }, element("b", { textContent: "With a mistake: " }), `${mistake}.`) : null,
      element("div", { className: "pg-message" }, this.#status, this.#loading.element),
      views,
      element("div", { className: "pg-grid" },
        element("div", { className: "pg-column" }, this.#codePanel(), this.#checks.element),
        element("div", { className: "pg-column" }, this.#clientPanel(), this.#wire.element)));
    place.replaceChildren(element("div", { className: "pg-place" }, this.root));
    this.#view("client");
    this.#edited();
  }

  #codePanel() {
    this.#tablist = element("div", { className: "pg-tabs", role: "tablist", "aria-label": "Files", onkeydown: (event) => this.#tabKey(event) });
    this.#others = element("select", { className: "pg-button", "aria-label": "Open another file", onchange: () => this.#open(this.#others.value) });
    const inner = element("div");
    const panel = element("div", { className: "pg-editor", role: "tabpanel", "aria-label": "Editor" }, inner);
    this.#editor = new Editor(inner, this.#files, { readOnly: Files.readOnly });
    this.#reset = button("Reset this file", () => this.#resetFiles([this.#editor.name]));
    this.#resetAll = button("Reset all", () => this.#resetFiles(Object.keys(this.#files.edits)));
    this.#putBack = button("Put the mistake back", () => this.#putMistakeBack(), { hidden: true });
    this.#undoButton = button("Undo", () => this.#undone(), { hidden: true });
    this.#download = button("Download", () => this.#save());
    return element("section", { className: "pg-panel pg-code", "aria-label": "Code", "data-panel": "code" },
      this.#exercises.element,
      element("div", { className: "pg-files" }, this.#tablist, this.#others),
      panel,
      element("div", { className: "pg-actions" }, this.#reset, this.#resetAll, this.#putBack, this.#undoButton, this.#download),
      element("p", { className: "pg-help", textContent: "Tab indents. To leave the editor by keyboard: Escape, then Tab. What you change stays in this browser." }));
  }

  #clientPanel() {
    const choices = { browser: "Browser", composer: "Raw request" };
    this.#clients = Object.entries(choices).map(([name, label]) => button(label, () => this.#show(name), { "data-client": name, "aria-pressed": "false" }));
    return element("section", { className: "pg-panel pg-client", "aria-label": "Client", "data-panel": "client" },
      element("div", { className: "pg-panel-bar", role: "group", "aria-label": "Client" }, ...this.#clients),
      this.#browser.element, this.#composer.element);
  }

  #listen() {
    const server = this.#server;
    server.addEventListener("state", () => this.#update());
    server.addEventListener("progress", ({ detail }) => this.#progressed(detail));
    server.addEventListener("hangs", () => this.#say("The server's code has been running for five seconds without an answer: perhaps a loop has no end. Stop ends it."));
    this.#files.addEventListener("change", () => this.#edited());
    this.#update();
  }

  #update() {
    const { state } = this.#server;
    const off = state === "off";
    this.#toggle.textContent = off ? "Start the server" : "Stop the server";
    this.#toggle.classList.toggle("pg-primary", off);
    this.root.dataset.server = state;
    this.#edited();
  }

  #toggled() {
    if (this.#server.state === "off") return this.start();
    if (this.#server.state === "starting") this.#server.kill();
    return this.stop();
  }

  #progressed(progress) {
    if (this.#server.state === "starting") this.#say(this.#loading.shows(progress));
  }

  // Files

  #open(name) {
    if (!name) return;
    if (!this.#tabs.includes(name)) this.#tabs.push(name);
    this.#editor.open(name);
    this.#others.replaceChildren(new Option("All files", ""), ...this.#groups());
    this.#drawTabs();
  }

  #groups() {
    const groups = { Modules: [], "Solutions of exercises": [], "What is served": [], "Checks (to be read)": [] };
    const kind = (name) => (name.startsWith("extras/") ? 1 : name.startsWith("public/") ? 2 : Files.readOnly(name) ? 3 : 0);
    const lists = Object.values(groups);
    for (const { name } of this.#step.files) lists[kind(name)].push(new Option(name, name));
    return Object.entries(groups).filter(([, options]) => options.length).map(([label, options]) => element("optgroup", { label }, ...options));
  }

  #drawTabs() {
    const focused = this.#tablist.contains(document.activeElement);
    this.#tablist.replaceChildren(...this.#tabs.map((name) => {
      const selected = name === this.#editor.name;
      const tab = element("button", {
        type: "button", role: "tab", className: "pg-tab", tabIndex: selected ? 0 : -1, "aria-selected": String(selected),
        "data-file": name, onclick: () => this.#open(name),
      }, name);
      if (this.#files.edited(name)) tab.append(element("span", { className: "pg-edited", textContent: " (changed)" }));
      return tab;
    }));
    if (focused) this.#tablist.querySelector("[aria-selected=true]").focus();
  }

  #tabKey(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = this.#tabs.indexOf(this.#editor.name) + by + this.#tabs.length;
    this.#open(this.#tabs[at % this.#tabs.length]);
  }

  #edited() {
    if (!this.#editor) return;
    const edits = Object.keys(this.#files.edits);
    if (this.#tabs.length) this.#drawTabs();
    this.#reset.disabled = !this.#files.edited(this.#editor.name);
    this.#resetAll.disabled = this.#download.disabled = !edits.length;
    const stale = this.#server.state === "on" && this.#server.edits !== JSON.stringify(this.#files.edits);
    this.#restart.hidden = !stale;
    const { replace } = this.#config;
    this.#putBack.hidden = !replace || Object.entries(replace).every(([name, text]) => this.#files.text(name) === text);
  }

  #resetFiles(names) {
    this.#undo = names.map((name) => [name, this.#files.text(name)]);
    for (const name of names) this.#write(name, this.#files.original(name));
    this.#undoButton.hidden = false;
    this.#say(`${names.join(", ")}: as the step has it again. Undo brings your text back.`);
  }

  #undone() {
    for (const [name, text] of this.#undo ?? []) this.#write(name, text);
    this.#undo = null;
    this.#undoButton.hidden = true;
    this.#say("Your text is back.");
  }

  #putMistakeBack() {
    for (const [name, text] of Object.entries(this.#config.replace)) this.#write(name, text);
  }

  #write(name, text) {
    this.#editor.write(name, text);
    this.#files.write(name, text);
    this.#edited();
  }

  #save() {
    const edits = Object.entries(this.#files.edits).filter(([name]) => name.endsWith(".py"));
    const folder = `steps/${this.#step.name}/answers`;
    const archive = zip(Object.fromEntries(edits.map(([name, text]) => [`${folder}/${name.split("/").pop()}`, text])));
    const href = URL.createObjectURL(new Blob([archive], { type: "application/zip" }));
    element("a", { href, download: `answers-${this.#config.step}.zip` }).click();
    URL.revokeObjectURL(href);
    this.#say(`Unpack the archive where the course is: your modules belong into ${folder}/. Then pytest steps/${this.#config.step} checks them there.`);
  }

  // Exercises and checks

  async #begin(exercise) {
    const name = exercise.file;
    this.#open(name);
    const before = this.#files.text(name);
    let text = exercise.starter;
    if (this.#files.edited(name)) {
      this.#say("Making the exercise from what you have.");
      try {
        text = await this.#checks.blanked(before, exercise);
      } catch {
        return this.#say(`${name} cannot be read as Python now: mend it, or reset it, then choose the exercise again.`);
      }
    }
    this.#undo = [[name, before]];
    this.#write(name, text);
    this.#undoButton.hidden = false;
    this.#editor.reveal(`raise NotImplementedError("exercise ${exercise.id}")`);
    this.#say(`${exercise.functions.join(" and ")} in ${name} is for you to write. Undo brings the text back that was there.`);
    return undefined;
  }

  async #check(only = "") {
    this.#view("checks");
    await this.#checks.run(only);
    this.#checks.element.scrollIntoView({ block: "nearest" });
  }

  // Views

  /** What a narrow screen shows. */
  #view(name) {
    this.root.dataset.view = name;
    for (const one of this.root.querySelectorAll(".pg-views button")) one.setAttribute("aria-pressed", String(one.dataset.view === name));
  }

  /** The browser or the raw request. */
  #show(name) {
    this.#browser.element.hidden = name !== "browser";
    this.#composer.element.hidden = name !== "composer";
    for (const one of this.#clients) one.setAttribute("aria-pressed", String(one.dataset.client === name));
  }

  #expand(wide) {
    this.root.classList.toggle("pg--wide", wide);
    document.documentElement.classList.toggle("pg-behind", wide);
    this.#wide.setAttribute("aria-pressed", String(wide));
    this.#wide.textContent = wide ? "Back to the page" : "Expand";
    this.#wide.focus();
  }

  #key(event) {
    if (event.key !== "Escape" || event.target.closest(".cm-editor, select") || event.defaultPrevented) return;
    if (this.root.classList.contains("pg--wide")) this.#expand(false);
  }

  #say(text) {
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }
}
