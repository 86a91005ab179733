'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Peeked } from '#/services/invitation/peek-invitation.ts';
import { askServer } from '#/ui/ask-server.ts';
import type { Problem } from '#/ui/problem.ts';

/** Who invites, as it comes over JSON. */
export type Inviter = Omit<Peeked, 'expiresAt'> & { expiresAt: string };

export interface Peek {
  invitation: Inviter | null;
  looking: boolean;
  problem: Problem | null;
  look: (code: string) => Promise<boolean>;
  cancel: () => void;
  forget: () => void;
}

/** Asks who invites with a code. */
export function usePeek(): Peek {
  const [invitation, setInvitation] = useState<Inviter | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [looking, setLooking] = useState(false);
  const abort = useRef<AbortController | null>(null);

  const cancel = useCallback(() => {
    abort.current?.abort();
    abort.current = null;
    setLooking(false);
  }, []);
  const forget = useCallback(() => {
    cancel();
    setInvitation(null);
    setProblem(null);
  }, [cancel]);
  useEffect(() => () => abort.current?.abort(), []);

  const look = useCallback(async (code: string) => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    setLooking(true);
    setProblem(null);
    const answer = await askServer<{ invitation: Inviter }>('/api/invitation', { code }, own.signal);
    if (answer === null || abort.current !== own) return false;
    setLooking(false);
    setInvitation(answer.ok ? answer.invitation : null);
    setProblem(answer.ok ? null : answer.error);
    return answer.ok;
  }, []);

  return { invitation, looking, problem, look, cancel, forget };
}
