-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "channelKeySince" TIMESTAMPTZ(3),
ADD COLUMN     "previousKey" TEXT,
ADD COLUMN     "previousKeyUntil" TIMESTAMPTZ(3),
ADD COLUMN     "rekey" TEXT;
