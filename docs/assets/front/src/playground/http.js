// HTTP as a browser speaks it: a request to bytes, and bytes to a response.

import { fromLatin1, joined, latin1 } from "./bytes.js";

export const HOST = "127.0.0.1:8080";
export const ORIGIN = `http://${HOST}`;

const PASSED_ON = /^(accept|accept-language|content-type|if-.*|range|authorization|x-.*)$/;
const NO_CONTENT = (status) => status < 200 || status === 204 || status === 304;

/** The bytes of a request. */
export function request({ method, target, headers = [], body }) {
  const given = headers.filter(([name]) => PASSED_ON.test(name.toLowerCase()));
  const fields = [
    ["Host", HOST],
    ["User-Agent", "MiniBrowser/1.0"],
    ...given.map(([name, value]) => [spelt(name), value]),
    ["Connection", "close"],
  ];
  if (body?.length || method === "POST" || method === "PUT" || method === "PATCH") {
    fields.push(["Content-Length", String(body?.length ?? 0)]);
  }
  const lines = [`${method} ${target} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)];
  return joined([fromLatin1(`${lines.join("\r\n")}\r\n\r\n`), body ?? new Uint8Array()]);
}

/** A field's name as one writes it: content-type becomes Content-Type. */
function spelt(name) {
  return name.replace(/(^|-)([a-z])/g, (_, before, letter) => before + letter.toUpperCase());
}

/**
 * The response in the bytes. Its `complete` says whether all of it is here, as far as it says where
 * it ends; null while the head is not whole, `{problem}` for what is no HTTP.
 */
export function response(bytes, method) {
  const text = latin1(bytes.subarray(0, 65536));
  if (!"HTTP/1.".startsWith(text.slice(0, 7))) return { problem: "This is not HTTP." };
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [line, ...fields] = text.slice(0, end).split("\r\n");
  const match = /^HTTP\/1\.[01] ([2-5][0-9]{2}|1[0-9]{2})(?: (.*))?$/.exec(line);
  if (!match) return { problem: "The first line is not a status line." };
  const headers = fields.map(field).filter(Boolean);
  const status = Number(match[1]);
  const rest = bytes.subarray(end + 4);
  const none = method === "HEAD" || NO_CONTENT(status);
  const coding = value(headers, "transfer-encoding");
  if (!none && coding?.toLowerCase() === "chunked") return { status, reason: match[2] ?? "", headers, ...unchunked(rest) };
  const said = none ? 0 : Number(value(headers, "content-length") ?? NaN);
  return {
    status,
    reason: match[2] ?? "",
    headers,
    body: Number.isNaN(said) ? rest : rest.slice(0, said),
    complete: rest.length >= said,
    missing: Number.isNaN(said) ? 0 : Math.max(0, said - rest.length),
  };
}

/** The content of a chunked body, as far as it is here; see RFC 9112, section 7.1. */
function unchunked(bytes) {
  const parts = [];
  for (let at = 0; ; ) {
    const line = /^([0-9A-Fa-f]{1,8})(?:[ \t]*;[^\r\n]*)?\r\n/.exec(latin1(bytes.subarray(at, at + 300)));
    const start = at + (line?.[0].length ?? 0);
    const end = start + (line ? parseInt(line[1], 16) : 0);
    const complete = Boolean(line) && end === start;
    if (!line || complete || bytes.length < end + 2) return { body: joined(parts), complete, missing: 0 };
    parts.push(bytes.slice(start, end));
    at = end + 2;
  }
}

function field(line) {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
  return match && [match[1], match[2]];
}

/** The value of the first field of that name, or undefined. */
export function value(headers, name) {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}
