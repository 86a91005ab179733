-- CreateTable
CREATE TABLE "duration_count" (
    "name" TEXT NOT NULL,
    "labels" TEXT NOT NULL,
    "bucket" SMALLINT NOT NULL,
    "count" BIGINT NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "duration_count_pkey" PRIMARY KEY ("name","labels","bucket")
);
