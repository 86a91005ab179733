/** How much of everything a run does. */
export interface Scale {
  readonly name: 'full' | 'quick';
  /** Issues of the initial sync. */
  readonly issues: number;
  readonly latenciesMs: readonly number[];
  /** Issues of the initial sync with attachments. */
  readonly issuesWithFiles: number;
  readonly fileLatenciesMs: readonly number[];
  readonly edits: number;
  readonly editsEveryMs: number;
  /** Between two polls, in all scenarios. */
  readonly pollSeconds: number;
  readonly polledEdits: number;
  readonly polledEditsEveryMs: number;
  readonly idleSeconds: number;
  readonly manyTwins: number;
  readonly editsAmongTwins: number;
  readonly largeFileBytes: number;
}

export const commentsEach = 7;
export const filesEach = 2;
export const fileBytes = 64 * 1024;
/** `JIRA_CONCURRENCY` of the nodes, and how many issues the bare loop has under way. */
export const parallelism = 16;
/** Jira latency of everything that is not an initial sync. */
export const usualLatencyMs = 50;

/** Below the largest file; Jira's own default is 10 MiB. */
export const attachmentLimitBytes = 2 * 1024 ** 3;

export const full: Scale = {
  name: 'full',
  issues: 500,
  latenciesMs: [0, 5, 50, 200],
  issuesWithFiles: 200,
  fileLatenciesMs: [0, 5, 50, 200],
  edits: 200,
  editsEveryMs: 200,
  pollSeconds: 20,
  polledEdits: 120,
  polledEditsEveryMs: 500,
  idleSeconds: 120,
  manyTwins: 10_000,
  editsAmongTwins: 60,
  largeFileBytes: 1024 ** 3,
};

export const quick: Scale = {
  name: 'quick',
  issues: 64,
  latenciesMs: [0, 50],
  issuesWithFiles: 24,
  fileLatenciesMs: [50],
  edits: 30,
  editsEveryMs: 100,
  pollSeconds: 2,
  polledEdits: 16,
  polledEditsEveryMs: 250,
  idleSeconds: 6,
  manyTwins: 1_000,
  editsAmongTwins: 12,
  largeFileBytes: 128 * 1024 ** 2,
};
