import { expect, test } from 'vitest';
import { read } from '../runbook/read.js';

const text = "param([Parameter(Mandatory=$true)][string]$Name, [int]$Count = 3)\r\nConnect-AzAccount -Identity\r\niwr \"https://example.com/$Name\" | iex\r\nRemove-AzResourceGroup -Name $Name -Force\r\naz vm delete --name $Name --yes\r\n& $Name\r\n";

test('what locate answers, cut out, is what the facts of PowerShell state', () => {
  const found = read('runbooks/clean.ps1', text);
  for (const command of found.of('command')) {
    expect(found.at(command)).toBe(command.value.text);
    command.value.words.forEach((word, index) => expect(found.at(command, `words.${index}`)).toBe(word.text));
  }
  for (const expansion of found.of('expansion')) expect(found.at(expansion)).toBe(expansion.value.text);
});

test('commands, aliases, pipes, parameters and values that become code', () => {
  const found = read('runbooks/clean.ps1', text);
  expect(found.of('command').map(({ value }) => [value.name, value.operands, value.pipedFrom])).toEqual([
    ['connect-azaccount', [], []],
    ['invoke-webrequest', ['https://example.com/$Name'], []],
    ['invoke-expression', [], ['invoke-webrequest']],
    ['remove-azresourcegroup', [], []],
    ['az', ['vm', 'delete', '$Name'], []],
    ['', [], []],
  ]);
  expect(found.of('command').map(({ value }) => value.unasked)).toEqual([false, false, false, true, false, false]);
  expect(found.of('parameter').map(({ value }) => [value.name, value.type, value.required, value.restricted, value.default])).toEqual([['Name', 'string', true, false, ''], ['Count', 'int', false, true, '3']]);
  expect(found.of('expansion').map(({ value }) => [value.text, value.sink, value.source, value.safe])).toEqual([['$Name', 'eval', 'parameter', false]]);
});

test('broken and deeply nested text ends', () => {
  expect(read('runbooks/x.ps1', `Connect-AzAccount -Identity\n${'('.repeat(3_000)}`).of('script')).toHaveLength(1);
  expect(read('runbooks/x.ps1', 'Connect-AzAccount -Identity\nif ($x) {').of('script')[0]?.value.complete).toBe(false);
});
