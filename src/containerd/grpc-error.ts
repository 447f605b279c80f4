/**
 * What a gRPC call throws, as a port error. In this order: we hung up ourselves; what the system says of the socket; what the HTTP/2 layer
 * says of the other side; the gRPC code.
 */
import type { ConnectError } from '@connectrpc/connect';
import { type Call, errnoOf, type PortError, portError } from '../ports/index.js';

/** How a call stood when it failed. */
export interface Circumstances {
  /** The socket it went to. */
  readonly address: string;
  /** The connection was closed by its owner. */
  readonly closed: boolean;
  /** The caller's signal has fired. */
  readonly gaveUp: boolean;
}

type Diagnosis = readonly [PortError['_tag'], string];

/** The port error for what a call threw; the message is one line for a person, and names the socket where that may be at fault. */
export const fromGrpc = (call: Call, thrown: unknown, circumstances: Circumstances): PortError => {
  const [tag, message] = diagnose(thrown, circumstances);
  return portError(tag, call, message, thrown);
};

const diagnose = (thrown: unknown, { address, closed, gaveUp }: Circumstances): Diagnosis => {
  if (closed) return ['Unavailable', `the connection to ${address} was closed`];
  if (gaveUp && isCancelled(thrown)) return timedOut(address);
  return (
    fromSystem(thrown, address) ??
    (isConnectError(thrown)
      ? fromCode(thrown.code, oneLine(thrown.rawMessage) || `gRPC code ${thrown.code}, and no word why`, address)
      : ['Unexpected', oneLine(String(thrown))])
  );
};

const timedOut = (address: string): Diagnosis => ['TimedOut', `no answer from ${address} in time`];
const foreign = (address: string, why: string): Diagnosis => [
  'Unavailable',
  `what listens at ${address} is not containerd (${why})`,
];

/** What Node says of the socket or of the HTTP/2 session, by its error code, wherever in the chain of causes it stands. */
const fromSystem = (thrown: unknown, address: string): Diagnosis | undefined => {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const code = errnoOf(error);
    switch (code) {
      case 'ENOENT':
      case 'ENOTDIR':
        return ['Unavailable', `there is no socket at ${address}`];
      case 'ECONNREFUSED':
        return ['Unavailable', `nobody listens at ${address}`];
      case 'EACCES':
      case 'EPERM':
        return ['Denied', `not allowed to connect to ${address}`];
      case 'ECONNRESET':
      case 'EPIPE':
        return lost(address);
      case 'ERR_HTTP2_ERROR':
        return foreign(address, 'it does not speak HTTP/2');
    }
  }
  return undefined;
};

const lost = (address: string): Diagnosis => ['Unavailable', `the connection to ${address} was lost`];

/** gRPC's codes by number, as they are on the wire. The text tells those apart that the client made up for want of an answer. */
const fromCode = (code: number, text: string, address: string): Diagnosis => {
  if (/^(?:HTTP \d+$|unsupported content type)/.test(text)) return foreign(address, 'it does not speak gRPC');
  const limit = /larger than configured readMaxBytes (\d+)/.exec(text)?.[1];
  if (limit !== undefined) return ['Unexpected', `a message from ${address} is longer than ${limit} bytes`];
  if (/^protocol error/.test(text)) return ['Unavailable', `the answer from ${address} was cut off or is not gRPC`];
  switch (code) {
    case 1: // Canceled, though not by us
      return lost(address);
    case 2: // Unknown: whatever containerd has no code for
      return /context deadline exceeded/.test(text) ? timedOut(address) : ['Unexpected', text];
    case 4: // DeadlineExceeded
      return timedOut(address);
    case 5: // NotFound
      return ['NotFound', text];
    case 7: // PermissionDenied
    case 16: // Unauthenticated
      return ['Denied', text];
    case 12: // Unimplemented
      return foreign(address, text);
    case 14: // Unavailable
      return ['Unavailable', text];
    case 15: // DataLoss
      return ['Corrupt', text];
    default: // InvalidArgument 3, AlreadyExists 6, ResourceExhausted 8, FailedPrecondition 9, Aborted 10, OutOfRange 11, Internal 13
      return ['Unexpected', text];
  }
};

const isConnectError = (thrown: unknown): thrown is ConnectError =>
  thrown instanceof Error && 'rawMessage' in thrown && 'code' in thrown && typeof thrown.code === 'number';

const isCancelled = (thrown: unknown): boolean =>
  isConnectError(thrown) ? thrown.code === 1 : thrown instanceof Error && thrown.name === 'AbortError';

const oneLine = (text: string): string => text.slice(0, longestWords).replace(/\s+/g, ' ').trim();

/** In UTF-16 units; containerd's own are shorter. */
const longestWords = 1_000;
