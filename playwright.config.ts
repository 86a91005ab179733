import { userInfo } from 'node:os';
import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './scripts/find-chromium.ts';

// Playwright loads this file again in each of its processes; what the first has found goes on to the others.
process.env.CHROMIUM_PATH ||= await findChromium();

const resultsFile = process.env.E2E_RESULTS;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  forbidOnly: process.env.CI !== undefined,
  // On CI a failure of the machine is told from one of the product by a second try; the report lists both as flaky.
  retries: process.env.CI === undefined ? 0 : 1,
  // Each worker has two companies of its own.
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ...(resultsFile === undefined ? [] : [['json', { outputFile: resultsFile }] as const])],
  use: {
    locale: 'en-GB',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
        // Chromium's sandbox refuses to work for root.
        ...(userInfo().uid === 0 ? ['--no-sandbox'] : []),
      ],
    },
  },
  projects: [{ name: 'chromium', use: devices['Desktop Chrome'] }],
});
