import { DEFAULTS } from './schema.js';

/**
 * `.bartizan.yml` as `bartizan init` writes it: every key, all but one in a comment. Lines with `#` and a space
 * are explanations; a `#` directly before a key, or before its indentation of two, comments the setting out.
 */
export function renderConfigTemplate(): string {
  return `# Settings of Bartizan. Every key is optional.
# Take the # away from a line to use it; what stands there is an example.

# What holds where nothing else is written: starter, standard or strict; docs/gate.md tells what each means.
#profile: standard

# Findings of this severity or worse fail the build: critical, high, medium, low, note; never only reports.
# Or by category, scanner and confidence, see docs/gate.md: {severity: high, category: {secrets: low}, scanner: {bandit: medium}}
fail-on: ${DEFAULTS.failOn}

# The most findings of a severity with which the build passes, below the threshold too.
#max-findings:
#  medium: 10

# Findings below this severity are not shown, unless they fail the build.
#report-from: low

# Days in which a new advisory of a dependency does not fail the build yet.
#grace-days: 7

# Findings below this confidence are not reported: high, medium, low (all).
#confidence: low

# Globs of the files to look at (default: all) and to leave out (default: none).
#include: ['.github/**', 'scripts/**']
#exclude: ['test/fixtures/**']

# Use these only, or leave these out: scanners by name (the built-in policies are \`policies\`),
# policies by id, a scanner's own rules as scanner/id; * stands for any characters.
#only: [policies, bandit]
#skip: [hadolint/DL3008]

# off starts no external scanner and uses the built-in policies alone.
#external: off

# true asks GitHub about the actions that workflows use: commits of forks, moved tags, names without an owner. Needs a token.
#online: true

# What a scanner that did not finish does: error fails the build, warn only says so.
#on-scanner-error: warn

# How external scanners are confined: auto as well as the machine allows, required fully or not at all, off.
#sandbox: required

# Where external scanners come from: auto installs the locked version of each that applies, never uses what is installed.
# offline never fetches anything; mirror is the URL under which release files are found instead of on their own host.
#tools:
#  install: auto
#  offline: true
#  mirror: https://mirror.example.org

# Policies by id, or many with *: on, off, another severity, or a mapping with the policy's options.
# \`bartizan policies\` lists them, \`bartizan explain <id>\` shows one.
#policies:
#  shell/*: low
#  pipeline/unpinned-reference:
#    severity: medium
#    trusted-owners: [my-organisation]

# External scanners by name: on, off, or a mapping with the rules to leave out and the scanner's options.
#scanners:
#  bandit: off
#  hadolint:
#    skip: [DL3008]

# Results of other tools, reported and judged like our own: SARIF logs (a file or glob), or the JSON of a scanner named by from.
#imports:
#  - path: reports/*.sarif
#  - path: trivy.json
#    from: trivy

# Known findings, as \`bartizan baseline\` writes them, whether only new ones fail the build, and how many known ones may be left.
#baseline: bartizan.baseline.json
#new-only: true
#max-known:
#  high: 3

# Pull requests are judged by the settings of the commit that they are to be merged into (base), not by their own (head).
# Comments in which they silence findings do not count (refuse), when an owner has approved (approved), or always (allow).
#config-source: base
#new-inline-suppressions: approved
#suppression-approvers: ['@my-organisation/security']

# Comments such as # nosec and files such as .trivyignore: what they silence is shown as suppressed (honour), or counts (report).
#foreign-suppressions: report

# OpenVEX documents about dependencies, besides those in .vex/.
#vex: [security/product.openvex.json]

# Findings that do not count: by rule, path, fingerprint or package, always with a reason. docs/suppressions.md tells more.
#suppressions:
#  - rule: pipeline/unpinned-reference
#    path: .github/workflows/nightly.yml
#    reason: reads public data only, without secrets
#    owner: platform@example.com
#    expires: 2099-12-31
`;
}

/**
 * A workflow that runs Bartizan on pull requests and on the main branch, as \`bartizan init\` writes it. The two digests are
 * placeholders, since a digest has to be chosen and checked by a person.
 */
export function renderWorkflowTemplate(): string {
  return `# Scans this repository with Bartizan on every pull request and on the main branch.
#
# Replace <owner> by the account that publishes Bartizan, and each <digest> below by the full commit digest (40 characters) of the version behind it: a tag can be
# moved to other code, a digest can not. It is shown by
#   git ls-remote https://github.com/actions/checkout 'refs/tags/v5^{}' 'refs/tags/v5'
# (where there are two, the one with ^{}). Dependabot (package-ecosystem: github-actions) keeps digest and comment up to date.
name: Bartizan

on:
  pull_request:
  push:
    branches: [main]

# Nothing is allowed unless a job asks for it.
permissions: {}

concurrency:
  group: bartizan-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  scan:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read # check the code out
      security-events: write # show findings in the Security tab; without it they are in the summary
    steps:
      - uses: actions/checkout@<digest> # v5
        with:
          persist-credentials: false # the token must not stay in .git, where scanners could read it
      - uses: <owner>/bartizan@<digest> # v1
        with:
          fail-on: ${DEFAULTS.failOn}
`;
}
