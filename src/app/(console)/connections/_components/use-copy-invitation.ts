'use client';
import { useRouter } from 'next/navigation';
import { attempt } from '#/ui/ask-server.ts';
import { copyText } from '#/ui/copy-text.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { invitationAction } from '../actions.ts';

/** Copies the code of a pending connection; where the browser does not let it, shows the code. */
export function useCopyInvitation(id: string): () => Promise<void> {
  const router = useRouter();
  const flags = useFlags();
  return async () => {
    const answer = await attempt(invitationAction({ id }));
    if (!answer.ok) flags.failed(answer.error);
    else if (await copyText(answer.invitation.code)) flags.done('Invitation code copied');
    else router.push(`/connections/new#draft=${id}&step=invite&connection=${id}`);
  };
}
