'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Destination } from '#/services/connection/look-up-destination.ts';
import { askServer } from '#/ui/ask-server.ts';
import type { Problem } from '#/ui/problem.ts';
import { isProblem, type Target, toTarget, unknownTarget } from './destination.ts';

export interface DestinationLookup {
  target: Target | null;
  looking: boolean;
  problem: Problem | null;
  /** Looks up what is at the address; false when it cannot be used, or when the admin gave up waiting. */
  look: (url: string) => Promise<boolean>;
  cancel: () => void;
  forget: () => void;
}

/** Finds out what is at the destination URL. */
export function useDestination(noUrl: boolean): DestinationLookup {
  const [target, setTarget] = useState<Target | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [looking, setLooking] = useState(false);
  const abort = useRef<AbortController | null>(null);

  const cancel = useCallback(() => {
    abort.current?.abort();
    abort.current = null;
    setLooking(false);
  }, []);
  useEffect(() => () => abort.current?.abort(), []);

  const look = useCallback(async (url: string) => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    setLooking(true);
    setProblem(null);
    const answer = await askServer<{ destination: Destination }>('/api/destination', { url }, own.signal);
    if (answer === null || abort.current !== own) return false;
    setLooking(false);
    const found = answer.ok ? toTarget(answer.destination) : answer.error;
    setTarget(isProblem(found) ? null : found);
    setProblem(isProblem(found) ? found : null);
    return !isProblem(found);
  }, []);

  const forget = useCallback(() => {
    setTarget(null);
    setProblem(null);
  }, []);

  return { target: noUrl ? unknownTarget : target, looking, problem, look, cancel, forget };
}
