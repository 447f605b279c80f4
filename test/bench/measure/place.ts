/** A node as the measured programs get to know it. */
export interface Place {
  readonly address: string;
  readonly root: string;
  readonly state: string;
}

export const namespace = 'k8s.io';
