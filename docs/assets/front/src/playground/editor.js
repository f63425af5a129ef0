// The editor: one view, and for each file a state of its own, so that undo stays with its file.

import { indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, RangeSet, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter, keymap } from "@codemirror/view";
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
const background = Decoration.line({ class: "pg-changed-line" });

/** Marks the lines that the step's own file does not have, in the gutter and behind their text. */
function changes(original) {
  const marks = (state) => {
    const starts = changedLines(original, state.doc.toString()).map((number) => state.doc.line(number).from);
    const all = (mark) => RangeSet.of(starts.map((start) => mark.range(start)));
    return { gutter: all(marker), lines: all(background) };
  };
  const field = StateField.define({
    create: marks,
    update: (value, transaction) => (transaction.docChanged ? marks(transaction.state) : value),
    provide: (one) => EditorView.decorations.from(one, ({ lines }) => lines),
  });
  return [field, gutter({ class: "pg-changes", markers: (view) => view.state.field(field).gutter })];
}

/** When we show a place, the editor scrolls and the page stays; CodeMirror would move both. */
const ownScroll = EditorView.scrollHandler.of((view, { head }, { y, yMargin }) => {
  const { node } = view.domAtPos(head);
  const line = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".cm-line");
  if (y === "nearest" || !line) return false;
  const [place, { top, bottom }] = [line, view.scrollDOM].map((one) => one.getBoundingClientRect());
  view.scrollDOM.scrollTop += y === "end" ? place.bottom - bottom + yMargin : place.top - top - yMargin;
  return true;
});

export class Editor {
  #states = new Map();
  #view;
  #name = null;
  #missed = null;
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
    if (name !== this.#name) this.#missed = null;
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

  /** Move to the first place where this text stands; what is above it is in view, too. */
  reveal(text) {
    const at = this.#view.state.doc.toString().indexOf(text);
    if (at >= 0) this.#goTo(at, { y: "end", yMargin: 60 });
    return at >= 0;
  }

  /** Move to a line. */
  revealLine(number) {
    const { doc } = this.#view.state;
    this.#goTo(doc.line(Math.max(1, Math.min(number, doc.lines))).from, { y: "start", yMargin: 60 });
  }

  /** Move to the first line that the step's own file does not have, if there is one. */
  revealChange() {
    const [first] = changedLines(this.#files.original(this.#name), this.#view.state.doc.toString());
    if (first) this.revealLine(first);
  }

  /** The editor was hidden, and is seen now: show the place that it was to show. */
  appeared() {
    if (this.#missed) this.#goTo(...this.#missed);
  }

  #goTo(at, options) {
    this.#missed = this.#view.dom.offsetParent ? null : [at, options];
    this.#view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, options) });
  }

  #state(name) {
    const readOnly = this.readOnly(name);
    return EditorState.create({
      doc: this.#files.text(name),
      extensions: [
        basicSetup,
        EditorView.lineWrapping,
        ownScroll,
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
