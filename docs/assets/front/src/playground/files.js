// The step's files, and what the learner has made of them.

import { memory } from "./dom.js";

/** All files of a step. `change` events name the file that has another text now. */
export class Files extends EventTarget {
  #key;
  #edits;

  /** `key` is where the edits are remembered; without it they last as long as the page. */
  constructor(step, { key, replace = {} }) {
    super();
    this.all = new Map(step.files.map((file) => [file.name, file.text]));
    this.#key = key;
    const remembered = (key && memory.get(key)) ?? {};
    this.#edits = new Map(Object.entries({ ...replace, ...remembered }).filter(([name]) => this.all.has(name)));
  }

  /** The file as the learner sees it. */
  text(name) {
    return this.#edits.get(name) ?? this.all.get(name);
  }

  /** The file as the step has it. */
  original(name) {
    return this.all.get(name);
  }

  edited(name) {
    return this.#edits.has(name);
  }

  /** What differs from the step, by name. */
  get edits() {
    return Object.fromEntries(this.#edits);
  }

  /** Checks and solutions are to be read. */
  static readOnly(name) {
    return name.startsWith("test_");
  }

  write(name, text) {
    if (text === this.text(name)) return;
    if (text === this.all.get(name)) this.#edits.delete(name);
    else this.#edits.set(name, text);
    if (this.#key) memory.set(this.#key, this.#edits.size ? this.edits : undefined);
    this.dispatchEvent(new CustomEvent("change", { detail: name }));
  }
}
