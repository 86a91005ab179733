'use client';
import { Button } from '#/ui/primitives/button.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';

export default function ConsoleError({ reset }: { reset: () => void }) {
  return (
    <ProblemMessage
      problem={{
        summary: 'This page could not be shown.',
        why: 'Something it needs did not answer, most likely the database; the node’s log has the details.',
        remedy: 'Try again in a moment.',
        field: null,
      }}
      action={<Button onClick={reset}>Try again</Button>}
    />
  );
}
