-- AlterTable
ALTER TABLE "node" ADD COLUMN     "activityUntil" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "twin" ADD COLUMN     "attachmentCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "commentCount" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "activity_day" (
    "day" DATE NOT NULL,
    "connectionId" UUID NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "activity_day_pkey" PRIMARY KEY ("connectionId","day")
);

-- CreateIndex
CREATE INDEX "audit_entry_actor_id_idx" ON "audit_entry"("actor", "id");

-- CreateIndex
CREATE INDEX "bulk_item_runId_id_idx" ON "bulk_item"("runId", "id");

-- CreateIndex
CREATE INDEX "sync_error_connectionId_idx" ON "sync_error"("connectionId");

-- CreateIndex
CREATE INDEX "timeline_entry_at_idx" ON "timeline_entry"("at");

-- AddForeignKey
ALTER TABLE "activity_day" ADD CONSTRAINT "activity_day_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

-- Pages of the list of twins, whatever the filter (src/services/twin/list-twins.ts), and every count of twins, without
-- reading the twins themselves.
CREATE INDEX "twin_list" ON "twin" ("connectionId", "status", "createdAt", "id")
  INCLUDE ("endedAt", "commentCount", "attachmentCount");

-- A page of the Sync Queue costs a page, whatever it is sorted by. The trace is what the message names: a twin's uid.
CREATE INDEX "sync_event_by_number" ON "sync_event" ("number", "seq");
CREATE INDEX "sync_event_by_status" ON "sync_event" ("status" COLLATE "C", "seq");
CREATE INDEX "sync_event_by_kind" ON "sync_event" ("kind" COLLATE "C", "seq");
CREATE INDEX "sync_event_by_trace" ON "sync_event"
  ((COALESCE("replica"->>'twin', "replica"->'snapshot'->>'twin', '') COLLATE "C"), "seq");
CREATE INDEX "sync_request_by_number" ON "sync_request" ("number", "seq");
CREATE INDEX "sync_request_by_status" ON "sync_request" ("status" COLLATE "C", "seq");
CREATE INDEX "sync_request_by_kind" ON "sync_request" ("kind" COLLATE "C", "seq");
CREATE INDEX "sync_request_by_trace" ON "sync_request"
  ((COALESCE("replica"->>'twin', "replica"->'snapshot'->>'twin', '') COLLATE "C"), "seq");

-- Files that wait are few among all that were ever sent.
CREATE INDEX "attachment_outgoing" ON "attachment_trace" ("id") WHERE "localId" IS NOT NULL AND NOT "deleted" AND NOT "acked";
CREATE INDEX "attachment_incoming" ON "attachment_trace" ("id") WHERE "localId" IS NULL AND NOT "deleted";

CREATE INDEX "sync_error_resolved" ON "sync_error" ("lastAt", "id") WHERE "resolvedAt" IS NOT NULL;

UPDATE "twin" SET "commentCount" = counted."comments", "attachmentCount" = counted."attachments"
FROM (
  SELECT "id" AS "twinId",
    (SELECT count(*) FROM "comment_trace" c WHERE c."twinId" = t."id" AND c."localId" IS NOT NULL AND c."deletedTime" IS NULL) AS "comments",
    (SELECT count(*) FROM "attachment_trace" a WHERE a."twinId" = t."id" AND a."localId" IS NOT NULL AND NOT a."deleted") AS "attachments"
  FROM "twin" t
) counted
WHERE counted."twinId" = "twin"."id" AND counted."comments" + counted."attachments" > 0;
