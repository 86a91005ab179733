/**
 * Every way into a node, taken from the production build itself, and who may use it. What the build has and this list has
 * not fails the tests: whoever adds a route says here who may call it, and why.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../scripts/lib/owned-process.ts';

export type Access =
  /** A signed-in administrator, from a page of this console. */
  | 'admin'
  /** The holder of SYNC_TOKEN; where it says so, an administrator too. */
  | 'sync token'
  /** A node that signs with a channel key. */
  | 'partner'
  /** Whoever knows a secret that stands in the path or the body. */
  | 'secret'
  /** Anybody; the reason says why that is harmless. */
  | 'public';

export const routeAccess: Readonly<Record<string, { access: Access; reason: string }>> = {
  '/.well-known/exalate': {
    access: 'public',
    reason: 'name, address and version of the node, so that partners find it',
  },
  '/api/auth/[...nextauth]': {
    access: 'public',
    reason: 'signing in; next-auth asks for its CSRF token before it acts',
  },
  '/api/bulk-connect/preview': { access: 'admin', reason: 'reads a file of issue keys and asks Jira about them' },
  '/api/bulk-connect/start': { access: 'admin', reason: 'puts issues under sync' },
  '/api/csv/[list]': { access: 'admin', reason: 'keys of issues under sync' },
  '/api/destination': { access: 'admin', reason: 'makes this node contact an address' },
  '/api/events': { access: 'admin', reason: 'ids of what changed' },
  '/api/health': {
    access: 'public',
    reason: 'state of database, Jira and worker for load balancers; no names, no counts',
  },
  '/api/invitation': { access: 'admin', reason: 'makes this node contact an address' },
  '/api/jira/webhook/[secret]': { access: 'secret', reason: 'Jira Server cannot sign; believed only as a hint' },
  '/api/metrics': { access: 'sync token', reason: 'counts' },
  '/api/node/v1/attachments/[twin]/[trace]': { access: 'partner', reason: 'bytes of a file under sync' },
  '/api/node/v1/connection': { access: 'partner', reason: 'notices about the other end' },
  '/api/node/v1/info': { access: 'public', reason: 'as /.well-known/exalate' },
  '/api/node/v1/invitations/accept': { access: 'secret', reason: 'the invitation secret is in the body, once' },
  '/api/node/v1/invitations/peek': { access: 'secret', reason: 'the invitation secret is in the body' },
  '/api/node/v1/messages': { access: 'partner', reason: 'changes of issues under sync' },
  '/api/node/v1/poll': { access: 'partner', reason: 'long poll of a private node' },
  '/api/node/v1/questions': { access: 'partner', reason: 'comparison of common twins' },
  '/api/palette': { access: 'admin', reason: 'names of connections and keys of issues under sync' },
  '/api/projects': { access: 'admin', reason: 'projects of Jira' },
  '/api/sync': { access: 'sync token', reason: 'runs what is due anyhow; an administrator may too' },
};

/** Server actions that work without a session, with the reason. All others refuse. */
export const publicActions: Readonly<Record<string, string>> = {
  signInAction: 'it is how a session begins; slowed down per account and address',
  attachAction: 'nobody can have a session before it worked; needs the set-up token of the log, and works once',
  signOutAction: 'it ends the session of the very browser that calls, nothing else',
};

export interface Route {
  /** As in the build, without groups: `/api/jira/webhook/[secret]`. */
  path: string;
  /** With something in place of the parameters. */
  url: string;
}

/** Route handlers of the build, files like the icon left out. */
export async function builtRoutes(): Promise<Route[]> {
  return (await entries('route')).filter(({ path }) => !/\.\w+$/.test(path));
}

/** Pages of the build, those of errors left out. */
export async function builtPages(): Promise<Route[]> {
  return (await entries('page')).filter(({ path }) => !path.startsWith('/_'));
}

export interface Action {
  id: string;
  name: string;
  file: string;
  /** A page that calls it. */
  url: string;
}

export async function builtActions(): Promise<Action[]> {
  const manifest = (await readJson('server-reference-manifest.json')) as {
    node: Record<string, { workers: Record<string, unknown>; filename: string; exportedName: string }>;
  };
  return Object.entries(manifest.node).map(([id, { workers, filename, exportedName }]) => {
    const page = Object.keys(workers)[0] ?? '';
    return {
      id,
      name: exportedName,
      file: filename,
      url: filled(withoutGroups(page.replace(/^app/, '').replace(/\/page$/, ''))),
    };
  });
}

async function entries(kind: 'route' | 'page'): Promise<Route[]> {
  const manifest = (await readJson('app-paths-manifest.json')) as Record<string, string>;
  return Object.keys(manifest)
    .filter((entry) => entry.endsWith(`/${kind}`))
    .map((entry) => withoutGroups(entry.slice(0, -kind.length - 1)) || '/')
    .map((path) => ({ path, url: filled(path) }));
}

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(projectRoot, '.next', 'server', name), 'utf8'));
}

function withoutGroups(path: string): string {
  return path.replaceAll(/\/\([^)]+\)/g, '');
}

function filled(path: string): string {
  return path
    .replace('[...nextauth]', 'session')
    .replace('[secret]', 'x'.repeat(43))
    .replaceAll(/\[[^\]]+\]/g, '00000000-0000-4000-8000-000000000000');
}
