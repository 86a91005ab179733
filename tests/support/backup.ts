/** Backups of a node's database: taken while the node stands still, and put back. */
import { onDatabase, withAdmin } from './database-url.ts';
import { startNode } from './node-under-test.ts';
import type { NodeOptions } from './node-under-test.ts';
import type { Company } from './pair.ts';

const databaseName = (url: string): string => new URL(url).pathname.slice(1);
const server = (url: string): string => onDatabase(url, 'postgres');

/** Starts the node again where it was. */
export async function startAgain(company: Company, options: Partial<NodeOptions> = {}): Promise<void> {
  const { port } = new URL(company.node.url);
  company.node = await startNode({
    databaseUrl: company.databaseUrl,
    jiraUrl: company.jira.url,
    name: company.node.ctx.node.name,
    port: Number(port),
    ...options,
  });
  company.ctx = company.node.ctx;
}

/** Stops the node and copies its database; gives the name of the copy. */
export async function backUp(company: Company, options: Partial<NodeOptions> = {}): Promise<string> {
  await company.node.stop();
  const backup = `${databaseName(company.databaseUrl)}_backup`;
  await withAdmin(server(company.databaseUrl), async (client) => {
    await client.query(`DROP DATABASE IF EXISTS "${backup}" WITH (FORCE)`);
    await client.query(`CREATE DATABASE "${backup}" TEMPLATE "${databaseName(company.databaseUrl)}"`);
  });
  await startAgain(company, options);
  return backup;
}

/** Puts the copy in the place of the database, whether or not a node is running on it. */
export async function putBack(company: Company, backup: string): Promise<void> {
  await withAdmin(server(company.databaseUrl), async (client) => {
    await client.query(`DROP DATABASE "${databaseName(company.databaseUrl)}" WITH (FORCE)`);
    await client.query(`CREATE DATABASE "${databaseName(company.databaseUrl)}" TEMPLATE "${backup}"`);
    await client.query(`DROP DATABASE "${backup}"`);
  });
}
