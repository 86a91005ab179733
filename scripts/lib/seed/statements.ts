/**
 * The statements of the seed, one per table. Twin number n is in the connection that its last two digits choose, and what
 * is up with it follows from (7919 n) mod 1000: 0-29 error, 30-56 ended, 57-59 paused, 60-114 an event waits, 115-159 a
 * request waits, else synchronized.
 */
const r = 'n * 7919 % 1000';

/** The number of the twin of a row, which its issue id tells. */
const n = `t."localIssueId"::bigint`;

/** Ids that look like random ones (version 4) and follow from a text. */
export const idOf = `
  CREATE FUNCTION pg_temp.id_of(text) RETURNS uuid LANGUAGE sql IMMUTABLE AS
  $$ SELECT overlay(overlay(md5($1) PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid $$`;

export const node = `INSERT INTO node (id, "instanceUid", "exalateUrl") VALUES (1, $1::uuid, $2)`;

export const connections = `
  INSERT INTO connection (id, uid, side, name, type, status, "statusDetail", "projectId", "projectKey", "projectName", rules,
    "partnerUid", "partnerName", "partnerUrl", "partnerJiraUrl", "partnerProjectKey", "partnerProjectName", "createdBy",
    "createdAt", "activatedAt", "lastSyncInAt", "lastSyncOutAt")
  SELECT pg_temp.id_of('connection' || c.number), pg_temp.id_of('connection-uid' || c."uidOf"), c.side::side, c.name,
    c.type::connection_type, c.status::connection_status,
    CASE WHEN c.status = 'error' THEN 'The partner does not know this connection any more.' END,
    (10000 + c.number)::text, c."projectKey", c."projectName", c.rules,
    CASE WHEN c."partnerName" IS NOT NULL THEN pg_temp.id_of('partner' || c.number) END, c."partnerName", c."partnerUrl",
    c."partnerJiraUrl", c."partnerProjectKey", c."partnerName", 'admin', now() - interval '700 days' + c.number * interval '1 day',
    CASE WHEN c.status <> 'pending' THEN now() - interval '690 days' END, now() - interval '1 minute', now() - interval '2 minutes'
  FROM jsonb_to_recordset($1::jsonb) AS c(number int, "uidOf" int, name text, type text, status text, side text,
    "projectKey" text, "projectName" text, "partnerName" text, "partnerUrl" text, "partnerJiraUrl" text,
    "partnerProjectKey" text, rules jsonb)`;

/** A local connection has each pair at both of its ends: neighbours in number, with one uid and the keys the other way round. */
export const twins = `
  WITH end_of AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb)
      AS c(number int, side text, type text, "from" int, "to" int, "projectKey" text, "partnerProjectKey" text)
  ), stamp AS (
    SELECT jsonb_build_object('time', 1700000000000, 'side', 'initiator') AS stamp
  )
  INSERT INTO twin (id, "connectionId", uid, "localIssueId", "localIssueKey", "localProjectKey", "remoteIssueId", "remoteIssueKey",
    status, "exalatedBy", "createdAt", "endedAt", fields, "localUpdatedAt", "localReadAt", "wakeAt", attempts, "errorCode",
    "outNumber", "outContent", "remoteApplied", "inNumber", "inContent", "reportedApplied", "lastSyncInAt", "lastSyncOutAt",
    "commentCount", "attachmentCount")
  SELECT pg_temp.id_of('twin' || n), pg_temp.id_of('connection' || c.number),
    pg_temp.id_of('twin-uid' || CASE WHEN c.type = 'local' THEN n - n % 2 ELSE n END),
    n::text, c."projectKey" || '-' || n, c."projectKey", other::text, c."partnerProjectKey" || '-' || other,
    (CASE WHEN r < 30 THEN 'error' WHEN r < 50 THEN 'unexalated' WHEN r < 55 THEN 'remote_removed' WHEN r < 57 THEN 'local_removed'
      WHEN r < 60 THEN 'paused' WHEN r < 115 THEN 'in_progress' WHEN r < 160 THEN 'waiting_for_remote' ELSE 'synchronized' END)::twin_status,
    CASE WHEN n % 3 = 0 THEN 'partner' ELSE 'admin' END, made, CASE WHEN r BETWEEN 30 AND 56 THEN now() - interval '3 days' END,
    jsonb_build_object(
      'summary', jsonb_build_object('value', 'Issue ' || n, 'stamp', stamp, 'acked', stamp, 'realized', jsonb_build_object('text', 'Issue ' || n, 'stamp', stamp)),
      'issueType', jsonb_build_object('value', 'Task', 'stamp', stamp, 'acked', stamp, 'realized', jsonb_build_object('text', 'Task', 'stamp', stamp)),
      'description', jsonb_build_object('value', repeat('What happened, step ' || n || '. ', 12), 'stamp', stamp, 'acked', stamp,
        'realized', jsonb_build_object('text', repeat('What happened, step ' || n || '. ', 12), 'stamp', stamp))),
    made, made + interval '1 day',
    -- The partner is being left alone for a while; the rest sleeps.
    CASE WHEN r BETWEEN 60 AND 114 THEN now() + interval '1 hour' + n * interval '1 second' END,
    CASE WHEN r < 30 THEN 3 ELSE 0 END, CASE WHEN r < 30 THEN 'required_fields' END,
    5, 4, 4, 4, 4, 4, now() - n % 5000 * interval '1 hour', now() - n % 4000 * interval '1 hour',
    3, n % 2
  FROM (SELECT n, ${r} AS r, now() - (1 - n::float8 / $1) * interval '690 days' AS made FROM generate_series(1::bigint, $1::bigint) AS n) AS numbered
  JOIN end_of c ON n % 100 >= c."from" AND n % 100 < c."to"
  CROSS JOIN LATERAL (SELECT CASE WHEN c.type <> 'local' THEN n WHEN n % 2 = 0 THEN n + 1 ELSE n - 1 END AS other) AS pair
  CROSS JOIN stamp
  ORDER BY n`;

export const comments = `
  INSERT INTO comment_trace (id, "twinId", uid, "localId", body, "authorName", "createdMs", "stampTime", "stampSide", realized,
    "realizedTime", "realizedSide", "ackedTime", "ackedSide")
  SELECT pg_temp.id_of('comment' || i || t."localIssueId"), t.id, 'initiator:' || i || t."localIssueId", i || t."localIssueId",
    repeat('Somebody said something. ', 5), 'Alice Admin', 1700000000000, 1700000000000, 'initiator',
    repeat('Somebody said something. ', 5), 1700000000000, 'initiator', 1700000000000, 'initiator'
  FROM twin t CROSS JOIN generate_series(1, 3) AS i`;

/** Every second issue has a file; one in two hundred has one that waits to be sent, another one that waits to be written. */
export const attachments = `
  INSERT INTO attachment_trace (id, "twinId", uid, "localId", filename, "mimeType", "sizeBytes", "authorName", "createdMs", acked)
  SELECT pg_temp.id_of('file' || r || t."localIssueId"), t.id, 'initiator:' || t."localIssueId", CASE WHEN NOT waits_in THEN t."localIssueId" END,
    'screenshot-' || t."localIssueId" || '.png', 'image/png', 20480, 'Alice Admin', 1700000000000, NOT (waits_out OR waits_in)
  FROM twin t
  CROSS JOIN LATERAL (SELECT ${n} * 7919 % 1000 AS r) AS a
  CROSS JOIN LATERAL (SELECT r BETWEEN 60 AND 64 AS waits_out, r BETWEEN 115 AND 119 AS waits_in) AS w
  WHERE ${n} % 2 = 1 OR waits_out OR waits_in`;

const message = (kind: string): string => `
  jsonb_build_object('id', pg_temp.id_of('${kind}' || t."localIssueId"), 'twin', t.uid, 'number', 5 + ${n} % 4, 'kind', '${kind}',
    'content', true, 'delta', jsonb_build_object('fields', jsonb_build_object('description', jsonb_build_object(
      'value', repeat('Replica of issue ' || t."localIssueKey" || '. ', 30))), 'comments', '[]'::jsonb, 'attachments', '[]'::jsonb))`;

export const events = `
  INSERT INTO sync_event (id, "connectionId", "twinId", number, kind, replica, status, "createdAt")
  SELECT pg_temp.id_of('update' || t."localIssueId"), t."connectionId", t.id, 5 + ${n} % 4,
    CASE WHEN ${n} % 7 = 0 THEN 'exalate' ELSE 'update' END, ${message('update')},
    CASE WHEN ${n} % 20 = 0 THEN 'error' ELSE 'pending' END, now() - interval '2 hours' + row_number() OVER (ORDER BY ${n}) * interval '1 second'
  FROM twin t WHERE t.status = 'in_progress' ORDER BY ${n}`;

export const requests = `
  INSERT INTO sync_request (id, "connectionId", "twinId", number, kind, replica, status, "receivedAt")
  SELECT pg_temp.id_of('request' || t."localIssueId"), t."connectionId", t.id, 5 + ${n} % 4,
    CASE WHEN ${n} % 7 = 0 THEN 'exalate' ELSE 'update' END, ${message('request')},
    CASE WHEN ${n} % 20 = 0 THEN 'error' ELSE 'received' END, now() - interval '2 hours' + row_number() OVER (ORDER BY ${n}) * interval '1 second'
  FROM twin t WHERE t.status = 'waiting_for_remote' ORDER BY ${n}`;

/** Over the half year for which it is kept, in the order of time. */
export const timeline = `
  INSERT INTO timeline_entry ("twinId", at, kind, data)
  SELECT pg_temp.id_of('twin' || (1 + k * 7919 % $2::bigint)), now() - (1 - k::float8 / $1) * interval '178 days',
    (ARRAY['sent', 'received', 'edited', 'created', 'exalated'])[1 + k % 5],
    jsonb_build_object('number', k % 9, 'fields', jsonb_build_array('summary', 'description'), 'comments', k % 3, 'attachments', 0, 'by', 'admin', 'key', 'P1-' || k, 'type', 'Task')
  FROM generate_series(1::bigint, $1::bigint) AS k`;

/** Of the oldest synchronized twin of the largest connection. */
export const longTimeline = `
  INSERT INTO timeline_entry ("twinId", at, kind, data)
  SELECT (SELECT id FROM twin WHERE "connectionId" = pg_temp.id_of('connection1') AND status = 'synchronized' ORDER BY "createdAt" LIMIT 1),
    now() - (1 - k::float8 / $1) * interval '100 days', CASE WHEN k % 10 = 0 THEN 'conflict' ELSE 'received' END,
    jsonb_build_object('number', k, 'fields', '[]'::jsonb, 'comments', 1, 'attachments', 0, 'what', 'description', 'lostSide', 'local', 'value', repeat('An older text. ', 20))
  FROM generate_series(1::bigint, $1::bigint) AS k`;

/** As the worker counts it (src/services/dashboard/roll-up-activity.ts). */
export const activity = `
  WITH counted AS (
    INSERT INTO activity_day (day, "connectionId", count)
    SELECT (e.at AT TIME ZONE 'UTC')::date, t."connectionId", count(*)
    FROM timeline_entry e JOIN twin t ON t.id = e."twinId"
    WHERE e.kind IN ('created', 'sent', 'received', 'edited') AND e.at < date_trunc('minute', now()) - interval '3 minutes' GROUP BY 1, 2
  )
  UPDATE node SET "activityUntil" = date_trunc('minute', now()) - interval '3 minutes'`;

export const openErrors = `
  INSERT INTO sync_error (id, impact, code, summary, detail, "connectionId", "twinId", fingerprint, count, "firstAt", "lastAt")
  SELECT pg_temp.id_of('error' || t."localIssueId"), e.value->>'impact', e.value->>'code', e.value->>'summary',
    'Field "Customer" is required for ' || t."localIssueKey" || '.', t."connectionId", t.id, md5('fingerprint' || t."localIssueId"),
    1 + ${n} % 40, now() - interval '20 days', now() - ${n} % 400 * interval '1 hour'
  FROM twin t CROSS JOIN LATERAL jsonb_array_elements($1::jsonb) WITH ORDINALITY AS e(value, nth)
  WHERE t.status = 'error' AND e.nth = 1 + ${n} / 1000 % 5`;

export const resolvedErrors = `
  INSERT INTO sync_error (id, impact, code, summary, detail, "connectionId", "twinId", fingerprint, count, "firstAt", "lastAt", "resolvedAt", "resolvedBy")
  SELECT pg_temp.id_of('resolved' || t."localIssueId"), e.value->>'impact', e.value->>'code', e.value->>'summary',
    'It went well the next time.', t."connectionId", t.id, md5('fingerprint' || t."localIssueId"), 2,
    now() - interval '28 days', now() - ${n} % 600 * interval '1 hour', now() - ${n} % 600 * interval '1 hour', 'sync'
  FROM (SELECT * FROM twin WHERE status = 'synchronized' ORDER BY id LIMIT $1) t
  CROSS JOIN LATERAL jsonb_array_elements($2::jsonb) WITH ORDINALITY AS e(value, nth)
  WHERE e.nth = 1 + ${n} % 5`;

export const audit = `
  INSERT INTO audit_entry (at, actor, verb, target, data)
  SELECT now() - (1 - k::float8 / $1) * interval '600 days', (ARRAY['admin', 'jane', 'jonas', 'maria', 'system'])[1 + k % 5],
    (ARRAY['exalate', 'sign_in', 'retry', 'unexalate', 'connection.rename'])[1 + k % 5],
    CASE WHEN k % 5 = 4 THEN pg_temp.id_of('connection1')::text ELSE 'P1-' || k END, jsonb_build_object('connection', 'Company B')
  FROM generate_series(1::bigint, $1::bigint) AS k`;

export const triggers = `
  INSERT INTO sync_trigger (id, "connectionId", jql, notes, active, "createdBy", "createdAt", "activeSince")
  SELECT pg_temp.id_of('trigger' || k), pg_temp.id_of('connection' || 1 + k % 6), 'project = P' || 1 + k % 6 || ' AND labels = sync' || k,
    'Everything with the label ' || k, k % 4 > 0, 'admin', now() - k * interval '1 day', now() - k * interval '1 day'
  FROM generate_series(1, 40) AS k`;

/** All of them have ended: nothing of the seed makes a worker ask Jira for anything. */
export const bulkRuns = `
  INSERT INTO bulk_run (id, kind, status, "connectionId", "triggerId", subject, jql, listed, total, done, failed, "startedBy",
    "createdAt", "startedAt", "endedAt")
  SELECT pg_temp.id_of('run' || k), (ARRAY['exalate', 'unexalate', 'connect', 'clean_up'])[1 + k % 4], CASE WHEN k % 9 = 0 THEN 'cancelled' ELSE 'done' END,
    pg_temp.id_of('connection' || 1 + k % 6), CASE WHEN k % 4 < 2 THEN pg_temp.id_of('trigger' || k % 40 + 1) END, 'Run ' || k, 'project = P1', true,
    items, items - items / 20, items / 20, 'admin', now() - k * interval '1 day', now() - k * interval '1 day', now() - k * interval '1 day' + interval '1 hour'
  FROM generate_series(0, 59) AS k CROSS JOIN LATERAL (SELECT CASE WHEN k = 0 THEN $1::int ELSE 500 END AS items) AS size`;

export const bulkItems = `
  INSERT INTO bulk_item ("runId", subject, "localIssueId", "localKey", "remoteKey", outcome, error)
  SELECT run.id, k::text, k::text, 'P1-' || k, 'R1-' || k, CASE WHEN k % 20 = 0 THEN 'failed' ELSE 'done' END,
    CASE WHEN k % 20 = 0 THEN 'The issue does not exist.' END
  FROM bulk_run run CROSS JOIN LATERAL generate_series(1, run.total) AS k`;

export const verifyRuns = `
  WITH run AS (
    INSERT INTO verify_run (id, "startedBy", state, "startedAt", "endedAt", total, checked, differences)
    SELECT pg_temp.id_of('verify' || k), 'system', 'done', now() - k * interval '1 day', now() - k * interval '1 day' + interval '2 hours', $1::int, $1::int, 10
    FROM generate_series(1, 25) AS k RETURNING id
  )
  INSERT INTO verify_difference ("runId", "twinId", kind, detail)
  SELECT run.id, pg_temp.id_of('twin' || k), 'local', 'The summary differs.' FROM run CROSS JOIN generate_series(1, 10) AS k`;

export const replayedTokens = `
  INSERT INTO replayed_token (jti, "expiresAt")
  SELECT 'seed:' || md5('token' || k), now() + k % 300 * interval '1 second' FROM generate_series(1, $1::int) AS k`;
