import { expect, it } from 'vitest';
import { assertNever } from '#/kernel/assert-never.ts';

it('throws with the unexpected value and what it was meant to be', () => {
  const fromOutside = JSON.parse('"purple"') as never;
  expect(() => assertNever(fromOutside, 'colour')).toThrow('Unexpected colour: "purple"');
});
