import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeDelta } from '#/services/sync/snapshot.ts';
import { TwoSides } from './two-sides.ts';

type Side = 'a' | 'b';
type Operation =
  | { kind: 'summary'; side: Side; text: string }
  | { kind: 'addComment'; side: Side; text: string }
  | { kind: 'editComment'; side: Side; index: number; text: string }
  | { kind: 'deleteComment'; side: Side; index: number }
  | { kind: 'hideComment'; side: Side; index: number; how: 'told' | 'untold' }
  | { kind: 'showComments'; side: Side }
  | { kind: 'attach'; side: Side; text: string }
  | { kind: 'detach'; side: Side; index: number }
  | { kind: 'look' | 'carryOut'; side: Side }
  | { kind: 'send'; side: Side; deliver: boolean }
  | { kind: 'again'; index: number };

const side = fc.constantFrom<Side>('a', 'b');
const text = fc.constantFrom('one', 'two', 'three', 'zwei\r\nZeilen', '🙂');
const index = fc.nat(3);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('summary' as const), side, text }),
  fc.record({ kind: fc.constant('addComment' as const), side, text }),
  fc.record({ kind: fc.constant('editComment' as const), side, index, text }),
  fc.record({ kind: fc.constant('deleteComment' as const), side, index }),
  fc.record({ kind: fc.constant('hideComment' as const), side, index, how: fc.constantFrom('told', 'untold') }),
  fc.record({ kind: fc.constant('showComments' as const), side }),
  fc.record({ kind: fc.constant('attach' as const), side, text: fc.constantFrom('a.png', 'b.png') }),
  fc.record({ kind: fc.constant('detach' as const), side, index }),
  fc.record({ kind: fc.constantFrom('look' as const, 'carryOut' as const), side }),
  fc.record({ kind: fc.constant('send' as const), side, deliver: fc.boolean() }),
  fc.record({ kind: fc.constant('again' as const), index: fc.nat(20) }),
);

function run(world: TwoSides, operations: readonly Operation[]): void {
  for (const step of operations) apply(world, step);
}

function isUntold(step: Operation): boolean {
  return step.kind === 'hideComment' && step.how === 'untold';
}

/** Whatever was out of sight is seen again in the end. */
function settle(world: TwoSides): void {
  for (const at of [world.a, world.b]) at.showComments();
  world.stabilize();
}

function apply(world: TwoSides, step: Operation): void {
  if (step.kind === 'again') return world.deliverAgain(step.index);
  const at = world[step.side];
  switch (step.kind) {
    case 'summary':
      return at.editSummary(step.text);
    case 'addComment':
      return void at.addComment(step.text);
    case 'editComment':
      return at.editComment(
        step.index,
        (body) => `${body.split('\n')[0]?.startsWith('*') ? `${body.split('\n')[0]}\n` : ''}${step.text}`,
      );
    case 'deleteComment':
      return at.deleteComment(step.index);
    case 'hideComment':
      return at.hideComment(step.index, step.how);
    case 'showComments':
      return at.showComments();
    case 'attach':
      return at.attach(step.text);
    case 'detach':
      return at.detach(step.index);
    case 'look':
      return at.look();
    case 'carryOut':
      return at.carryOut();
    case 'send':
      return world.send(at, step.deliver);
  }
}

describe('two sides of a twin', () => {
  it('show the same after any operations, deliveries, repetitions and clock skew', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 40 }),
        fc.constantFrom(0, 3_600_000, -3_600_000),
        (operations, skewMs) => {
          const world = new TwoSides(skewMs);
          run(world, operations);
          settle(world);
          expect(world.b.shown()).toEqual(world.a.shown());
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('write nothing more once they are at rest: no echo', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const world = new TwoSides();
        run(world, operations);
        settle(world);
        const writes = world.a.writes + world.b.writes;
        world.stabilize();
        expect(world.a.writes + world.b.writes).toBe(writes);
      }),
      { numRuns: 500 },
    );
  });

  it('have exactly one copy of every comment that nobody deleted', () => {
    fc.assert(
      fc.property(
        fc.array(
          operation.filter((step) => step.kind !== 'deleteComment' && !isUntold(step)),
          { maxLength: 30 },
        ),
        (operations) => {
          const world = new TwoSides();
          run(world, operations);
          settle(world);
          const made = operations.filter((step) => step.kind === 'addComment').length;
          expect([world.a.comments.length, world.b.comments.length]).toEqual([made, made]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('lose no comment that nobody deleted, even where Jira denied that it was there', () => {
    fc.assert(
      fc.property(
        fc.array(
          operation.filter((step) => step.kind !== 'deleteComment'),
          { maxLength: 30 },
        ),
        (operations) => {
          const world = new TwoSides();
          run(world, operations);
          settle(world);
          const made = operations.filter((step) => step.kind === 'addComment').length;
          expect(world.a.comments.length).toBeGreaterThanOrEqual(made);
          expect(world.b.comments.length).toBe(world.a.comments.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('agree whatever the order in which the remaining messages arrive', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 20 }),
        fc.array(fc.nat(30), { maxLength: 60 }),
        (operations, order) => {
          const world = new TwoSides();
          run(world, operations);
          for (const at of [world.a, world.b]) {
            at.look();
            world.send(at, false);
          }
          for (const index of order) world.deliverAgain(index);
          settle(world);
          expect(world.b.shown()).toEqual(world.a.shown());
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a conflict', () => {
  it('is won by the later edit on both sides, and the overwritten value is kept', () => {
    const world = new TwoSides();
    world.a.editSummary('earlier');
    world.b.editSummary('later');
    world.stabilize();
    expect([world.a.summary, world.b.summary]).toEqual(['later', 'later']);
    expect([...world.a.overwritten, ...world.b.overwritten].map(({ value }) => value)).toContain('earlier');
  });

  it('between an edit and a deletion of a comment is won by the edit', () => {
    const world = new TwoSides();
    world.a.addComment('first');
    world.stabilize();
    world.b.editComment(0, (body) => `${body} edited`);
    world.a.deleteComment(0);
    world.stabilize();
    expect(world.a.shown().comments).toEqual(['first edited']);
    expect(world.b.shown().comments).toEqual(['first edited']);
  });

  it('leaves an edit alive that the deleting side had not shown yet', () => {
    const world = new TwoSides();
    world.a.addComment('first');
    world.stabilize();
    world.b.editComment(0, (body) => `${body} edited`);
    world.b.look();
    world.send(world.b, true);
    world.a.deleteComment(0);
    world.stabilize();
    expect(world.a.shown().comments).toEqual(['first edited']);
  });

  it('is not seen where one side edited what the other had just sent, even with its clock behind', () => {
    const world = new TwoSides(-3_600_000);
    world.a.editSummary('from a');
    world.stabilize();
    world.b.editSummary('from b');
    world.stabilize();
    expect([world.a.summary, world.b.summary]).toEqual(['from b', 'from b']);
    expect([...world.a.overwritten, ...world.b.overwritten]).toEqual([]);
  });
});

describe('a deleted comment', () => {
  it('is deleted on the other side although its arrival there was never confirmed', () => {
    const world = new TwoSides();
    world.a.addComment('sent, but the reply was lost');
    world.a.look();
    world.send(world.a, false);
    world.deliverAgain(world.sent.length - 1);
    world.a.deleteComment(0);
    world.stabilize();
    expect([world.a.comments.length, world.b.comments.length]).toEqual([0, 0]);
  });

  it('is told without its text', () => {
    const world = new TwoSides();
    world.a.addComment('not for you after all');
    world.a.look();
    world.a.deleteComment(0);
    world.a.look();
    expect(world.a.unsent().comments.map(({ body }) => body)).toEqual(['']);
  });

  it('does not come back with an old message', () => {
    const world = new TwoSides();
    world.a.addComment('first');
    world.stabilize();
    world.a.deleteComment(0);
    world.stabilize();
    for (let index = 0; index < world.sent.length; index += 1) world.deliverAgain(index);
    world.b.carryOut();
    expect([world.a.comments.length, world.b.comments.length]).toEqual([0, 0]);
  });
});

describe('a comment out of sight', () => {
  it('stays on the other side, and a deletion or an edit from there waits until it is seen again', () => {
    const world = new TwoSides();
    world.a.addComment('first');
    world.a.addComment('second');
    world.stabilize();
    world.a.hideComment(0, 'told');
    world.a.hideComment(1, 'told');
    world.stabilize();
    expect(world.b.shown().comments).toEqual(['first', 'second']);
    world.b.deleteComment(0);
    world.b.editComment(0, (body) => `${body} edited`);
    world.stabilize();
    expect(world.a.comments.map(({ body }) => body)).toEqual(['first', 'second']);
    world.a.showComments();
    world.stabilize();
    expect(world.a.shown().comments).toEqual(['second edited']);
    expect(world.b.shown().comments).toEqual(['second edited']);
  });

  it('that counted as deleted is there again on both sides once it is seen, whatever old message comes again', () => {
    const world = new TwoSides();
    world.a.addComment('first');
    world.stabilize();
    world.a.hideComment(0, 'untold');
    world.stabilize();
    expect(world.b.comments).toEqual([]);
    world.a.showComments();
    world.stabilize();
    for (let index = 0; index < world.sent.length; index += 1) world.deliverAgain(index);
    world.stabilize();
    expect(world.a.shown().comments).toEqual(['first']);
    expect(world.b.shown().comments).toEqual(['first']);
  });

  it('is not deleted at home by what the other side knows of a deletion that was none', () => {
    const world = new TwoSides();
    world.a.addComment('first');
    world.stabilize();
    world.a.hideComment(0, 'untold');
    world.stabilize();
    world.a.showComments();
    world.a.look();
    // As a verification does: each side takes over all that the other one knows.
    world.a.receive(wholeDelta(world.b.state));
    world.a.carryOut();
    expect(world.a.comments.map(({ body }) => body)).toEqual(['first']);
  });
});

describe('a file that counted as deleted and is there again', () => {
  it('is on both sides, and no old message deletes it', () => {
    const world = new TwoSides();
    world.a.attach('plan.pdf');
    world.stabilize();
    const [file] = world.a.attachments;
    world.a.detach(0);
    world.stabilize();
    expect(world.b.attachments).toEqual([]);
    if (file !== undefined) world.a.attachments.push(file);
    world.stabilize();
    world.a.receive(wholeDelta(world.b.state));
    world.stabilize();
    expect([world.a.shown().attachments, world.b.shown().attachments]).toEqual([['plan.pdf'], ['plan.pdf']]);
  });
});

describe('a comment edited on the side that only has the copy', () => {
  it('returns to the original without the author line', () => {
    const world = new TwoSides();
    world.a.addComment('original');
    world.stabilize();
    expect(world.b.comments[0]?.body).toBe('*Ada:*\noriginal');
    world.b.editComment(0, (body) => body.replace('original', 'improved'));
    world.stabilize();
    expect(world.a.comments[0]?.body).toBe('improved');
    expect(world.b.comments[0]?.body).toBe('*Ada:*\nimproved');
  });
});
