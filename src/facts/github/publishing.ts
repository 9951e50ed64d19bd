import type { ShellCommand } from '../../syntax/shell/index.js';

/** What subcommands of a tool publish, by the first operands. */
const PUBLISHERS: Readonly<Record<string, readonly (readonly [operands: string, what: string])[]>> = {
  npm: [['publish', 'npm']],
  pnpm: [['publish', 'npm']],
  yarn: [['publish', 'npm'], ['npm publish', 'npm']],
  bun: [['publish', 'npm']],
  twine: [['upload', 'pypi']],
  poetry: [['publish', 'pypi']],
  uv: [['publish', 'pypi']],
  flit: [['publish', 'pypi']],
  hatch: [['publish', 'pypi']],
  cargo: [['publish', 'crates']],
  gem: [['push', 'rubygems']],
  docker: [['push', 'container'], ['image push', 'container'], ['compose push', 'container']],
  podman: [['push', 'container']],
  crane: [['push', 'container'], ['copy', 'container']],
  skopeo: [['copy', 'container']],
  helm: [['push', 'chart']],
  gh: [['release create', 'release'], ['release upload', 'release']],
  goreleaser: [['release', 'release']],
  dotnet: [['nuget push', 'nuget']],
  nuget: [['push', 'nuget']],
  mvn: [['deploy', 'maven']],
  'semantic-release': [['', 'release']],
};

/** What a command publishes, `''` when nothing; a dry run publishes nothing. */
export function publishedBy(command: ShellCommand): string {
  const known = Object.hasOwn(PUBLISHERS, command.name) ? PUBLISHERS[command.name] : undefined;
  if (known === undefined || command.flags.includes('--dry-run')) {
    return command.name === 'docker' && command.flags.includes('--push') ? 'container' : '';
  }
  const line = command.operands.join(' ');
  for (const [operands, what] of known) {
    if (operands === '' || line === operands || line.startsWith(`${operands} `) || (command.name === 'mvn' && command.operands.includes(operands))) return what;
  }
  return command.name === 'docker' && command.flags.includes('--push') ? 'container' : '';
}
