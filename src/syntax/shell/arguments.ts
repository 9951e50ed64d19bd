/**
 * Short options that take a value, by tool, from the tools' manuals. They tell `-ofile` from a cluster,
 * and an operand from the value of an option. Tools that are not listed have every short option split.
 */
const SHORT_VALUES: ReadonlyMap<string, string> = new Map([
  ['curl', 'AbCcDdEeFHhKmoPQrTtUuwXxYyz'],
  ['wget', 'aBDeiIloOPQRtTUwX'],
  ['ssh', 'BbcDEeFIiJLlmOopQRSWw'],
  ['scp', 'cDFiJloPSX'],
  ['sftp', 'BbcDFiJloPRSsX'],
  ['rsync', 'eBTMf'],
  ['docker', 'cefHhlmptuvw'],
  ['podman', 'cefhlmptuvw'],
  ['git', 'cCmbB'],
  ['tar', 'CfTXIbLHVKgN'],
  ['unzip', 'dxP'],
  ['make', 'CfIjloW'],
  ['pip', 'cefirt'],
  ['pip3', 'cefirt'],
  ['npm', 'wC'],
  ['mysql', 'uphPDeS'],
  ['mysqldump', 'uphPS'],
  ['psql', 'cdfhopUvLPRTF'],
  ['gpg', 'ruoN'],
  ['kubectl', 'ncflos'],
  ['helm', 'nfo'],
  ['install', 'gmotS'],
  ['mktemp', 'p'],
  ['python', 'cmWX'],
  ['python3', 'cmWX'],
  ['node', 'erCp'],
  ['bash', 'oOc'],
  ['sh', 'oc'],
  ['zsh', 'oc'],
  ['dash', 'oc'],
  ['ksh', 'oc'],
  ['grep', 'ABCDdefm'],
  ['sed', 'efl'],
  ['head', 'nc'],
  ['tail', 'ncs'],
  ['base64', 'w'],
  ['openssl', ''],
  ['twine', 'urpic'],
]);

/** Long options that take the next word as value, where a policy depends on the operands. */
const LONG_VALUES: ReadonlySet<string> = new Set([
  'curl --output', 'curl --header', 'curl --data', 'curl --data-raw', 'curl --data-binary', 'curl --data-urlencode', 'curl --request', 'curl --user',
  'curl --user-agent', 'curl --retry', 'curl --retry-delay', 'curl --retry-max-time', 'curl --max-time', 'curl --connect-timeout', 'curl --proto',
  'curl --cacert', 'curl --cert', 'curl --key', 'curl --config', 'curl --cookie', 'curl --form', 'curl --proxy', 'curl --write-out', 'curl --upload-file',
  'curl --oauth2-bearer', 'curl --resolve', 'curl --referer', 'curl --output-dir', 'curl --json', 'curl --ciphers', 'curl --tls-max',
  'wget --output-document', 'wget --directory-prefix', 'wget --header', 'wget --tries', 'wget --timeout', 'wget --user', 'wget --password', 'wget --post-data',
  'pip --requirement', 'pip --index-url', 'pip --extra-index-url', 'pip --constraint', 'pip --target', 'pip --find-links', 'pip --editable',
  'pip3 --requirement', 'pip3 --index-url', 'pip3 --extra-index-url', 'pip3 --constraint', 'pip3 --target', 'pip3 --find-links', 'pip3 --editable',
  'npm --prefix', 'npm --registry', 'npm --workspace', 'docker --file', 'docker --tag', 'docker --build-arg', 'docker --username', 'docker --password',
  'git --branch', 'git --depth', 'git --git-dir', 'git --work-tree', 'kubectl --namespace', 'helm --namespace', 'helm --version', 'helm --set', 'helm --values',
]);

/** Tools that write long options with one dash: these are never clusters. */
const SINGLE_DASH = new Set([
  'find', 'terraform', 'tofu', 'terragrunt', 'go', 'java', 'javac', 'openssl', 'mvn', 'mvnw', 'ant', 'gradle', 'gradlew', 'msbuild', 'packer', 'vault', 'consul', 'nomad', 'keytool',
  'gcc', 'g++', 'clang', 'clang++', 'cc', 'xcodebuild', 'security', 'ffmpeg', 'pwsh', 'powershell', 'qemu-img', 'jarsigner', 'gofmt', 'golangci-lint',
]);

export interface Arguments {
  readonly flags: readonly string[];
  readonly operands: readonly string[];
}

const CLUSTER = /^-[A-Za-z0-9]/;

/** Splits the values of a command's arguments into options and operands, by the utility syntax of POSIX and GNU long options. */
export function splitArguments(name: string, values: readonly string[]): Arguments {
  const flags: string[] = [];
  const operands: string[] = [];
  const short = SHORT_VALUES.get(name) ?? '';
  const whole = SINGLE_DASH.has(name);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as string;
    if (value === '--') {
      operands.push(...values.slice(i + 1));
      break;
    }
    if (value.length < 2 || !value.startsWith('-')) {
      operands.push(value);
      continue;
    }
    if (whole || value.startsWith('--') || !CLUSTER.test(value)) {
      const equals = value.indexOf('=');
      const flag = equals === -1 ? value : value.slice(0, equals);
      flags.push(flag);
      if (equals === -1 && LONG_VALUES.has(`${name} ${flag}`)) i++;
      continue;
    }
    for (let j = 1; j < value.length; j++) {
      const letter = value.charAt(j);
      if (!/[A-Za-z]/.test(letter)) {
        // `-9` is an option of its own, `-n5` carries a number, `-x=y` a value.
        if (j === 1) flags.push(value);
        break;
      }
      flags.push(`-${letter}`);
      if (!short.includes(letter)) continue;
      if (j === value.length - 1) i++;
      break;
    }
  }
  return { flags, operands };
}
