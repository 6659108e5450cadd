// An HTTPS server that gives everybody a token. Its first line of input is JSON, {"key", "cert", ...} as Node's TLS takes it; it
// prints its port, and stops when its input ends.

import * as https from 'node:https';
import * as readline from 'node:readline';

const lines = readline.createInterface({ input: process.stdin });
const options = JSON.parse(await new Promise((resolve) => lines.once('line', resolve)));
lines.once('close', () => process.exit(0));
const server = https.createServer(options, (request, response) => {
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: request.socket.getProtocol() }));
  });
});
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
