import type { Prisma } from '#/db/models.ts';
import { causeOf, errorText, type ErrorText } from '#/engine/fault/reported.ts';

/** Where an error happened, read with it. */
export const withPlace = {
  connection: { select: { id: true, name: true } },
  twin: { select: { id: true, localIssueKey: true, remoteIssueKey: true } },
} satisfies Prisma.SyncErrorInclude;

type Found = Prisma.SyncErrorGetPayload<{ include: typeof withPlace }>;

export interface ErrorRow {
  id: string;
  impact: string;
  code: string;
  summary: string;
  /** With what only this case knows, such as the fields that are missing. */
  why: string;
  remedy: string;
  /** Technical detail of the newest one; may be empty. */
  detail: string;
  connection: { id: string; name: string } | null;
  twin: { id: string; key: string } | null;
  count: number;
  firstAt: Date;
  lastAt: Date;
  resolvedAt: Date | null;
  resolvedBy: string | null;
}

const impactLabels: Record<string, string> = {
  issue: 'Issue',
  connection: 'Connection',
  node: 'Node',
  trigger: 'Trigger',
  warning: 'Warning',
};

const unknownText: ErrorText = {
  course: 'heals',
  summary: '',
  why: 'The node’s log has the details.',
  remedy: 'Retry; if it stays, look at the log.',
};

export function toRow(error: Found): ErrorRow {
  const { id, impact, code, summary, detail, connection, twin, count, firstAt, lastAt, resolvedAt, resolvedBy } = error;
  const text = errorText(code) ?? unknownText;
  return {
    id,
    impact: impactLabels[impact] ?? impact,
    code,
    summary,
    why: causeOf(text, detail),
    remedy: text.remedy,
    detail,
    connection,
    twin: twin === null ? null : { id: twin.id, key: twin.localIssueKey ?? twin.remoteIssueKey ?? 'Issue' },
    count,
    firstAt,
    lastAt,
    resolvedAt,
    resolvedBy,
  };
}
