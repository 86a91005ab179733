/** The statements that this process really sends to PostgreSQL, and how PostgreSQL would answer them. */
import pg from 'pg';

export interface Statement {
  text: string;
  values: unknown[];
}

/** Runs something and gives every statement that went over any connection of this process meanwhile. */
export async function statementsOf(run: () => Promise<unknown>): Promise<Statement[]> {
  const sent: Statement[] = [];
  const { prototype } = pg.Client;
  const query = prototype.query;
  const recording = function (this: pg.Client, ...given: unknown[]): unknown {
    const [config, values] = given;
    if (typeof config === 'string') sent.push({ text: config, values: Array.isArray(values) ? values : [] });
    else if (typeof config === 'object' && config !== null && 'text' in config) {
      const own = 'values' in config && Array.isArray(config.values) ? config.values : [];
      sent.push({ text: String(config.text), values: Array.isArray(values) ? values : own });
    }
    return Reflect.apply(query, this, given);
  };
  prototype.query = recording as typeof query;
  try {
    await run();
  } finally {
    prototype.query = query;
  }
  return sent;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

/** Tables that the plan of a statement reads from end to end. What has no plan, such as BEGIN, reads none. */
export async function tablesScanned(client: pg.Client, { text, values }: Statement): Promise<string[]> {
  if (!/^\s*(select|with|update|delete|insert)\b/i.test(text)) return [];
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  return plan === undefined ? [] : scansIn(plan);
}

function scansIn(node: PlanNode): string[] {
  const own = node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scansIn)];
}
