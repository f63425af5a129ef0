// The playground: the step's code, its checks, its server, a browser for it and the bytes between.

import { Browser } from "./browser.js";
import { Checks } from "./checks.js";
import { Composer } from "./composer.js";
import { button, element, show } from "./dom.js";
import { Editor } from "./editor.js";
import { Exercises } from "./exercises.js";
import { Files } from "./files.js";
import { Loading } from "./loading.js";
import { missing } from "./python.js";
import { Server } from "./server.js";
import { WireLog } from "./wire.js";
import { zip } from "./zip.js";

const ENDED = "The server has ended: the wire log says why.";
const MEMORY = "course-playground/1";
const VIEWS = { code: "Code", client: "Client", wire: "Wire log", checks: "Checks" };

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
  #beside;
  #mistake;
  #loading = new Loading();
  #toggle;
  #restarts;
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
    this.#checks = new Checks(worker, config.step, this.#files, (name, line) => this.#look(name, line));
    this.#browser = new Browser(this.#server, new URL("live/", assets).href);
    this.#composer = new Composer(this.#server, config.requests, { http: this.#speaksHttp, mistake: Boolean(config.mistake) });
    this.#exercises = new Exercises(step.exercises, `${MEMORY}/${config.step}/done`, {
      begin: (exercise) => this.#begin(exercise),
      check: (exercise) => this.#check(exercise),
    });
    this.#build(place);
    this.#listen();
    const changed = Object.keys(this.#files.edits);
    for (const name of [...config.open, ...changed]) this.#open(name);
    this.#open(changed[0] ?? config.open[0]);
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
    if (this.#server.state !== "off") await this.#stops();
    this.#say(this.#server.python.ready ? "Starting the server." : Loading.begins);
    try {
      const runs = await this.#server.start(this.#config, this.#files.edits);
      if (!runs) return this.#say(ENDED);
    } catch (error) {
      return this.#say(`The server could not be started: ${error.message}`);
    } finally {
      this.#loading.ends();
    }
    this.#say(this.#server.canSuspend
      ? "The server runs at http://127.0.0.1:8080, in this page."
      : "The server runs in this page. This browser cannot let Python wait, so the script is run anew for each connection.");
    if (this.#speaksHttp) this.#browser.begin(this.#config.path);
    return undefined;
  }

  /** Say what a button has done to the code; a server that runs goes on with it. */
  async #changed(text) {
    if (this.#stale) {
      await this.start();
      if (this.#server.state === "on") return this.#say(`${text}; the server was restarted.`);
    }
    return this.#say(`${text}.`);
  }

  /** Whether the server runs with another code than the one in the editor. */
  get #stale() {
    return this.#server.state === "on" && this.#server.edits !== JSON.stringify(this.#files.edits);
  }

  /** Stop the server. */
  async stop() {
    await this.#stops();
    this.#say("The server has stopped.");
  }

  #stops() {
    this.#say("Stopping the server.");
    return this.#server.stop();
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
    this.#restarts = [this.#restartButton(), this.#restartButton()];
    this.#beside = element("p", { className: "pg-beside", "aria-hidden": "true" });
    this.#mistake = mistake ? element("p", { className: "pg-mistake" }) : null;
    this.#wide = button("Expand", () => this.#expand(!this.root.classList.contains("pg--wide")), { "aria-pressed": "false" });
    const bar = element("div", { className: "pg-bar" },
      element("h3", { className: "pg-title", textContent: `Step ${step}: ${title}` }),
      this.#toggle, this.#restarts[0], button("Run checks", () => this.#check()), this.#exercises.choice, this.#wide);
    const views = element("div", { className: "pg-views", role: "group", "aria-label": "Show" },
      ...Object.entries(VIEWS).map(([name, label]) => button(label, () => this.#view(name), { "data-view": name, "aria-pressed": "false" })));
    this.root = element("section", { className: "pg", "aria-label": `Playground: step ${step}, ${title}`, onkeydown: (event) => this.#key(event) },
      bar,
      this.#mistake,
      element("div", { className: "pg-message" }, this.#status, this.#loading.element),
      views,
      element("div", { className: "pg-grid" },
        element("div", { className: "pg-column" }, this.#codePanel(), this.#checks.element),
        element("div", { className: "pg-column" }, this.#clientPanel(), this.#wire.element)));
    place.replaceChildren(element("div", { className: "pg-place" }, this.root));
    this.#view("client");
    this.#edited();
  }

  #restartButton() {
    return button("Restart with your changes", () => this.start(), { className: "pg-button pg-primary pg-restart", hidden: true });
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
      element("div", { className: "pg-actions" }, this.#restarts[1], this.#reset, this.#resetAll, this.#putBack, this.#undoButton, this.#download),
      this.#beside,
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
    server.addEventListener("loaded", () => this.#say("Starting the server."));
    server.addEventListener("ended", () => this.#say(ENDED));
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
    if (this.#server.state === "off") {
      this.#view("client");
      return this.start();
    }
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
    const chosen = this.#tablist.querySelector("[aria-selected=true]");
    if (focused) chosen.focus();
    const [tab, list] = [chosen, this.#tablist].map((one) => one.getBoundingClientRect());
    this.#tablist.scrollLeft += Math.max(0, tab.right - list.right) + Math.min(0, tab.left - list.left);
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
    for (const one of this.#restarts) one.hidden = !this.#stale;
    if (this.#mistake) this.#drawMistake();
  }

  #drawMistake() {
    const { mistake, replace } = this.#config;
    const files = Object.entries(replace);
    const there = files.every(([name, text]) => this.#files.text(name) === text);
    const mended = files.every(([name]) => !this.#files.edited(name));
    this.#putBack.hidden = there;
    const [label, text] = there ? ["With a mistake: ", `${mistake}.`]
      : mended ? ["The mistake is mended: ", "this is the step's own code."]
      : ["Changed by you. ", `The mistake was: ${mistake}.`];
    this.#mistake.replaceChildren(element("b", { textContent: label }), text);
    this.#mistake.classList.toggle("pg-mended", mended);
  }

  #resetFiles(names) {
    this.#undo = names.map((name) => [name, this.#files.text(name)]);
    for (const name of names) this.#write(name, this.#files.original(name));
    this.#undoButton.hidden = false;
    const whose = Object.keys(this.#files.edits).length ? `${names.join(", ")} is as the step has it again` : "The step's own code is back";
    return this.#changed(whose);
  }

  #undone() {
    for (const [name, text] of this.#undo ?? []) this.#write(name, text);
    this.#undo = null;
    this.#undoButton.hidden = true;
    return this.#changed("Your text is back");
  }

  #putMistakeBack() {
    for (const [name, text] of Object.entries(this.#config.replace)) this.#write(name, text);
    const [name] = Object.keys(this.#config.replace);
    this.#open(name);
    this.#editor.revealChange();
    return this.#changed("The mistake is back");
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
    this.#view("code");
    show(this.#exercises.element, "start");
    const before = this.#files.text(name);
    let text;
    try {
      text = await this.#starter(exercise, before);
    } catch {
      return this.#say(`${name} cannot be read as Python now: mend it, or reset it, then choose the exercise again.`);
    }
    if (text !== before) {
      this.#undo = [[name, before]];
      this.#write(name, text);
      this.#undoButton.hidden = false;
    }
    const blank = this.#editor.reveal(`raise NotImplementedError("exercise ${exercise.id}")`);
    const names = exercise.functions.join(" and ");
    return this.#say(blank
      ? `${names} in ${name}: for you to write. Undo brings the text back that was there.`
      : `${names} in ${name}: as you left it. Reset this file, then choose the exercise again, to begin anew.`);
  }

  /** The file with this exercise to be written, and those that are not done: but for what was begun. */
  async #starter(exercise, text) {
    const name = exercise.file;
    const wanted = new Set([...this.#exercises.open(name), exercise]);
    const all = this.#step.exercises.filter((one) => one.file === name);
    const untouched = !this.#files.edited(name) || text === this.#config.replace?.[name];
    if (untouched && all.every((one) => wanted.has(one))) return exercise.starter;
    this.#say("Making the exercise from what you have.");
    const names = [...wanted].flatMap((one) => one.functions.map((each) => [each, one.id]));
    return this.#checks.blanked(text, this.#files.original(name), Object.fromEntries(names));
  }

  /** Check everything, or one exercise: what it says comes into view, and then what is next. */
  async #check(exercise) {
    this.#view("checks");
    const running = this.#checks.run(exercise?.id);
    show(this.#checks.element);
    if (!(await running) || !exercise) return;
    this.#exercises.finished(exercise);
    const next = this.#exercises.next(exercise);
    this.#checks.offer(next
      ? button(`Next: ${next.id} ${next.title}`, () => this.#exercises.choose(next), { className: "pg-button pg-primary" })
      : "All exercises of this step are done.");
  }

  /** Show a line that a report names. */
  #look(name, line) {
    this.#open(name);
    this.#view("code");
    this.#editor.revealLine(line);
    show(this.root.querySelector(".pg-code"));
  }

  // Views

  /** What a narrow screen shows. */
  #view(name) {
    this.root.dataset.view = name;
    if (name === "code") this.#editor.appeared();
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
    if (this.#status.textContent === text) return;
    this.#status.textContent = this.#beside.textContent = text;
  }
}
