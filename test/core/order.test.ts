import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SEVERITIES, compareFindings, sortedFindings, type Finding } from '../../src/core/index.js';
import { finding } from '../support/report.js';

it('sorts by severity and path as comparing each two does, equal ones as they came', () => {
  const some = fc.record({ severity: fc.constantFrom(...SEVERITIES), path: fc.constantFrom('a.c', 'b/a.c', 'b', 'é'), line: fc.nat(3), ruleId: fc.constantFrom('x', 'y'), message: fc.constantFrom('m', 'n') });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 60 }), (given) => {
      const findings: readonly Finding[] = given.map((one) => finding(one));
      expect(sortedFindings(findings)).toEqual(findings.toSorted(compareFindings));
    }),
  );
});
