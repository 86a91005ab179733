import type { ServiceContext } from '../context.ts';

const aliveSeconds = 30;
/** While the disk is full, something fails at least this often. */
const fullSeconds = 60;

/** The signs of life of one worker process. They also tell it that its database was replaced by an older one (C10). */
export interface Heart {
  beat(): Promise<void>;
  /** Looks whether the last sign of life is still there, without giving another. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** `onRestored`: a database that was restored from a backup has an older sign of life of this process, or none. */
export function createHeart({ db }: ServiceContext, owner: string, onRestored: () => Promise<void>): Heart {
  let last: Date | null = null;

  async function beat(): Promise<void> {
    if (last !== null) {
      const rows = await db.$queryRaw<{ seenAt: Date }[]>`
        UPDATE worker_beat SET "seenAt" = GREATEST("seenAt", now()) WHERE owner = ${owner} AND "seenAt" >= ${last}
        RETURNING "seenAt"`;
      if (rows[0] !== undefined) {
        last = rows[0].seenAt;
        return;
      }
      await onRestored();
    }
    const rows = await db.$queryRaw<{ seenAt: Date }[]>`
      INSERT INTO worker_beat (owner, "startedAt", "seenAt") VALUES (${owner}, now(), now())
      ON CONFLICT (owner) DO UPDATE SET "seenAt" = now() RETURNING "seenAt"`;
    last = rows[0]?.seenAt ?? null;
  }

  return {
    beat,
    async look() {
      const known = last;
      if (known === null) return;
      const row = await db.workerBeat.findUnique({ where: { owner }, select: { seenAt: true } });
      if (row === null || row.seenAt < known) await beat();
    },
    async stop() {
      await db.$executeRaw`DELETE FROM worker_beat WHERE owner = ${owner} OR "seenAt" < now() - interval '1 hour'`;
    },
  };
}

export interface Signs {
  /** Some worker process of this node has shown itself lately. */
  worker: boolean;
  /** Lately something could not be stored for want of room. */
  databaseFull: boolean;
}

export async function signsOfLife(ctx: ServiceContext): Promise<Signs> {
  const [signs] = await ctx.db.$queryRaw<Signs[]>`
    SELECT
      EXISTS (SELECT FROM worker_beat WHERE "seenAt" > now() - make_interval(secs => ${aliveSeconds})) AS worker,
      EXISTS (SELECT FROM node WHERE "databaseFullAt" > now() - make_interval(secs => ${fullSeconds})) AS "databaseFull"`;
  return signs ?? { worker: false, databaseFull: false };
}
