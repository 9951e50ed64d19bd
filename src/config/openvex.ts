import { PackageURL } from 'packageurl-js';
import type { SuppressionEntry } from '../core/index.js';

const MAX_STATEMENTS = 5_000;
const MAX_PRODUCTS = 1_000;

type Json = Readonly<Record<string, unknown>>;

/** What a document says last about one vulnerability of one package. */
interface Said {
  readonly names: readonly string[];
  readonly purl: string;
  readonly status: string;
  readonly reason: string;
  readonly time: number;
}

/**
 * The suppressions that an OpenVEX document states: packages that are `not_affected` (with a justification or an impact
 * statement, as the specification demands) or `fixed`. What is said last about a package counts. A statement about
 * subcomponents is about these; product and subcomponent are named by package URL, others match nothing. A sentence when it
 * is no such document, which then silences nothing.
 *
 * Source: https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
 */
export function readOpenVex(text: string, path: string): readonly SuppressionEntry[] | string {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return 'This OpenVEX document is no valid JSON; it silences nothing.';
  }
  if (!isObject(data) || typeof data['@context'] !== 'string' || !data['@context'].startsWith('https://openvex.dev/ns') || !Array.isArray(data['statements'])) {
    return 'This is no OpenVEX document (`@context` of https://openvex.dev/ns, a list of `statements`); it silences nothing.';
  }
  const statements = data['statements'] as readonly unknown[];
  if (statements.length > MAX_STATEMENTS) return `This OpenVEX document has more than ${MAX_STATEMENTS} statements; it silences nothing.`;
  const author = typeof data['author'] === 'string' ? data['author'].slice(0, 200) : undefined;
  const last = new Map<string, Said>();
  for (const statement of statements) {
    for (const said of readStatement(statement, timeOf(data['timestamp']))) {
      const key = `${said.names[0] ?? ''} ${said.purl}`;
      const before = last.get(key);
      if (before === undefined || said.time >= before.time) last.set(key, said);
    }
  }
  const open = [...last.values()].filter(({ status }) => status !== 'not_affected' && status !== 'fixed');
  return [...last.values()].flatMap(({ names, purl, status, reason }): SuppressionEntry[] => {
    if (status !== 'fixed' && (status !== 'not_affected' || reason === '')) return [];
    // Other names of the vulnerability, or a version of the package, may be said to be affected.
    if (open.some((other) => other.names.some((name) => names.includes(name)) && (other.purl.startsWith(purl) || purl.startsWith(other.purl)))) return [];
    return [{ kind: 'external', by: 'openvex', vulnerability: names, package: purl, reason: `${status}${reason === '' ? '' : `: ${reason}`}`, place: { path }, ...(author !== undefined && { owner: author }) }];
  });
}

function readStatement(value: unknown, documentTime: number): readonly Said[] {
  if (!isObject(value)) return [];
  const { vulnerability, status, justification, impact_statement: impact, products, timestamp } = value;
  const names = vulnerabilityNames(vulnerability);
  if (names.length === 0 || typeof status !== 'string') return [];
  const reason = [justification, impact].filter((part) => typeof part === 'string').map((part) => part.trim().replaceAll('_', ' ')).filter((part) => part !== '').join(': ').slice(0, 500);
  const time = timestamp === undefined ? documentTime : timeOf(timestamp);
  const purls = (Array.isArray(products) ? (products as unknown[]) : []).slice(0, MAX_PRODUCTS).flatMap(packagesOf);
  return [...new Set(purls)].map((purl) => ({ names, purl, status, reason, time }));
}

function vulnerabilityNames(value: unknown): readonly string[] {
  const { name, '@id': id, aliases } = isObject(value) ? value : ({ name: value } as Json);
  const names = [name ?? id, ...(Array.isArray(aliases) ? (aliases as unknown[]) : [])];
  return [...new Set(names.flatMap((one) => (typeof one === 'string' && /^[\w.:/-]{3,200}$/.test(one) ? [one.slice(one.lastIndexOf('/') + 1).toUpperCase()] : [])))].slice(0, 50);
}

function packagesOf(product: unknown): readonly string[] {
  const subcomponents = isObject(product) && Array.isArray(product['subcomponents']) ? (product['subcomponents'] as unknown[]) : [];
  return (subcomponents.length > 0 ? subcomponents.slice(0, MAX_PRODUCTS) : [product]).flatMap((one) => {
    const { '@id': id, identifiers } = isObject(one) ? one : ({ '@id': one } as Json);
    const purl = isObject(identifiers) && identifiers['purl'] !== undefined ? identifiers['purl'] : id;
    if (typeof purl !== 'string' || purl.length > 1_000 || !purl.startsWith('pkg:')) return [];
    try {
      return [PackageURL.fromString(purl).toString()];
    } catch {
      return [];
    }
  });
}

/** Milliseconds since the epoch; what can't be read is said first. */
function timeOf(value: unknown): number {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? time : 0;
}

function isObject(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
