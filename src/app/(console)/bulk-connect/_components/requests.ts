import type { BulkConnectPreview } from '#/services/bulk/preview-bulk-connect.ts';
import { type Answer, askServer } from '#/ui/ask-server.ts';
import type { ConnectOptions } from '../../_components/connect-options.tsx';

export type Preview = BulkConnectPreview;

const stopped: Answer<never> = {
  ok: false,
  error: { summary: 'The request was stopped.', why: 'The page was left.', remedy: 'Try again.', field: null },
};

export async function askPreview(input: { connectionId: string; text: string }): Promise<Answer<Preview>> {
  return (await askServer<Preview>('/api/bulk-connect/preview', input)) ?? stopped;
}

export async function askStart(
  input: ConnectOptions & { connectionId: string; rows: Preview['rows']; filename: string },
): Promise<Answer<{ already: boolean }>> {
  const rows = input.rows.map(({ line, localKey, remoteKey }) => ({ line, localKey, remoteKey }));
  return (await askServer<{ already: boolean }>('/api/bulk-connect/start', { ...input, rows })) ?? stopped;
}
