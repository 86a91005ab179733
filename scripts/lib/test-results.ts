import { readFile } from 'node:fs/promises';
import { z } from 'zod';

export interface TestCounts {
  passed: number;
  failed: number;
}

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.unknown()),
});

/** Counts of a run by its JSON report; a run that left no report counts as one failure. */
export async function readCounts(tool: 'vitest' | 'playwright', path: string): Promise<TestCounts> {
  try {
    const report: unknown = JSON.parse(await readFile(path, 'utf8'));
    return tool === 'vitest' ? vitestCounts(report) : playwrightCounts(report);
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function vitestCounts(report: unknown): TestCounts {
  const { numPassedTests, numFailedTests, testResults } = vitestSchema.parse(report);
  // A file that could not be loaded has no tests in it to fail.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}

function playwrightCounts(report: unknown): TestCounts {
  const { stats, errors } = playwrightSchema.parse(report);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}
