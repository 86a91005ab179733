/** The web part of a node of the chaos run, as a process that can be killed: endpoints for the partner and for webhooks. */
import { startNode } from '../../tests/support/node-under-test.ts';

const { CHAOS_PORT = '0', DATABASE_URL = '', JIRA_URL = '', NODE_NAME = '' } = process.env;

await startNode({
  databaseUrl: DATABASE_URL,
  jiraUrl: JIRA_URL,
  name: NODE_NAME,
  port: Number(CHAOS_PORT),
  worker: false,
});
