-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "side" AS ENUM ('initiator', 'acceptor');

-- CreateEnum
CREATE TYPE "connection_status" AS ENUM ('pending', 'active', 'deactivated', 'error');

-- CreateEnum
CREATE TYPE "connection_type" AS ENUM ('public', 'private', 'local');

-- CreateEnum
CREATE TYPE "twin_status" AS ENUM ('in_progress', 'synchronized', 'waiting_for_remote', 'paused', 'error', 'remote_removed', 'local_removed', 'unexalated');

-- CreateTable
CREATE TABLE "node" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "instanceUid" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "exalateUrl" TEXT NOT NULL,
    "jiraUrl" TEXT,
    "jiraCredentials" TEXT,
    "setupTokenHash" TEXT,
    "jiraState" TEXT NOT NULL DEFAULT 'ok',
    "jiraStateDetail" TEXT,
    "jiraStateSince" TIMESTAMPTZ(3),
    "captureWatermark" TIMESTAMPTZ(3),
    "captureZone" TEXT,
    "captureAt" TIMESTAMPTZ(3),
    "sweepCursor" TEXT,
    "sweepAt" TIMESTAMPTZ(3),
    "webhookState" TEXT NOT NULL DEFAULT 'none',
    "webhookDetail" TEXT,
    "pollOnly" BOOLEAN,
    "notifyEmail" TEXT,

    CONSTRAINT "node_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection" (
    "id" UUID NOT NULL,
    "uid" UUID NOT NULL,
    "side" "side" NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "mode" TEXT NOT NULL DEFAULT 'BASIC',
    "type" "connection_type" NOT NULL,
    "status" "connection_status" NOT NULL,
    "statusCode" TEXT,
    "statusDetail" TEXT,
    "statusSince" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "projectId" TEXT NOT NULL,
    "projectKey" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "rules" JSONB NOT NULL,
    "partnerUid" UUID,
    "partnerName" TEXT,
    "partnerUrl" TEXT,
    "partnerJiraUrl" TEXT,
    "partnerInfo" JSONB,
    "partnerPollOnly" BOOLEAN NOT NULL DEFAULT false,
    "partnerProjectKey" TEXT,
    "partnerProjectName" TEXT,
    "partnerDeactivated" BOOLEAN NOT NULL DEFAULT false,
    "channelKey" TEXT,
    "handshake" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "activatedAt" TIMESTAMPTZ(3),
    "lastSyncInAt" TIMESTAMPTZ(3),
    "lastSyncOutAt" TIMESTAMPTZ(3),
    "partnerFailures" INTEGER NOT NULL DEFAULT 0,
    "partnerRetryAt" TIMESTAMPTZ(3),

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "connectionId" UUID NOT NULL,
    "secretHash" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "boundInstanceUid" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revokedAt" TIMESTAMPTZ(3),
    "usedAt" TIMESTAMPTZ(3),
    "usedBy" UUID,
    "acceptorKey" TEXT,
    "reply" JSONB,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "twin" (
    "id" UUID NOT NULL,
    "connectionId" UUID NOT NULL,
    "uid" UUID NOT NULL,
    "localIssueId" TEXT,
    "localIssueKey" TEXT,
    "localProjectKey" TEXT,
    "remoteIssueId" TEXT,
    "remoteIssueKey" TEXT,
    "status" "twin_status" NOT NULL DEFAULT 'in_progress',
    "exalatedBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMPTZ(3),
    "fields" JSONB NOT NULL DEFAULT '{}',
    "localUpdatedAt" TIMESTAMPTZ(3),
    "localReadAt" TIMESTAMPTZ(3),
    "hintedAt" TIMESTAMPTZ(3),
    "wakeAt" TIMESTAMPTZ(3),
    "priority" SMALLINT NOT NULL DEFAULT 0,
    "leaseOwner" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" BIGINT NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "errorCode" TEXT,
    "outNumber" INTEGER NOT NULL DEFAULT 0,
    "outContent" INTEGER NOT NULL DEFAULT 0,
    "remoteApplied" INTEGER NOT NULL DEFAULT 0,
    "inNumber" INTEGER NOT NULL DEFAULT 0,
    "inContent" INTEGER NOT NULL DEFAULT 0,
    "reportedApplied" INTEGER NOT NULL DEFAULT 0,
    "reportedState" TEXT NOT NULL DEFAULT '',
    "lastSyncInAt" TIMESTAMPTZ(3),
    "lastSyncOutAt" TIMESTAMPTZ(3),
    "remoteProgress" JSONB,

    CONSTRAINT "twin_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comment_trace" (
    "id" UUID NOT NULL,
    "twinId" UUID NOT NULL,
    "uid" TEXT NOT NULL,
    "localId" TEXT,
    "body" TEXT NOT NULL,
    "authorName" TEXT NOT NULL,
    "authorLine" TEXT,
    "createdMs" BIGINT NOT NULL,
    "stampTime" BIGINT NOT NULL,
    "stampSide" "side" NOT NULL,
    "deletedTime" BIGINT,
    "deletedSide" "side",
    "realized" TEXT,
    "realizedTime" BIGINT,
    "realizedSide" "side",
    "ackedTime" BIGINT,
    "ackedSide" "side",
    "ackedDeletedTime" BIGINT,
    "ackedDeletedSide" "side",

    CONSTRAINT "comment_trace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attachment_trace" (
    "id" UUID NOT NULL,
    "twinId" UUID NOT NULL,
    "uid" TEXT NOT NULL,
    "localId" TEXT,
    "filename" TEXT NOT NULL,
    "mimeType" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "sha256" TEXT,
    "contentUrl" TEXT,
    "authorName" TEXT NOT NULL,
    "createdMs" BIGINT NOT NULL,
    "deleted" BOOLEAN NOT NULL DEFAULT false,
    "acked" BOOLEAN NOT NULL DEFAULT false,
    "ackedDeleted" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "attachment_trace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "write_intent" (
    "id" UUID NOT NULL,
    "twinId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "fence" BIGINT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "write_intent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_event" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "connectionId" UUID NOT NULL,
    "twinId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "replica" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sentAt" TIMESTAMPTZ(3),
    "lastError" TEXT,

    CONSTRAINT "sync_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_request" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "connectionId" UUID NOT NULL,
    "twinId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "replica" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'received',
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sync_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "timeline_entry" (
    "id" BIGSERIAL NOT NULL,
    "twinId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "timeline_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_error" (
    "id" UUID NOT NULL,
    "impact" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "connectionId" UUID,
    "twinId" UUID,
    "fingerprint" TEXT NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "firstAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolvedAt" TIMESTAMPTZ(3),
    "resolvedBy" TEXT,

    CONSTRAINT "sync_error_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "verb" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "replayed_token" (
    "jti" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "replayed_token_pkey" PRIMARY KEY ("jti")
);

-- CreateTable
CREATE TABLE "sign_in_throttle" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "lastFailedAt" TIMESTAMPTZ(3) NOT NULL,
    "blockedUntil" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_throttle_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "loop_lease" (
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "loop_lease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "worker_beat" (
    "owner" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_beat_pkey" PRIMARY KEY ("owner")
);

-- CreateIndex
CREATE UNIQUE INDEX "node_instanceUid_key" ON "node"("instanceUid");

-- CreateIndex
CREATE INDEX "connection_status_idx" ON "connection"("status");

-- CreateIndex
CREATE INDEX "connection_createdAt_idx" ON "connection"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "connection_uid_side_key" ON "connection"("uid", "side");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_connectionId_key" ON "invitation"("connectionId");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_secretHash_key" ON "invitation"("secretHash");

-- CreateIndex
CREATE INDEX "twin_localIssueId_idx" ON "twin"("localIssueId");

-- CreateIndex
CREATE INDEX "twin_localIssueKey_idx" ON "twin"("localIssueKey");

-- CreateIndex
CREATE INDEX "twin_remoteIssueKey_idx" ON "twin"("remoteIssueKey");

-- CreateIndex
CREATE INDEX "twin_createdAt_id_idx" ON "twin"("createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "twin_connectionId_uid_key" ON "twin"("connectionId", "uid");

-- CreateIndex
CREATE UNIQUE INDEX "comment_trace_twinId_uid_key" ON "comment_trace"("twinId", "uid");

-- CreateIndex
CREATE UNIQUE INDEX "comment_trace_twinId_localId_key" ON "comment_trace"("twinId", "localId");

-- CreateIndex
CREATE UNIQUE INDEX "attachment_trace_twinId_uid_key" ON "attachment_trace"("twinId", "uid");

-- CreateIndex
CREATE UNIQUE INDEX "attachment_trace_twinId_localId_key" ON "attachment_trace"("twinId", "localId");

-- CreateIndex
CREATE UNIQUE INDEX "write_intent_twinId_kind_subject_key" ON "write_intent"("twinId", "kind", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "sync_event_seq_key" ON "sync_event"("seq");

-- CreateIndex
CREATE INDEX "sync_event_connectionId_seq_idx" ON "sync_event"("connectionId", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "sync_event_twinId_number_key" ON "sync_event"("twinId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "sync_request_seq_key" ON "sync_request"("seq");

-- CreateIndex
CREATE INDEX "sync_request_twinId_number_idx" ON "sync_request"("twinId", "number");

-- CreateIndex
CREATE INDEX "sync_request_connectionId_seq_idx" ON "sync_request"("connectionId", "seq");

-- CreateIndex
CREATE INDEX "timeline_entry_twinId_id_idx" ON "timeline_entry"("twinId", "id");

-- CreateIndex
CREATE INDEX "sync_error_resolvedAt_lastAt_idx" ON "sync_error"("resolvedAt", "lastAt");

-- CreateIndex
CREATE INDEX "sync_error_twinId_idx" ON "sync_error"("twinId");

-- CreateIndex
CREATE INDEX "replayed_token_expiresAt_idx" ON "replayed_token"("expiresAt");

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "twin" ADD CONSTRAINT "twin_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment_trace" ADD CONSTRAINT "comment_trace_twinId_fkey" FOREIGN KEY ("twinId") REFERENCES "twin"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attachment_trace" ADD CONSTRAINT "attachment_trace_twinId_fkey" FOREIGN KEY ("twinId") REFERENCES "twin"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "write_intent" ADD CONSTRAINT "write_intent_twinId_fkey" FOREIGN KEY ("twinId") REFERENCES "twin"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_event" ADD CONSTRAINT "sync_event_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_event" ADD CONSTRAINT "sync_event_twinId_fkey" FOREIGN KEY ("twinId") REFERENCES "twin"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_request" ADD CONSTRAINT "sync_request_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_request" ADD CONSTRAINT "sync_request_twinId_fkey" FOREIGN KEY ("twinId") REFERENCES "twin"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "timeline_entry" ADD CONSTRAINT "timeline_entry_twinId_fkey" FOREIGN KEY ("twinId") REFERENCES "twin"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_error" ADD CONSTRAINT "sync_error_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_error" ADD CONSTRAINT "sync_error_twinId_fkey" FOREIGN KEY ("twinId") REFERENCES "twin"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema language cannot say.

-- An issue has at most one living twin per connection (B2, C1); ended twins stay as history.
CREATE UNIQUE INDEX "twin_local_issue_once" ON "twin" ("connectionId", "localIssueId") WHERE "endedAt" IS NULL;
CREATE UNIQUE INDEX "twin_remote_issue_once" ON "twin" ("connectionId", "remoteIssueId") WHERE "endedAt" IS NULL;

-- Finding the lanes that are due costs what is due, not what exists.
CREATE INDEX "twin_due" ON "twin" ("priority", "wakeAt") WHERE "wakeAt" IS NOT NULL;
CREATE INDEX "twin_leased" ON "twin" ("leaseUntil") WHERE "leaseUntil" IS NOT NULL;

-- Equal open errors are one row.
CREATE UNIQUE INDEX "sync_error_open_once" ON "sync_error" ("fingerprint") WHERE "resolvedAt" IS NULL;

-- Twins and queue rows are written often and must not bloat.
ALTER TABLE "twin" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE "sync_event" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200);
ALTER TABLE "sync_request" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200);
ALTER TABLE "write_intent" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200);

-- A2: the rules and the mode of a connection are those it was made with. Refused here too, so that neither another
-- program nor a forgotten code path can change them. Deleting the whole connection stays possible.
CREATE FUNCTION connection_rules_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."rules" IS DISTINCT FROM OLD."rules" OR NEW."mode" IS DISTINCT FROM OLD."mode" THEN
    RAISE EXCEPTION 'rules_are_fixed'
      USING ERRCODE = 'check_violation',
            DETAIL = 'The sync rules and the mode of a connection in Basic mode cannot be changed.',
            HINT = 'Make a new connection in Visual or Script mode instead.';
  END IF;
  RETURN NEW;
END;
$$;

CREATE TRIGGER connection_rules_are_fixed
  BEFORE UPDATE ON "connection"
  FOR EACH ROW EXECUTE FUNCTION connection_rules_are_fixed();
