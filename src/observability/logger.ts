import pino, { type DestinationStream, type Logger } from 'pino';
import { redactText, redactValue } from './redact.ts';

export type { Logger };

export interface LoggerOptions {
  level: string;
  /** Which process writes: `web`, `worker`, `start`. */
  process: string;
  /** For tests; standard output otherwise. */
  destination?: DestinationStream;
}

/**
 * JSON lines with ISO times and named levels. Secrets are taken out twice: by name wherever an object is logged, and
 * by shape from the finished line, so that a message or a stack cannot carry them either. Child loggers do the same.
 */
export function createLogger({ level, process, destination }: LoggerOptions): Logger {
  const logger = pino(
    {
      level,
      base: { process },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactRecord },
      serializers: { err: (redacted: unknown) => redacted },
      hooks: { streamWrite: redactText },
    },
    destination ?? pino.destination(1),
  );
  // pino hands the fields of a child logger to no formatter; children inherit this method.
  const { child } = logger;
  logger.child = function redactingChild(this: Logger, bindings, options) {
    return child.call(this, redactRecord(bindings), options);
  } as typeof child;
  return logger;
}

function redactRecord(record: object): Record<string, unknown> {
  const copy = redactValue(record);
  return typeof copy === 'object' && copy !== null ? { ...copy } : {};
}
