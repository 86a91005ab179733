-- AlterTable
ALTER TABLE "node" ADD COLUMN "databaseFullAt" TIMESTAMPTZ(3);
