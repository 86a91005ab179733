'use client';
import { type FormEvent, useState } from 'react';
import { Button } from '#/ui/primitives/button.tsx';
import { ChoiceCard } from '#/ui/primitives/choice-card.tsx';
import { DialogBody } from '#/ui/primitives/dialog.tsx';
import { FieldError, ProblemMessage } from '#/ui/primitives/messages.tsx';
import type { Problem } from '#/ui/problem.ts';
import { StepHeading } from '../../_components/wizard-frame.tsx';

export interface StepAccessProps {
  partner: string;
  value: string;
  pending: boolean;
  problem: Problem | null;
  onChange: (access: string) => void;
  onBack: () => void;
  onNext: (access: 'yes' | 'no') => void;
}

export function StepAccess({ partner, value, pending, problem, onChange, onBack, onNext }: StepAccessProps) {
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (pending) return;
    if (value === 'yes' || value === 'no') onNext(value);
    else setMissing(true);
  };
  return (
    <form onSubmit={submit} className="contents">
      <DialogBody
        actions={
          <>
            <Button onClick={onBack}>{'< Previous'}</Button>
            <Button type="submit" look="primary" pending={pending}>
              Initiate
            </Button>
          </>
        }
      >
        <StepHeading>Do you have admin access to the destination instance?</StepHeading>
        <p className="text-subtle break-words">Destination: {partner}</p>
        <fieldset className="space-y-2">
          <legend className="sr-only">Admin access to the destination instance</legend>
          <ChoiceCard
            group="access"
            value="yes"
            name="Yes, I have admin access"
            checked={value === 'yes'}
            onChoose={onChange}
          >
            You will be redirected to the destination instance to establish the connection
          </ChoiceCard>
          <ChoiceCard
            group="access"
            value="no"
            name="No, I don't have admin access"
            checked={value === 'no'}
            onChoose={onChange}
          >
            You will generate an invitation and send it to the destination instance admin to establish the connection
          </ChoiceCard>
        </fieldset>
        {missing && value === '' && (
          <FieldError
            id="access-error"
            problem={{
              summary: 'Choose one of the two.',
              why: 'It decides how the other side accepts.',
              remedy: 'If you are unsure, take the invitation.',
              field: 'access',
            }}
          />
        )}
        {problem && <ProblemMessage problem={problem} />}
      </DialogBody>
    </form>
  );
}
