import { defineConfig } from 'vitest/config';

/** `npm run test:scanners`: the adapters with every real tool of the lock, installed by the product itself, those that take long too. */
export default defineConfig({
  test: {
    include: ['test/scanners/**/*.test.ts'],
    globalSetup: ['test/scanners/global-setup.ts'],
    env: { SCANNER_TESTS: 'all' },
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ['default'],
  },
});
