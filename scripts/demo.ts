/** `npm run demo`: two simulated Jira Servers and two nodes on this machine. `-- --reset` starts afresh. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuild } from './lib/build.ts';
import { endOnFailure, textOf } from './lib/end-on-failure.ts';
import { isPortFree } from './lib/free-port.ts';
import { inheritedEnvironment, startNodeProcess } from './lib/node-process.ts';
import { projectRoot } from './lib/owned-process.ts';
import { type ServiceProcess, startService } from './lib/service-process.ts';
import { createShutdown, type Shutdown } from './lib/shutdown.ts';

const folder = join(projectRoot, 'demo-data');
const companies = [
  { name: 'Company A', slug: 'company-a', jiraPort: 8081, consolePort: 3001 },
  { name: 'Company B', slug: 'company-b', jiraPort: 8082, consolePort: 3002 },
] as const;
type Company = (typeof companies)[number];

await endOnFailure(async () => {
  refuseUnknownArguments();
  await refuseUsedPorts();
  if (process.argv.includes('--reset')) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });

  const shutdown = createShutdown((text) => console.log(`\n${text}`));
  try {
    await run(shutdown);
  } catch (error) {
    if (!shutdown.signal.aborted) console.error(textOf(error));
    await shutdown.exit(1);
  }
});

async function run(shutdown: Shutdown): Promise<void> {
  const { signal } = shutdown;
  await ensureBuild({
    signal,
    onBuild: () => console.log('Building the console; this takes a minute the first time ...'),
  });
  console.log('Starting two Jira Servers and two nodes ...');

  const services: ServiceProcess[] = [];
  shutdown.defer(
    async () => void (await Promise.all(services.map((service) => service.stop()))),
    () => services.forEach((service) => service.kill()),
  );
  for (const company of companies) services.push(await startJira(company, signal), await startNode(company, signal));
  await Promise.all(services.map((service) => service.ready()));
  console.log(announcement());

  const dead = await Promise.race(services.map(async (service) => `${service.name} ${await service.ended}`));
  if (!signal.aborted) throw new Error(`${dead}. Its log is in ${folder}.`);
}

async function startJira({ name, slug, jiraPort }: Company, signal: AbortSignal): Promise<ServiceProcess> {
  const dataDir = join(folder, slug);
  await mkdir(dataDir, { recursive: true });
  return startService({
    name: `The Jira of ${name}`,
    script: 'simulator/main.ts',
    args: Object.entries({
      port: String(jiraPort),
      data: join(dataDir, 'jira'),
      seed: slug,
      title: `Jira of ${name}`,
      'base-url': `http://localhost:${jiraPort}`,
    }).flatMap(([option, value]) => [`--${option}`, value]),
    env: inheritedEnvironment(),
    logFile: join(dataDir, 'jira.log'),
    readyUrl: `http://127.0.0.1:${jiraPort}/status`,
    timeoutMs: 60_000,
    signal,
  });
}

async function startNode({ name, slug, jiraPort, consolePort }: Company, signal: AbortSignal): Promise<ServiceProcess> {
  return startNodeProcess({
    name: `The node of ${name}`,
    port: consolePort,
    dataDir: join(folder, slug, 'node'),
    signal,
    settings: {
      NODE_NAME: name,
      EXALATE_URL: `http://localhost:${consolePort}`,
      JIRA_URL: `http://localhost:${jiraPort}`,
      JIRA_USERNAME: 'admin',
      JIRA_PASSWORD: 'admin',
      ALLOWED_HOSTS: '127.0.0.1,localhost',
      POLL_INTERVAL_SECONDS: '5',
    },
  });
}

function announcement(): string {
  const row = (...cells: string[]): string =>
    cells
      .map((cell) => cell.padEnd(24))
      .join('')
      .trimEnd();
  return [
    '',
    'Everything is ready.',
    '',
    row('', ...companies.map(({ name }) => name)),
    row('Console', ...companies.map(({ consolePort }) => `http://localhost:${consolePort}`)),
    row('Jira', ...companies.map(({ jiraPort }) => `http://localhost:${jiraPort}`)),
    row('User / password', ...companies.map(() => 'admin / admin')),
    '',
    'The same user and password open the console and its Jira. Data and logs are in demo-data/.',
    'Ctrl-C stops all of it. The next `npm run demo` goes on from there; `npm run demo -- --reset` starts afresh.',
    '',
  ].join('\n');
}

async function refuseUsedPorts(): Promise<void> {
  const ports = companies.flatMap(({ name, jiraPort, consolePort }) => [
    { port: jiraPort, what: `the Jira of ${name}` },
    { port: consolePort, what: `the console of ${name}` },
  ]);
  const used: string[] = [];
  for (const { port, what } of ports) if (!(await isPortFree(port))) used.push(`  ${port}, for ${what}`);
  if (used.length)
    throw new Error(
      `These ports are in use on this machine:\n${used.join('\n')}\nStop what listens there (another demo, perhaps) and try again.`,
    );
}

function refuseUnknownArguments(): void {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--reset');
  if (unknown.length) throw new Error(`Unknown argument ${unknown.join(' ')}. There is one: npm run demo -- --reset`);
}
