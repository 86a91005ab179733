import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type PostgresAccount, type PostgresBinaries, postgresAccount, postgresBinaries } from './postgres-binaries.ts';

const run = promisify(execFile);

const ADMIN = 'exalate';

/** The files and programs of one server: what can be done to it from outside. */
export interface PostgresServer {
  readonly user: string;
  /** Creates the files unless they are there: UTF-8, the same sort order on every system, password needed. */
  initialise(password: string): Promise<void>;
  /** Starts the server on the loopback interface and waits until it answers. It outlives this process. */
  start(port: number, settings: Readonly<Record<string, string>>): Promise<void>;
  /** Ends open sessions and stops; nothing when it does not run. */
  stop(): Promise<void>;
  /** The port of the server that runs on these files; null when none does. */
  runningPort(): Promise<number | null>;
}

/** The embedded server whose files are in `<dataDir>/postgres`. */
export async function postgresServer(dataDir: string): Promise<PostgresServer> {
  const home = join(dataDir, 'postgres');
  const cluster = join(home, 'cluster');
  const log = join(home, 'server.log');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const binaries = await postgresBinaries();
  const account = await postgresAccount(binaries, dataDir);
  if (account.owner !== null) await chown(home, account.owner.uid, account.owner.gid);
  const control = (...args: string[]): Promise<unknown> =>
    runAs(account, binaries.pg_ctl, ['-D', cluster, ...args], home);

  return {
    user: ADMIN,
    initialise: (password) => initialise({ binaries, account, home, cluster, password }),
    async start(port, settings) {
      const flags = Object.entries({
        ...settings,
        port: String(port),
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
      })
        .map(([name, value]) => `-c ${name}='${value}'`)
        .join(' ');
      try {
        await control('-w', '-t', '60', '-s', '-l', log, '-o', flags, 'start');
      } catch (cause) {
        throw new Error(`The embedded PostgreSQL did not start: ${await lastLines(log)}`, { cause });
      }
    },
    async stop() {
      if ((await readPidFile(cluster)) === null) return;
      const stop = (mode: string, seconds: string) => control('-w', '-t', seconds, '-s', '-m', mode, 'stop');
      await stop('fast', '30').catch(async () => {
        if ((await readPidFile(cluster)) !== null) await stop('immediate', '10');
      });
    },
    async runningPort() {
      const file = await readPidFile(cluster);
      if (file === null) return null;
      if (await isServer(file.pid, cluster)) return file.port;
      // The number may belong to another program by now, for which the server would wait in vain. A number that is
      // gone is left to the server itself, which also looks for what is left of its predecessor.
      if (isAlive(file.pid)) await rm(join(cluster, 'postmaster.pid'), { force: true });
      return null;
    },
  };
}

async function initialise(options: {
  binaries: PostgresBinaries;
  account: PostgresAccount;
  home: string;
  cluster: string;
  password: string;
}): Promise<void> {
  const { binaries, account, home, cluster, password } = options;
  if (await exists(join(cluster, 'PG_VERSION'))) return;
  // Made beside its place, so that a start that is killed does not leave half a cluster there.
  const unfinished = join(home, 'cluster.unfinished');
  const passwordFile = join(home, 'initial-password');
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account.owner !== null) await chown(passwordFile, account.owner.uid, account.owner.gid);
  try {
    await runAs(
      account,
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        `--username=${ADMIN}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      home,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, cluster);
}

async function runAs(
  { ids, prefix }: PostgresAccount,
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<void> {
  const [command = program, ...rest] = [...prefix, program, ...args];
  // Not our whole environment: PG* variables would change what the server does, and the rest is none of its business.
  const { NODE_ENV, PATH } = process.env;
  const env = { NODE_ENV, PATH, LC_ALL: 'C' };
  // pg_ctl keeps standard output open in the server it leaves behind unless that has a log file, which it has.
  await run(command, rest, { ...ids, cwd, env });
}

/** First line of the file: the process id; fourth: the port. */
async function readPidFile(cluster: string): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n').map(Number);
  return pid !== undefined && pid > 0 && port !== undefined && port > 0 ? { pid, port } : null;
}

async function isServer(pid: number, cluster: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (platform() !== 'linux') {
    const { stdout } = await run('ps', ['-p', String(pid), '-o', 'comm=']).catch(() => ({ stdout: '' }));
    return stdout.includes('postgres');
  }
  // The server works in its data directory.
  const [folder, own] = await Promise.all([readlink(`/proc/${pid}/cwd`).catch(() => ''), realpath(cluster)]);
  return folder === own;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}

async function lastLines(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => `no log in ${dirname(log)}`);
  return text.trim().split('\n').slice(-5).join('\n');
}
