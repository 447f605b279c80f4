/** What the programs of the growth benchmark are told, and what they tell. */

export interface FakePortsInput {
  readonly containers: number;
}

/** Where the bytes of a container's record are. */
export type Split = 'spread' | 'metadata';

export interface FakeContainerdInput {
  /** Path of the socket to listen on. */
  readonly address: string;
  readonly containers: number;
  readonly split: Split;
}

/** Told once it listens: the bytes of one container's record, on the wire. */
export interface FakeContainerdReady {
  readonly record: number;
  readonly metadata: number;
  readonly spec: number;
  readonly labels: number;
}
