'use client';
import { Link } from '#/ui/primitives/link.tsx';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { EmptyState } from '#/ui/patterns/empty-state.tsx';
import { TwinStatus } from '#/ui/patterns/status.tsx';
import { Button, buttonClass } from '#/ui/primitives/button.tsx';
import { Confirm } from '#/ui/primitives/dialog.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { ActionsCell, ActionsHead, Cell, Head, HeadRow, Row, RowHead, Table } from '#/ui/primitives/table.tsx';
import type { Problem } from '#/ui/problem.ts';
import { ConnectButton } from '../../_components/connect-button.tsx';
import { exalateAction } from '../../connections/actions.ts';

export interface NotUnderSyncProps {
  issueKey: string;
  connections: ReadonlyArray<{ id: string; name: string; projectKey: string }>;
  anyFound: boolean;
}

/** The active connections in which an issue is not under sync, each with "Exalate". */
export function NotUnderSync({ issueKey, connections, anyFound }: NotUnderSyncProps) {
  const router = useRouter();
  const [pendingId, setPendingId] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asking, setAsking] = useState<{ connectionId: string; text: string } | null>(null);
  const [, startTransition] = useTransition();

  const exalate = (connectionId: string, confirmOtherProject: boolean): void => {
    setPendingId(connectionId);
    setProblem(null);
    startTransition(async () => {
      const answer = await attempt(exalateAction({ connectionId, issueKey, confirmOtherProject }));
      setPendingId(null);
      setAsking(null);
      if (!answer.ok) setProblem(answer.error);
      else if (answer.result.kind === 'confirm_project') {
        const { issueProject, connectionProject } = answer.result;
        setAsking({
          connectionId,
          text: `${issueKey} belongs to ${issueProject.name} (${issueProject.key}), and this connection is for ${connectionProject.name} (${connectionProject.key}). It can be synced; that project only decides where issues from the other side are created.`,
        });
      } else router.push(`/status?key=${encodeURIComponent(issueKey)}&twin=${answer.result.twinId}`);
    });
  };

  if (connections.length === 0)
    return anyFound ? null : (
      <EmptyState
        title={`${issueKey} is not under sync`}
        text="There is no active connection in which it could be put under sync."
        action={
          <Link href="/connections" className={buttonClass('primary')}>
            Set up a connection
          </Link>
        }
      />
    );
  return (
    <div className="space-y-3">
      <h2 className="font-semibold">
        {anyFound ? `Connections without ${issueKey}` : `${issueKey} is not under sync`}
      </h2>
      {problem && <ProblemMessage problem={problem} />}
      <Table label={`Connections without ${issueKey}`}>
        <HeadRow>
          <Head>Connection</Head>
          <Head>Status</Head>
          <ActionsHead />
        </HeadRow>
        <tbody>
          {connections.map(({ id, name }) => (
            <Row key={id}>
              <RowHead className="break-words">{name}</RowHead>
              <Cell>
                <TwinStatus label="Not under sync" />
              </Cell>
              <ActionsCell>
                <ConnectButton look="link" compact connections={[{ id, name }]} connectionId={id} localKey={issueKey} />
                <Button compact pending={pendingId === id} onClick={() => exalate(id, false)}>
                  Exalate
                </Button>
              </ActionsCell>
            </Row>
          ))}
        </tbody>
      </Table>
      <Confirm
        title="Issue of another project"
        open={asking !== null}
        confirmLabel="Sync it anyway"
        pending={pendingId !== null}
        onConfirm={() => asking && exalate(asking.connectionId, true)}
        onCancel={() => setAsking(null)}
      >
        <p>{asking?.text}</p>
      </Confirm>
    </div>
  );
}
