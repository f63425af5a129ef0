// Bytes that a person can read and write.

const UTF8 = new TextEncoder();
const ESCAPES = { r: 13, n: 10, t: 9, 0: 0, "\\": 92 };

/** One Uint8Array of several. */
export function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Bytes as text, a character for each byte. */
export function latin1(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** The same, back. */
export function fromLatin1(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Bytes as nodes: text as it is, CR, LF and what is no text as small boxes. */
export function visible(bytes) {
  const nodes = document.createDocumentFragment();
  let plain = "";
  const box = (kind, text) => {
    nodes.append(plain);
    plain = "";
    nodes.append(Object.assign(document.createElement("span"), { className: kind, textContent: text }));
  };
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    if (character) {
      plain += character;
      at += UTF8.encode(character).length;
      continue;
    }
    const byte = bytes[at++];
    if (byte === 13) box("cr", "CR");
    else if (byte === 10) {
      box("lf", "LF");
      plain += "\n";
    } else box("byte", byte.toString(16).toUpperCase().padStart(2, "0"));
  }
  nodes.append(plain);
  return nodes;
}

/** The printable character that begins here in UTF-8, or nothing. */
function characterAt(bytes, at) {
  const first = bytes[at];
  if (first < 0x80) return first >= 0x20 && first !== 0x7f ? String.fromCharCode(first) : "";
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (!size) return "";
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(at, at + size));
    return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(text) ? text : "";
  } catch {
    return "";
  }
}

/** Pieces of bytes as one writes them: \r\n at the ends of lines, \| between the pieces. */
export function written(pieces) {
  return pieces.map((piece) => [...piece].map(writtenByte).join("")).join("\\|");
}

function writtenByte(byte) {
  if (byte === 10) return "\\n\n";
  if (byte === 13) return "\\r";
  if (byte === 9) return "\\t";
  if (byte === 92) return "\\\\";
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
}

/** What somebody wrote, as pieces of bytes. Line breaks are for the eyes; \r and \n are bytes. */
export function read(text) {
  const pieces = [[]];
  const add = (...bytes) => pieces.at(-1).push(...bytes);
  const token = /\\x([0-9a-fA-F]{2})|\\(\|)|\\(.)|(\r?\n)|([^\\\r\n]+)|\\/gsu;
  for (const [whole, hex, mark, escape, lineBreak, plain] of text.matchAll(token)) {
    if (hex) add(parseInt(hex, 16));
    else if (mark) pieces.push([]);
    else if (escape in ESCAPES) add(ESCAPES[escape]);
    else if (!lineBreak) add(...UTF8.encode(plain ?? whole));
  }
  return pieces.filter((piece) => piece.length).map((piece) => Uint8Array.from(piece));
}

/** How many bytes, in words. */
export function count(size) {
  return size === 1 ? "1 byte" : `${size.toLocaleString("en")} bytes`;
}
