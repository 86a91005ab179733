-- What Prisma's schema language cannot say: open errors, newest first, and how many there are by impact.
CREATE INDEX "sync_error_open" ON "sync_error" ("lastAt", "id") INCLUDE ("impact") WHERE "resolvedAt" IS NULL;
