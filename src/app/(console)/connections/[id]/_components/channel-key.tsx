'use client';
import type { ChannelKeyState } from '#/services/connection/rekey-state.ts';
import { Section } from '#/ui/patterns/section.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { Note } from '#/ui/primitives/messages.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { useAction } from '../../../_components/use-action.ts';
import { rotateKeyAction } from '../../actions.ts';

export interface ChannelKeyProps {
  id: string;
  state: ChannelKeyState;
  activatedAt: Date | null;
}

/** The secret that both nodes share, or rather how old it is: the key itself is never shown. */
export function ChannelKey({ id, state: { since, underWay, previousUntil }, activatedAt }: ChannelKeyProps) {
  const { pending, run } = useAction();
  const rotate = (): void =>
    run(
      () => rotateKeyAction({ id }),
      ({ done }) =>
        done ? 'Both sides use a new key now' : 'The key is changed as soon as both nodes have reached each other',
    );
  return (
    <Section title="Key of the channel">
      <div className="space-y-3">
        <p>
          Both nodes sign what they send each other with a key that only they have. This one was made{' '}
          <Time at={(since ?? activatedAt)?.toISOString() ?? null} />. A new one takes its place without a pause in
          sync.
        </p>
        {underWay !== null && (
          <Note tone="info">
            <p>
              {underWay === 'here'
                ? 'A rotation has begun. It goes on by itself when the partner can be reached; until then both keys are good.'
                : 'The partner has begun a rotation. It goes on by itself; until then both keys are good.'}
            </p>
          </Note>
        )}
        {previousUntil !== null && (
          <p className="text-subtle">
            The key before is accepted until {previousUntil.toISOString().slice(11, 16)} UTC, for what was under way.
          </p>
        )}
        <Button pending={pending} onClick={rotate}>
          Rotate key
        </Button>
      </div>
    </Section>
  );
}
