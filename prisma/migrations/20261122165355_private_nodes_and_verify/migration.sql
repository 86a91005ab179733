-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "hold" TEXT,
ADD COLUMN     "partnerSeenAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "node" ADD COLUMN     "startedAs" TEXT;

-- CreateTable
CREATE TABLE "attachment_transfer" (
    "id" UUID NOT NULL,
    "connectionId" UUID NOT NULL,
    "twinUid" UUID NOT NULL,
    "traceUid" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'wanted',
    "sizeBytes" BIGINT,
    "reason" TEXT,
    "askedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "readAt" TIMESTAMPTZ(3),

    CONSTRAINT "attachment_transfer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attachment_chunk" (
    "transferId" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "attachment_chunk_pkey" PRIMARY KEY ("transferId","seq")
);

-- CreateTable
CREATE TABLE "partner_question" (
    "id" UUID NOT NULL,
    "connectionId" UUID NOT NULL,
    "body" JSONB NOT NULL,
    "answer" JSONB,
    "askedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "partner_question_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verify_run" (
    "id" UUID NOT NULL,
    "startedBy" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMPTZ(3),
    "cursor" UUID,
    "total" INTEGER NOT NULL DEFAULT 0,
    "checked" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "differences" INTEGER NOT NULL DEFAULT 0,
    "note" TEXT,

    CONSTRAINT "verify_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verify_difference" (
    "id" BIGSERIAL NOT NULL,
    "runId" UUID NOT NULL,
    "twinId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verify_difference_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "attachment_transfer_connectionId_twinUid_traceUid_key" ON "attachment_transfer"("connectionId", "twinUid", "traceUid");

-- CreateIndex
CREATE INDEX "partner_question_connectionId_idx" ON "partner_question"("connectionId");

-- CreateIndex
CREATE INDEX "verify_run_startedAt_idx" ON "verify_run"("startedAt");

-- CreateIndex
CREATE UNIQUE INDEX "verify_difference_runId_twinId_kind_key" ON "verify_difference"("runId", "twinId", "kind");

-- AddForeignKey
ALTER TABLE "attachment_transfer" ADD CONSTRAINT "attachment_transfer_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attachment_chunk" ADD CONSTRAINT "attachment_chunk_transferId_fkey" FOREIGN KEY ("transferId") REFERENCES "attachment_transfer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "partner_question" ADD CONSTRAINT "partner_question_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verify_difference" ADD CONSTRAINT "verify_difference_runId_fkey" FOREIGN KEY ("runId") REFERENCES "verify_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

-- Pieces of files only pass through: they need no journal, and no compression.
ALTER TABLE "attachment_chunk" SET UNLOGGED;
ALTER TABLE "attachment_chunk" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

-- One verification at a time.
CREATE UNIQUE INDEX "verify_run_once" ON "verify_run" ("state") WHERE "state" = 'running';
