/** The row types of the database, by the names of prisma/schema.prisma. */
export type {
  AttachmentTrace,
  BulkItem,
  BulkRun,
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
  Trigger,
  Twin,
  WriteIntent,
} from './generated/client.ts';
export type { Db, Tx } from './client.ts';
