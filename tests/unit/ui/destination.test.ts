import { describe, expect, it } from 'vitest';
import {
  isProblem,
  toTarget,
  unknownTarget,
} from '../../../src/app/(console)/connections/new/_components/destination.ts';

const info = {
  name: 'Company B',
  callbackUrl: 'https://b.example',
  issueTrackerUrl: 'https://jira.b.example',
  issueTrackerVersion: '9.12.0',
  nodeType: 'JIRA_SERVER',
  nodeVersion: '0.1.0',
  protocol: { min: 1, max: 1 },
  modes: ['BASIC'],
  instanceUid: '6f1d9c3e-0000-4000-8000-000000000000',
  pollOnly: false,
};

describe('what the wizard says about a destination', () => {
  it('names the node, its Jira and the version', () => {
    const target = toTarget({ kind: 'node', info, modes: [] });
    expect(target).toMatchObject({
      kind: 'node',
      name: 'Company B',
      text: 'Company B (https://jira.b.example, Jira 9.12.0)',
    });
  });

  it('says which Jira was found without a node, and what to do', () => {
    const problem = toTarget({ kind: 'jira_without_node', title: 'Jira of B', version: '8.20.1' });
    expect(isProblem(problem)).toBe(true);
    expect(problem).toMatchObject({
      field: 'destinationUrl',
      summary: expect.stringContaining('Jira of B, Jira 8.20.1'),
    });
    expect(problem).toHaveProperty('remedy', expect.stringContaining('General Settings'));
  });

  it('offers only what this node carries out while the destination is unknown', () => {
    expect(unknownTarget.modes.filter((mode) => mode.available).map((mode) => mode.mode)).toEqual(['BASIC']);
    for (const mode of unknownTarget.modes) expect(mode.available).toBe(mode.reason === null);
  });
});
