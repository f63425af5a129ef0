// A zip archive of some text files, stored as they are.

import { joined } from "./bytes.js";

const CRC = Uint32Array.from({ length: 256 }, (_, number) => {
  let value = number;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The archive; `files` maps names to texts. */
export function zip(files) {
  const encoder = new TextEncoder();
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = encoder.encode(path);
    const data = encoder.encode(text);
    const common = [20, 0x0800, 0, 0, 0x21, crc(data), data.length, data.length, name.length, 0];
    const local = record("IHHHHHIIIHH", [0x04034b50, ...common]);
    const entry = record("IHHHHHHIIIHHHHHII", [0x02014b50, 20, ...common, 0, 0, 0, 0, offset]);
    parts.push(local, name, data);
    directory.push(entry, name);
    offset += local.length + name.length + data.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const count = Object.keys(files).length;
  const end = record("IHHHHIIH", [0x06054b50, 0, 0, count, count, size, offset, 0]);
  return joined([...parts, ...directory, end]);
}

/** Numbers as little-endian bytes: H takes two, I four. */
function record(format, values) {
  const bytes = [];
  values.forEach((value, index) => {
    for (let at = 0; at < (format[index] === "H" ? 2 : 4); at++) bytes.push((value >>> (8 * at)) & 255);
  });
  return Uint8Array.from(bytes);
}

function crc(data) {
  let value = 0xffffffff;
  for (const byte of data) value = CRC[(value ^ byte) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}
