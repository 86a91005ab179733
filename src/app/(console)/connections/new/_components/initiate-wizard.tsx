'use client';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import type { Problem } from '#/ui/problem.ts';
import { initiateAction, type Invitation } from '../../actions.ts';
import { useProjects } from '../../_components/use-projects.ts';
import { useWizard } from '../../_components/use-wizard.ts';
import { WizardFrame } from '../../_components/wizard-frame.tsx';
import { StepAccess } from './step-access.tsx';
import { StepDestination } from './step-destination.tsx';
import { StepInvitation } from './step-invitation.tsx';
import { StepMode } from './step-mode.tsx';
import { StepProject } from './step-project.tsx';
import { useDestination } from './use-destination.ts';

const invitationStays =
  'What you changed here is lost. The invitation that was made stays as it is: its connection is pending, under Connections.';

/** The dialog "Initiate connection". What was entered lives in the URL. */
export function InitiateWizard({
  draftId,
  active,
  rules,
}: {
  draftId: string;
  /** Ids of the active connections, as they are now. */
  active: readonly string[];
  rules: ReactNode;
}) {
  const router = useRouter();
  const { get, go, keep, leave } = useWizard(draftId);
  const step = get('step') || 'url';
  const url = get('url');
  const noUrl = get('nourl') === '1';
  const projects = useProjects();
  const destination = useDestination(noUrl);
  const { target, looking, look } = destination;
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [invitation, setInvitation] = useState<Invitation | null>(null);

  // After a reload in the middle, what is at the URL has to be looked up again.
  const lost = target === null && !looking && (step === 'mode' || step === 'project' || step === 'access');
  useEffect(() => {
    if (!lost) return;
    void look(url).then((found) => {
      if (!found) keep({ step: null });
    });
  }, [lost, look, url, keep]);

  const initiate = async (access: 'yes' | 'no' | null): Promise<void> => {
    setPending(true);
    setProblem(null);
    const second = get('second');
    const result = await attempt(
      initiateAction({
        draftId: get('draft') || draftId,
        destinationUrl: noUrl ? null : url,
        mode: 'BASIC',
        projectId: get('project'),
        ...(target?.kind === 'own' ? { secondProjectId: second } : {}),
      }),
    );
    if (!result.ok) {
      setPending(false);
      setProblem(result.error);
      if (result.error.field === 'destinationUrl') keep({ step: null });
      return;
    }
    const { connectionId, invitation: made } = result;
    if (made === null) {
      router.push(`/connections/${connectionId}?tab=first-issue`);
      return;
    }
    setInvitation(made);
    if (access === 'yes' && made.acceptUrl !== null) {
      // Coming back from over there shows the code, as the way out when nothing could be accepted.
      keep({ step: 'invite', connection: connectionId, partner: target?.name ?? null });
      window.location.assign(made.acceptUrl);
      return;
    }
    setPending(false);
    keep({ step: 'invite', connection: connectionId, partner: target?.kind === 'node' ? target.name : null });
    router.refresh();
  };

  const dirty = step !== 'invite' && (step !== 'url' || url !== '' || noUrl);
  return (
    <WizardFrame
      title="Initiate connection"
      dirty={dirty}
      {...(get('connection') === '' ? {} : { lost: invitationStays })}
      onLeave={leave}
    >
      {step === 'mode' && target ? (
        <StepMode
          target={target}
          mode={get('mode')}
          onChange={(mode) => keep({ mode })}
          onBack={() => go('url')}
          onNext={() => go('project')}
        />
      ) : step === 'project' && target ? (
        <StepProject
          kind={target.kind}
          projects={projects}
          first={get('project')}
          second={get('second')}
          rules={rules}
          pending={pending}
          problem={problem}
          onChange={(set) => {
            setProblem(null);
            keep(set);
          }}
          onBack={() => go('mode')}
          onNext={() => (target.kind === 'node' ? go('access') : void initiate(null))}
        />
      ) : step === 'access' && target ? (
        <StepAccess
          partner={target.name}
          value={get('access')}
          pending={pending}
          problem={problem}
          onChange={(access) => keep({ access })}
          onBack={() => go('project')}
          onNext={(access) => void initiate(access)}
        />
      ) : step === 'invite' ? (
        <StepInvitation
          connectionId={get('connection')}
          partner={get('partner')}
          redirecting={pending}
          accepted={active.includes(get('connection'))}
          made={invitation}
          onDone={() => {
            leave();
            router.refresh();
          }}
        />
      ) : (
        <StepDestination
          url={url}
          noUrl={noUrl}
          looking={looking}
          problem={destination.problem ?? (problem?.field === 'destinationUrl' ? problem : null)}
          onChange={(set) => {
            destination.forget();
            setProblem(null);
            keep(set);
          }}
          onCancel={destination.cancel}
          onNext={(typed) => {
            if (noUrl) go('mode');
            else
              void look(typed).then((found) => {
                if (found) go('mode', { url: typed });
              });
          }}
        />
      )}
    </WizardFrame>
  );
}
