'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import {
  invitationArrived,
  storedInvitation,
  storeInvitation,
  takeInvitationFromAddress,
  watchInvitation,
} from '#/ui/invitation-storage.ts';
import type { Problem } from '#/ui/problem.ts';
import { acceptAction } from '../../actions.ts';
import { useProjects } from '../../_components/use-projects.ts';
import { useWizard, wizardParameter } from '../../_components/use-wizard.ts';
import { WizardFrame } from '../../_components/wizard-frame.tsx';
import { StepCode } from './step-code.tsx';
import { StepAcceptProject } from './step-accept-project.tsx';
import { usePeek } from './use-peek.ts';

/** The dialog "Accept invitation". The code stays in this tab's storage; all else lives in the URL. */
export function AcceptWizard({ draftId }: { draftId: string }) {
  const router = useRouter();
  const { get, go, keep, leave } = useWizard(draftId);
  const projects = useProjects();
  const peek = usePeek();
  const { look } = peek;
  const code = useSyncExternalStore(watchInvitation, storedInvitation, () => '');
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const step = get('step');

  const show = useCallback(
    (text: string) => look(text).then((found) => keep({ step: found ? 'project' : null })),
    [look, keep],
  );

  useEffect(() => {
    takeInvitationFromAddress();
    const stored = storedInvitation();
    // A code that came with the browser from the inviting side needs no "Next" here; after a reload it was given before.
    const onProject = wizardParameter('step') === 'project';
    if (stored !== '' && (invitationArrived() || onProject)) void show(stored);
    else keep({ step: null });
  }, [show, keep]);

  const close = (): void => {
    storeInvitation('');
    leave();
  };
  const confirm = async (): Promise<void> => {
    setPending(true);
    setProblem(null);
    const result = await attempt(acceptAction({ draftId: get('draft') || draftId, code, projectId: get('project') }));
    if (result.ok) {
      storeInvitation('');
      router.push(`/connections/${result.connectionId}?tab=first-issue`);
      return;
    }
    setPending(false);
    setProblem(result.error);
  };

  return (
    <WizardFrame title="Accept invitation" dirty={code !== ''} onLeave={close}>
      {step === 'project' && peek.invitation ? (
        <StepAcceptProject
          invitation={peek.invitation}
          projects={projects}
          project={get('project')}
          pending={pending}
          problem={problem}
          onChange={(project) => {
            setProblem(null);
            keep({ project });
          }}
          onBack={() => go('')}
          onConfirm={() => void confirm()}
        />
      ) : (
        <StepCode
          code={code}
          looking={peek.looking}
          problem={peek.problem}
          onChange={(text) => {
            storeInvitation(text);
            peek.forget();
          }}
          onCancel={peek.cancel}
          onNext={() =>
            void look(code).then((found) => {
              if (found) go('project');
            })
          }
        />
      )}
    </WizardFrame>
  );
}
