-- AlterTable
ALTER TABLE "comment_trace" ADD COLUMN "hidden" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "atHome" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "attachment_trace" ADD COLUMN "atHome" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "twin" ADD COLUMN "carried" JSONB;

-- Until now what stays at home was marked by an acknowledgement that nothing could be newer than, or of a deletion that never was.
UPDATE "comment_trace" SET "atHome" = true WHERE "ackedTime" = 9007199254740991;
UPDATE "attachment_trace" SET "atHome" = true WHERE "acked" AND "ackedDeleted" AND NOT "deleted";
