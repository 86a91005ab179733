'use client';
import { useCallback, useEffect, useState } from 'react';
import { type Answer, askServer } from '#/ui/ask-server.ts';
import type { Option } from '#/ui/primitives/combobox.tsx';
import type { Problem } from '#/ui/problem.ts';

export type Projects =
  | { state: 'loading' }
  | { state: 'failed'; problem: Problem; retry: () => void }
  | { state: 'loaded'; options: readonly Option[] };

type Loaded = Answer<{ projects: ReadonlyArray<{ id: string; key: string; name: string }> }>;

/** The projects that can be chosen, as options named `Name (KEY)`. */
export function useProjects(): Projects {
  const [answer, setAnswer] = useState<Loaded | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    void askServer<{ projects: ReadonlyArray<{ id: string; key: string; name: string }> }>(
      '/api/projects',
      null,
      abort.signal,
    ).then((result) => result && setAnswer(result));
    return () => abort.abort();
  }, [attempt]);
  const retry = useCallback(() => {
    setAnswer(null);
    setAttempt((count) => count + 1);
  }, []);
  if (answer === null) return { state: 'loading' };
  if (!answer.ok) return { state: 'failed', problem: answer.error, retry };
  return {
    state: 'loaded',
    options: answer.projects.map(({ id, key, name }) => ({ value: id, label: `${name} (${key})` })),
  };
}
