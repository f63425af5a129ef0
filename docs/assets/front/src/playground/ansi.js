// A terminal's colours as elements.

const COLOURS = ["red", "green", "yellow", "blue", "magenta", "cyan"];
const NAMES = { 1: "bold", 2: "faint", 90: "faint" };
for (const start of [31, 91]) COLOURS.forEach((name, index) => (NAMES[start + index] = name));

/** A place in a file, as reports name it: "request.py:42". */
const PLACE = /([a-z_][\w/]*\.py:\d+)/;

/**
 * The text as nodes, its escape sequences turned into classes.
 * @param {(file: string, line: number) => Node | null} place  what stands for a line of a file, if anything does
 */
export function coloured(text, place) {
  const nodes = document.createDocumentFragment();
  let names = new Set();
  for (const part of text.split(/(\x1b\[[0-9;]*m)/)) {
    const codes = /^\x1b\[([0-9;]*)m$/.exec(part);
    if (codes) names = changed(names, codes[1]);
    else if (part) nodes.append(piece(part.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, ""), names, place));
  }
  return nodes;
}

function changed(names, codes) {
  const now = new Set(names);
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) now.clear();
    else if (code === 39) for (const colour of COLOURS) now.delete(colour);
    else if (NAMES[code]) now.add(NAMES[code]);
  }
  return now;
}

function piece(text, names, place) {
  const span = document.createElement("span");
  span.className = [...names].map((name) => `ansi-${name}`).join(" ");
  span.append(...text.split(PLACE).map((part) => linked(part, place)));
  return span;
}

function linked(text, place) {
  const [file, line] = PLACE.test(text) ? text.split(":") : [];
  return (file && place(file, Number(line))) || text;
}
