/**
 * Runs inside, in Node: hands connections to 127.0.0.1 on to the Unix socket of the proxy outside, which is the only
 * way out of the network namespace, and starts the tool with that as its proxy. Ends as the tool ends.
 */
export const RELAY = `
const { createServer, connect } = require('node:net');
const { spawn } = require('node:child_process');
const [socketPath, program, ...args] = process.argv.slice(1);
const server = createServer((inner) => {
  const outer = connect(socketPath);
  for (const socket of [inner, outer]) socket.on('error', () => { inner.destroy(); outer.destroy(); });
  inner.pipe(outer).pipe(inner);
});
server.listen(0, '127.0.0.1', () => {
  const proxy = 'http://127.0.0.1:' + server.address().port;
  const env = { ...process.env, HTTPS_PROXY: proxy, https_proxy: proxy };
  const tool = spawn(program, args, { stdio: 'inherit', env });
  tool.on('error', (error) => { process.stderr.write(error.message + '\\n'); process.exit(126); });
  tool.on('exit', (code, signal) => { if (signal === null) process.exit(code); process.kill(process.pid, signal); });
});
`;
