import { TrackerError } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';

/** Whether Jira as a whole answers, asked now: then an error of one request says nothing about the others. */
export async function jiraAnswers(ctx: ServiceContext): Promise<boolean> {
  try {
    await ctx.jira().myself();
    return true;
  } catch (error) {
    if (error instanceof TrackerError) return false;
    throw error;
  }
}
