import type { ConnectionStatus } from '#/engine/connection/status.ts';
import type { ConnectionType } from '#/db/generated/enums.ts';
import type { ServiceContext } from '../context.ts';
import { requireAdmin } from './require-admin.ts';

export interface ConnectionRow {
  id: string;
  uid: string;
  side: 'initiator' | 'acceptor';
  name: string;
  /** Name and URL (the partner's Jira, else its node); both null while nobody has accepted. */
  partner: { name: string | null; url: string | null };
  type: ConnectionType;
  mode: string;
  project: { key: string; name: string };
  /** The other project of a local connection, or the partner's; null while it is not known. */
  partnerProject: { key: string; name: string | null } | null;
  status: ConnectionStatus;
  statusCode: string | null;
  statusDetail: string | null;
  /** The partner's end is deactivated. */
  partnerDeactivated: boolean;
  underSync: number;
  /** Newest sync in either direction. */
  lastSync: Date | null;
  /** For a pending connection that this node initiated. */
  invitation: { expiresAt: Date; revoked: boolean } | null;
}

interface Raw {
  id: string;
  uid: string;
  side: 'initiator' | 'acceptor';
  name: string;
  partnerName: string | null;
  partnerUrl: string | null;
  partnerJiraUrl: string | null;
  type: ConnectionType;
  mode: string;
  projectKey: string;
  projectName: string;
  partnerProjectKey: string | null;
  partnerProjectName: string | null;
  status: ConnectionStatus;
  statusCode: string | null;
  statusDetail: string | null;
  partnerDeactivated: boolean;
  underSync: number;
  lastSync: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/** Rows of the connections table, newest first; both ends of a local connection are one row. One query. */
export async function listConnections(ctx: ServiceContext): Promise<ConnectionRow[]> {
  requireAdmin(ctx);
  const rows = await ctx.db.$queryRaw<Raw[]>`
    SELECT c.id, c.uid, c.side::text AS side, c.name, c."partnerName", c."partnerUrl", c."partnerJiraUrl",
      c.type::text AS type, c.mode, c."projectKey", c."projectName", c."partnerProjectKey", c."partnerProjectName",
      c.status::text AS status, c."statusCode", c."statusDetail", c."partnerDeactivated",
      (SELECT count(*)::int FROM twin t WHERE t."connectionId" = c.id AND t."endedAt" IS NULL) AS "underSync",
      greatest(c."lastSyncInAt", c."lastSyncOutAt", o."lastSyncInAt", o."lastSyncOutAt") AS "lastSync",
      i."expiresAt", i."revokedAt"
    FROM connection c
    LEFT JOIN connection o ON o.uid = c.uid AND o.side <> c.side
    LEFT JOIN invitation i ON i."connectionId" = c.id AND c.status = 'pending'
    WHERE c.type <> 'local' OR c.side = 'initiator'
    ORDER BY c."createdAt" DESC, c.id`;
  return rows.map(toRow);
}

function toRow(raw: Raw): ConnectionRow {
  const { id, uid, side, name, type, mode, status, statusCode, statusDetail, partnerDeactivated, underSync, lastSync } =
    raw;
  return {
    id,
    uid,
    side,
    name,
    type,
    mode,
    status,
    statusCode,
    statusDetail,
    partnerDeactivated,
    underSync,
    lastSync,
    partner: { name: raw.partnerName, url: raw.partnerJiraUrl ?? raw.partnerUrl },
    project: { key: raw.projectKey, name: raw.projectName },
    partnerProject:
      raw.partnerProjectKey === null ? null : { key: raw.partnerProjectKey, name: raw.partnerProjectName },
    invitation: raw.expiresAt === null ? null : { expiresAt: raw.expiresAt, revoked: raw.revokedAt !== null },
  };
}
