import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from './owned-process.ts';
import { type ServiceProcess, startService } from './service-process.ts';

export interface NodeOptions {
  /** For messages, such as `console of Company A`. */
  name: string;
  port: number;
  /** Database, keys and, as `node.log`, the log. */
  dataDir: string;
  /** Further settings; nothing of our own environment is handed on but what a program needs to run. */
  settings: Environment;
  /** Until `/api/health` answers 200; 120 s unless given. The production build must be there, or takes its time too. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** Starts one node as `npm start` does; used by the demo, the browser tests and the benchmarks. */
export async function startNodeProcess(options: NodeOptions): Promise<ServiceProcess> {
  const { name, port, dataDir, settings, timeoutMs = 120_000, signal } = options;
  await mkdir(dataDir, { recursive: true });
  return startService({
    name,
    script: 'scripts/start.ts',
    env: { ...inheritedEnvironment(), ...settings, PORT: String(port), DATA_DIR: dataDir },
    logFile: join(dataDir, 'node.log'),
    readyUrl: `http://127.0.0.1:${port}/api/health`,
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** What programs need to run, so that settings of the shell do not reach a node that has its own. */
export function inheritedEnvironment(): Environment {
  const names = [
    'PATH',
    'HOME',
    'TMPDIR',
    'TZ',
    'LANG',
    'LC_ALL',
    'SystemRoot',
    'NODE_EXTRA_CA_CERTS',
    'NODE_OPTIONS',
    'CI',
  ];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
