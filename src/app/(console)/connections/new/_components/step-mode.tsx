'use client';
import { type FormEvent, useState } from 'react';
import { Button } from '#/ui/primitives/button.tsx';
import { ChoiceCard } from '#/ui/primitives/choice-card.tsx';
import { DialogBody } from '#/ui/primitives/dialog.tsx';
import { FieldError } from '#/ui/primitives/messages.tsx';
import { StepHeading } from '../../_components/wizard-frame.tsx';
import type { Target } from './destination.ts';

const modes = {
  BASIC: {
    name: 'Basic',
    text: 'Syncs summary, description, comments, attachments and issue types with generated rules. Free.',
  },
  VISUAL: { name: 'Visual', text: 'Maps fields in a visual editor.' },
  SCRIPT: { name: 'Script', text: 'Each side writes its own sync rules as scripts.' },
} as const;

export interface StepModeProps {
  target: Target;
  /** '' while none is chosen. */
  mode: string;
  onChange: (mode: string) => void;
  onBack: () => void;
  onNext: () => void;
}

export function StepMode({ target, mode, onChange, onBack, onNext }: StepModeProps) {
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (target.modes.some((choice) => choice.mode === mode && choice.available)) onNext();
    else setMissing(true);
  };
  return (
    <form onSubmit={submit} className="contents">
      <DialogBody
        actions={
          <>
            <Button onClick={onBack}>{'< Previous'}</Button>
            <Button type="submit" look="primary">
              Next
            </Button>
          </>
        }
      >
        <div className="space-y-1">
          <StepHeading>Configuration mode</StepHeading>
          <p className="text-subtle break-words">{target.text}</p>
        </div>
        <fieldset className="space-y-2">
          <legend className="sr-only">Configuration mode</legend>
          {target.modes.map(({ mode: value, available, reason }) => (
            <ChoiceCard
              key={value}
              group="mode"
              value={value}
              name={modes[value].name}
              checked={mode === value}
              disabled={!available}
              onChoose={(chosen) => {
                onChange(chosen);
                setMissing(false);
              }}
            >
              {modes[value].text}
              {reason && <span className="mt-1 block">{reason}</span>}
            </ChoiceCard>
          ))}
        </fieldset>
        {missing && (
          <FieldError
            id="mode-error"
            problem={{
              summary: 'Choose a mode.',
              why: 'It decides how the sync rules are made.',
              remedy: 'Basic needs no further set-up.',
              field: 'mode',
            }}
          />
        )}
      </DialogBody>
    </form>
  );
}
