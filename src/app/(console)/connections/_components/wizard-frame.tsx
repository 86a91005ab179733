'use client';
import { type ReactNode, useState } from 'react';
import { Confirm, Dialog, focusFirst } from '#/ui/primitives/dialog.tsx';

export interface WizardFrameProps {
  title: string;
  /** Something was entered that closing would lose. */
  dirty: boolean;
  /** What becomes of the work when it is left. */
  lost?: string;
  onLeave: () => void;
  children: ReactNode;
}

const nothingMade = 'What you entered here is lost. No connection has been made yet.';

/** The dialog of a wizard; closing it asks first when something would be lost. */
export function WizardFrame(props: WizardFrameProps) {
  const { title, dirty, lost = nothingMade, onLeave, children } = props;
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
        <p>{lost}</p>
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
