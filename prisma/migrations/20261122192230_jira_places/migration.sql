-- CreateTable
CREATE TABLE "jira_places" (
    "id" INTEGER NOT NULL,
    "version" BIGINT NOT NULL,
    "shares" JSONB NOT NULL,

    CONSTRAINT "jira_places_pkey" PRIMARY KEY ("id")
);
