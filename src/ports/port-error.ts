/**
 * Making port errors: every adapter turns what its library throws into one of the tags of `PortError`, with port, operation and subject.
 */
import type { PortError, PortName } from '../core/failure.js';

export type { PortError, PortName } from '../core/failure.js';

/** The call an error belongs to. */
export interface Call {
  readonly port: PortName;
  readonly operation: string;
  readonly subject: string;
}

/** A port error of the given tag for a call. */
export const portError = (tag: PortError['_tag'], call: Call, message: string, cause?: unknown): PortError => ({
  _tag: tag,
  ...call,
  message,
  ...(cause === undefined ? {} : { cause }),
});

/** Node's errno codes by tag; what is not listed is `Unexpected`. */
const errnoTags: Readonly<Record<string, PortError['_tag']>> = {
  ENOENT: 'NotFound',
  ESRCH: 'NotFound',
  EACCES: 'Denied',
  EPERM: 'Denied',
  ENOSPC: 'NoSpace',
  EDQUOT: 'NoSpace',
  EROFS: 'NoSpace',
  ECONNREFUSED: 'Unavailable',
  ECONNRESET: 'Unavailable',
  EPIPE: 'Unavailable',
  ETIMEDOUT: 'TimedOut',
  ABORT_ERR: 'TimedOut',
};

/** What a system call threw, as a port error: the errno decides the tag, the text is kept. */
export const fromErrno = (call: Call, thrown: unknown): PortError => {
  const code = errnoOf(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return portError((code !== undefined && errnoTags[code]) || 'Unexpected', call, message, thrown);
};

/** The errno code of something thrown, as in `ENOENT`, if it carries one. */
export const errnoOf = (thrown: unknown): string | undefined => {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
};
