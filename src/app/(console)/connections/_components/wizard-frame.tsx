'use client';
import { type ReactNode, useState } from 'react';
import { Confirm, Dialog, focusFirst } from '#/ui/primitives/dialog.tsx';

export interface WizardFrameProps {
  title: string;
  /** Something was entered that closing would lose. */
  dirty: boolean;
  onLeave: () => void;
  children: ReactNode;
}

/** The dialog of a wizard; closing it asks first when something would be lost. */
export function WizardFrame({ title, dirty, onLeave, children }: WizardFrameProps) {
  const [asking, setAsking] = useState(false);
  return (
    <Dialog title={title} onClose={() => (dirty ? setAsking(true) : onLeave())}>
      {children}
      <Confirm
        title="Leave without finishing?"
        open={asking}
        confirmLabel="Leave"
        cancelLabel="Stay"
        onConfirm={onLeave}
        onCancel={() => setAsking(false)}
      >
        <p>What you entered here is lost. No connection has been made yet.</p>
      </Confirm>
    </Dialog>
  );
}

/** Heading of a step; it takes the focus when the step appears. */
export function StepHeading({ children, position }: { children: ReactNode; position?: string }) {
  return (
    <div>
      {position && <p className="text-xs text-faint">{position}</p>}
      <h3 {...focusFirst} tabIndex={-1} className="text-lg font-semibold">
        {children}
      </h3>
    </div>
  );
}
