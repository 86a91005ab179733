import type { ReactNode } from 'react';
import { knownProblem } from '#/server/problem.ts';
import type { Problem } from '#/ui/problem.ts';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';

export type Loaded<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** What a page reads, or the problem to show in its place. Defects are thrown on to the error page. */
export async function load<T>(work: Promise<T>): Promise<Loaded<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    const problem = knownProblem(error);
    if (problem === null) throw error;
    return { ok: false, problem };
  }
}

/** Shows what was loaded, or the problem. */
export function Guarded<T>({ loaded, children }: { loaded: Loaded<T>; children: (value: T) => ReactNode }) {
  return loaded.ok ? children(loaded.value) : <ProblemMessage problem={loaded.problem} />;
}
