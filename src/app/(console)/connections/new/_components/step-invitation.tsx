'use client';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { copyText } from '#/ui/copy-text.ts';
import { Button } from '#/ui/primitives/button.tsx';
import { DialogBody } from '#/ui/primitives/dialog.tsx';
import { Link } from '#/ui/primitives/link.tsx';
import { Note, ProblemMessage } from '#/ui/primitives/messages.tsx';
import { Spinner } from '#/ui/primitives/spinner.tsx';
import { inputClass } from '#/ui/primitives/input-class.ts';
import type { Problem } from '#/ui/problem.ts';
import { type Invitation, invitationAction } from '../../actions.ts';
import { StepHeading } from '../../_components/wizard-frame.tsx';

/** With the zone: the code is sent to people elsewhere. */
const expiry = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});

export interface StepInvitationProps {
  connectionId: string;
  partner: string;
  /** The browser is on its way to the destination. */
  redirecting: boolean;
  /** The other side has used it. */
  accepted: boolean;
  /** As it was made just now; after a reload it is asked for. */
  made: Invitation | null;
  onDone: () => void;
}

export function StepInvitation(props: StepInvitationProps) {
  const { connectionId, partner, redirecting, accepted, made, onDone } = props;
  const [asked, setAsked] = useState<Invitation | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const invitation = made ?? asked;

  useEffect(() => {
    if (made !== null || accepted) return;
    void attempt(invitationAction({ id: connectionId })).then((result) => {
      if (result.ok) setAsked(result.invitation);
      else setProblem(result.error);
    });
  }, [made, accepted, connectionId]);

  const copy = async (): Promise<void> => {
    if (invitation !== null) setCopied((await copyText(invitation.code)) ? 'yes' : 'failed');
  };

  return (
    <DialogBody
      actions={
        <Button look="primary" onClick={onDone}>
          Done
        </Button>
      }
    >
      <StepHeading>Invitation</StepHeading>
      {redirecting && (
        <p role="status" className="flex items-center gap-2">
          <Spinner /> Going to {partner} to establish the connection
        </p>
      )}
      <div role="status">
        {accepted && (
          <Note tone="success" title="The invitation was accepted">
            <p>
              The connection is active.{' '}
              <Link href={`/connections/${connectionId}?tab=first-issue`} className="text-link hover:underline">
                Sync your first issue to see how it works.
              </Link>
            </p>
          </Note>
        )}
      </div>
      {problem && !accepted && <ProblemMessage problem={problem} />}
      {invitation && !redirecting && !accepted && (
        <>
          <p>
            On the &quot;{partner || 'destination'}&quot; side, you (or their application administrator) need to{' '}
            <strong>Accept the Invitation</strong>.
          </p>
          <div className="space-y-2">
            <label htmlFor="invitation-code" className="block">
              Use the following invitation code:
            </label>
            <textarea
              id="invitation-code"
              aria-label="Invitation code"
              readOnly
              data-fixed
              rows={4}
              value={invitation.code}
              onFocus={(event) => event.target.select()}
              className={`${inputClass} resize-none font-mono text-xs break-all`}
            />
            <div className="flex flex-wrap items-center gap-3">
              <Button onClick={() => void copy()}>
                {copied === 'yes' ? (
                  <Check aria-hidden className="size-4 text-success" />
                ) : (
                  <Copy aria-hidden className="size-4" />
                )}
                Copy invitation code
              </Button>
              <span role="status" className="text-success-ink">
                {copied === 'yes' && 'Copied'}
                {copied === 'failed' &&
                  'The browser did not allow copying: the code is selected in the field when you click into it.'}
              </span>
            </div>
          </div>
          <p className="text-sm text-subtle">
            The code can be used once, until {expiry.format(new Date(invitation.expiresAt))}. It is a secret: whoever
            has it can connect to this node. Send it only to the administrator over there.
          </p>
          <p className="text-sm text-subtle">The connection is pending until then; it turns active here by itself.</p>
          {invitation.acceptUrl && (
            <p className="text-sm">
              <a href={invitation.acceptUrl} className="text-link hover:underline" rel="noreferrer">
                Accept it over there yourself
              </a>
            </p>
          )}
        </>
      )}
    </DialogBody>
  );
}
