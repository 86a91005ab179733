/** The places of `JIRA_CONCURRENCY`, shared by all processes of a node through one row of its database. */
import { performance } from 'node:perf_hooks';
import type { Db } from '#/db/client.ts';
import type { Places } from '#/kernel/places.ts';
import type { Logger } from '#/observability/logger.ts';
import { sharePlaces } from './share-places.ts';
import type { Share } from './share-places.ts';

const renewEveryMs = 250;
/** A process that is killed or stands still gives back its places after this. */
const claimMs = 10_000;
/** Before that, by its own clock, a process stops using them: it may have stood still. */
const trustedMs = 8_000;
const idleMs = 2_000;
const attemptsMost = 20;

/**
 * Places of one process. It holds none while it has nothing to ask Jira, and writes nothing then. When the database does
 * not answer, one request at a time goes on.
 */
export function createJiraPlaces(
  db: Db,
  options: { owner: string; total: number; logger: Logger },
): Places & { close(): Promise<void> } {
  const { owner, total, logger } = options;
  let granted = 0;
  let wanted = 0;
  let inFlight = 0;
  /** Most wanted since the last agreement, and what was asked for then. */
  let peak = 0;
  let asked = 0;
  let agreedAt = -Infinity;
  let usedAt = -Infinity;
  let agreeing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let changed = (): void => undefined;

  const trusted = (): boolean => performance.now() - agreedAt < trustedMs;

  async function agree(): Promise<void> {
    const askedAt = performance.now();
    asked = Math.min(total, Math.max(peak, wanted));
    peak = wanted;
    // Until the answer is there no more is used than is said to be in use.
    granted = Math.min(granted, inFlight);
    try {
      granted = await settle(db, { owner, wanted: asked, inFlight: granted }, total);
    } catch (error) {
      logger.warn({ err: error }, 'places at Jira could not be agreed upon');
      granted = 1;
    }
    agreedAt = askedAt;
    changed();
  }

  function agreeSoon(): void {
    if (agreeing !== null || closed) return;
    agreeing = agree().finally(() => {
      agreeing = null;
      schedule();
    });
  }

  function schedule(): void {
    if (timer !== null || closed || (granted === 0 && wanted === 0)) return;
    timer = setTimeout(() => {
      timer = null;
      if (wanted === 0 && performance.now() - usedAt < idleMs) schedule();
      else agreeSoon();
    }, renewEveryMs);
    timer.unref();
  }

  return {
    get granted() {
      return trusted() ? granted : 0;
    },
    use(now) {
      inFlight = now.inFlight;
      wanted = now.inFlight + now.waiting;
      peak = Math.max(peak, wanted);
      if (wanted > 0) usedAt = performance.now();
      if (now.waiting > 0 && (!trusted() || asked < Math.min(total, wanted))) agreeSoon();
      else schedule();
    },
    onChange(listener) {
      changed = listener;
    },
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await agreeing;
      await settle(db, { owner, wanted: 0, inFlight: 0 }, total).catch(() => 0);
    },
  };
}

/** Reads the shares, works out the new ones, and stores them unless another process was quicker; then once more. */
async function settle(
  db: Db,
  demand: { owner: string; wanted: number; inFlight: number },
  total: number,
): Promise<number> {
  for (let attempt = 0; attempt < attemptsMost; attempt += 1) {
    const rows = await db.$queryRaw<{ version: bigint; shares: Share[]; nowMs: number }[]>`
      SELECT version, shares, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
      FROM (SELECT 0) one LEFT JOIN jira_places ON id = 1`;
    const [row] = rows;
    const nowMs = row?.nowMs ?? 0;
    const version = row?.version ?? null;
    const { shares, granted } = sharePlaces(
      row?.shares ?? [],
      { ...demand, untilMs: nowMs + claimMs },
      { total, nowMs },
    );
    const stored = await db.$executeRaw`
      INSERT INTO jira_places (id, version, shares) VALUES (1, 1, ${JSON.stringify(shares)}::jsonb)
      ON CONFLICT (id) DO UPDATE SET version = jira_places.version + 1, shares = EXCLUDED.shares
      WHERE jira_places.version = ${version}`;
    if (stored === 1) return granted;
  }
  throw new Error('Other processes changed the shares each time.');
}
