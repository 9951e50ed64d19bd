import picomatch from 'picomatch';

/**
 * Makes the test of `include` and `exclude`: true for paths to look at. Globs are matched against
 * the whole path, names that begin with a dot included; a glob that names a folder means all in it.
 */
export function createSelector(include: readonly string[], exclude: readonly string[]): (path: string) => boolean {
  const included = include.length === 0 ? () => true : matcher(include);
  const excluded = exclude.length === 0 ? () => false : matcher(exclude);
  return (path) => included(path) && !excluded(path);
}

function matcher(globs: readonly string[]): (path: string) => boolean {
  const expanded = globs.flatMap((glob) => {
    const trimmed = glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
    return trimmed === '' || trimmed === '.' ? ['**'] : [trimmed, `${trimmed}/**`];
  });
  return picomatch(expanded, { dot: true });
}
