import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** One request as it came in. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

export interface LoopbackComment {
  readonly id: number;
  body: string;
  readonly user: { readonly id: number; readonly type: 'Bot' | 'User'; readonly login: string };
}

/** A repository that actions come from. */
export interface LoopbackRepository {
  readonly archived?: boolean;
  /** The name that it has by now. */
  readonly fullName?: string;
  readonly defaultBranch?: string;
  /** Commits by name. */
  readonly branches?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** Earlier commits of branches or tags, by name. */
  readonly history?: Readonly<Record<string, readonly string[]>>;
}

/** An answer instead of the usual one. */
export interface Answer {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request is carried out all the same, and its answer lost. */
  readonly done?: boolean;
}

/** A GitHub of our own on 127.0.0.1: checks each request against GitHub's description and limits, and keeps what was published. */
export interface LoopbackGitHub {
  readonly url: string;
  readonly requests: readonly LoggedRequest[];
  /** What is wrong with requests, in words; none in a good test. */
  readonly violations: readonly string[];
  readonly uploads: readonly { readonly ref: string; readonly sha: string; readonly sarif: { readonly runs: readonly { readonly results: readonly unknown[] }[] } }[];
  readonly comments: LoopbackComment[];
  readonly checks: readonly { readonly id: number; readonly body: Record<string, unknown>; readonly annotations: readonly unknown[] }[];
  /** Answers the next request of a route (`POST /repos/{owner}/{repo}/check-runs`) so; several are given one after the other, the last one for ever with `always`. */
  refuse(route: string, answer: Answer, always?: boolean): void;
  /** How processing of uploads ends, and how often it is asked for before. */
  processing: { pending: number; status: 'complete' | 'failed'; errors: readonly string[] };
  /** The user whose token it is; undefined for the token of a job. */
  viewer: number | undefined;
  /** Reviews of the pull request, in order. */
  reviews: readonly { readonly user: { readonly login: string }; readonly state: string; readonly commit_id: string }[];
  /** What the repository has at a commit, by path. */
  tree: { readonly commit: string; readonly files: Readonly<Record<string, string>> } | undefined;
  /** What code scanning has: the newest first, with the bytes that are given for each. */
  analyses: readonly { readonly id: number; readonly ref: string; readonly commit_sha: string; readonly category: string; readonly sarif: string }[];
  /** Other repositories, by `owner/name`; their owners have accounts. */
  repositories: Readonly<Record<string, LoopbackRepository>>;
  /** Global advisories as GitHub gives them. */
  advisories: readonly object[];
  /** Tokens that were sent. */
  readonly tokens: ReadonlySet<string>;
  close(): Promise<void>;
}

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: object }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: object } } };
}
interface Route {
  readonly name: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly parameters: readonly (Operation['parameters'][number] & { readonly valid: ValidateFunction })[];
  readonly names: readonly string[];
  readonly valid: ValidateFunction | undefined;
}

const description = JSON.parse(readFileSync(join(import.meta.dirname, 'openapi.json'), 'utf8')) as { paths: Record<string, Record<string, Operation>> };

function routes(): readonly Route[] {
  const ajv = new Ajv({ strict: false, coerceTypes: 'array', allErrors: true });
  addFormats.default(ajv);
  return Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters, requestBody }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`),
      names: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string),
      // Values of paths and queries are text: they are coerced.
      parameters: parameters.map((parameter) => ({ ...parameter, valid: ajv.compile({ type: 'object', properties: { value: parameter.schema } }) })),
      valid: requestBody === undefined ? undefined : strictAjv.compile(requestBody.content['application/json'].schema),
    })),
  );
}

const strictAjv = new Ajv({ strict: false, allErrors: true });
addFormats.default(strictAjv);

/** GitHub's limits that its description does not state. */
const COMMENT = 65_536;
const GZIP_BYTES = 10 * 1_048_576;

export async function loopbackGitHub(): Promise<LoopbackGitHub> {
  const known = routes();
  const requests: LoggedRequest[] = [];
  const violations: string[] = [];
  const uploads: { ref: string; sha: string; sarif: { runs: { results: unknown[] }[] } }[] = [];
  const comments: LoopbackComment[] = [];
  const checks: { id: number; body: Record<string, unknown>; annotations: unknown[] }[] = [];
  const refusals = new Map<string, { answer: Answer; always: boolean }[]>();
  const tokens = new Set<string>();
  let asked = 0;
  const state = { processing: { pending: 0, status: 'complete' as 'complete' | 'failed', errors: [] as readonly string[] }, viewer: undefined as number | undefined, reviews: [] as LoopbackGitHub['reviews'], tree: undefined as LoopbackGitHub['tree'], analyses: [] as LoopbackGitHub['analyses'], repositories: {} as LoopbackGitHub['repositories'], advisories: [] as LoopbackGitHub['advisories'] };

  const carryOut = (route: string, parameters: Record<string, string>, body: Record<string, unknown>): [number, unknown] => {
    switch (route) {
      case 'POST /repos/{owner}/{repo}/code-scanning/sarifs': {
        const compressed = Buffer.from(String(body['sarif']), 'base64');
        if (compressed.length > GZIP_BYTES) return [413, { message: 'Payload Too Large' }];
        const sarif = JSON.parse(gunzipSync(compressed).toString('utf8')) as { runs: { results: unknown[] }[] };
        if (sarif.runs.length === 0 || sarif.runs.length > 20) violations.push(`${sarif.runs.length} runs in a SARIF file`);
        if (sarif.runs.some(({ results }) => results.length > 25_000)) violations.push('more than 25,000 results in a run');
        uploads.push({ ref: String(body['ref']), sha: String(body['commit_sha']), sarif });
        return [202, { id: `sarif-${uploads.length}`, url: 'http://127.0.0.1/' }];
      }
      case 'GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}': {
        if (asked++ < state.processing.pending) return [200, { processing_status: 'pending' }];
        const { status, errors } = state.processing;
        return [200, status === 'complete' ? { processing_status: status, analyses_url: 'http://127.0.0.1/' } : { processing_status: status, errors }];
      }
      case 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': {
        const size = Number(parameters['per_page'] ?? 30);
        const page = Number(parameters['page'] ?? 1);
        if (size > 100) violations.push('per_page above 100');
        return [200, comments.slice((page - 1) * size, page * size)];
      }
      case 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': {
        if (String(body['body']).length > COMMENT) return [422, { message: 'Validation Failed: Body is too long (maximum is 65536 characters)' }];
        comments.push({ id: comments.length + 1, body: String(body['body']), user: { id: 41_898_282, type: 'Bot', login: 'github-actions[bot]' } });
        return [201, comments.at(-1)];
      }
      case 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': {
        const comment = comments.find(({ id }) => String(id) === parameters['comment_id']);
        if (comment === undefined) return [404, { message: 'Not Found' }];
        if (String(body['body']).length > COMMENT) return [422, { message: 'Validation Failed: Body is too long (maximum is 65536 characters)' }];
        comment.body = String(body['body']);
        return [200, comment];
      }
      case 'POST /repos/{owner}/{repo}/check-runs': {
        const annotations = (body['output'] as { annotations?: unknown[] } | undefined)?.annotations ?? [];
        checks.push({ id: checks.length + 1, body, annotations: [...annotations] });
        return [201, { id: checks.length }];
      }
      case 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': {
        const check = checks.find(({ id }) => String(id) === parameters['check_run_id']);
        if (check === undefined) return [404, { message: 'Not Found' }];
        check.annotations.push(...((body['output'] as { annotations?: unknown[] } | undefined)?.annotations ?? []));
        return [200, { id: check.id }];
      }
      case 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}':
        return state.tree?.commit === parameters['commit_sha'] ? [200, { sha: state.tree?.commit }] : [404, { message: 'Not Found' }];
      case 'GET /repos/{owner}/{repo}/contents/{path}':
        return parameters['ref'] === state.tree?.commit ? contents(state.tree?.files ?? {}, parameters['path'] ?? '') : [404, { message: 'No commit found for the ref' }];
      case 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews':
        return [200, state.reviews];
      case 'GET /repos/{owner}/{repo}/code-scanning/analyses':
        return [200, state.analyses.filter(({ ref }) => parameters['ref'] === undefined || parameters['ref'] === ref).map(({ id, ref, commit_sha, category }) => ({ id, ref, commit_sha, category }))];
      case 'GET /repos/{owner}/{repo}/code-scanning/analyses/{analysis_id}': {
        const sarif = state.analyses.find(({ id }) => String(id) === parameters['analysis_id'])?.sarif;
        return sarif === undefined ? [404, { message: 'Not Found' }] : [200, new Raw(sarif)];
      }
      case 'GET /advisories':
        return [200, state.advisories];
      case 'GET /users/{username}':
        return Object.keys(state.repositories).some((name) => name.startsWith(`${parameters['username']}/`)) ? [200, { login: parameters['username'] }] : [404, { message: 'Not Found' }];
      case 'GET /repos/{owner}/{repo}':
      case 'GET /repos/{owner}/{repo}/tags':
      case 'GET /repos/{owner}/{repo}/branches':
      case 'GET /repos/{owner}/{repo}/compare/{basehead}':
      case 'GET /repos/{owner}/{repo}/git/ref/{ref}':
        return ofRepository(route, state.repositories[`${parameters['owner']}/${parameters['repo']}`], parameters);
      case 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}':
        return [403, { message: 'Resource not accessible by integration' }];
      default:
        return state.viewer === undefined ? [403, { message: 'Resource not accessible by integration' }] : [200, { id: state.viewer }];
    }
  };

  const handle = (method: string, url: URL, body: unknown, authorization: string): [number, unknown, Readonly<Record<string, string>>?] => {
    // As an Enterprise Server has it.
    url.pathname = url.pathname.replace(/^\/api\/v3\//, '/');
    requests.push({ method, path: url.pathname, body });
    tokens.add(authorization.replace(/^(?:token|Bearer) /, ''));
    const route = known.find((candidate) => candidate.method === method && candidate.pattern.test(url.pathname));
    if (route === undefined) {
      violations.push(`${method} ${url.pathname} is not in GitHub's description`);
      return [404, { message: 'Not Found' }];
    }
    const values = route.pattern.exec(url.pathname)?.slice(1) ?? [];
    const parameters = { ...Object.fromEntries(url.searchParams), ...Object.fromEntries(route.names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')])) };
    for (const { name, in: place, required, valid } of route.parameters) {
      if (parameters[name] === undefined ? required === true && place !== 'header' : !valid({ value: parameters[name] })) violations.push(`${route.name}: ${place} parameter ${name}`);
    }
    for (const name of url.searchParams.keys()) if (!route.parameters.some((parameter) => parameter.name === name)) violations.push(`${route.name}: unknown parameter ${name}`);
    if (route.valid !== undefined && !route.valid(body)) violations.push(`${route.name}: ${strictAjv.errorsText(route.valid.errors)}`);
    const [next] = refusals.get(route.name) ?? [];
    if (next !== undefined && !next.always) refusals.get(route.name)?.shift();
    if (next !== undefined) {
      if (next.answer.done === true) carryOut(route.name, parameters, body as Record<string, unknown>);
      return [next.answer.status, { message: next.answer.message, documentation_url: 'https://docs.github.com/rest' }, next.answer.headers ?? {}];
    }
    return carryOut(route.name, parameters, (body ?? {}) as Record<string, unknown>);
  };

  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const [status, data, headers] = handle(request.method ?? '', url, sent === '' ? undefined : JSON.parse(sent), request.headers.authorization ?? '');
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(data instanceof Raw ? data.text : JSON.stringify(data));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    violations,
    uploads,
    comments,
    checks,
    tokens,
    refuse(route: string, answer: Answer, always = false) {
      refusals.set(route, [...(refusals.get(route) ?? []), { answer, always }]);
    },
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  });
}

/** An answer as it is. */
class Raw {
  constructor(readonly text: string) {}
}

function ofRepository(route: string, repository: LoopbackRepository | undefined, parameters: Readonly<Record<string, string>>): [number, unknown] {
  if (repository === undefined) return [404, { message: 'Not Found' }];
  const { archived = false, fullName = `${parameters['owner']}/${parameters['repo']}`, defaultBranch = 'main', branches = {}, tags = {}, history = {} } = repository;
  const page = (names: Readonly<Record<string, string>>): [number, unknown] => {
    const size = Number(parameters['per_page'] ?? 30);
    const start = (Number(parameters['page'] ?? 1) - 1) * size;
    return [200, Object.entries(names).slice(start, start + size).map(([name, sha]) => ({ name, commit: { sha } }))];
  };
  switch (route) {
    case 'GET /repos/{owner}/{repo}':
      return [200, { full_name: fullName, archived, default_branch: defaultBranch }];
    case 'GET /repos/{owner}/{repo}/tags':
      return page(tags);
    case 'GET /repos/{owner}/{repo}/branches':
      return page(branches);
    case 'GET /repos/{owner}/{repo}/compare/{basehead}': {
      const [base = '', head = ''] = parameters['basehead']?.split('...') ?? [];
      const tip = branches[base] ?? tags[base];
      if (tip === undefined) return [404, { message: 'Not Found' }];
      return [200, { status: tip === head ? 'identical' : history[base]?.includes(head) === true ? 'behind' : 'diverged' }];
    }
    default: {
      const [, kind, name = ''] = /^(heads|tags)\/(.+)$/.exec(parameters['ref'] ?? '') ?? [];
      const sha = (kind === 'heads' ? branches : tags)[name];
      return sha === undefined ? [404, { message: 'Not Found' }] : [200, { ref: `refs/${parameters['ref']}`, object: { sha } }];
    }
  }
}

/** A file or a folder as GitHub shows it. */
function contents(files: Readonly<Record<string, string>>, path: string): [number, unknown] {
  const file = files[path];
  const entry = (name: string, content?: string) => ({ type: content === undefined ? 'dir' : 'file', name: name.slice(name.lastIndexOf('/') + 1), path: name, size: Buffer.byteLength(content ?? ''), sha: 'f'.repeat(40) });
  if (file !== undefined) return [200, { ...entry(path, file), encoding: 'base64', content: Buffer.from(file).toString('base64').replace(/.{60}/g, '$&\n') }];
  const names = new Set(Object.keys(files).flatMap((name) => (name.startsWith(`${path}/`) ? [name.slice(path.length + 1).split('/')[0] as string] : [])));
  return names.size === 0 ? [404, { message: 'Not Found' }] : [200, [...names].map((name) => entry(`${path}/${name}`, files[`${path}/${name}`]))];
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
