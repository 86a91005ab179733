'use client';
import { useEffect, useState } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import type { Problem } from '#/ui/problem.ts';
import { checkJqlAction } from '../actions.ts';

export type JqlCheck =
  { state: 'none' | 'asking' } | { state: 'good'; matches: number } | { state: 'bad'; problem: Problem };

const pauseMs = 600;

/** Asks Jira about a query once typing pauses: how many issues match now, or what is wrong with it. */
export function useJqlCheck(jql: string): JqlCheck {
  const [answer, setAnswer] = useState<{ jql: string; check: JqlCheck } | null>(null);
  const query = jql.trim();
  useEffect(() => {
    if (query === '') return;
    let given = false;
    const timer = setTimeout(() => {
      void attempt(checkJqlAction({ jql: query })).then((result) => {
        if (given) return;
        setAnswer({
          jql: query,
          check: result.ok ? { state: 'good', matches: result.matches } : { state: 'bad', problem: result.error },
        });
      });
    }, pauseMs);
    return () => {
      given = true;
      clearTimeout(timer);
    };
  }, [query]);
  if (query === '') return { state: 'none' };
  return answer?.jql === query ? answer.check : { state: 'asking' };
}
