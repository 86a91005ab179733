-- DropIndex
DROP INDEX "sync_event_by_kind";

-- DropIndex
DROP INDEX "sync_event_by_number";

-- DropIndex
DROP INDEX "sync_event_by_status";

-- DropIndex
DROP INDEX "sync_request_by_kind";

-- DropIndex
DROP INDEX "sync_request_by_number";

-- DropIndex
DROP INDEX "sync_request_by_status";

-- DropIndex
DROP INDEX "twin_list";
