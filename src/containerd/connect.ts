/**
 * The one connection that all ports of a containerd share. It loads the gRPC client and connects with the first call, and finds the daemon
 * again after a restart.
 */
import type { Clients } from './clients.js';
import type { ContainerdEndpoint } from './endpoint.js';

export interface ContainerdConnection extends ContainerdEndpoint {
  /** The clients of containerd's services; the same ones every time. */
  readonly clients: () => Promise<Clients>;
  /** Aborted once the connection is closed. */
  readonly closed: AbortSignal;
  /** Ends the connection and the calls on it, for good: they and all later ones answer `Unavailable`. */
  readonly close: () => void;
}

/** A connection that is not opened yet. Left open it does not keep the process alive, except for calls under way. */
export const connectContainerd = ({ address, namespace }: ContainerdEndpoint): ContainerdConnection => {
  const closing = new AbortController();
  const closed = closing.signal;
  let clients: Promise<Clients> | undefined;
  const open = async (): Promise<Clients> => {
    const { openClients } = await import('./clients.js');
    return openClients({ address, namespace }, closed);
  };
  return {
    address,
    namespace,
    closed,
    clients: () => {
      clients ??= open();
      return clients;
    },
    close: () => closing.abort(),
  };
};
