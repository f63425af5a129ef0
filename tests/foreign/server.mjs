// A server in another language, to be checked like a learner's own:
//
//     pytest steps/02 --server "node tests/foreign/server.mjs {port}"
//
// It understands a request well enough for some of the checks, and tells everybody in JSON:
// the checks that want a page for a browser fail.

import { createServer } from "node:http";

const server = createServer(async (request, response) => {
  let size = 0;
  for await (const chunk of request) size += chunk.length;
  const body = size ? `${size} bytes` : null;
  const understood = { method: request.method, path: request.url, body };
  const json = JSON.stringify(understood, null, 1);
  const head = { Connection: "close", "Content-Length": Buffer.byteLength(json) };
  response.writeHead(200, { "Content-Type": "application/json", Vary: "Accept", ...head });
  response.end(json);
});

server.listen(Number(process.argv[2]), "127.0.0.1");
