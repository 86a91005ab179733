/** The row types of the database, by the names of prisma/schema.prisma. */
export type {
  AttachmentTrace,
  CommentTrace,
  Connection,
  Invitation,
  Node,
  Prisma,
  Side,
  SyncError,
  SyncEvent,
  SyncRequest,
  TimelineEntry,
  Twin,
  WriteIntent,
} from './generated/client.ts';
export type { Db, Tx } from './client.ts';
