import { INPUTS, type Overrides } from '../config/inputs.js';

/** An argument as a shell takes it for itself. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/**
 * The command that repeats a scan of the Action on another machine, with the settings that its inputs gave. `path` and
 * `config` as the inputs have them and `base` a commit; each may be empty.
 */
export function scanCommandLine(values: Overrides['values'], { path, config, base }: { readonly path: string; readonly config: string; readonly base: string }): string {
  const args = INPUTS.flatMap(({ name, flag, type }): readonly string[] => {
    const value = values[name];
    const [long = ''] = flag.split(' ');
    if (value === undefined) return [];
    if (type !== 'switch') return [long, Array.isArray(value) ? value.join(',') : String(value)];
    // `--no-external` says what `external: off` does; the others are said by being there.
    const on = value === true || value === 'on';
    return on === long.startsWith('--no-') ? [] : [long];
  });
  return ['bartizan', 'scan', path === '' ? '.' : path, ...args, ...(config === '' ? [] : ['--config', config]), ...(base === '' ? [] : ['--base', base])].map(quoted).join(' ');
}
