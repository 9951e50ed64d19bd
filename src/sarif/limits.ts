/**
 * Limits of GitHub code scanning for one SARIF file. Above the hard ones the whole file is rejected.
 * Source: "SARIF support for code scanning", section on file limits, in GitHub's documentation.
 */
export const LIMITS = {
  runs: 20,
  results: 25_000,
  rules: 25_000,
  locations: 1000,
  related: 1000,
  /** The soft limit: GitHub shows no more. */
  flowSteps: 1000,
  tags: 20,
  ruleId: 255,
  description: 1024,
  help: 20_000,
  message: 4000,
  snippet: 2000,
  notifications: 1000,
  fixes: 10,
  /** Of the whole file when it is compressed with gzip, in bytes. */
  compressed: 10_000_000,
} as const;
