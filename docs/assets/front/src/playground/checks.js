// The step's checks, run in a worker of their own, and what they say.

import { coloured } from "./ansi.js";
import { button, element } from "./dom.js";
import { Loading } from "./loading.js";
import { Ended, Python } from "./python.js";

const PATIENCE_MILLISECONDS = 60000;
const TOO_LONG = "The checks take very long: perhaps a loop has no end. Stop the checks, and look at what you changed.";
const COLUMN_PIXELS = 7.2;

export class Checks {
  #python;
  #step;
  #files;
  #output;
  #summary;
  #stop;
  #loading = new Loading();
  #text = "";
  #drawn = false;
  #timer = null;
  #loads = false;
  #next;
  #open;

  /** `open(file, line)` shows a line of the learner's code. */
  constructor(address, step, files, open) {
    this.#step = step;
    this.#files = files;
    this.#open = open;
    this.#python = new Python(address, step, (event) => this.#heard(event));
    this.#summary = element("p", { className: "pg-summary", role: "status", textContent: "Not run yet." });
    this.#output = element("pre", { className: "pg-terminal", tabIndex: 0, role: "region", "aria-label": "What the checks say" },
      faint("Run checks runs the step's own tests: what they say will be here."));
    this.#stop = button("Stop the checks", () => this.#python.end(), { hidden: true });
    this.#next = element("span", { className: "pg-next" });
    this.element = element("section", { className: "pg-panel pg-checks", "aria-label": "Checks", "data-panel": "checks" },
      element("div", { className: "pg-panel-bar" }, element("h3", { className: "pg-heading", textContent: "Checks" }), this.#summary, this.#loading.element, this.#stop, this.#next),
      this.#output);
  }

  get running() {
    return !this.#stop.hidden;
  }

  /** Run all checks of the step, or those of one exercise: "02.4". Resolves to whether all passed. */
  async run(only = "") {
    if (this.running) return false;
    this.#begin(only);
    try {
      await this.#load();
      this.#say("Running the checks.");
      const columns = Math.max(60, Math.min(110, Math.floor(this.#output.clientWidth / COLUMN_PIXELS) - 3));
      const counts = await this.#python.call("check", { step: this.#step, edits: this.#files.edits, only, columns });
      return this.#done(counts) === "green";
    } catch (error) {
      this.#say(error instanceof Ended ? "Stopped." : `The checks ended by an error: ${error.message}`);
      this.#python.end();
      return false;
    } finally {
      clearTimeout(this.#timer);
      this.#stop.hidden = true;
      this.#loading.ends();
    }
  }

  /** What comes after the checks: a button, or words. */
  offer(node) {
    this.#next.replaceChildren(node);
  }

  /** The module with the functions to be written that are as the step has them: {name: exercise}. */
  async blanked(text, original, names) {
    await this.#load();
    return this.#python.call("blank", { text, original, names });
  }

  close() {
    this.#python.end();
  }

  async #load() {
    this.#loads = true;
    try {
      await this.#python.load();
    } finally {
      this.#loads = false;
      this.#loading.ends();
    }
  }

  #begin(only) {
    this.#stop.hidden = false;
    this.#next.replaceChildren();
    this.#text = "";
    this.element.dataset.outcome = "";
    this.#output.replaceChildren(faint(only ? `The checks of exercise ${only}\n` : `The checks of step ${this.#step}\n`));
    this.#say("Getting ready.");
    this.#timer = setTimeout(() => this.#say(TOO_LONG), PATIENCE_MILLISECONDS);
  }

  #done({ passed, failed, waiting, machine, status }) {
    this.#draw();
    const parts = [`${passed} passed`];
    if (failed) parts.push(`${failed} failed`);
    if (waiting) parts.push(`${waiting} not written yet`);
    if (machine) parts.push(`${machine} run on your machine`);
    const outcome = failed || status > 1 ? "red" : waiting ? "yellow" : "green";
    this.element.dataset.outcome = outcome;
    this.#say(parts.join(" · "));
    if (machine) {
      const advice = `Run these on your machine: pytest steps/${this.#step}`;
      this.#output.append(faint(`\nThe other ${machine} need sockets or threads. ${advice}\n`));
    }
    this.#reveal();
    return outcome;
  }

  /** Bring the first report into view, or the end where there is none. */
  #reveal() {
    const { scrollHeight, textContent } = this.#output;
    const lines = textContent.split("\n");
    const first = lines.findIndex((line) => /^=+ FAILURES =+$/.test(line.trim()));
    this.#output.scrollTop = first < 0 ? scrollHeight : (scrollHeight * first) / lines.length;
  }

  #heard(event) {
    if (event.event === "progress" && this.#loads) this.#say(this.#loading.shows(event));
    if (event.event !== "output") return;
    this.#text += event.text;
    if (this.#drawn) return;
    this.#drawn = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#output.append(coloured(this.#text, (file, line) => this.#place(file, line)));
    this.#text = "";
    this.#drawn = false;
  }

  /** A line of a file, to be opened by pressing it. */
  #place(file, line) {
    if (this.#files.original(file) === undefined) return null;
    return element("button", { type: "button", className: "pg-link", textContent: `${file}:${line}`, onclick: () => this.#open(file, line) });
  }

  #say(text) {
    if (this.#summary.textContent !== text) this.#summary.textContent = text;
  }
}

/** A remark of the page's own among what pytest says. */
function faint(textContent) {
  return element("span", { className: "ansi-faint", textContent });
}
