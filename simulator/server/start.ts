import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cookie } from '../auth/sessions.ts';
import { tokenOwner } from '../auth/tokens.ts';
import type { ControlApi, ServerSettings } from '../control/api.ts';
import { Control } from '../control/control.ts';
import { controlEndpoint } from '../control/endpoint.ts';
import { Jira } from '../core/jira.ts';
import { offsetAt } from '../core/zone.ts';
import type { SimulatorOptions } from '../options.ts';
import { applySeed } from '../seed/apply.ts';
import { RequestProcessor } from './process.ts';
import { allRoutes } from './routes.ts';

export interface Simulator {
  /** Base URL including the context path, without a slash at the end. */
  url: string;
  controlUrl: string;
  port: number;
  stop(): Promise<void>;
  control: ControlApi;
}

export const CONTROL_PATH = '/__simulator';

function settingsOf(options: SimulatorOptions): ServerSettings {
  const timeZone = options.timeZone ?? 'Etc/UTC';
  offsetAt(timeZone, Date.now()); // an unknown zone fails here, not at the first request
  return {
    version: options.version ?? '9.12.0',
    serverTitle: options.serverTitle ?? 'Jira',
    timeZone,
    indexLagMs: options.indexLagMs ?? 0,
    clockOffsetMs: 0,
    captchaAfter: options.captchaAfter ?? 3,
    attachmentLimitBytes: 10 * 1024 * 1024,
    attachmentsEnabled: true,
    textLimit: 32_767,
    searchLimit: 1000,
    discardUploadsAbove: null,
    issueLinking: true,
    emailVisible: true,
  };
}

function signedInName(jira: Jira, header: string | undefined, cookies: string | undefined): string | null {
  if (header !== undefined && /^bearer /i.test(header))
    return tokenOwner(jira, header.slice(7).trim())?.name ?? 'anonymous';
  if (header !== undefined) return null;
  const session = cookie(cookies, 'JSESSIONID');
  return session === null ? 'anonymous' : (jira.store.users.get(jira.sessions.userKey(session))?.name ?? 'anonymous');
}

/** Starts a simulated Jira Server. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = options.host ?? '127.0.0.1';
  const contextPath = (options.contextPath ?? '').replace(/\/+$/, '');
  const jira = new Jira({ settings: settingsOf(options), contextPath, dataDir: options.dataDir ?? null });
  const control = new Control(jira, options.seed);
  const processor = new RequestProcessor(jira, allRoutes(), (call) =>
    signedInName(jira, call.header('authorization'), call.header('cookie')),
  );
  const endpoint = controlEndpoint(control, options.controlToken ?? null);
  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    try {
      if (req.url?.startsWith(`${CONTROL_PATH}/`) === true)
        await endpoint(req, res, req.url.slice(CONTROL_PATH.length + 1));
      else await processor.process(req, res);
    } catch (error) {
      console.error('simulator:', error);
      res.destroy();
    }
  };
  const server = createServer({ keepAliveTimeout: 20_000, requestTimeout: 0 }, (req, res) => void handle(req, res));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const named = host === '0.0.0.0' || host === '::' || host === '127.0.0.1' ? 'localhost' : host;
  const root = `http://${named === 'localhost' && host === '127.0.0.1' ? '127.0.0.1' : named}:${port}`;
  jira.baseUrl = (options.baseUrl ?? `${root}${contextPath}`).replace(/\/+$/, '');
  if (jira.store.isEmpty && options.seed !== undefined) await applySeed(jira, options.seed);
  jira.store.flush();
  return {
    url: `${root}${contextPath}`,
    controlUrl: `${root}${CONTROL_PATH}`,
    port,
    control,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await jira.close();
    },
  };
}
