import type { ControlApi } from './api.ts';

/** The control interface of a simulator in another process. */
export function connectControl(controlUrl: string, token?: string): ControlApi {
  const call = async (verb: string, args: unknown): Promise<unknown> => {
    const answer = await fetch(`${controlUrl}/${verb}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(args ?? {}),
    });
    const result: unknown = await answer.json();
    if (!answer.ok) throw new Error(`Simulator control ${verb}: ${JSON.stringify(result)}`);
    return result;
  };
  return new Proxy({} as ControlApi, {
    // `then` must stay absent, or awaiting the client would call a verb of that name
    get: (_target, verb) =>
      typeof verb === 'string' && verb !== 'then' ? (args: unknown) => call(verb, args) : undefined,
  });
}
