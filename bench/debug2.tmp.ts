import { startWorld } from './lib/world.ts';
import { exalate, makeIssues, synchronized } from './lib/issues.ts';
const world = await startWorld({ pollSeconds: 20, profile: null });
const { a, b } = world;
try {
  const issues = await makeIssues(a, { count: 10, summary: 'X', commentsEach: 7 });
  const tw = await exalate(a, issues);
  await synchronized(world, tw, 60000);
  await new Promise((r) => setTimeout(r, 6000));
  for (const c of [a, b]) {
    console.log(await c.ctx.db.$queryRawUnsafe(`select "localIssueKey", status::text, "wakeAt", "leaseUntil", "hintedAt", attempts, "outNumber", "inNumber", "remoteApplied","outContent","reportedState", (select count(*) from sync_event e where e."twinId"=twin.id)::int ev, (select count(*) from sync_request e where e."twinId"=twin.id)::int rq, now() from twin where "wakeAt" is not null or "leaseUntil" is not null or exists (select 1 from sync_event e where e."twinId"=twin.id) or exists (select 1 from sync_request e where e."twinId"=twin.id)`));
  }
} finally { await world.stop(); }
process.exit(0);
