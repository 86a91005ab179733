import { describe, expect, it } from 'vitest';
import { createLanePool } from '#/services/sync/lane-pool.ts';

describe('a pool of lanes', () => {
  it('says which lane could not be run, and runs the others', async () => {
    const ran: string[] = [];
    const failed: string[] = [];
    const pool = createLanePool({
      limit: 2,
      run: async (twinId) => {
        await Promise.resolve();
        if (twinId === 'b') throw new Error('no database');
        ran.push(twinId);
      },
      onError: (error, twinId) => void failed.push(`${twinId}: ${String(error)}`),
    });
    await pool.take(['a', 'b', 'c', 'd']);
    await pool.idle();
    expect(ran).toEqual(['a', 'c', 'd']);
    expect(failed).toEqual(['b: Error: no database']);
  });

  it('runs no lane twice at once, and one that was called meanwhile once more', async () => {
    const gates: (() => void)[] = [];
    let most = 0;
    let now = 0;
    const pool = createLanePool({
      limit: 8,
      run: async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise<void>((resolve) => gates.push(resolve));
        now -= 1;
      },
      onError: (error) => {
        throw error;
      },
    });
    await pool.take(['a', 'a', 'a']);
    expect(gates).toHaveLength(1);
    gates[0]?.();
    await expect.poll(() => gates.length).toBe(2);
    gates[1]?.();
    await pool.idle();
    expect([most, gates.length]).toEqual([1, 2]);
  });
});
