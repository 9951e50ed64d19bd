import ignore from 'ignore';

/** GitHub reads no larger file. */
const MAX_LINES = 5_000;
const MAX_LENGTH = 2_000;
const MAX_WILDCARDS = 6;

/**
 * Owners of a path by a CODEOWNERS file: those of the last pattern that matches, as written (`@user`,
 * `@organisation/team`). Patterns are those of `.gitignore` without `!` and `[ ]`; a line that GitHub would not take, or one
 * too long to match in good time, is passed over. Source: GitHub's page "About code owners".
 */
export function codeOwners(text: string): (path: string) => readonly string[] {
  const entries = text.split(/\r?\n/, MAX_LINES).flatMap((line) => {
    const [pattern = '', ...owners] = line.slice(0, MAX_LENGTH).replace(/(?:^|\s)#.*$/, '').trim().split(/\s+/);
    if (pattern === '' || line.length > MAX_LENGTH || /[![\]\\]/.test(pattern) || (pattern.match(/\*+|\?/g) ?? []).length > MAX_WILDCARDS) return [];
    const rules = ignore({ ignorecase: false }).add(pattern);
    // Unlike in `.gitignore`, `docs/*` is not about what lies deeper.
    const depth = pattern.endsWith('/*') && !pattern.includes('**') ? pattern.replace(/^\//, '').split('/').length : undefined;
    const matches = (path: string): boolean => (depth === undefined || path.split('/').length === depth) && rules.ignores(path);
    return [{ matches, owners: owners.filter((owner) => owner.startsWith('@')) }];
  });
  return (path) => entries.findLast(({ matches }) => matches(path))?.owners ?? [];
}
