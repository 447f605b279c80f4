/** The agent's settings from the environment; the defaults are those of containerd and of the library. */

export interface Settings {
  readonly address: string;
  readonly location: { readonly namespace: string; readonly root: string; readonly state: string };
  /** Between the end of one look at the node and the beginning of the next. */
  readonly intervalMs: number;
  readonly host: string;
  readonly port: number;
}

/** Throws with one line for a person where a value is no number in its bounds. */
export const readSettings = (env: NodeJS.ProcessEnv): Settings => ({
  address: env.CONTAINERD_ADDRESS ?? '/run/containerd/containerd.sock',
  location: {
    namespace: env.CONTAINERD_NAMESPACE ?? 'k8s.io',
    root: env.CRI_ROOT ?? '/var/lib/containerd/io.containerd.grpc.v1.cri',
    state: env.CRI_STATE ?? '/run/containerd/io.containerd.grpc.v1.cri',
  },
  intervalMs: 1_000 * numberIn(env, 'AGENT_INTERVAL_SECONDS', { least: 0.1, most: 86_400, otherwise: 30 }),
  host: env.AGENT_HOST ?? '127.0.0.1',
  port: numberIn(env, 'AGENT_PORT', { least: 0, most: 65_535, otherwise: 9469 }),
});

const numberIn = (
  env: NodeJS.ProcessEnv,
  name: string,
  { least, most, otherwise }: { readonly least: number; readonly most: number; readonly otherwise: number },
): number => {
  const text = env[name] ?? String(otherwise);
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw new Error(`${name} is a number from ${least} to ${most}, not ${JSON.stringify(text)}`);
};
