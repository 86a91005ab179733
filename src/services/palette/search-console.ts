import { z } from 'zod';
import { twinStatusLabels } from '#/engine/twin/status.ts';
import { isIssueKey } from '#/engine/twin/issue-key.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { plainText } from '../plain-text.ts';

const most = 8;

export interface Places {
  connections: ReadonlyArray<{ id: string; name: string }>;
  /** Pairs that have this key on either side, those under sync first; null when the text is no issue key. */
  pairs: ReadonlyArray<{ twinId: string; keys: string; connection: string; status: string }> | null;
}

/** What the command palette finds beside the pages: connections by part of their name, pairs by issue key. */
export async function searchConsole(ctx: ServiceContext, input: { text: string }): Promise<Places> {
  requireAdmin(ctx);
  const text = parseInput(z.object({ text: plainText(300) }), input).text.trim();
  const key = text.toUpperCase();
  const [connections, twins] = await Promise.all([
    ctx.db.connection.findMany({
      where: {
        name: { contains: likeLiteral(text), mode: 'insensitive' },
        status: { not: 'deleting' },
        // A local connection is two rows.
        NOT: { type: 'local', side: 'acceptor' },
      },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      take: most,
      select: { id: true, name: true },
    }),
    isIssueKey(key)
      ? ctx.db.twin.findMany({
          where: { OR: [{ localIssueKey: key }, { remoteIssueKey: key }] },
          orderBy: [{ endedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
          take: most,
          select: {
            id: true,
            localIssueKey: true,
            remoteIssueKey: true,
            status: true,
            connection: { select: { name: true } },
          },
        })
      : null,
  ]);
  return {
    connections,
    pairs:
      twins?.map(({ id, localIssueKey, remoteIssueKey, status, connection }) => ({
        twinId: id,
        keys: [localIssueKey, remoteIssueKey].filter((one) => one !== null).join(' ⇄ '),
        connection: connection.name,
        status: twinStatusLabels[status],
      })) ?? null,
  };
}

/** Prisma hands these on to LIKE as they are. */
function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
