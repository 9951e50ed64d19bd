import type { Canary } from '../../core/index.js';

/** A package with weaknesses that every database knows, asked for by a project of ours. No version of it will be repaired any more. */
const NAME = 'lodash';
const VERSION = '4.17.4';
const PACKAGE = `{ "name": "canary", "version": "1.0.0", "private": true, "dependencies": { "${NAME}": "${VERSION}" } }\n`;
const INTEGRITY = 'sha1-eCA6TRwyiuHYbcpkYONptX9AVa4=';

/** As a lock file of npm, for scanners of dependencies: which of the weaknesses they name is up to their databases. */
export const NPM_CANARY: Canary = {
  files: {
    'package-lock.json': {
      format: 'npm-lock',
      text: `${JSON.stringify({
        name: 'canary',
        version: '1.0.0',
        lockfileVersion: 3,
        requires: true,
        packages: {
          '': { name: 'canary', version: '1.0.0', dependencies: { [NAME]: VERSION } },
          [`node_modules/${NAME}`]: { version: VERSION, resolved: `https://registry.npmjs.org/${NAME}/-/${NAME}-${VERSION}.tgz`, integrity: INTEGRITY },
        },
      })}\n`,
    },
  },
  around: { 'package.json': PACKAGE },
};

/** As a lock file of yarn 1. */
export const YARN_CANARY: Canary = {
  files: {
    'yarn.lock': {
      format: 'yarn-lock',
      text: `# yarn lockfile v1\n\n\n${NAME}@${VERSION}:\n  version "${VERSION}"\n  resolved "https://registry.yarnpkg.com/${NAME}/-/${NAME}-${VERSION}.tgz"\n  integrity ${INTEGRITY}\n`,
    },
  },
  around: { 'package.json': PACKAGE },
};

/** As a lock file of pnpm, version 9. */
export const PNPM_CANARY: Canary = {
  files: {
    'pnpm-lock.yaml': {
      format: 'pnpm-lock',
      text: `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ${NAME}:\n        specifier: ${VERSION}\n        version: ${VERSION}\npackages:\n  ${NAME}@${VERSION}:\n    resolution: {integrity: ${INTEGRITY}}\nsnapshots:\n  ${NAME}@${VERSION}: {}\n`,
    },
  },
  around: { 'package.json': PACKAGE },
};
