/**
 * How long things take, for the metrics endpoint. Each process counts in memory and adds what it has to the database now and
 * then, so that any process can answer for all of them, and a restart loses seconds at most.
 */
import type { Db } from '../context.ts';

/** Every duration with its labels; each label has few values, and all of them are listed. */
export const durations = {
  lane: {
    help: 'One turn of work on one pair of issues',
    labels: { outcome: ['done', 'later', 'failed', 'busy'] },
  },
  jira_request: {
    help: 'Requests to the own Jira, until the answer begins',
    labels: {
      method: ['GET', 'POST', 'PUT', 'DELETE'],
      outcome: ['ok', 'refused', 'rate_limited', 'failed', 'no_answer'],
    },
  },
  delivery: {
    help: 'From noticing a change, or writing the message, until the partner has stored it',
    labels: {},
  },
} as const satisfies Record<string, { help: string; labels: Record<string, readonly string[]> }>;

export type DurationName = keyof typeof durations;
export type DurationLabels<N extends DurationName> = {
  [L in keyof (typeof durations)[N]['labels']]: (typeof durations)[N]['labels'][L] extends readonly (infer V)[]
    ? V
    : never;
};

/** Upper bounds in seconds; what is longer is in the last bucket, which has none. */
export const bucketSeconds: readonly number[] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export interface Meter {
  observe<N extends DurationName>(name: N, labels: DurationLabels<N>, ms: number): void;
}

export interface DurationMeter extends Meter {
  /** Adds what was counted to the database; when that fails it is kept for the next time. */
  flush(db: Db): Promise<void>;
}

interface Count {
  name: string;
  labels: string;
  bucket: number;
  count: number;
  seconds: number;
}

export function createMeter(): DurationMeter {
  let counts = new Map<string, Count>();
  const add = (into: Map<string, Count>, { name, labels, bucket, count, seconds }: Count): void => {
    const key = `${name} ${labels} ${bucket}`;
    const before = into.get(key);
    into.set(key, {
      name,
      labels,
      bucket,
      count: (before?.count ?? 0) + count,
      seconds: (before?.seconds ?? 0) + seconds,
    });
  };
  return {
    observe(name, labels, ms) {
      const seconds = Math.max(0, ms) / 1000;
      const bound = bucketSeconds.findIndex((upper) => seconds <= upper);
      const bucket = bound < 0 ? bucketSeconds.length : bound;
      add(counts, { name, labels: JSON.stringify(labels), bucket, count: 1, seconds });
    },
    async flush(db) {
      if (counts.size === 0) return;
      const adding = counts;
      counts = new Map();
      try {
        await addCounts(db, [...adding.values()]);
      } catch (error) {
        for (const one of adding.values()) add(counts, one);
        throw error;
      }
    },
  };
}

/** In one order, so that processes that add at once never wait for each other in a circle. */
async function addCounts(db: Db, counts: readonly Count[]): Promise<void> {
  const rows = counts.toSorted((a, b) =>
    `${a.name} ${a.labels} ${a.bucket}`.localeCompare(`${b.name} ${b.labels} ${b.bucket}`),
  );
  await db.$executeRaw`
    INSERT INTO duration_count (name, labels, bucket, count, seconds)
    SELECT r.name, r.labels, r.bucket, r.count, r.seconds
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(name text, labels text, bucket int, count bigint, seconds float8)
    ON CONFLICT (name, labels, bucket) DO UPDATE SET
      count = duration_count.count + EXCLUDED.count, seconds = duration_count.seconds + EXCLUDED.seconds`;
}

export interface DurationSeries {
  name: DurationName;
  labels: Readonly<Record<string, string>>;
  /** Per bound of {@link bucketSeconds} and once more without one, not added up. */
  counts: readonly number[];
  seconds: number;
}

/** What all processes have counted since the database was made. */
export async function readDurations(db: Db): Promise<DurationSeries[]> {
  const rows = await db.durationCount.findMany({ orderBy: [{ name: 'asc' }, { labels: 'asc' }] });
  const groups = Map.groupBy(rows, ({ name, labels }) => `${name} ${labels}`);
  return [...groups.values()].flatMap((group) => {
    const [one] = group;
    if (one === undefined || !isDuration(one.name)) return [];
    const counts = Array.from({ length: bucketSeconds.length + 1 }, (_bucket, index) =>
      Number(group.find(({ bucket }) => bucket === index)?.count ?? 0),
    );
    return [
      {
        name: one.name,
        labels: JSON.parse(one.labels) as Record<string, string>,
        counts,
        seconds: group.reduce((sum, { seconds }) => sum + seconds, 0),
      },
    ];
  });
}

function isDuration(name: string): name is DurationName {
  return Object.hasOwn(durations, name);
}
