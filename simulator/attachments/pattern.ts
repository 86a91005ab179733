import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

const BLOCK = 64 * 1024;
const MAGIC = 'JIRA-SIMULATOR-PATTERN';

function blockOf(seed: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  let state = (seed ^ 0x9e3779b9) >>> 0;
  for (let at = 0; at < BLOCK; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    block.writeUInt32LE(state, at);
  }
  return block;
}

/** The first bytes name the seed, so that a pattern sent back by a client can be recognised without keeping it. */
function header(seed: number, index: number): Buffer {
  return Buffer.from(`${MAGIC} seed=${seed} block=${index};`);
}

function* blocks(seed: number, size: number): Generator<Buffer> {
  const base = blockOf(seed);
  for (let at = 0, index = 0; at < size; at += BLOCK, index += 1) {
    const block = Buffer.from(base);
    header(seed, index).copy(block);
    yield size - at >= BLOCK ? block : block.subarray(0, size - at);
  }
}

/** `size` reproducible bytes that differ in each 64 KiB block. */
export function patternStream(seed: number, size: number): Readable {
  return Readable.from(blocks(seed, size), { objectMode: false, highWaterMark: BLOCK });
}

export async function patternSha256(seed: number, size: number): Promise<string> {
  const hash = createHash('sha256');
  let count = 0;
  for (const block of blocks(seed, size)) {
    hash.update(block);
    count += 1;
    // a gigabyte takes a second or two: let requests through meanwhile
    if (count % 256 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return hash.digest('hex');
}

/** Seed named by the first bytes of a content, or null when it is no pattern. The whole hash still has to be compared. */
export function patternSeed(start: Buffer): number | null {
  const match = new RegExp(`^${MAGIC} seed=(\\d+) block=0;`).exec(start.subarray(0, 80).toString('latin1'));
  return match === null ? null : Number(match[1]);
}
