// The exercises: choosing one blanks its functions in the editor, and its hints come one at a time.

import { button, element, memory, prose } from "./dom.js";

export class Exercises {
  #exercises;
  #card;
  #ask;
  #key;
  #done;

  /**
   * `ask` does the rest: `begin(exercise)` blanks its functions, `check(exercise)` runs its checks.
   * `key` is where it is remembered which ones are done.
   */
  constructor(exercises, key, ask) {
    this.#exercises = exercises;
    this.#ask = ask;
    this.#key = key;
    this.#done = new Set(memory.get(key));
    this.choice = element("select", { className: "pg-button", "aria-label": "Exercise", onchange: () => this.#chosen() });
    this.#card = element("section", { className: "pg-card", "aria-label": "Exercise", hidden: true });
    this.element = this.#card;
    this.#offer();
  }

  /** The checks of this one have all passed. */
  finished(exercise) {
    const others = memory.get(this.#key) ?? []; // another playground of the step may have added some
    this.#done = new Set([...this.#done, ...others, exercise.id]);
    memory.set(this.#key, [...this.#done]);
    this.#offer();
  }

  /** The first one after this that is not done; the first of all where none follows. */
  next(exercise) {
    const at = this.#exercises.indexOf(exercise);
    const ahead = [...this.#exercises.slice(at + 1), ...this.#exercises.slice(0, at)];
    return ahead.find((one) => !this.#done.has(one.id));
  }

  /** Those in a file whose solutions are not to be seen yet. */
  open(file) {
    return this.#exercises.filter((one) => one.file === file && !this.#done.has(one.id));
  }

  /** Show what there is to do, and make it ready. */
  choose(exercise) {
    this.#show(exercise);
    this.#ask.begin(exercise);
  }

  #offer() {
    this.choice.replaceChildren(new Option("Exercises", ""), ...this.#exercises.map((one) => {
      const mark = this.#done.has(one.id) ? "✓ " : "";
      return new Option(`${mark}${one.id} ${one.title} (${one.minutes} min, ${one.difficulty})`, one.id);
    }));
  }

  #chosen() {
    const exercise = this.#exercises.find((one) => one.id === this.choice.value);
    this.choice.value = "";
    if (exercise) this.choose(exercise);
  }

  #show(exercise) {
    const names = exercise.functions.map((name) => `\`${name}\``).join(" and ");
    const file = exercise.file.split("/").pop();
    const told = exercise.functions.length === 1 ? "Its docstring says" : "Their docstrings say";
    const hints = element("ol", { className: "pg-hints" });
    const more = button("A hint", () => {
      const text = exercise.hints[hints.childElementCount];
      hints.append(element("li", {}, text.includes("\n") ? element("pre", { textContent: text }) : prose(text)));
      more.textContent = `Hint ${hints.childElementCount + 1} of ${exercise.hints.length}`;
      more.hidden = hints.childElementCount === exercise.hints.length;
    });
    this.#card.replaceChildren(
      element("div", { className: "pg-panel-bar" },
        element("h3", { className: "pg-heading", textContent: `${exercise.id} ${exercise.title}` }),
        button("Check it", () => this.#ask.check(exercise), { className: "pg-button pg-primary" }), more,
        button("Close", () => this.#leave())),
      prose(`Write ${names} in \`${file}\`. ${told} all that the checks ask for.`), hints);
    this.#card.hidden = false;
  }

  #leave() {
    this.#card.hidden = true;
    this.choice.focus();
  }
}
