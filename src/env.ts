/** The only reader of `process.env`: every setting of a node, checked once at start. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { isSecretBoxKey } from '#/kernel/secret-box.ts';
import { isAllowedHostEntry } from '#/kernel/url-safety.ts';

export type JiraCredentials = { kind: 'token'; token: string } | { kind: 'basic'; username: string; password: string };

export interface Settings {
  /** Port of the console. */
  port: number;
  /** This node's public base URL, without trailing slash. */
  exalateUrl: string;
  /** Name shown to partners; null when neither NODE_NAME nor JIRA_URL says one. */
  nodeName: string | null;
  /** null: the set-up page asks for it. `baseUrl` has no trailing slash and may have a context path. */
  jira: { baseUrl: string; credentials: JiraCredentials } | null;
  /** Private CA of the Jira, PEM text. */
  jiraCaPem: string | null;
  /** null: the embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | null;
  /** Absolute path. */
  dataDir: string;
  /** 32 bytes, base64. */
  encryptionKey: string | null;
  nextauthSecret: string | null;
  /** null: `/api/sync` and `/api/metrics` accept no bearer. */
  syncToken: string | null;
  /** Private node: it alone opens requests. */
  pollOnly: boolean;
  pollIntervalSeconds: number;
  /** Most requests at once to the own Jira. */
  jiraConcurrency: number;
  /** Hosts, addresses and CIDRs outside the public address space that may be contacted. */
  allowedHosts: readonly string[];
  logLevel: (typeof logLevels)[number];
  smtpUrl: string | null;
}

/** The settings of a process that works on the database: what {@link Settings} may leave to `npm start` is there. */
export type NodeSettings = Settings & { databaseUrl: string; encryptionKey: string; nextauthSecret: string };

export interface SettingProblem {
  name: string;
  /** What is wrong, never with the value. */
  problem: string;
  remedy: string;
}

/** All that is wrong with the settings, in one message that can be shown as it is: no value is repeated in it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    const lines = problems.map(({ name, problem, remedy }) => `  ${name} ${problem}. ${remedy}`);
    super(['The node cannot start with these settings:', ...lines].join('\n'));
    this.problems = problems;
  }
}

type Source = Readonly<Record<string, string | undefined>>;

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max));
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol));
const webUrl = url('http:', 'https:')
  .transform((text) => new URL(text))
  .refine(({ username, password, search, hash }) => !username && !password && !search && !hash)
  .transform(({ origin, pathname }) => (origin + pathname).replace(/\/+$/, ''));

/** Every setting: how it is read, and what is said when that fails. */
const definitions = {
  PORT: {
    schema: wholeNumber(1, 65_535).default(3000),
    problem: 'is not a port number',
    remedy: 'Use a whole number from 1 to 65535, for instance 3000.',
  },
  EXALATE_URL: {
    schema: webUrl.refine((text) => new URL(text).pathname === '/').optional(),
    problem: 'is not the base URL of a node',
    remedy: 'Use http:// or https:// with host and port only, for instance https://exalate.company.example.',
  },
  NODE_NAME: {
    schema: z.string().max(100).optional(),
    problem: 'is too long',
    remedy: 'Use at most 100 characters.',
  },
  JIRA_URL: {
    schema: webUrl.optional(),
    problem: 'is not the base URL of a Jira',
    remedy:
      'Use http:// or https:// with the context path if there is one and no user name, for instance https://jira.company.example/jira.',
  },
  JIRA_TOKEN: secret(),
  JIRA_USERNAME: secret(),
  JIRA_PASSWORD: secret(),
  JIRA_CA_FILE: {
    schema: z.string().transform(readPem).optional(),
    problem: 'is not a readable certificate file',
    remedy: 'Give the path of a PEM file with the certificate of your certificate authority, readable by this process.',
  },
  DATABASE_URL: {
    schema: url('postgres:', 'postgresql:').optional(),
    problem: 'is not a PostgreSQL URL',
    remedy:
      'Use postgresql://user:password@host:5432/database, with special characters in the password percent-encoded.',
  },
  DATA_DIR: {
    schema: z
      .string()
      .default('./data')
      .transform((path) => resolve(path)),
    problem: 'is not a path',
    remedy: '',
  },
  ENCRYPTION_KEY: {
    schema: z.string().refine(isSecretBoxKey).optional(),
    problem: 'is not 32 bytes in base64',
    remedy:
      'Make one with: openssl rand -base64 32. Keep it with your backups: stored secrets cannot be read without it.',
  },
  NEXTAUTH_SECRET: {
    schema: z.string().min(32).optional(),
    problem: 'is too short to sign sessions with',
    remedy: 'Use 32 characters or more, for instance from: openssl rand -base64 32.',
  },
  SYNC_TOKEN: {
    schema: z
      .string()
      .min(16)
      .regex(/^[\x21-\x7e]+$/)
      .optional(),
    problem: 'is too short, or has characters that cannot stand in a header',
    remedy: 'Use 16 or more letters and digits, for instance from: openssl rand -hex 32.',
  },
  POLL_ONLY: {
    schema: z
      .enum(['true', 'false', '1', '0'])
      .default('false')
      .transform((text) => text === 'true' || text === '1'),
    problem: 'is neither true nor false',
    remedy: 'Use true for a node that partners cannot reach, else false.',
  },
  POLL_INTERVAL_SECONDS: {
    schema: wholeNumber(1, 3600).default(20),
    problem: 'is not a number of seconds',
    remedy: 'Use a whole number from 1 to 3600.',
  },
  JIRA_CONCURRENCY: {
    schema: wholeNumber(1, 256).default(16),
    problem: 'is not a number of requests',
    remedy: 'Use a whole number from 1 to 256.',
  },
  ALLOWED_HOSTS: {
    schema: z
      .string()
      .default('')
      .transform((text) => text.split(/[\s,]+/).filter(Boolean))
      .refine((entries) => entries.every(isAllowedHostEntry)),
    problem: 'holds something that is neither a host nor a CIDR',
    remedy:
      'List host names, addresses or ranges without port, separated by commas, for instance partner.corp.example,10.0.0.0/8.',
  },
  LOG_LEVEL: {
    schema: z.enum(logLevels).default('info'),
    problem: 'is not a log level',
    remedy: `Use one of ${logLevels.join(', ')}.`,
  },
  SMTP_URL: {
    schema: url('smtp:', 'smtps:').optional(),
    problem: 'is not a mail server URL',
    remedy: 'Use smtp://user:password@host:587 or smtps://...:465.',
  },
};

type Name = keyof typeof definitions;
type Values = { [N in Name]: z.output<(typeof definitions)[N]['schema']> };

/** Names of all settings. */
export const settingNames = Object.keys(definitions) as readonly Name[];

/** Reads and checks all settings; an empty value counts as not set. Throws one {@link SettingsError} for all that is wrong. */
export function loadSettings(source: Source = process.env): Settings {
  const set = Object.fromEntries(settingNames.map((name) => [name, source[name]?.trim() || undefined])) as Partial<
    Record<Name, string>
  >;
  const parsed = settingNames.map((name) => ({ name, result: definitions[name].schema.safeParse(set[name]) }));
  const problems: SettingProblem[] = parsed.filter(({ result }) => !result.success).map(({ name }) => describe(name));
  problems.push(...crossProblems(set));
  if (problems.length) throw new SettingsError(problems);
  return toSettings(Object.fromEntries(parsed.map(({ name, result }) => [name, result.data])) as Values);
}

/** As {@link loadSettings}, for the web and worker processes, which need a database and the keys that belong to it. */
export function loadNodeSettings(source: Source = process.env): NodeSettings {
  const settings = loadSettings(source);
  const { databaseUrl, encryptionKey, nextauthSecret } = settings;
  if (databaseUrl === null)
    throw new SettingsError([
      {
        name: 'DATABASE_URL',
        problem: 'is not set',
        remedy: 'Set it for a process that runs alone, or use `npm start`, which brings its own database.',
      },
    ]);
  if (encryptionKey === null || nextauthSecret === null)
    throw new SettingsError(crossProblems({ DATABASE_URL: databaseUrl }));
  return { ...settings, databaseUrl, encryptionKey, nextauthSecret };
}

let own: NodeSettings | null = null;

/** The settings of this process, read once: what changes in its environment or files later counts from the next start. */
export function nodeSettings(): NodeSettings {
  return (own ??= loadNodeSettings());
}

function toSettings(values: Values): Settings {
  const { JIRA_URL, JIRA_TOKEN, JIRA_USERNAME, JIRA_PASSWORD } = values;
  const credentials: JiraCredentials =
    JIRA_TOKEN === undefined
      ? { kind: 'basic', username: JIRA_USERNAME ?? '', password: JIRA_PASSWORD ?? '' }
      : { kind: 'token', token: JIRA_TOKEN };
  return {
    port: values.PORT,
    exalateUrl: values.EXALATE_URL ?? `http://localhost:${values.PORT}`,
    nodeName: values.NODE_NAME ?? (JIRA_URL === undefined ? null : new URL(JIRA_URL).host),
    jira: JIRA_URL === undefined ? null : { baseUrl: JIRA_URL, credentials },
    jiraCaPem: values.JIRA_CA_FILE ?? null,
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: values.DATA_DIR,
    encryptionKey: values.ENCRYPTION_KEY ?? null,
    nextauthSecret: values.NEXTAUTH_SECRET ?? null,
    syncToken: values.SYNC_TOKEN ?? null,
    pollOnly: values.POLL_ONLY,
    pollIntervalSeconds: values.POLL_INTERVAL_SECONDS,
    jiraConcurrency: values.JIRA_CONCURRENCY,
    allowedHosts: values.ALLOWED_HOSTS,
    logLevel: values.LOG_LEVEL,
    smtpUrl: values.SMTP_URL ?? null,
  };
}

/** What no setting shows by itself: values that need, or exclude, each other. */
function crossProblems(set: Partial<Record<Name, string>>): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const missing = (name: Name, remedy: string): number => problems.push({ name, problem: 'is not set', remedy });

  if (set.DATABASE_URL !== undefined) {
    const why = 'With DATABASE_URL it must be given, the same for every process of the node.';
    if (set.ENCRYPTION_KEY === undefined) missing('ENCRYPTION_KEY', `${why} ${definitions.ENCRYPTION_KEY.remedy}`);
    if (set.NEXTAUTH_SECRET === undefined) missing('NEXTAUTH_SECRET', `${why} ${definitions.NEXTAUTH_SECRET.remedy}`);
  }

  const basic = [set.JIRA_USERNAME, set.JIRA_PASSWORD].filter((value) => value !== undefined).length;
  const credentials = 'Set JIRA_TOKEN, or JIRA_USERNAME and JIRA_PASSWORD.';
  if (set.JIRA_TOKEN !== undefined && basic > 0)
    problems.push({
      name: 'JIRA_TOKEN',
      problem: 'is set beside JIRA_USERNAME or JIRA_PASSWORD',
      remedy: 'Keep one of the two ways.',
    });
  else if (basic === 1)
    missing(
      set.JIRA_USERNAME === undefined ? 'JIRA_USERNAME' : 'JIRA_PASSWORD',
      'User name and password belong together.',
    );
  else if (set.JIRA_URL !== undefined && set.JIRA_TOKEN === undefined && basic === 0)
    missing('JIRA_TOKEN', `JIRA_URL needs credentials. ${credentials}`);
  if (set.JIRA_URL === undefined && (set.JIRA_TOKEN !== undefined || basic > 0))
    missing('JIRA_URL', 'The Jira credentials belong to an address: set it, or remove them and use the set-up page.');
  return problems;
}

function describe(name: Name): SettingProblem {
  const { problem, remedy } = definitions[name];
  return { name, problem, remedy };
}

function secret() {
  return { schema: z.string().optional(), problem: 'is not text', remedy: '' };
}

function readPem(path: string, context: z.RefinementCtx): string {
  try {
    const pem = readFileSync(path, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  } catch {
    // Falls through: unreadable and not a certificate have the same remedy.
  }
  context.addIssue({ code: 'custom' });
  return z.NEVER;
}
