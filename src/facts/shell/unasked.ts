import type { AnyFact, FactOf, FactValue } from '../schema.js';

type CommandValue = Pick<FactValue<'command'>, 'name' | 'operands' | 'flags' | 'args' | 'text'>;

const CLOUD_OBJECT = /^(?:terminate-instances|delete-(?:volume|vpc|table|stack|bucket|cluster|file-system|domain|db-instance|db-cluster|hosted-zone|nodegroup|repository|snapshot|db-snapshot|image)|schedule-key-deletion|deregister-image)$/;
const SQL = /\b(?:DROP\s+(?:DATABASE|SCHEMA|TABLE)|TRUNCATE\s+(?:TABLE\s+)?\w|FLUSHALL|FLUSHDB|dropDatabase)\b/i;
const POWERSHELL = /^Remove-Az\w*(?:ResourceGroup|VM|Sql\w*|Storage\w*|KeyVault\w*|Disk|VirtualNetwork|Aks\w*|WebApp|DnsZone|Snapshot)$/i;

/** Deletes or overwrites what can't be made again by a run of the same script, without a question of its own. */
export function isDestructive({ name, operands, flags, args, text }: CommandValue): boolean {
  if (/--dry-?run\b|-WhatIf\b|--noop\b|--simulate\b/.test(text)) return false;
  const has = (...words: string[]): boolean => operands.some((operand) => words.includes(operand));
  switch (name) {
    case 'terraform':
    case 'tofu':
    case 'terragrunt':
      return (has('destroy') || (has('apply') && flags.some((flag) => /^-?-destroy$/.test(flag)))) && flags.some((flag) => /^--?(?:auto-approve|force|terragrunt-non-interactive)$/.test(flag));
    case 'pulumi':
      return has('destroy') && flags.some((flag) => flag === '-y' || flag === '--yes');
    case 'cdk':
      return has('destroy') && flags.some((flag) => flag === '-f' || flag === '--force');
    case 'kubectl':
    case 'oc':
      return has('delete') && (has('ns', 'namespace', 'namespaces', 'pv', 'pvc', 'persistentvolumeclaim', 'crd', 'project') || flags.includes('--all') || flags.includes('--all-namespaces'));
    case 'helm':
      return has('uninstall', 'delete');
    case 'aws':
      return operands.some((operand) => CLOUD_OBJECT.test(operand)) || (has('s3') && ((has('rb') && flags.includes('--force')) || (has('rm') && flags.includes('--recursive'))));
    case 'gcloud':
      return has('delete') && flags.some((flag) => flag === '-q' || flag === '--quiet');
    case 'az':
      return has('delete') && flags.some((flag) => flag === '-y' || flag === '--yes');
    case 'dropdb':
      return !flags.includes('-i') && !flags.includes('--interactive');
    case 'psql':
    case 'mysql':
    case 'mariadb':
    case 'redis-cli':
    case 'mongo':
    case 'mongosh':
    case 'sqlcmd':
    case 'clickhouse-client':
      return SQL.test(text);
    case 'zfs':
    case 'zpool':
      return operands[0] === 'destroy';
    case 'lvremove':
    case 'vgremove':
    case 'wipefs':
      return flags.some((flag) => /^(?:-f|--force|-a|--all|-y|--yes)$/.test(flag));
    case 'dd':
      return args.some((argument) => /^of=\/dev\/(?!null|stdout|stderr|shm)/.test(argument));
    case 'docker':
    case 'podman':
      return (operands[0] === 'volume' && has('prune')) || (operands[0] === 'system' && has('prune') && flags.includes('--volumes'));
    case 'velero':
      return has('delete') && flags.includes('--confirm');
    default:
      return name.startsWith('mkfs') || (POWERSHELL.test(name) && /\s-(?:Force|Confirm:\$false)\b/i.test(text));
  }
}

const QUESTION = /^(?:whiptail|dialog|zenity|kdialog|confirm|ask|prompt|Read-Host)$/i;

/** Asks a person, or shows what would happen. */
function asks({ name, flags, operands, text }: CommandValue): boolean {
  if (name === 'read') return flags.includes('-p') || flags.includes('-n') || /\s-\w*p\w*\s/.test(`${text} `) || /(?:confirm|answer|reply|sure|yn|choice)/i.test(text);
  if (QUESTION.test(name) || (name === 'gum' && operands[0] === 'confirm') || name === 'select') return true;
  if (/(?:^|_|-)(?:confirm|are_?you_?sure|ask|prompt)(?:_|-|$)/i.test(name)) return true;
  return /\bdry[-_]?run\b|-WhatIf\b|ShouldProcess/i.test(text);
}

/** Marks the first command of a file that deletes for good when nothing in the file asks, shows or takes it back. */
export function markUnasked(facts: readonly AnyFact[]): void {
  let first: FactOf<'command'> | undefined;
  for (const fact of facts) {
    if (fact.kind !== 'command') continue;
    if (asks(fact.value)) return;
    if (first === undefined && isDestructive(fact.value)) first = fact as unknown as FactOf<'command'>;
  }
  if (first === undefined) return;
  for (const fact of facts) {
    if (fact.kind === 'runbook' && (fact.value.approvals.length > 0 || fact.value.dryRun || fact.value.rollback)) return;
    if (fact.kind === 'runbook-step' && (fact.value.approval || /roll[-_ ]?back|revert|restore/i.test(`${fact.value.id} ${fact.value.name}`))) return;
    if (fact.kind === 'parameter' && /^(?:dry[-_]?run|confirm\w*|what_?if)$/i.test(fact.value.name)) return;
  }
  if (first.document !== undefined && /\bDRY[-_]?RUN\b|ShouldProcess|\brollback\b/i.test(first.document.text)) return;
  first.value.unasked = true;
}
