/** A credential recognised in a text. */
export interface LiteralSecret {
  readonly detector: string;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * Tokens that their issuers made recognisable. Prefixes and lengths as the issuers document them;
 * every pattern is a fixed prefix and one bounded run, so that matching is linear.
 */
const TOKENS: readonly (readonly [detector: string, prefix: string, pattern: RegExp])[] = [
  ['github-token', 'gh', /\bgh[pousr]_[A-Za-z0-9]{36,251}\b/g],
  ['github-fine-grained-token', 'github_pat_', /\bgithub_pat_[A-Za-z0-9_]{22,251}\b/g],
  ['gitlab-token', 'glpat-', /\bglpat-[A-Za-z0-9_-]{20,64}/g],
  ['aws-access-key', 'AKIA', /\bAKIA[A-Z2-7]{16}\b/g],
  ['aws-access-key', 'ASIA', /\bASIA[A-Z2-7]{16}\b/g],
  ['slack-token', 'xox', /\bxox[abeoprs]-[A-Za-z0-9-]{10,250}/g],
  ['slack-webhook', 'hooks.slack.com', /\bhooks\.slack\.com\/services\/T[A-Z0-9]{6,14}\/B[A-Z0-9]{6,14}\/[A-Za-z0-9]{20,30}/g],
  ['stripe-key', '_live_', /\b[rs]k_live_[A-Za-z0-9]{20,120}\b/g],
  ['google-api-key', 'AIza', /\bAIza[A-Za-z0-9_-]{35}\b/g],
  ['npm-token', 'npm_', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['pypi-token', 'pypi-', /\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,500}/g],
  ['docker-token', 'dckr_pat_', /\bdckr_pat_[A-Za-z0-9_-]{20,64}/g],
  ['private-key', '-----BEGIN', /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----/g],
];

/** Credentials that show what they are, wherever they stand in a text. */
export function tokensIn(text: string): LiteralSecret[] {
  if (text.length < 16) return [];
  const found: LiteralSecret[] = [];
  for (const [detector, prefix, pattern] of TOKENS) {
    if (!text.includes(prefix)) continue;
    for (const match of text.matchAll(pattern)) {
      if (isExample(match[0])) continue;
      found.push({ detector, start: match.index, end: match.index + match[0].length });
    }
  }
  return found;
}

const SECRET_KEY = /(?:^|[_.-])(?:password|passwd|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|client[_-]?secret|auth[_-]?key|passphrase)$/i;
const PLACEHOLDER = /^(?:x+|\*+|\.+|-+|0+|1+|change[-_ ]?me|your[-_ ].*|my[-_ ].*|<.*>|\[.*\]|todo|none|null|nil|undefined|true|false|yes|no|write|read|required|optional|enabled|disabled|n\/a|redacted|hidden|example.*|sample.*|placeholder.*|dummy.*|fake.*|test.*|mock.*|foo|bar|foobar|default|empty|inherit)$/i;

/**
 * True when a literal value under this name is a credential: the name says so and the value is
 * neither a placeholder nor a reference to something else (a path, a URL, a variable).
 */
export function isSecretPair(name: string, value: string): boolean {
  if (value.length < 4 || value.length > 4_096 || !SECRET_KEY.test(name)) return false;
  // `OSSRH_PASSWORD` is the name of a variable that holds it.
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value)) return false;
  if (/[\s$%{}]/.test(value) || PLACEHOLDER.test(value) || /^-?\d{1,5}$/.test(value)) return false;
  return !/^(?:[a-z][a-z0-9+.-]*:\/\/|\.{0,2}\/|~\/)/i.test(value);
}

/** Documentation and tests show such values. */
function isExample(text: string): boolean {
  return /EXAMPLE|(.)\1{9}/i.test(text);
}
