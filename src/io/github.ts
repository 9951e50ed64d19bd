/** An answer of GitHub; what is in it is as untrusted as any input. */
export interface GitHubResponse {
  readonly status: number;
  readonly data: unknown;
  /** Parameters of the address of the next page, where there is one (the header `Link`). */
  readonly next?: Readonly<Record<string, string>>;
}

/** GitHub's interface, as far as publishing needs it. */
export interface GitHub {
  /**
   * One request, such as `POST /repos/{owner}/{repo}/check-runs`. Retried after a rate limit, a server error or a lost
   * connection; with `once` not after the last two, for what must not be done twice.
   * @throws GitHubError when it stays refused.
   */
  request(route: string, parameters: Readonly<Record<string, unknown>>, options?: { readonly once?: boolean }): Promise<GitHubResponse>;
  /**
   * The bytes of an answer in another media type, read as they come.
   * @throws GitHubError when it stays refused, ends early or has more than `maxBytes`.
   */
  download(route: string, parameters: Readonly<Record<string, unknown>>, options: { readonly accept: string; readonly maxBytes: number }): Promise<Uint8Array>;
}

/** A request that GitHub refused or that did not reach it. The message is GitHub's own, word for word. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';

  constructor(
    message: string,
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** Where and as whom to ask. */
export interface GitHubConnection {
  readonly token: string;
  /** Such as `https://api.github.com` or `https://ghes.example.com/api/v3`. */
  readonly apiUrl: string;
  readonly userAgent: string;
  /** Told when a rate limit makes us wait. */
  readonly onWait: (seconds: number) => void;
  /** Milliseconds that stand for a second between retries; tests shorten them. */
  readonly second?: number;
}

const REQUEST_TIMEOUT_MS = 120_000;
/** A longer wait for a rate limit would hold the job up for what is only a display. */
const LONGEST_WAIT_SECONDS = 120;
const RATE_LIMIT_RETRIES = 3;

/** GitHub through `@actions/github`, which knows the runner's proxy; loaded on the first call. */
export async function connectGitHub({ token, apiUrl, userAgent, onWait, second = 1000 }: GitHubConnection): Promise<GitHub> {
  const [{ GitHub: Octokit, defaults }, { retry }, { throttling }] = await Promise.all([
    import('@actions/github/lib/utils'),
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling'),
  ]);
  const waits = (seconds: number, _options: unknown, _octokit: unknown, count: number): boolean => {
    if (count >= RATE_LIMIT_RETRIES || seconds > LONGEST_WAIT_SECONDS) return false;
    onWait(seconds);
    return true;
  };
  const send = (defaults.request as { readonly fetch?: typeof fetch } | undefined)?.fetch ?? fetch;
  const octokit = new (Octokit.plugin(retry, throttling))({
    auth: token,
    baseUrl: apiUrl,
    userAgent,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    retry: { retryAfterBaseValue: second, doNotRetry: [400, 401, 403, 404, 409, 410, 413, 422, 429, 451] },
    throttle: { id: apiUrl, retryAfterBaseValue: second, onRateLimit: waits, onSecondaryRateLimit: waits },
    request: { fetch: (url: string, init: RequestInit) => send(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }) },
  });
  return {
    async request(route, parameters, { once = false } = {}) {
      try {
        const { status, data, headers } = await octokit.request(route, { ...parameters, ...(once && { request: { retries: 0 } }) });
        const next = nextPage((headers as { readonly link?: string } | undefined)?.link);
        return { status, data: data as unknown, ...(next !== undefined && { next }) };
      } catch (error) {
        throw asGitHubError(error);
      }
    },
    async download(route, parameters, { accept, maxBytes }) {
      try {
        const { data } = await octokit.request(route, { ...parameters, headers: { accept }, request: { parseSuccessResponseBody: false } });
        return await collect(data as unknown as AsyncIterable<Uint8Array>, maxBytes);
      } catch (error) {
        throw error instanceof GitHubError ? error : asGitHubError(error);
      }
    },
  };
}

async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw new GitHubError(`the answer has more than ${Math.round(maxBytes / 1_000_000)} MB`, 0);
    parts.push(chunk);
  }
  return Buffer.concat(parts, size);
}

/** Parameters of the link with `rel="next"` of a header `Link` (RFC 8288). */
function nextPage(link: string | undefined): Readonly<Record<string, string>> | undefined {
  const address = /<([^<>]{1,4000})>; ?rel="next"/.exec(link ?? '')?.[1];
  return address !== undefined && URL.canParse(address) ? Object.fromEntries(new URL(address).searchParams) : undefined;
}

function quiet(): void {}

/** Octokit calls a lost connection status 500 without a response. */
function asGitHubError(error: unknown): GitHubError {
  const { message, status, response } = error as { message?: string; status?: number; response?: { data?: { message?: unknown } } };
  if (response === undefined) return new GitHubError(message ?? String(error), 0);
  const own = response.data?.message;
  return new GitHubError(typeof own === 'string' && own !== '' ? own : (message ?? `HTTP ${status ?? 0}`), status ?? 0);
}
