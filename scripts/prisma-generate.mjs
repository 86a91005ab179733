// Writes the Prisma client to src/db/generated, without network. Runs after `npm install`, so perhaps on the machine's
// own Node: plain JavaScript, no dependencies but Prisma.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const prisma = fileURLToPath(new URL('../node_modules/prisma/build/index.js', import.meta.url));
const pinnedNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
const node = existsSync(pinnedNode) ? pinnedNode : process.execPath;

const { status, stdout, stderr, error } = spawnSync(node, [prisma, 'generate'], {
  cwd: root,
  encoding: 'utf8',
  env: {
    ...process.env,
    // Generating needs no schema engine, but Prisma downloads one unless it is told where one is: any file will do.
    PRISMA_SCHEMA_ENGINE_BINARY: prisma,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
});
if (status !== 0) {
  console.error([error?.message, stdout, stderr, 'Could not generate the Prisma client.'].filter(Boolean).join('\n'));
  process.exit(1);
}
