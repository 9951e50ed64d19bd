import { expect, test } from 'vitest';
import { executesWorkspace } from '../../../src/facts/shell/index.js';
import { shellParser } from '../../syntax/shell/parser.js';

const parser = await shellParser();

function executes(text: string): string | undefined {
  const [command] = parser.parse(text).commands;
  return command === undefined ? undefined : executesWorkspace({ name: command.name, path: command.path, args: command.words.map(({ value }) => value) });
}

test.each([
  'npm ci', 'npm install', 'npm --prefix app run build', 'npm test', 'yarn', 'yarn --cwd x install', 'pnpm -C x install', 'bun run x', 'npx eslint .', 'npm --ignore-scripts run x',
  'pip install .', 'pip install -e .', 'pip3 install -r requirements.txt', 'python -m pip install ./lib', 'python setup.py install', 'python3 -m pytest', 'poetry install', 'tox',
  'make', 'make -j4 all', 'cmake .', './gradlew build', 'mvn -B verify', 'cargo build --release', 'cargo +nightly test', 'go generate ./...', 'go test ./...', 'docker build .', 'docker buildx build -t x .', 'docker compose up',
  'terraform init', 'terraform -chdir=x plan', 'pre-commit run -a', 'eslint src', './x.sh', 'scripts/build', 'bash x.sh', 'bash -euo pipefail ./x.sh', 'sh -x x.sh', 'source ./env.sh', '. env.sh', 'node index.js',
  '"$GITHUB_WORKSPACE/x.sh"', 'sudo ./x.sh', 'golangci-lint run', 'bundle exec rake',
])('%s runs content of the workspace', (text) => {
  expect(executes(text)).toBeTypeOf('string');
});

test.each([
  'npm --version', 'npm ci --ignore-scripts', 'npm view x', 'npm config set x y', 'npm whoami', 'yarn --version', 'yarn config get x', 'pip install requests', 'pip --version', 'pip list', 'python --version', 'python -c "print(1)"', 'python -m venv x',
  'make --version', 'make -n', 'cargo --version', 'cargo fmt', 'go version', 'go env', 'go mod download', 'docker login', 'docker ps', 'docker pull x', 'terraform fmt', 'terraform version', 'golangci-lint version',
  '/usr/bin/env', '/opt/tool/run.sh', 'bash -c "echo"', 'bash', 'curl x', 'echo ./x.sh', 'source /etc/profile', 'eslint --version', 'git status', '~/bin/x',
])('%s does not', (text) => {
  expect(executes(text)).toBeUndefined();
});
