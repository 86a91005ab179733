import { expect, it } from 'vitest';
import { TwoSides } from './two-sides.ts';
import type { ModelSide } from './two-sides.ts';

/** What can happen to one field and one comment; `local` operations of different sides do not touch each other. */
interface Step {
  name: string;
  side: 'a' | 'b';
  local: boolean;
  run: (at: ModelSide, world: TwoSides, text: string) => void;
}

const kinds: readonly Omit<Step, 'side'>[] = [
  { name: 'edit field', local: true, run: (at, _world, text) => at.editSummary(text) },
  { name: 'edit comment', local: true, run: (at, _world, text) => at.editComment(0, () => text) },
  { name: 'delete comment', local: true, run: (at) => at.deleteComment(0) },
  { name: 'write', local: true, run: (at) => at.carryOut() },
  {
    name: 'send',
    local: false,
    run(at, world) {
      at.look();
      world.send(at, true);
    },
  },
];
const sight: readonly Omit<Step, 'side'>[] = [
  { name: 'hide comment', local: true, run: (at) => at.hideComment(0, 'told') },
  { name: 'hide comment, denied', local: true, run: (at) => at.hideComment(0, 'untold') },
  { name: 'show comment', local: true, run: (at) => at.showComments() },
];
const onBothSides = (some: readonly Omit<Step, 'side'>[]): readonly Step[] =>
  some.flatMap((kind) => (['a', 'b'] as const).map((side) => ({ ...kind, side })));

/** Every sequence, except those that differ from another one only in the order of steps that do not touch each other. */
function* sequences(steps: readonly Step[], length: number, before: readonly Step[] = []): Generator<readonly Step[]> {
  yield before;
  if (before.length === length) return;
  const last = before.at(-1);
  for (const step of steps) {
    if (last !== undefined && last.local && step.local && last.side === 'b' && step.side === 'a') continue;
    yield* sequences(steps, length, [...before, step]);
  }
}

function play(sequence: readonly Step[]): TwoSides {
  const world = new TwoSides();
  world.a.addComment('comment');
  world.stabilize();
  for (const [index, step] of sequence.entries()) step.run(world[step.side], world, `text ${index}`);
  return world;
}

/** How many sequences there were. */
function playAll(steps: readonly Step[], length: number): number {
  let played = 0;
  for (const sequence of sequences(steps, length)) {
    const world = play(sequence);
    for (const at of [world.a, world.b]) at.showComments();
    world.stabilize();
    const [a, b] = [world.a.shown(), world.b.shown()];
    if (a.summary !== b.summary || a.comments.join('|') !== b.comments.join('|')) {
      expect(b, sequence.map(({ name, side }) => `${side}: ${name}`).join(', ')).toEqual(a);
    }
    played += 1;
  }
  return played;
}

it(
  'every sequence of up to six steps with one field and one comment ends the same on both sides',
  { timeout: 180_000 },
  () => {
    expect(playAll(onBothSides(kinds), 6)).toBe(399_415);
  },
);

it(
  'every sequence of up to four steps ends the same, with the comment going out of sight and coming back between them',
  { timeout: 180_000 },
  () => {
    expect(playAll(onBothSides([...kinds, ...sight]), 4)).toBeGreaterThan(10_000);
  },
);
