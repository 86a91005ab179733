-- AlterTable
ALTER TABLE "twin" ADD COLUMN     "cleanedAt" TIMESTAMPTZ(3),
ADD COLUMN     "connect" JSONB;

-- CreateTable
CREATE TABLE "sync_trigger" (
    "id" UUID NOT NULL,
    "connectionId" UUID NOT NULL,
    "entityType" TEXT NOT NULL DEFAULT 'issue',
    "jql" TEXT NOT NULL,
    "notes" TEXT NOT NULL DEFAULT '',
    "active" BOOLEAN NOT NULL DEFAULT true,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "activeSince" TIMESTAMPTZ(3) NOT NULL,
    "checkedUntil" TIMESTAMPTZ(3),
    "checkedWindow" TEXT,
    "retryAt" TIMESTAMPTZ(3),

    CONSTRAINT "sync_trigger_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_run" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "connectionId" UUID NOT NULL,
    "triggerId" UUID,
    "subject" TEXT NOT NULL,
    "jql" TEXT,
    "options" JSONB NOT NULL DEFAULT '{}',
    "cursor" JSONB,
    "listed" BOOLEAN NOT NULL DEFAULT false,
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "startedBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "waitingFor" TEXT,
    "leaseOwner" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "nextStepAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bulk_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_item" (
    "id" BIGSERIAL NOT NULL,
    "runId" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "localIssueId" TEXT,
    "localKey" TEXT,
    "remoteKey" TEXT,
    "twinId" UUID,
    "outcome" TEXT NOT NULL DEFAULT 'pending',
    "error" TEXT,
    "retryAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bulk_item_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sync_trigger_connectionId_idx" ON "sync_trigger"("connectionId");

-- CreateIndex
CREATE INDEX "bulk_run_createdAt_idx" ON "bulk_run"("createdAt");

-- CreateIndex
CREATE INDEX "bulk_item_runId_outcome_id_idx" ON "bulk_item"("runId", "outcome", "id");

-- CreateIndex
CREATE INDEX "bulk_item_twinId_idx" ON "bulk_item"("twinId");

-- CreateIndex
CREATE UNIQUE INDEX "bulk_item_runId_subject_key" ON "bulk_item"("runId", "subject");

-- AddForeignKey
ALTER TABLE "sync_trigger" ADD CONSTRAINT "sync_trigger_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_run" ADD CONSTRAINT "bulk_run_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_run" ADD CONSTRAINT "bulk_run_triggerId_fkey" FOREIGN KEY ("triggerId") REFERENCES "sync_trigger"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_runId_fkey" FOREIGN KEY ("runId") REFERENCES "bulk_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

-- The same work is never done twice at once: a second start finds the run that is under way.
CREATE UNIQUE INDEX "bulk_run_once" ON "bulk_run" ("kind", "connectionId", COALESCE("triggerId", "connectionId"))
  WHERE "endedAt" IS NULL;

-- Finding what is to be done next costs what is unfinished, not what has ever been.
CREATE INDEX "bulk_run_due" ON "bulk_run" ("nextStepAt") WHERE "endedAt" IS NULL;

-- Pairs that are being cleaned up, and ended pairs whose partner has not been told yet.
CREATE INDEX "twin_cleaned" ON "twin" ("cleanedAt") WHERE "cleanedAt" IS NOT NULL;

ALTER TABLE "bulk_item" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
