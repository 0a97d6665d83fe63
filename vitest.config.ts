import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['test/support/postgres.ts'],
    pool: 'forks',
    // Files wait as much as they work: with two cores one at a time would leave half of the machine unused.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // The machine may be busy: what comes is waited for.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
