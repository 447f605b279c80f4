/** The sandboxes of the differential test, by what has happened to each. */

/** What happens to a pod while the plugin is off, or while containerd comes back. */
export type PodFate =
  | 'none'
  | 'task deleted'
  | 'task created'
  | 'task paused'
  | 'task killed'
  | 'task ended early'
  | 'shim hung'
  | 'shim killed'
  | 'network gone'
  | 'no metadata'
  | 'metadata undecodable'
  | 'metadata of another version'
  | 'record removed';

export interface PodSituation {
  readonly name: string;
  readonly fate: PodFate;
  readonly hostNetwork: boolean;
  /** Whether a container runs in it. */
  readonly inhabited: boolean;
}

const pod = (name: string, fate: PodFate, hostNetwork: boolean, inhabited = false): PodSituation => ({
  name,
  fate,
  hostNetwork,
  inhabited,
});

/** The pod that holds the containers of the table. */
export const tablePod = 'table';
/** The pod that holds the containers whose shim hangs. */
export const hungPod = 'hung';

export const podSituations: ReadonlyArray<PodSituation> = [
  pod(tablePod, 'none', false),
  pod('hosted', 'none', true, true),
  pod('deleted', 'task deleted', false, true),
  pod('deleted-hosted', 'task deleted', true),
  pod('created', 'task created', true),
  pod('paused', 'task paused', false, true),
  pod('killed', 'task killed', false, true),
  pod('killed-hosted', 'task killed', true),
  pod('ended', 'task ended early', true),
  pod(hungPod, 'shim hung', true),
  pod('dead', 'shim killed', true, true),
  pod('unconnected', 'network gone', false, true),
  pod('unlabelled', 'no metadata', true, true),
  pod('undecodable', 'metadata undecodable', true, true),
  pod('foreign', 'metadata of another version', true),
  pod('removed', 'record removed', false, true),
];
