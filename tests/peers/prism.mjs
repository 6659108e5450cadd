// Prism (https://github.com/stoplightio/prism) with one document after the other: to start it takes longer than what it
// is asked about a document.
//
// Reads the path of a document from each line of standard input, and serves it in place of the one before. Prism's own
// log, on standard output, says where it listens. Stops when standard input ends, or at a document that Prism refuses.

import * as readline from 'node:readline';
import prism from '@stoplight/prism-cli/dist/util/createServer.js';

// What `prism mock --errors` has.
const options = {
  cors: true, dynamic: false, errors: true, host: '127.0.0.1', ignoreExamples: false, port: 0, seed: null,
  verboseLevel: 'info',
};

let server;
for await (const document of readline.createInterface({ input: process.stdin })) {
  await server?.close();
  server = await prism.createSingleProcessPrism({ ...options, document });
}
process.exit();
