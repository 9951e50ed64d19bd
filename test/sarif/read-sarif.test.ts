import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, findingsOf, type Finding } from '../../src/core/index.js';
import { fingerprintResults } from '../../src/sarif/fingerprint.js';
import { readSarif, readSarifText, type ReadOptions, type ReadSarif } from '../../src/sarif/read-sarif.js';
import { toSarif } from '../../src/sarif/to-sarif.js';
import { hostileReport } from '../support/arbitrary-report.js';
import { completed, finding, report, rule } from '../support/report.js';

const BEST: ReadOptions = { mode: 'best-effort' };
const physical = (uri: string, region?: object, uriBaseId?: string) => ({
  physicalLocation: { artifactLocation: { uri, ...(uriBaseId !== undefined && { uriBaseId }) }, ...(region !== undefined && { region }) },
});
const run = (given: object = {}) => ({ tool: { driver: { name: 'T', rules: [{ id: 'R' }] } }, results: [], ...given });
const result = (given: object = {}) => ({ ruleId: 'R', message: { text: 'M' }, locations: [physical('a.c', { startLine: 1 })], ...given });
const log = (...runs: object[]) => ({ version: '2.1.0', runs });
const read = (value: unknown, options: ReadOptions = BEST): ReadSarif => readSarifText(typeof value === 'string' ? value : JSON.stringify(value), 'x.sarif', options);
const findings = (value: unknown, options?: ReadOptions): readonly Finding[] => read(value, options).results.flatMap(findingsOf);
const only = (given: object, extra: object = {}, options?: ReadOptions): Finding => findings(log(run({ ...extra, results: [result(given)] })), options)[0] as Finding;
const pathOf = (uri: string, extra: object = {}, options?: ReadOptions, base?: string): string => only({ locations: [physical(uri, undefined, base)] }, extra, options).locations[0].path;
const regionOf = (region: object, options?: ReadOptions, extra: object = {}) => only({ locations: [physical('a.c', region)] }, extra, options).locations[0].region;

describe('files', () => {
  const text = JSON.stringify(log(run({ results: [result({ message: { text: 'é 漢' } })] })));
  const bytes = (name: string, data: Buffer, piece: number, wholeBytes?: number) =>
    readSarif(
      {
        name,
        size: data.length,
        *chunks() {
          // As a file gives them: every piece in the same memory.
          const shared = Buffer.alloc(piece);
          for (let at = 0; at < data.length; at += piece) yield shared.subarray(0, data.copy(shared, 0, at, at + piece));
        },
      },
      { mode: 'strict', ...(wholeBytes !== undefined && { wholeBytes }) },
    ).results.flatMap(findingsOf)[0]?.message;

  const swapped = (data: Buffer): Buffer => Buffer.from(data).swap16();
  const encodings: [string, Buffer][] = [
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE', swapped(Buffer.from(`\ufeff${text}`, 'utf16le'))],
    ['UTF-16 LE without a mark', Buffer.from(text, 'utf16le')],
    ['UTF-16 BE without a mark', swapped(Buffer.from(text, 'utf16le'))],
  ];
  it.each(encodings)('reads %s, whole and as a stream', (_, data) => {
    expect(bytes('x', data, 1 << 16)).toBe('é 漢');
    expect(bytes('x', data, 1 << 16, 0)).toBe('é 漢');
    expect(bytes('x', data, 7, 0)).toBe('é 漢');
  });

  it('refuses bytes that are no text', () => {
    expect(() => bytes('x', Buffer.from([0x7b, 0xff, 0xff, 0x7d]), 10)).toThrow('x: The file is neither UTF-8 nor UTF-16.');
  });

  it.each([
    ['{"version":"2.1.0",\n "runs":}', 'expected a value at line 2, column 9 (byte 28)'],
    ['{"version":"2.1.0",', 'expected `}` before the end of the file, which is cut off at line 1, column 20'],
    ['{"version" "2.1.0"}', 'expected `:` at line 1, column 12'],
    ['{"runs":[1 2]}', 'expected `,` or the end of the object or array at line 1, column 12'],
    ['', 'expected a JSON document at line 1, column 1'],
    ['{"a":tru}', 'expected'],
    ['[]', 'expected an object with `version` and `runs`'],
    ['7', 'expected an object with `version` and `runs`'],
    ['{}', 'expected an object with `version` and `runs`'],
    ['{"version":"2.0.0","runs":[]}', 'The log is of SARIF version 2.0.0, which is not read. Expected 2.1.0'],
    ['{"version":"1.0.0","runs":[]}', 'The log is of SARIF version 1.0.0'],
    ['{"$schema":"https://x/sarif-2.0.0.json","runs":[]}', 'The log is of SARIF version 2.0.0'],
  ])('says where %j is wrong and what was expected, whole and as a stream', (given, message) => {
    expect(() => read(given)).toThrow(message);
    expect(() => read(given, { ...BEST, wholeBytes: -1 })).toThrow(message);
  });

  it('reads results that come before the tool and what follows them', () => {
    const { tool, results, ...rest } = run({ results: [result({ ruleId: undefined, ruleIndex: 0, locations: [{ physicalLocation: { artifactLocation: { index: 0 } } }] })] }) as Record<string, unknown>;
    const value = log({ results, ...rest, tool, artifacts: [{ location: { uri: 'late.c' } }] });
    for (const wholeBytes of [1e9, 0]) expect(findings(value, { mode: 'strict', wholeBytes })[0]).toMatchObject({ ruleId: 'R', locations: [{ path: 'late.c' }] });
  });
});

describe('rules', () => {
  it.each([
    ['by id without any rules', { tool: { driver: { name: 'T' } } }, {}, 'R'],
    ['by index only', {}, { ruleId: undefined, ruleIndex: 0 }, 'R'],
    ['by reference into an extension', { tool: { driver: { name: 'T' }, extensions: [{ name: 'E', rules: [{ id: 'X' }] }] } }, { ruleId: undefined, rule: { index: 0, toolComponent: { index: 0 } } }, 'X'],
    ['by reference with the name of an extension', { tool: { driver: { name: 'T' }, extensions: [{ name: 'E', rules: [{ id: 'X' }] }] } }, { ruleId: undefined, rule: { index: 0, toolComponent: { name: 'E' } } }, 'X'],
    ['by GUID', { tool: { driver: { name: 'T' }, extensions: [{ rules: [{ id: 'X', guid: 'g' }] }] } }, { ruleId: undefined, rule: { guid: 'g' } }, 'X'],
    ['by a hierarchical id', {}, { ruleId: 'R/1' }, 'R/1'],
    ['by id when the index means another', {}, { ruleId: 'Q', ruleIndex: 0 }, 'Q'],
  ])('finds the rule %s', (_, extra, given, id) => {
    expect(only(given, extra).ruleId).toBe(id);
  });

  it('takes the first of two rules of one id', () => {
    const { results } = read(log(run({ tool: { driver: { name: 'T', rules: [{ id: 'R', name: 'one' }, { id: 'R', name: 'two' }] } }, results: [result()] })));
    expect(results[0]?.rules.map(({ title }) => title)).toEqual(['one']);
  });

  it('reads title, help, tags and weaknesses', () => {
    const described = {
      id: 'R', shortDescription: { text: 'Short.' }, help: { text: 'plain', markdown: '*help*' }, helpUri: 'https://e.example',
      properties: { tags: ['security', 'external/cwe/cwe-079', 'CWE-89: x'], precision: 'very-high' },
      relationships: [{ target: { id: '22', toolComponent: { name: 'CWE' } } }],
    };
    const { results } = read(log(run({ tool: { driver: { name: 'T', rules: [described] } } })), { mode: 'strict' });
    expect(results[0]?.rules[0]).toEqual({ id: 'R', title: 'Short', help: '*help*', helpUri: 'https://e.example', severity: 'medium', confidence: 'high', tags: ['CWE-79', 'CWE-89', 'CWE-22'] });
  });
});

describe('severity', () => {
  const rules = (descriptor: object) => ({ tool: { driver: { name: 'T', rules: [{ id: 'R', ...descriptor }] } } });
  it.each([
    ['of the result', { level: 'error' }, {}, 'high'],
    ['by default', {}, {}, 'medium'],
    ['of the rule', {}, rules({ defaultConfiguration: { level: 'note' } }), 'low'],
    ['of an override', {}, { ...rules({ defaultConfiguration: { level: 'note' } }), invocations: [{ executionSuccessful: true, ruleConfigurationOverrides: [{ descriptor: { index: 0 }, configuration: { level: 'error' } }] }] }, 'high'],
    ['of the score of the rule', { level: 'note' }, rules({ properties: { 'security-severity': '9.8' } }), 'critical'],
    ['of the score of the result', {}, rules({ properties: { 'security-severity': '9.8' } }), 'critical'],
    ['of a score of 0', {}, rules({ properties: { 'security-severity': '0.0' } }), 'note'],
    ['of the level when the score is no number', { level: 'error' }, rules({ properties: { 'security-severity': 'high' } }), 'high'],
  ])('is that %s', (_, given, extra, severity) => {
    expect(only(given, extra).severity).toBe(severity);
  });
});

describe('messages', () => {
  it.each([
    [{ text: 'a {0} b {1}', arguments: ['x', 'y'] }, 'a x b y'],
    [{ text: 'a {{0}} {0}', arguments: ['x'] }, 'a {0} x'],
    [{ id: 'm', arguments: ['x'] }, 'of the rule x'],
    [{ id: 'g' }, 'of the tool'],
    [{ markdown: 'only *markdown*' }, 'only *markdown*'],
    [{ text: 'see [this](1) and \\[that\\]' }, 'see this and [that]'],
    ['a bare string', 'a bare string'],
  ])('of %j', (message, text) => {
    const tool = { driver: { name: 'T', globalMessageStrings: { g: { text: 'of the tool' } }, rules: [{ id: 'R', messageStrings: { m: { text: 'of the rule {0}' } } }] } };
    expect(only({ message }, { tool }).message).toBe(text);
  });
});

describe('paths', () => {
  it.each([
    ['src/a%20b.c', 'src/a b.c'],
    ['src/a b.c', 'src/a b.c'],
    ['100%.c', '100%.c'],
    ['./a//b/../c.c', 'a/c.c'],
    ['../../x.c', 'x.c'],
    ['/w/repo/src/a.c', 'src/a.c'],
    ['/elsewhere/a.c', 'elsewhere/a.c'],
    ['file:///w/repo/src/a.c', 'src/a.c'],
    ['file://localhost/w/repo/src/a.c', 'src/a.c'],
    ['file:///usr/include/x.h', 'usr/include/x.h'],
    ['file:///C:/x/a.c', 'C:/x/a.c'],
    ['src\\win\\a.c', 'src/win/a.c'],
    ['https://h.example/p/a.c?x#y', 'h.example/p/a.c'],
    ['registry:5000/team/image', 'registry:5000/team/image'],
    ['nginx:1.27', 'nginx:1.27'],
  ])('%s is %s', (uri, path) => {
    expect(pathOf(uri, {}, { ...BEST, workspace: '/w/repo' })).toBe(path);
  });

  it('follows chains of bases, circles and bases that are not defined', () => {
    const originalUriBaseIds = { SRC: { uri: 'src/', uriBaseId: 'TOP' }, TOP: { uri: 'file:///w/repo/' }, A: { uriBaseId: 'B', uri: 'a' }, B: { uriBaseId: 'A', uri: 'b' }, EXECUTIONROOT: {} };
    const options = { ...BEST, workspace: '/w/repo' };
    expect(pathOf('x.c', { originalUriBaseIds }, options, 'SRC')).toBe('src/x.c');
    expect(pathOf('x.c', { originalUriBaseIds }, options, 'EXECUTIONROOT')).toBe('x.c');
    expect(pathOf('x.c', { originalUriBaseIds }, options, 'NONE')).toBe('x.c');
    expect(pathOf('x.c', { originalUriBaseIds }, options, 'A')).toMatch(/x\.c$/);
  });

  it('takes the working directory and the named root away', () => {
    expect(pathOf('file:///build/x/a.c', { invocations: [{ executionSuccessful: true, workingDirectory: { uri: 'file:///build/x' } }] })).toBe('a.c');
    expect(pathOf('file:///build/x/a.c', { originalUriBaseIds: { '%SRCROOT%': { uri: 'file:///build/x/' } } })).toBe('a.c');
  });

  it('uses the repository for results without a place, and says which logical one', () => {
    expect(only({ locations: null }).locations).toEqual([{ path: '.' }]);
    expect(only({ locations: [] }).locations).toEqual([{ path: '.' }]);
    expect(only({ locations: [physical('')] }).locations).toEqual([{ path: '.' }]);
    expect(only({ locations: [{ logicalLocations: [{ fullyQualifiedName: 'ns.f' }] }] }).locations).toEqual([{ path: '.', message: 'in ns.f' }]);
    expect(only({ locations: [{ logicalLocations: [{ index: 0 }] }] }, { logicalLocations: [{ name: 'f' }] }).locations).toEqual([{ path: '.', message: 'in f' }]);
  });
});

describe('regions', () => {
  const source = { ...BEST, source: () => 'one\n😀 two\nthree\n' };
  it.each([
    [{ startLine: 0 }, undefined],
    [{ startLine: -1, startColumn: -1 }, undefined],
    [{}, undefined],
    [{ startLine: 2 }, { startLine: 2, startColumn: 1, endLine: 2, endColumn: 7 }],
    [{ startLine: 2, startColumn: 0, endColumn: 0 }, { startLine: 2, startColumn: 1, endLine: 2, endColumn: 7 }],
    [{ startLine: 3, startColumn: 2, endColumn: 2 }, { startLine: 3, startColumn: 2, endLine: 3, endColumn: 2 }],
    [{ startLine: 3, startColumn: 4, endColumn: 1 }, { startLine: 3, startColumn: 4, endLine: 3, endColumn: 4 }],
    [{ startLine: 3, endLine: 1 }, { startLine: 3, startColumn: 1, endLine: 3, endColumn: 6 }],
    [{ charOffset: 4, charLength: 2 }, { startLine: 2, startColumn: 1, endLine: 2, endColumn: 3 }],
    [{ byteOffset: 9, byteLength: 3 }, { startLine: 2, startColumn: 4, endLine: 2, endColumn: 7 }],
    [{ startLine: 99, startColumn: 5 }, { startLine: 99, startColumn: 5, endLine: 99, endColumn: 5 }],
  ])('%j', (region, expected) => {
    expect(regionOf(region, source)).toEqual(expected);
  });

  it('makes columns in code points UTF-16 code units', () => {
    expect(regionOf({ startLine: 2, startColumn: 3, endColumn: 6 }, source, { columnKind: 'unicodeCodePoints' })).toEqual({ startLine: 2, startColumn: 4, endLine: 2, endColumn: 7 });
  });
});

describe('results', () => {
  it('leaves out and counts what is no finding', () => {
    const results = [result({ kind: 'pass' }), result({ suppressions: [{ kind: 'inSource' }] }), result({ suppressions: [{ kind: 'external', status: 'underReview' }] }), result({ suppressions: [] }), result({ baselineState: 'absent' }), result({ baselineState: 'unchanged' })];
    const { results: [only], diagnostics } = read(log(run({ results })), { mode: 'strict' });
    expect(findingsOf(only as NonNullable<typeof only>)).toHaveLength(3);
    expect(diagnostics.map(({ code, level }) => [code, level])).toEqual([['sarif-suppressed', 'note'], ['sarif-absent', 'note'], ['sarif-passed', 'note']]);
  });

  it('reads flows, related locations and fixes', () => {
    const step = (uri: string) => ({ location: { ...physical(uri, { startLine: 1 }), message: { text: uri } } });
    const found = only(
      {
        codeFlows: [{ threadFlows: [{ locations: [step('a.c'), { index: 0 }] }] }],
        relatedLocations: [{ id: 1, ...physical('r.c', { startLine: 2 }), message: { text: 'related' } }],
        fixes: [{ description: { text: 'fix' }, artifactChanges: [{ artifactLocation: { uri: 'a.c' }, replacements: [{ deletedRegion: { startLine: 1, startColumn: 1, endColumn: 4 }, insertedContent: { text: 'new' } }] }] }],
      },
      { threadFlowLocations: [step('shared.c')] },
      { mode: 'strict' },
    );
    expect(found.flow.map(({ message, location }) => [message, location.path])).toEqual([['a.c', 'a.c'], ['shared.c', 'shared.c']]);
    expect(found.related).toMatchObject([{ path: 'r.c', message: 'related' }]);
    expect(found.fixes).toEqual([{ description: 'fix', replacements: [{ path: 'a.c', region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 4 }, text: 'new' }] }]);
  });

  it('takes over no fingerprint of another tool', () => {
    expect(only({ partialFingerprints: { primaryLocationLineHash: 'x', email: 'someone' } }).fingerprints).toEqual({});
  });

  it('tells a failed tool, a run without results and an empty one apart', () => {
    const notifications = [{ level: 'error', message: { text: 'out of memory' } }];
    const runs = [run({ invocations: [{ executionSuccessful: false, exitCode: 3, toolExecutionNotifications: notifications }] }), run({ results: null }), run()];
    expect(read(log(...runs), { mode: 'strict' }).results.map(({ outcome }) => outcome)).toEqual([
      { status: 'failed', error: 'out of memory', partial: [] },
      { status: 'skipped', reason: 'the log has no results of it, not even an empty list' },
      { status: 'completed', findings: [] },
    ]);
  });

  it('reads inline external properties and those in files beside the log', () => {
    const inline = { ...log(run({ results: undefined, automationDetails: { guid: 'g' } })), inlineExternalProperties: [{ runGuid: 'g', results: [result()] }] };
    expect(findings(inline, { mode: 'strict' })).toHaveLength(1);
    const outside = log(run({ results: undefined, externalPropertyFileReferences: { results: [{ location: { uri: 'r.json' } }] } }));
    const bytes = Buffer.from(JSON.stringify({ results: [result(), result()] }));
    const external = (uri: string) => (uri === 'r.json' ? { name: uri, size: bytes.length, chunks: () => [bytes] } : undefined);
    expect(findings(outside, { mode: 'strict', external })).toHaveLength(2);
    expect(read(outside).diagnostics.map(({ code }) => code)).toEqual(['sarif-external']);
  });
});

describe('modes', () => {
  const broken = log(run({ results: [result({ message: { text: 7 } }), 'x', result()] }));
  it('refuses in strict mode, with the pointer', () => {
    expect(() => read(broken, { mode: 'strict' })).toThrow('/runs/0/results/0/message/text is not as SARIF 2.1.0 has it: expected a string.');
  });

  it('reads the rest in best effort and says what is wrong', () => {
    expect(findings(broken)).toHaveLength(2);
    expect(read(broken).diagnostics.map(({ message }) => message)).toEqual([
      '/runs/0/results/0/message/text is not as SARIF 2.1.0 has it: expected a string.',
      '/runs/0/results/0/message is not as SARIF 2.1.0 has it: expected a message with `text` or `id`.',
      '/runs/0/results/1 is not as SARIF 2.1.0 has it: expected an object.',
    ]);
  });
});

const VALID = log(
  run({
    tool: { driver: { name: 'T', version: '1', rules: [{ id: 'R', properties: { 'security-severity': '7.5', tags: ['CWE-1'] } }] }, extensions: [{ name: 'E', rules: [{ id: 'X' }] }] },
    artifacts: [{ location: { uri: 'a.c', uriBaseId: 'B' } }],
    originalUriBaseIds: { B: { uri: 'file:///w/' } },
    invocations: [{ executionSuccessful: true, ruleConfigurationOverrides: [{ descriptor: { id: 'R' }, configuration: { level: 'note' } }] }],
    results: [
      result({ relatedLocations: [physical('b.c', { startLine: 1 })], codeFlows: [{ threadFlows: [{ locations: [{ location: physical('a.c', { startLine: 2 }) }] }] }] }),
      result({ rule: { index: 0, toolComponent: { index: 0 } }, ruleId: undefined, fixes: [{ artifactChanges: [{ artifactLocation: { index: 0 }, replacements: [{ deletedRegion: { startLine: 1 } }] }] }], suppressions: [] }),
    ],
  }),
);

/** Every place of a JSON value as a list of keys. */
function places(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  return typeof value !== 'object' || value === null ? [at] : [at, ...Object.entries(value).flatMap(([key, entry]) => places(entry, [...at, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((entry: unknown, index) => (String(index) === key ? replaced(entry, rest, by) : entry));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, by) };
}

const anything = fc.oneof(fc.constantFrom<unknown>(null, 0, -1, 1e300, '', 'x', '2.1.0', [], {}, [null], [[]], [7], true, { text: 7 }, { uri: 'file:///%zz' }), fc.jsonValue({ maxDepth: 2 }));

describe('hostile logs', () => {
  const attempt = (text: string, options: ReadOptions): ReadSarif | ConfigurationError => {
    try {
      return read(text, options);
    } catch (error) {
      if (error instanceof ConfigurationError) return error;
      throw error;
    }
  };

  it('never breaks on changed values, gives the same as a stream, and says where in strict mode', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...places(VALID)), anything), { minLength: 1, maxLength: 3 }), (changes) => {
        const text = JSON.stringify(changes.reduce<unknown>((value, [place, by]) => (exists(value, place) ? replaced(value, place, by) : value), VALID));
        const whole = attempt(text, BEST);
        const streamed = attempt(text, { ...BEST, wholeBytes: -1 });
        if (whole instanceof Error) expect(streamed).toBeInstanceOf(ConfigurationError);
        else expect((streamed as ReadSarif).results).toEqual(whole.results);
        const strict = attempt(text, { mode: 'strict' });
        if (strict instanceof Error) expect(strict.message).toMatch(/^x\.sarif: .*(?:expected|Expected)/s);
        else expect(strict.diagnostics.every(({ level }) => level === 'note')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('never breaks on cut and changed bytes, and says the place of a mistake', () => {
    const bytes = Buffer.from(JSON.stringify(VALID));
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.string({ unit: 'binary', maxLength: 3 }), fc.nat(20), fc.boolean(), (at, insert, removed, stream) => {
        const changed = Buffer.concat([bytes.subarray(0, at), Buffer.from(insert), bytes.subarray(at + removed)]);
        try {
          readSarif({ name: 'x', size: changed.length, chunks: () => [changed.subarray(0, at), changed.subarray(at)] }, { ...BEST, ...(stream && { wholeBytes: -1 }) });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
          expect((error as Error).message).toMatch(/xpected/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('reads back what we write', () => {
    const injection = rule({ id: 'a/b', tags: ['CWE-94'], severity: 'high' });
    const given = finding({ severity: 'critical', ruleId: 'a/b', path: 'd/a b.c', line: 2, alsoReportedBy: [{ tool: 'zizmor', ruleId: 'x/y' }] });
    const all = fingerprintResults([completed('policies', [given, { ...given, severity: 'high' }], [injection])], () => undefined);
    const back = read(toSarif(report(all), { variant: 'full' }), { mode: 'strict' });
    expect(back.results[0]?.tool.name).toBe('policies');
    expect(back.results[0]?.rules.map(({ id }) => id)).toEqual(['a/b']);
    expect(findings(toSarif(report(all), { variant: 'full' })).toSorted((a, b) => (a.severity < b.severity ? -1 : 1))).toEqual(all.flatMap(findingsOf));
  });

  it('reads in strict mode whatever we write', () => {
    fc.assert(
      fc.property(hostileReport, (given) => {
        const text = JSON.stringify(toSarif({ ...given, results: fingerprintResults(given.results, given.source) }, { variant: 'full' }));
        const whole = read(text, { mode: 'strict' });
        expect(read(text, { mode: 'strict', wholeBytes: -1 })).toEqual(whole);
        expect(whole.results.flatMap(findingsOf)).toHaveLength(given.results.flatMap(findingsOf).length);
      }),
    );
  });
});

function exists(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) && exists((value as Record<string, unknown>)[key], rest);
}
