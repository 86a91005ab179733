/** What sync wrote itself is no edit, although its Jira dates it later than the edit of a person that is on its way (C3). */
import { describe, expect, it } from 'vitest';
import { TwoSides } from './two-sides.ts';

describe('a copy that is written after its original was edited again, and read before that edit is written', () => {
  it('does not win as a comment', () => {
    const world = new TwoSides();
    world.a.addComment('first');
    world.a.look();
    world.send(world.a, true);
    world.a.editComment(0, () => 'second');
    world.b.carryOut();
    world.a.look();
    world.send(world.a, true);
    world.b.look();
    world.stabilize();
    expect([world.a.shown().comments, world.b.shown().comments]).toEqual([['second'], ['second']]);
    expect([...world.a.overwritten, ...world.b.overwritten]).toEqual([]);
  });

  it('does not win as a field', () => {
    const world = new TwoSides();
    world.a.editSummary('first');
    world.a.look();
    world.send(world.a, true);
    world.a.editSummary('second');
    world.b.carryOut();
    world.a.look();
    world.send(world.a, true);
    world.b.look();
    world.stabilize();
    expect([world.a.shown().summary, world.b.shown().summary]).toEqual(['second', 'second']);
    expect([...world.a.overwritten, ...world.b.overwritten]).toEqual([]);
  });
});
