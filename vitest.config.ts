import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests that work within their own process: files follow one another in it, and what they import is read once. */
const WITHIN = [
  'config',
  'contract',
  'control',
  'core',
  'dialects',
  'exchange',
  'gateway',
  'identity',
  'ledger',
  'limits',
  'providers',
  'router',
  'security',
  'store',
  'web',
].map((folder) => `test/${folder}/**/*.test.ts`);

const shared = {
  environment: 'node',
  pool: 'forks',
  // The machine may be busy: what comes is waited for.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 10_000 } },
} as const;

export default defineConfig({
  test: {
    globalSetup: ['test/support/postgres.ts'],
    // Files wait as much as they work: one more than there are cores leaves no core without work.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // Programs, browsers, other servers: a process for each file.
      { test: { ...shared, name: 'apart', include: ['test/**/*.test.ts'], exclude: [...WITHIN, '**/node_modules/**'] } },
      { test: { ...shared, name: 'within', include: WITHIN, isolate: false } },
    ],
  },
});
