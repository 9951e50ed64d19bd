import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

/*
 * Stand-ins for GitHub's own actions, which can't be had offline: they keep files in the artifact server of `act`, by the
 * third version of the runner's protocol. Inputs that only concern retention are not looked at.
 */

const SHARED = `
const { readFileSync, writeFileSync, mkdirSync } = require('node:fs');
const { basename, join } = require('node:path');
const artifacts = process.env.ACTIONS_RUNTIME_URL + '_apis/pipelines/workflows/' + process.env.GITHUB_RUN_ID + '/artifacts?api-version=6.0-preview';
const input = (name) => process.env['INPUT_' + name.toUpperCase()] || '';
async function ask(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(url + ': ' + response.status);
  return response;
}
`;
const UPLOAD = `${SHARED}
(async () => {
  const { fileContainerResourceUrl: url } = await (await ask(artifacts, { method: 'POST', body: JSON.stringify({ type: 'actions_storage', name: input('name') }) })).json();
  const path = input('path');
  await ask(url + '?itemPath=' + encodeURIComponent(input('name') + '/' + basename(path)), { method: 'PUT', body: readFileSync(path) });
})().catch((error) => { console.error(error); process.exitCode = 1; });
`;
const DOWNLOAD = `${SHARED}
(async () => {
  const { value } = await (await ask(artifacts)).json();
  const prefix = input('pattern').replace(/\\*$/, '');
  mkdirSync(input('path'), { recursive: true });
  for (const { name, fileContainerResourceUrl: url } of value) {
    if (input('name') === '' ? !name.startsWith(prefix) : name !== input('name')) continue;
    const files = await (await ask(url + '?itemPath=' + encodeURIComponent(name))).json();
    for (const { path, contentLocation } of files.value) writeFileSync(join(input('path'), basename(path)), Buffer.from(await (await ask(contentLocation)).arrayBuffer()));
  }
})().catch((error) => { console.error(error); process.exitCode = 1; });
`;

/** A port that is free at the moment: act takes none by itself. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Arguments for act that put the stand-ins in the place of the actions that a workflow names with a commit. */
export function artifactStandIns(folder: string, workflow: string, port: number): string[] {
  const args = ['--artifact-server-path', join(folder, 'artifacts'), '--artifact-server-port', String(port), '-P', 'ubuntu-24.04=-self-hosted'];
  for (const [name, program, inputs] of [['upload-artifact', UPLOAD, ['name', 'path', 'if-no-files-found', 'retention-days', 'overwrite']], ['download-artifact', DOWNLOAD, ['name', 'pattern', 'path', 'merge-multiple']]] as const) {
    const commit = new RegExp(`actions/${name}@([0-9a-f]{40})`).exec(workflow)?.[1];
    if (commit === undefined) throw new Error(`${name} is not used with a commit`);
    const place = join(folder, name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'index.js'), program);
    writeFileSync(join(place, 'action.yml'), JSON.stringify({ name, description: name, inputs: Object.fromEntries(inputs.map((input) => [input, { description: input }])), runs: { using: 'node24', main: 'index.js' } }));
    args.push('--local-repository', `actions/${name}@${commit}=${place}`);
  }
  return args;
}
