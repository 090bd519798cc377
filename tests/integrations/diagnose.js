// Opens a file in yaml-language-server, as an editor would, and prints its diagnostics.
'use strict';
const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const rpc = require('vscode-jsonrpc/node');

const file = process.argv[2];
const root = path.dirname(require.resolve('yaml-language-server/package.json'));
const server = spawn(process.execPath, [path.join(root, 'bin', 'yaml-language-server'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
const end = (code, text) => {
  process.stdout.write(text + '\n');
  server.kill();
  process.exit(code);
};
setTimeout(() => end(1, 'the server did not answer within 60 s'), 60000);

const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(server.stdout), new rpc.StreamMessageWriter(server.stdin));
const settings = { yaml: { validate: true, schemaStore: { enable: false } }, http: {} };
connection.onRequest('workspace/configuration', ({ items }) => items.map(({ section }) => settings[section] ?? null));
connection.onRequest('client/registerCapability', () => null);
connection.onNotification('textDocument/publishDiagnostics', ({ diagnostics }) => end(0, JSON.stringify(diagnostics.map(({ message }) => message))));
connection.listen();

(async () => {
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: { workspace: { configuration: true }, textDocument: { publishDiagnostics: {} } } });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', { settings });
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: `file://${file}`, languageId: 'yaml', version: 1, text: fs.readFileSync(file, 'utf8') } });
})().catch(problem => end(1, String(problem)));
