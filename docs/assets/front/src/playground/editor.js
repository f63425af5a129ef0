// The editor: one view, and for each file a state of its own, so that undo stays with its file.

import { indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, RangeSet, StateField } from "@codemirror/state";
import { EditorView, GutterMarker, gutter, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";

import { changedLines } from "./diff.js";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword, tags.definitionKeyword, tags.moduleKeyword], class: "tok-keyword" },
  { tag: [tags.string, tags.special(tags.string)], class: "tok-string" },
  { tag: [tags.comment, tags.lineComment], class: "tok-comment" },
  { tag: [tags.number, tags.bool, tags.null, tags.self], class: "tok-number" },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], class: "tok-function" },
]);

class Changed extends GutterMarker {
  toDOM() {
    return Object.assign(document.createElement("span"), { className: "pg-changed", title: "changed" });
  }
}

const marker = new Changed();

/** Marks the lines that the step's own file does not have. */
function changes(original) {
  const marks = (state) => {
    const numbers = changedLines(original, state.doc.toString());
    return RangeSet.of(numbers.map((number) => marker.range(state.doc.line(number).from)));
  };
  const field = StateField.define({
    create: marks,
    update: (value, transaction) => (transaction.docChanged ? marks(transaction.state) : value),
  });
  return [field, gutter({ class: "pg-changes", markers: (view) => view.state.field(field) })];
}

export class Editor {
  #states = new Map();
  #view;
  #name = null;
  #files;

  /** `label` names a file for those who don't see it; `readOnly` tells which files are to be read. */
  constructor(parent, files, { readOnly }) {
    this.#files = files;
    this.readOnly = readOnly;
    this.#view = new EditorView({ parent });
  }

  get name() {
    return this.#name;
  }

  /** Show a file. */
  open(name) {
    if (this.#name) this.#states.set(this.#name, this.#view.state);
    this.#name = name;
    if (!this.#states.has(name)) this.#states.set(name, this.#state(name));
    this.#view.setState(this.#states.get(name));
  }

  /** Give a file another text; it can be undone. */
  write(name, text) {
    const current = this.#name;
    if (name !== current) this.open(name);
    const { doc } = this.#view.state;
    const now = doc.toString();
    if (now !== text) this.#view.dispatch({ changes: difference(now, text), userEvent: "input.reset" });
    if (name !== current && current) this.open(current);
  }

  /** Move to the first place where this text stands. */
  reveal(text) {
    const at = this.#view.state.doc.toString().indexOf(text);
    if (at >= 0) this.#goTo(at);
  }

  #goTo(at) {
    const effects = EditorView.scrollIntoView(at, { y: "start", yMargin: 40 });
    this.#view.dispatch({ selection: { anchor: at }, effects });
  }

  /** Move to the first line that the step's own file does not have, if there is one. */
  revealChange() {
    const { doc } = this.#view.state;
    const [first] = changedLines(this.#files.original(this.#name), doc.toString());
    if (first) this.#goTo(doc.line(first).from);
  }

  #state(name) {
    const readOnly = this.readOnly(name);
    return EditorState.create({
      doc: this.#files.text(name),
      extensions: [
        basicSetup,
        keymap.of([indentWithTab]),
        indentUnit.of("    "),
        syntaxHighlighting(colours),
        name.endsWith(".py") ? python() : [],
        EditorState.readOnly.of(readOnly),
        EditorView.contentAttributes.of({ "aria-label": `${name}${readOnly ? ", to be read" : ""}`, tabindex: "0" }),
        readOnly ? [] : changes(this.#files.original(name)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.#files.write(name, update.state.doc.toString());
        }),
      ],
    });
  }
}

/** The one change that makes `now` of `before`: what is alike at both ends stays, and the cursor with it. */
function difference(before, now) {
  let from = 0;
  while (from < before.length && from < now.length && before[from] === now[from]) from++;
  let end = 0;
  const most = Math.min(before.length, now.length) - from;
  while (end < most && before[before.length - 1 - end] === now[now.length - 1 - end]) end++;
  return { from, to: before.length - end, insert: now.slice(from, now.length - end) };
}
