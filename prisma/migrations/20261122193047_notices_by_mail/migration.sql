-- AlterTable
ALTER TABLE "node" ADD COLUMN     "mailAttempts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "mailRetryAt" TIMESTAMPTZ(3),
ADD COLUMN     "mailSentAt" TIMESTAMPTZ(3),
ADD COLUMN     "notifyEveryMinutes" INTEGER NOT NULL DEFAULT 60,
ADD COLUMN     "notifyFrom" TEXT,
ADD COLUMN     "notifyImpacts" TEXT[] DEFAULT ARRAY['node', 'connection', 'trigger', 'issue']::TEXT[];

-- CreateTable
CREATE TABLE "notice" (
    "fingerprint" TEXT NOT NULL,
    "pendingSince" TIMESTAMPTZ(3),
    "lastAt" TIMESTAMPTZ(3) NOT NULL,
    "toldAt" TIMESTAMPTZ(3),

    CONSTRAINT "notice_pkey" PRIMARY KEY ("fingerprint")
);

-- CreateIndex
CREATE INDEX "notice_pendingSince_idx" ON "notice"("pendingSince");

-- CreateIndex
CREATE INDEX "notice_toldAt_idx" ON "notice"("toldAt");
