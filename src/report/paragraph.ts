import { phrase, placeOf, redactCredentials, type Report } from '../core/index.js';
import { logLine, oneLine } from './escape.js';
import { VERB, headline, rulesOf } from './headline.js';

/** Longest paragraph in UTF-16 code units. */
const MAX = 1500;

/** The failed step in one plain paragraph: what decided it, where to begin, how to see it again locally. */
export function paragraph(report: Report): string {
  const { verdict } = report;
  const sentences = [`Bartizan ${VERB[verdict.result]}: ${headline(report)}.`];
  const worst = verdict.blocking[0];
  if (worst !== undefined) {
    const rule = rulesOf(report)(worst);
    const repair = rule?.repair === undefined ? '' : ` Repair: ${phrase(rule.repair)}.`;
    sentences.push(`First: ${phrase(rule?.title ?? worst.message, 160)}, ${placeOf(worst.locations[0])} (${worst.ruleId}).${repair}`);
  }
  sentences.push(...verdict.reasons.filter(({ kind }) => kind === 'scanner-failed' || kind === 'unreadable').slice(0, 3).map(({ message }) => message));
  if (verdict.result !== 'pass') sentences.push(`Reproduce: ${report.reproduce}`);
  return logLine(oneLine(redactCredentials(sentences.join(' ')), MAX));
}
