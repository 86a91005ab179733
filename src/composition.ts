/** Putting a node together: the one place where adapters are built. Web and worker processes differ only in what they run. */
import packageFile from '../package.json' with { type: 'json' };
import { createDb } from './db/client.ts';
import type { Db } from './db/client.ts';
import type { NodeSettings } from './env.ts';
import type { IssueTracker } from './engine/ports.ts';
import { createJira } from './jira/index.ts';
import type { JiraOptions, RequestInfo } from './jira/index.ts';
import { systemClock } from './kernel/clock.ts';
import { deriveSecret } from './kernel/derive-secret.ts';
import { randomIds } from './kernel/ids.ts';
import { createSecretBox } from './kernel/secret-box.ts';
import { createAddressGuard } from './kernel/url-safety.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';
import { createLogger } from './observability/logger.ts';
import type { Logger } from './observability/logger.ts';
import { createPeerChannel } from './peer/peer-channel.ts';
import { createFilePassage } from './queue/file-passage.ts';
import { createPollBell } from './queue/poll-bell.ts';
import { openWakeQueue } from './queue/wake-queue.ts';
import type { WakeQueue } from './queue/wake-queue.ts';
import { createWaker } from './queue/waker.ts';
import type { ServiceContext } from './services/context.ts';
import { createMeter } from './services/metrics/durations.ts';
import type { DurationMeter } from './services/metrics/durations.ts';
import { countJiraRequest } from './services/metrics/jira-request.ts';
import { createJiraPlaces } from './services/node/jira-places.ts';
import { attachmentId } from './services/setup/attached.ts';
import { storedJira } from './services/setup/stored-jira.ts';
import { refuseWithoutJira } from './services/node/refuse-without-jira.ts';

const flushEveryMs = 10_000;

export interface ComposedNode {
  ctx: ServiceContext;
  /** Base URL of the attached Jira; null until one is given by the environment or on the set-up page. */
  jiraUrl: string | null;
  /** Whether a Jira was stored, or its proxy user changed, since this node was put together: put it together anew then. */
  outdated(): Promise<boolean>;
  queue: WakeQueue;
  logger: Logger;
  /** How many connections to the database have been lost so far. */
  databaseLosses(): number;
  close(): Promise<void>;
}

export async function composeNode(settings: NodeSettings, role: 'web' | 'worker'): Promise<ComposedNode> {
  const logger = createLogger({ level: settings.logLevel, process: role });
  let losses = 0;
  const db = createDb(settings.databaseUrl, {
    applicationName: `exalate-${role}`,
    maxConnections: role === 'worker' ? 20 : 10,
    onConnectionLost(error) {
      losses += 1;
      logger.warn({ err: error }, 'database connection lost');
    },
  });
  const queue = await openWakeQueue(settings.databaseUrl, { role: role === 'worker' ? 'worker' : 'sender', logger });
  const waker = createWaker(db, queue, logger);
  const polls = createPollBell(db, settings.databaseUrl, logger);
  const files = createFilePassage(settings.databaseUrl);
  const guard = createAddressGuard({ allowedHosts: settings.allowedHosts });
  const peer = createPeerChannel({
    guard,
    clock: systemClock,
    ids: randomIds,
    logger,
    caPem: settings.jiraCaPem ?? undefined,
  });
  const secrets = createSecretBox(settings.encryptionKey);
  const attachment = settings.jira === null ? await attachmentId(db) : null;
  const attached = settings.jira ?? (await storedJira(db, secrets));
  const places = createJiraPlaces(db, {
    owner: `${role}-${process.pid}-${randomIds.uuid()}`,
    total: settings.jiraConcurrency,
    logger,
  });
  const meter = createMeter();
  const counting = keepFlushing(meter, db, logger);
  const onRequest = (request: RequestInfo): void => countJiraRequest(meter, request);
  const jira = createTracker({ ...settings, jira: attached }, { logger, places, onRequest });
  const instanceUid = await ownUid(db, settings.exalateUrl);

  const ctx: ServiceContext = {
    actor: { kind: 'system', name: role },
    db,
    node: {
      instanceUid,
      name: settings.nodeName ?? new URL(attached?.baseUrl ?? settings.exalateUrl).host,
      exalateUrl: settings.exalateUrl,
      version: packageFile.version,
      pollOnly: settings.pollOnly,
    },
    jira: () => jira ?? refuseWithoutJira(),
    peer,
    secrets: {
      ...secrets,
      derive: (label) => deriveSecret(settings.encryptionKey, label),
    },
    wake: waker,
    polls,
    files,
    mail:
      settings.smtpUrl === null
        ? null
        : createSmtpMailer({
            url: settings.smtpUrl,
            ownHost: new URL(settings.exalateUrl).hostname,
            caPem: settings.jiraCaPem ?? undefined,
          }),
    meter,
    clock: systemClock,
    ids: randomIds,
    logger,
  };
  return {
    ctx,
    jiraUrl: attached?.baseUrl ?? null,
    outdated: async () => settings.jira === null && (await attachmentId(db)) !== attachment,
    queue,
    logger,
    databaseLosses: () => losses,
    async close() {
      await queue.stop();
      await waker.flush();
      await polls.close();
      await files.close();
      await Promise.all([peer.close(), jira?.close()]);
      await places.close();
      await counting.stop();
      await db.$disconnect();
    },
  };
}

/** Counted durations go to the database now and then; losing the last ones is no harm. */
function keepFlushing(meter: DurationMeter, db: Db, logger: Logger): { stop(): Promise<void> } {
  const flush = (): Promise<void> =>
    meter.flush(db).catch((error: unknown) => logger.info({ err: error }, 'durations could not be stored yet'));
  const timer = setInterval(() => void flush(), flushEveryMs);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      return flush();
    },
  };
}

function createTracker(
  settings: NodeSettings,
  parts: Pick<JiraOptions, 'logger' | 'places' | 'onRequest'>,
): IssueTracker | null {
  if (settings.jira === null) return null;
  return createJira({
    ...settings.jira,
    caPem: settings.jiraCaPem ?? undefined,
    concurrency: settings.jiraConcurrency,
    ...parts,
  });
}

/**
 * The node's row; made at the first start. Under another address than before, every connection is held until an admin has
 * said whether the node was moved or copied (C10); a node without connections has nothing to lose and just takes it.
 */
async function ownUid(db: Db, exalateUrl: string): Promise<string> {
  const rows = await db.$queryRaw<{ instanceUid: string; startedAs: string | null }[]>`
    INSERT INTO node (id, "instanceUid", "exalateUrl") VALUES (1, ${randomIds.uuid()}::uuid, ${exalateUrl})
    ON CONFLICT (id) DO UPDATE SET
      "startedAs" = CASE WHEN node."exalateUrl" <> EXCLUDED."exalateUrl" AND EXISTS (SELECT FROM connection)
        THEN EXCLUDED."exalateUrl" END,
      "exalateUrl" = CASE WHEN EXISTS (SELECT FROM connection) THEN node."exalateUrl" ELSE EXCLUDED."exalateUrl" END
    RETURNING "instanceUid", "startedAs"`;
  const [row] = rows;
  if (row === undefined) throw new Error('The row of this node could not be written.');
  if (row.startedAs !== null)
    await db.$executeRaw`UPDATE connection SET hold = 'moved' WHERE hold IS DISTINCT FROM 'moved'`;
  else await db.$executeRaw`UPDATE connection SET hold = 'check_in' WHERE hold = 'moved'`;
  return row.instanceUid;
}
