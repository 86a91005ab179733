import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Most tests wait, for leases, polls and each other's answers: one worker per core would leave the cores idle.
    maxWorkers: Math.max(3, availableParallelism()),
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { extends: true, test: { name: 'contract', include: ['tests/contract/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/support/database-setup.ts'],
          // As for the browser tests: on CI a second try, and the report shows it.
          retry: process.env.CI === undefined ? 0 : 1,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
