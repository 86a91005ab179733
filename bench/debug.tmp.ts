import { startWorld } from './lib/world.ts';
import { exalate, makeIssues, synchronized } from './lib/issues.ts';
const lat = Number(process.argv[2] ?? 50), n = Number(process.argv[3] ?? 64);
const world = await startWorld({ pollSeconds: 20, profile: process.env.PROFILE ?? null });
const { a, b } = world;
if (process.env.STMT) for (const c of [a,b]) await c.ctx.db.$executeRawUnsafe('create extension if not exists pg_stat_statements');
try {
  for (let round = 0; round < Number(process.argv[4] ?? 2); round++) {
    await world.quiet();
    const issues = await makeIssues(a, { count: n, summary: 'X', commentsEach: 7 });
    await world.setLatency(lat);
    const meter = world.meter();
    const t0 = Date.now();
    const tw = await exalate(a, issues);
    const t1 = Date.now();
    await synchronized(world, tw, 120000);
    const t2 = Date.now();
    const u = await meter.stop();
    console.log('CPU ms/issue:', Object.entries(u).map(([k, v]) => k + ' ' + ((v.cpuSeconds / n) * 1000).toFixed(1)).join(', '), 'sum', (Object.values(u).reduce((x, v) => x + v.cpuSeconds, 0) / n * 1000).toFixed(0));
    console.log('insert', t1 - t0, 'total', t2 - t0, 'rate', (n / (t2 - t0)) * 1000);
    await world.quiet();
    const ids = tw.map((t) => t.id);
    for (const [name, c] of [['A', a], ['B', b]] as const) {
      const uids = await a.ctx.db.twin.findMany({ where: { id: { in: ids } }, select: { uid: true } });
      const rows = await c.ctx.db.$queryRawUnsafe<any[]>(`select kind, min(at) mn, percentile_disc(0.5) within group (order by at) md, max(at) mx, count(*)::int n from timeline_entry t join twin w on w.id=t."twinId" where w.uid = any($1::uuid[]) group by 1 order by 2`, uids.map((u) => u.uid));
      for (const r of rows) console.log(name, r.kind.padEnd(12), r.n, r.mn - t0, r.md - t0, r.mx - t0);
      if (process.env.STMT) {
        const s = await c.ctx.db.$queryRawUnsafe<any[]>(`select calls::int, round(total_exec_time)::int ms, round(total_plan_time)::int plan, left(regexp_replace(query,'\\s+',' ','g'),110) q from pg_stat_statements where dbid=(select oid from pg_database where datname=current_database()) order by total_exec_time+total_plan_time desc limit 25`).catch((e) => [{ q: String(e).slice(-300) }]);
        for (const r of s) console.log(name, (r.calls/n).toFixed(1).padStart(6), String(r.ms).padStart(6), String(r.plan).padStart(6), r.q);
      }
    }
    if (process.env.STMT) await a.ctx.db.$executeRawUnsafe(`select pg_stat_statements_reset()`).catch(() => 0);
    await world.setLatency(0);
  }
} finally {
  await world.stop();
}
process.exit(0);
