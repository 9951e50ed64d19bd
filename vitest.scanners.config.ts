import { defineConfig } from 'vitest/config';

/** `npm run test:scanners`: the adapters with every real tool that is on the PATH, those that take long too. */
export default defineConfig({
  test: {
    include: ['test/scanners/**/*.test.ts'],
    env: { SCANNER_TESTS: 'all' },
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ['default'],
  },
});
